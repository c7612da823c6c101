/**
 * The workbench: what a network that people bring costs, where it breaks, and what would mend it.
 */
@org.jspecify.annotations.NullMarked
package convscope.workbench;
