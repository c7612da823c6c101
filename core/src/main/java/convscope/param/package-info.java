/**
 * A figure's parameters, declared once: name, range, default and label become the control, the URL
 * key, the attribute, the error text and the fuzz input.
 */
package convscope.param;
