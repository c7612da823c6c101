package convscope.web.simd;

import static convscope.web.simd.Assembler.F32;
import static convscope.web.simd.Assembler.I32;
import static convscope.web.simd.Assembler.V128;

import convscope.web.simd.Assembler.Function;

/** What training has between convolutions: ReLU, max pooling of 2 × 2, batch normalization. */
final class TrainingKernels {
  private final KernelModule module;

  private TrainingKernels(KernelModule module) {
    this.module = module;
  }

  static void addTo(KernelModule module) {
    TrainingKernels kernels = new TrainingKernels(module);
    kernels.relu();
    kernels.gate();
    kernels.pairPool();
    kernels.windowPool(1);
    kernels.windowPool(2);
    kernels.pairPoolGradient();
    kernels.moments();
    kernels.blend();
  }

  /** Goes through numbers four at a time, then one by one; {@code left} counts them down. */
  static void each(Function f, int left, Runnable four, Runnable one, int... pointers) {
    f.loopWhile(
        () -> f.get(left).constant(4).ge(),
        () -> {
          four.run();
          for (int pointer : pointers) {
            f.advance(pointer, 16);
          }
          f.advance(left, -4);
        });
    f.loopWhile(
        () -> f.get(left),
        () -> {
          one.run();
          for (int pointer : pointers) {
            f.advance(pointer, 4);
          }
          f.advance(left, -1);
        });
  }

  private void relu() {
    // y, x, count
    Function f = module.assembler.function("relu", 3);
    each(
        f,
        2,
        () -> f.get(0).get(1).load(0).zeros().pmax().store(0),
        () -> f.get(0).get(1).loadF32(0).splat().zeros().pmax().lane(0).storeF32(0),
        0,
        1);
  }

  private void gate() {
    // dy, y, count
    Function f = module.assembler.function("gate", 3);
    each(
        f,
        2,
        () -> f.get(0).get(0).load(0).get(1).load(0).zeros().greaterVector().andVector().store(0),
        () -> f.get(1).loadF32(0).zeroF32().greaterF32().eqz().when(() -> zero(f)),
        0,
        1);
  }

  private static void zero(Function f) {
    f.get(0).zeroF32().storeF32(0);
  }

  /**
   * Maxima of 2 × 2 windows that lie side by side: y, x, lines of windows, columns of them a
   * multiple of 4, bytes from a line of x to the next but one, and of a line of y.
   */
  private void pairPool() {
    Function f = module.assembler.function("pairPool", 7);
    // y, x, lines, columns, width (bytes), xPitch, yPitch
    int left = f.local(I32);
    int from = f.local(I32);
    int below = f.local(I32);
    int to = f.local(I32);
    int low = f.local(V128);
    int high = f.local(V128);
    f.repeat(
        2,
        () -> {
          f.get(1).set(from).get(1).get(4).add().set(below).get(0).set(to).get(3).set(left);
          f.loopWhile(
              () -> f.get(left),
              () -> {
                f.get(from).load(0).get(below).load(0).maxVector().set(low);
                f.get(from).load(16).get(below).load(16).maxVector().set(high);
                f.get(to);
                f.get(low).get(high).shuffle(0, 2, 4, 6);
                f.get(low).get(high).shuffle(1, 3, 5, 7);
                f.maxVector().store(0);
                f.advance(from, 32).advance(below, 32).advance(to, 16).advance(left, -4);
              });
          f.advanceBy(0, 6).advanceBy(1, 5);
        });
  }

  /**
   * Maxima of square windows one or two columns apart: y, x, lines of windows, columns of them,
   * bytes from a line of x to the next, side of a window, bytes from a line of windows to the next.
   * Reads up to 8 numbers beyond the last window.
   */
  private void windowPool(int stride) {
    Function f = module.assembler.function("windowPool" + stride, 7);
    int left = f.local(I32);
    int from = f.local(I32);
    int line = f.local(I32);
    int at = f.local(I32);
    int rows = f.local(I32);
    int columns = f.local(I32);
    int most = f.local(V128);
    Runnable window = // leaves four maxima, of the windows from that place on
        () -> {
          f.get(from).set(line).get(5).set(rows);
          if (stride == 1) {
            f.get(from).load(0).set(most);
          } else {
            f.get(from).load(0).get(from).load(16).shuffle(0, 2, 4, 6).set(most);
          }
          f.repeat(
              rows,
              () -> {
                f.get(line).set(at).get(5).set(columns);
                f.repeat(
                    columns,
                    () -> {
                      f.get(most).get(at).load(0);
                      if (stride == 2) {
                        f.get(at).load(16).shuffle(0, 2, 4, 6);
                      }
                      f.maxVector().set(most);
                      f.advance(at, 4);
                    });
                f.advanceBy(line, 4);
              });
        };
    f.repeat(
        2,
        () -> {
          f.get(1).set(from).get(3).set(left);
          f.loopWhile(
              () -> f.get(left).constant(4).ge(),
              () -> {
                window.run();
                f.get(0).get(most).store(0);
                f.advance(0, 16).advance(from, 16 * stride).advance(left, -4);
              });
          f.loopWhile(
              () -> f.get(left),
              () -> {
                window.run();
                f.get(0).get(most).lane(0).storeF32(0);
                f.advance(0, 4).advance(from, 4 * stride).advance(left, -1);
              });
          f.advanceBy(1, 6);
        });
  }

  /** The gradient of {@link #pairPool}; if {@code gated}, only where y is above 0. */
  private void pairPoolGradient() {
    Function f = module.assembler.function("pairPoolGradient", 10);
    // dx, dy, x, y, lines, columns, width (bytes), xPitch, yPitch, gated
    int left = f.local(I32);
    int from = f.local(I32);
    int below = f.local(I32);
    int to = f.local(I32);
    int toBelow = f.local(I32);
    int dy = f.local(I32);
    int y = f.local(I32);
    int most = f.local(V128);
    int rest = f.local(V128);
    int low = f.local(V128);
    int high = f.local(V128);
    int mask = f.local(V128);
    int even = f.local(V128);
    int odd = f.local(V128);
    Runnable line =
        () -> {
          f.get(low).get(high).shuffle(0, 2, 4, 6).get(most).equalVector().set(mask);
          f.get(rest).get(mask).andVector().set(even);
          f.get(rest).get(mask).andNotVector().set(rest);
          f.get(low).get(high).shuffle(1, 3, 5, 7).get(most).equalVector().set(mask);
          f.get(rest).get(mask).andVector().set(odd);
          f.get(rest).get(mask).andNotVector().set(rest);
        };
    f.repeat(
        4,
        () -> {
          f.get(0).set(to).get(0).get(6).add().set(toBelow);
          f.get(2).set(from).get(2).get(6).add().set(below);
          f.get(1).set(dy).get(3).set(y).get(5).set(left);
          f.loopWhile(
              () -> f.get(left),
              () -> {
                f.get(y).load(0).set(most).get(dy).load(0).set(rest);
                f.get(9)
                    .when(
                        () -> f.get(rest).get(most).zeros().greaterVector().andVector().set(rest));
                f.get(from).load(0).set(low).get(from).load(16).set(high);
                line.run();
                f.get(to).get(even).get(odd).shuffle(0, 4, 1, 5).store(0);
                f.get(to).get(even).get(odd).shuffle(2, 6, 3, 7).store(16);
                f.get(below).load(0).set(low).get(below).load(16).set(high);
                line.run();
                f.get(toBelow).get(even).get(odd).shuffle(0, 4, 1, 5).store(0);
                f.get(toBelow).get(even).get(odd).shuffle(2, 6, 3, 7).store(16);
                f.advance(from, 32).advance(below, 32).advance(to, 32).advance(toBelow, 32);
                f.advance(dy, 16).advance(y, 16).advance(left, -4);
              });
          f.advanceBy(0, 7).advanceBy(2, 7).advanceBy(1, 8).advanceBy(3, 8);
        });
  }

  private void moments() {
    // to, a, aShift, b, bShift, count, planes, images
    Function f = module.assembler.function("moments", 8);
    int plane = f.local(I32); // bytes from a plane to the next
    int image = f.local(I32);
    int a = f.local(I32);
    int b = f.local(I32);
    int aAt = f.local(I32);
    int bAt = f.local(I32);
    int left = f.local(I32);
    int count = f.local(I32);
    int aShift = f.local(V128);
    int bShift = f.local(V128);
    int sum = f.local(V128);
    int total = f.local(V128);
    int rest = f.local(F32);
    int difference = f.local(V128);
    f.get(5).shl(2).set(plane).get(plane).get(6).mul().set(image);
    f.repeat(
        6,
        () -> {
          f.get(2).loadSplat(0).set(aShift).get(4).loadSplat(0).set(bShift);
          f.get(1).set(a).get(3).set(b).get(7).set(count).zeros().set(total).zeroF32().set(rest);
          f.repeat(
              count,
              () -> {
                f.get(a).set(aAt).get(b).set(bAt).get(5).set(left).zeros().set(sum);
                each(
                    f,
                    left,
                    () -> {
                      f.get(bAt).load(0).get(bShift).subVector().set(difference);
                      module.multiplyAdd(
                          f, sum, () -> f.get(aAt).load(0).get(aShift).subVector(), difference);
                    },
                    () -> {
                      f.get(aAt).loadF32(0).get(aShift).lane(0).subF32();
                      f.get(bAt).loadF32(0).get(bShift).lane(0).subF32();
                      f.mulF32().get(rest).addF32().set(rest);
                    },
                    aAt,
                    bAt);
                f.get(total).get(sum).addVector().set(total);
                f.advanceBy(a, image).advanceBy(b, image);
              });
          f.get(0).get(rest);
          KernelModule.addLanes(f, total);
          f.lane(0).addF32().storeF32(0);
          f.advance(0, 4).advance(2, 4).advance(4, 4).advanceBy(1, plane).advanceBy(3, plane);
        });
  }

  private void blend() {
    // y, a, aFactor, b, bShift, bFactor, shift, count, planes, images, relu
    Function f = module.assembler.function("blend", 11);
    int left = f.local(I32);
    int plane = f.local(I32);
    int aFactor = f.local(V128);
    int bShift = f.local(V128);
    int bFactor = f.local(V128);
    int shift = f.local(V128);
    int a = f.local(V128);
    int value = f.local(V128);
    Runnable result = // of a and b on the stack
        () -> {
          f.get(bShift).subVector().get(bFactor).mulVector().get(shift).addVector().set(value);
          f.set(a);
          module.multiplyAdd(f, value, () -> f.get(a), aFactor);
          f.get(10).when(() -> f.get(value).zeros().pmax().set(value));
        };
    f.repeat(
        9,
        () -> {
          f.get(8).set(plane);
          f.repeat(
              plane,
              () -> {
                f.get(2).loadSplat(0).set(aFactor).get(4).loadSplat(0).set(bShift);
                f.get(5).loadSplat(0).set(bFactor).get(6).loadSplat(0).set(shift);
                f.get(7).set(left);
                each(
                    f,
                    left,
                    () -> {
                      f.get(1).load(0).get(3).load(0);
                      result.run();
                      f.get(0).get(value).store(0);
                    },
                    () -> {
                      f.get(1).loadF32(0).splat().get(3).loadF32(0).splat();
                      result.run();
                      f.get(0).get(value).lane(0).storeF32(0);
                    },
                    0,
                    1,
                    3);
                f.advance(2, 4).advance(4, 4).advance(5, 4).advance(6, 4);
              });
          for (int table : new int[] {2, 4, 5, 6}) {
            f.get(table).get(8).shl(2).sub().set(table);
          }
        });
  }
}
