/**
 * PyTorch as far as shapes go: its modules, functions and tensors for {@link
 * convscope.net.script.Interpreter}, and its rules of sizes.
 */
@org.jspecify.annotations.NullMarked
package convscope.net.torch;
