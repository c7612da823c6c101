/**
 * Matrix products: one interface, so that a faster kernel can take the place of the portable one.
 */
package convscope.linalg;
