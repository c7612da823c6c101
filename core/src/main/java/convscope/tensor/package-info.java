/**
 * Shapes, float32 tensors and the project's own random numbers: the values every operator reads and
 * writes, the same to the bit on the JVM and in WebAssembly.
 */
package convscope.tensor;
