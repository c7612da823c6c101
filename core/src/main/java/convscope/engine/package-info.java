/**
 * The fast engine: convolution, its gradients and matrix products on float32 numbers in one linear
 * memory. {@link convscope.engine.Engine} plans; {@link convscope.engine.Kernels} calculates, in
 * plain Java or as SIMD code of the browser's.
 */
@NullMarked
package convscope.engine;

import org.jspecify.annotations.NullMarked;
