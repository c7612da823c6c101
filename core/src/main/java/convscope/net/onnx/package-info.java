/** ONNX files: read by a small reader of our own, analysed, and run. */
@org.jspecify.annotations.NullMarked
package convscope.net.onnx;
