/**
 * Networks from text, a file for each dialect: {@link convscope.net.text.Python} reads the syntax,
 * {@link convscope.net.text.PyTorch} knows the layers of networks that can be trained. {@link
 * convscope.net.text.Dialects} reads whatever people bring.
 */
package convscope.net.text;
