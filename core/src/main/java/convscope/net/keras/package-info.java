/** Keras code as far as shapes go; images have their channels last. */
@org.jspecify.annotations.NullMarked
package convscope.net.keras;
