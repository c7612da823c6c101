/**
 * As much of Python as networks are written in, run safely: with limits, without files or imports.
 */
@org.jspecify.annotations.NullMarked
package convscope.net.script;
