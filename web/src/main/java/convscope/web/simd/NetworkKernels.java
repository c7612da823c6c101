package convscope.web.simd;

import static convscope.web.simd.Assembler.F32;
import static convscope.web.simd.Assembler.I32;
import static convscope.web.simd.Assembler.V128;

import convscope.engine.Kernels;
import convscope.web.simd.Assembler.Function;

/** What whole networks have between layers beside {@link TrainingKernels}: bounds, GELU, rows. */
final class NetworkKernels {
  private final KernelModule module;

  private NetworkKernels(KernelModule module) {
    this.module = module;
  }

  static void addTo(KernelModule module) {
    NetworkKernels kernels = new NetworkKernels(module);
    kernels.clamp();
    kernels.gelu();
    kernels.standardize();
  }

  /** A function of each number, which is in the local {@code value} and stays there. */
  private static void map(Function f, int value, Runnable function) {
    TrainingKernels.each(
        f,
        2,
        () -> {
          f.get(1).load(0).set(value);
          function.run();
          f.get(0).get(value).store(0);
        },
        () -> {
          f.get(1).loadF32(0).splat().set(value);
          function.run();
          f.get(0).get(value).lane(0).storeF32(0);
        },
        0,
        1);
  }

  private void clamp() {
    // y, x, count, constants: low, high
    Function f = module.assembler.function("clamp", 4);
    int value = f.local(V128);
    int low = f.local(V128);
    int high = f.local(V128);
    f.get(3).loadSplat(0).set(low).get(3).loadSplat(4).set(high);
    map(f, value, () -> f.get(value).get(low).maxVector().get(high).minVector().set(value));
  }

  private void gelu() {
    // y, x, count, constants: 1/2, √2, −4, 4, then those of erf
    Function f = module.assembler.function("gelu", 4);
    int value = f.local(V128);
    int t = f.local(V128);
    int square = f.local(V128);
    int upper = f.local(V128);
    int lower = f.local(V128);
    int next = f.local(V128);
    map(
        f,
        value,
        () -> {
          f.get(value).get(3).loadSplat(0).mulVector().set(value);
          f.get(value).get(3).loadSplat(4).mulVector();
          f.get(3).loadSplat(8).maxVector().get(3).loadSplat(12).minVector().set(t);
          f.get(t).get(t).mulVector().set(square);
          polynomial(f, upper, next, square, 0, 6);
          polynomial(f, lower, next, square, 7, 11);
          f.get(t).get(upper).mulVector().get(lower).divVector().set(t);
          f.get(value).get(value).get(t).mulVector().addVector().set(value);
        });
  }

  /** Horner's rule over the constants of {@link Kernels#ERF} between two places. */
  private void polynomial(Function f, int sum, int next, int square, int first, int last) {
    f.get(3).loadSplat(16 + 4 * last).set(sum);
    for (int k = last - 1; k >= first; k--) {
      f.get(3).loadSplat(16 + 4 * k).set(next);
      module.multiplyAdd(f, next, () -> f.get(sum), square);
      f.get(next).set(sum);
    }
  }

  private void standardize() {
    // y, x, scale, shift, rows, columns, constants: 1/columns, epsilon, 1
    Function f = module.assembler.function("standardize", 7);
    int left = f.local(I32);
    int at = f.local(I32);
    int to = f.local(I32);
    int scale = f.local(I32);
    int shift = f.local(I32);
    int sum = f.local(V128);
    int rest = f.local(F32);
    int mean = f.local(V128);
    int factor = f.local(V128);
    int difference = f.local(V128);
    int bias = f.local(V128);
    Runnable total = // of sum and rest, divided by the columns, in every lane
        () -> {
          KernelModule.addLanes(f, sum);
          f.get(rest).splat().addVector().get(6).loadSplat(0).mulVector();
        };
    f.repeat(
        4,
        () -> {
          f.get(1).set(at).get(5).set(left).zeros().set(sum).zeroF32().set(rest);
          TrainingKernels.each(
              f,
              left,
              () -> f.get(sum).get(at).load(0).addVector().set(sum),
              () -> f.get(rest).get(at).loadF32(0).addF32().set(rest),
              at);
          total.run();
          f.set(mean);
          f.get(1).set(at).get(5).set(left).zeros().set(sum).zeroF32().set(rest);
          TrainingKernels.each(
              f,
              left,
              () -> {
                f.get(at).load(0).get(mean).subVector().set(difference);
                module.multiplyAdd(f, sum, () -> f.get(difference), difference);
              },
              () -> {
                f.get(at).loadF32(0).splat().get(mean).subVector().set(difference);
                f.get(rest).get(difference).get(difference).mulVector().lane(0).addF32().set(rest);
              },
              at);
          f.get(6).loadSplat(8);
          total.run();
          f.get(6).loadSplat(4).addVector().sqrtVector().divVector().set(factor);
          f.get(1).set(at).get(0).set(to).get(2).set(scale).get(3).set(shift).get(5).set(left);
          TrainingKernels.each(
              f,
              left,
              () -> {
                f.get(at).load(0).get(mean).subVector().get(factor).mulVector().set(difference);
                f.get(shift).load(0).set(bias);
                module.multiplyAdd(f, bias, () -> f.get(scale).load(0), difference);
                f.get(to).get(bias).store(0);
              },
              () -> {
                f.get(at).loadF32(0).splat().get(mean).subVector().get(factor).mulVector();
                f.get(scale).loadF32(0).splat().mulVector();
                f.get(shift).loadF32(0).splat().addVector().set(bias);
                f.get(to).get(bias).lane(0).storeF32(0);
              },
              at,
              to,
              scale,
              shift);
          f.get(0).get(5).shl(2).add().set(0);
          f.get(1).get(5).shl(2).add().set(1);
        });
  }
}
