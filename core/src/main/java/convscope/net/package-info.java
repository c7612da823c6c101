/**
 * Networks as lists of layers, before any number flows: shapes, parameters, operations, memory and
 * receptive fields. The parts are apart, so that a figure that needs one does not load the others.
 * A {@link convscope.net.Model} gives a network its numbers, a file keeps them.
 */
package convscope.net;
