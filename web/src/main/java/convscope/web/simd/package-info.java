/**
 * The engine's kernels as SIMD code: Java writes a small WebAssembly module at run time and calls
 * it.
 */
@NullMarked
package convscope.web.simd;

import org.jspecify.annotations.NullMarked;
