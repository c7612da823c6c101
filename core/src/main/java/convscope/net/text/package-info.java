/**
 * Networks from text, a file for each dialect: {@link convscope.net.text.Python} reads the syntax,
 * {@link convscope.net.text.PyTorch} knows the layers.
 */
package convscope.net.text;
