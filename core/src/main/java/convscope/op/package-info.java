/**
 * The operators of convolutional networks, one file each, forward and backward side by side. Every
 * operator checks its operands at the door with a {@code problem(…)} function, whose text the
 * figures show too, and indexes without fear inside. Sums accumulate in double, in a fixed order.
 */
package convscope.op;
