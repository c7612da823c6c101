/** What a network does to one input, as every reader tells it: steps, layers, shapes and costs. */
@org.jspecify.annotations.NullMarked
package convscope.net.graph;
