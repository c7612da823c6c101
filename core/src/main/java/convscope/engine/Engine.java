package convscope.engine;

import convscope.op.Conv2d;

/**
 * Convolution, its gradients and matrix products at the speed of the machine.
 *
 * <p>Operands lie in the linear memory of the {@link Kernels}: {@link #allocate} gives room, {@link
 * #mark} and {@link #release} take it back in the reverse order. Convolution is a matrix product
 *
 * <pre>
 *   Y (O × outH·outW) = W (O × C·kH·kW) · cols (C·kH·kW × outH·outW)
 * </pre>
 *
 * whose second matrix is never built: the input is copied once into padded planes, one for each of
 * the stride's phases ({@link Axis}), in which row p of cols lies at a fixed distance and is read
 * in place. The same loops give the input's gradient, with the kernel transposed and one pass for
 * each phase of the stride; the weight's gradient is inner products over the same planes. Blocks
 * are chosen so that what the innermost loop reads stays in the first-level cache.
 *
 * <p>Scratch memory of a call: the packed weights, as large as the weights; planes of at most
 * {@link Planes#BYTES} bytes, or of one row of windows and one channel where that is more; for the
 * input's gradient with a stride or a padding that reads, one image of it; for a product with both
 * factors transposed, one factor. It is given back when the call returns.
 *
 * <p>Sums run in float32. Padding reads zeros that take part in the sums, so an infinite weight
 * over padding gives NaN. Not safe for use by several threads at once.
 */
public final class Engine {
  private final Kernels kernels;
  private final Arena arena;
  private final Convolution convolution;
  private final Products products;

  /** An engine that takes at most 1 GiB. */
  public Engine(Kernels kernels) {
    this(kernels, 1L << 30);
  }

  /**
   * An engine with bounded memory.
   *
   * @param limit bytes for operands and scratch together, less than 2 GiB
   */
  public Engine(Kernels kernels, long limit) {
    this.kernels = kernels;
    arena = new Arena(kernels, limit);
    Tiles tiles = new Tiles(arena);
    convolution = new Convolution(arena, tiles);
    products = new Products(arena, tiles);
  }

  /** {@code scalar}, {@code simd} or {@code relaxed-simd}. */
  public String name() {
    return kernels.name();
  }

  /** What it calculates with. */
  public Kernels kernels() {
    return kernels;
  }

  // ---- memory

  /**
   * The address of room for {@code count} numbers, with what happened to be there.
   *
   * @throws IllegalArgumentException if operands and scratch together exceed the limit
   */
  public int allocate(long count) {
    return arena.allocate(count);
  }

  /** The place up to which memory is taken, for {@link #release}. */
  public int mark() {
    return arena.mark();
  }

  /** Gives back what was allocated since the mark was taken. */
  public void release(int mark) {
    arena.release(mark);
  }

  /** Room for the numbers of an array from {@code start} on, with them in it. */
  public int put(float[] from, int start, int count) {
    int address = allocate(count);
    kernels.write(address, from, start, count);
    return address;
  }

  /** Copies numbers out. */
  public void get(int address, float[] to, int start, int count) {
    kernels.read(address, to, start, count);
  }

  // ---- convolution

  /**
   * The output of a convolution, as {@link Conv2d#forward}.
   *
   * @param x address of (N, C, H, W)
   * @param weight address of (O, C/groups, kH, kW)
   * @param bias address of (O), or 0 for none
   * @param y address of (N, O, outH, outW)
   * @param relu whether negative outputs become zero
   */
  public void conv2d(Layer layer, int x, int weight, int bias, int y, boolean relu) {
    convolution.forward(layer, x, weight, bias, y, relu);
  }

  /**
   * Lays out a convolution that is to run often with the same weights. What it needs stays taken
   * until {@link #release}.
   */
  public PreparedConvolution prepare(Layer layer) {
    return convolution.prepare(layer);
  }

  /**
   * The gradient of the input, as {@link Conv2d#inputGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param weight address of (O, C/groups, kH, kW)
   * @param dx address of (N, C, H, W), overwritten
   */
  public void conv2dInputGradient(Layer layer, int dy, int weight, int dx) {
    convolution.inputGradient(layer, dy, weight, dx);
  }

  /**
   * The gradient of the weight, as {@link Conv2d#weightGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param x address of (N, C, H, W)
   * @param dWeight address of (O, C/groups, kH, kW), overwritten
   */
  public void conv2dWeightGradient(Layer layer, int dy, int x, int dWeight) {
    convolution.weightGradient(layer, dy, x, dWeight);
  }

  /**
   * The gradient of the bias, as {@link Conv2d#biasGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param dBias address of (O), overwritten
   */
  public void conv2dBiasGradient(Layer layer, int dy, int dBias) {
    convolution.biasGradient(layer, dy, dBias);
  }

  // ---- matrix products

  /** {@code C = op(A)·op(B)} or {@code C += …}, as {@link convscope.linalg.Gemm#multiply}. */
  public void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      int a,
      int b,
      int c,
      boolean accumulate) {
    products.multiply(transposeA, transposeB, m, n, k, a, b, c, accumulate);
  }

  /** Floating-point operations of {@code rounds} rounds of {@link #spin}. */
  public static double spinFlops(int rounds) {
    return (double) rounds * Kernels.SPIN_FLOPS;
  }

  /**
   * Multiplies and adds in registers only, for an estimate of what the machine could do at most.
   */
  public void spin(int rounds) {
    kernels.spin(rounds);
  }
}
