package convscope.web.simd;

import static convscope.web.simd.Assembler.F32;
import static convscope.web.simd.Assembler.I32;
import static convscope.web.simd.Assembler.V128;

import convscope.engine.Kernels;
import convscope.web.simd.Assembler.Function;

/**
 * The module of SIMD kernels: what {@link Kernels} says, four numbers at a time. A tile of {@code
 * height × 4·vectors} sums stays in registers while its taps are gone through; the last windows of
 * a row get a narrower tile, of which only what exists is stored.
 */
final class KernelModule {
  /**
   * By height of a block: vectors of a full tile. The sums, the vectors read and a weight fit into
   * the fifteen registers that engines give on x86.
   */
  private static final int[] TILE = {0, 8, 4, 3, 2, 2, 2};

  /** By height of a block: taps for which {@link Kernels#dots} adds at a time, a power of two. */
  private static final int[] DOTS = {0, 4, 4, 2, 2, 2, 2};

  final Assembler assembler = new Assembler();
  private final boolean relaxed;

  private KernelModule(boolean relaxed) {
    this.relaxed = relaxed;
  }

  /** The module's bytes, with relaxed multiply-add or without, and with what a set adds. */
  static byte[] bytes(boolean relaxed, KernelSet set) {
    KernelModule module = new KernelModule(relaxed);
    Function[] pack = new Function[Kernels.HEIGHT + 1];
    Function[] tiles = new Function[Kernels.HEIGHT + 1];
    Function[] single = new Function[Kernels.HEIGHT + 1];
    Function[] several = new Function[Kernels.HEIGHT + 1];
    for (int height = 1; height <= Kernels.HEIGHT; height++) {
      pack[height] = module.pack(height);
      tiles[height] = module.tiles(height);
      single[height] = module.dots(height, 1);
      several[height] = module.dots(height, DOTS[height]);
    }
    module.byHeight("pack", 8, pack);
    module.byHeight("tiles", 16, tiles);
    module.dots(single, several);
    module.copy();
    module.gather();
    module.scatter();
    module.sums();
    module.clear();
    set.addTo(module);
    module.spin();
    return module.assembler.module();
  }

  /** A function whose first parameter, the height, says which one gets the others. */
  private void byHeight(String name, int params, Function[] ofHeight) {
    Function f = assembler.function(name, params);
    for (int height = 1; height <= Kernels.HEIGHT; height++) {
      Function chosen = ofHeight[height];
      f.get(0)
          .constant(height)
          .eq()
          .when(
              () -> {
                for (int p = 1; p < params; p++) {
                  f.get(p);
                }
                f.call(chosen);
              });
    }
  }

  /** {@code c += a·b} for vectors. */
  void multiplyAdd(Function f, int sum, Runnable a, int b) {
    if (relaxed) {
      a.run();
      f.get(b).get(sum).relaxedMadd().set(sum);
    } else {
      f.get(sum);
      a.run();
      f.get(b).mulVector().addVector().set(sum);
    }
  }

  private Function pack(int height) {
    // to, from, table, taps, rowStride, blocks, blockStride
    Function f = assembler.function(7);
    int to = 0;
    int from = 1;
    int rowStride = 4;
    int blockStride = 6;
    int entry = f.local(I32);
    int left = f.local(I32);
    int at = f.local(I32);
    f.repeat(
        5,
        () -> {
          f.get(2).set(entry).get(3).set(left);
          f.repeat(
              left,
              () -> {
                f.get(from).get(entry).load32(0).add().set(at);
                for (int r = 0; r < height; r++) {
                  f.get(to).get(at).loadF32(0).storeF32(4 * r);
                  if (r + 1 < height) {
                    f.advanceBy(at, rowStride);
                  }
                }
                f.advance(entry, 4).advance(to, 4 * height);
              });
          f.advanceBy(from, blockStride);
        });
    return f;
  }

  // ---- tiles

  private Function tiles(int height) {
    Function f = assembler.function(15);
    new Tiles(f, height).write();
    return f;
  }

  private final class Tiles {
    // the parameters
    private final int blocks = 0;
    private final int taps = 1;
    private final int a = 2;
    private final int aBlock = 3;
    private final int table = 4;
    private final int x = 5;
    private final int xRow = 6;
    private final int y = 7;
    private final int yRow = 8;
    private final int yPlane = 9;
    private final int rows = 10;
    private final int columns = 11;
    private final int bias = 12;
    private final int biasBlock = 13;
    private final int mode = 14;

    private final Function f;
    private final int height;
    private final int vectors;
    private final int[] sums;
    private final int[] reads;
    private final int weight;
    private final int xAt;
    private final int yAt;
    private final int left;
    private final int entry;
    private final int pointer;
    private final int end;
    private final int source;
    private final int target;

    Tiles(Function f, int height) {
      this.f = f;
      this.height = height;
      vectors = TILE[height];
      sums = f.locals(V128, height * vectors);
      reads = f.locals(V128, vectors);
      weight = f.local(V128);
      xAt = f.local(I32);
      yAt = f.local(I32);
      left = f.local(I32);
      entry = f.local(I32);
      pointer = f.local(I32);
      end = f.local(I32);
      source = f.local(I32);
      target = f.local(I32);
    }

    void write() {
      int xLine = f.local(I32);
      int yLine = f.local(I32);
      int row = f.local(I32);
      f.repeat(
          blocks,
          () -> {
            f.get(x).set(xLine).get(y).set(yLine).get(rows).set(row);
            f.get(a).get(taps).constant(4 * height).mul().add().set(end);
            f.repeat(
                row,
                () -> {
                  f.get(xLine).set(xAt).get(yLine).set(yAt).get(columns).set(left);
                  f.loopWhile(
                      () -> f.get(left).constant(4 * vectors).ge(),
                      () -> {
                        tile(vectors, false);
                        f.advance(xAt, 16 * vectors).advance(yAt, 16 * vectors);
                        f.advance(left, -4 * vectors);
                      });
                  f.get(left).when(() -> rest(vectors));
                  f.advanceBy(xLine, xRow).advanceBy(yLine, yRow);
                });
            f.advanceBy(a, aBlock).advanceBy(bias, biasBlock);
            f.get(y).get(yPlane).constant(height).mul().add().set(y);
          });
    }

    /** A tile for what is left of a row: as many vectors as are begun, at most {@code most}. */
    private void rest(int most) {
      if (most == 1) {
        tile(1, true);
        return;
      }
      f.get(left)
          .constant(4 * (most - 1))
          .constant(1)
          .add()
          .ge()
          .choose(() -> tile(most, true), () -> rest(most - 1));
    }

    private void tile(int width, boolean last) {
      f.get(mode)
          .constant(Kernels.ACCUMULATE)
          .and()
          .choose(
              () -> {
                f.get(yAt).set(target);
                for (int r = 0; r < height; r++) {
                  for (int v = 0; v < width; v++) {
                    f.get(target).load(16 * v).set(sum(r, v));
                  }
                  f.advanceBy(target, yPlane);
                }
              },
              () -> {
                for (int r = 0; r < height; r++) {
                  f.get(bias).loadSplat(4 * r).set(sum(r, 0));
                  for (int v = 1; v < width; v++) {
                    f.get(sum(r, 0)).set(sum(r, v));
                  }
                }
              });
      f.get(table).set(entry).get(a).set(pointer);
      f.doWhile(
          () -> {
            f.get(xAt).get(entry).load32(0).add().set(source);
            for (int v = 0; v < width; v++) {
              f.get(source).load(16 * v).set(reads[v]);
            }
            for (int r = 0; r < height; r++) {
              f.get(pointer).loadSplat(4 * r).set(weight);
              for (int v = 0; v < width; v++) {
                multiplyAdd(f, sum(r, v), () -> f.get(weight), reads[v]);
              }
            }
            f.advance(entry, 4);
            f.get(pointer).constant(4 * height).add().tee(pointer).get(end).ne();
          });
      f.get(mode)
          .constant(Kernels.RELU)
          .and()
          .when(
              () -> {
                for (int r = 0; r < height; r++) {
                  for (int v = 0; v < width; v++) {
                    f.get(sum(r, v)).zeros().pmax().set(sum(r, v));
                  }
                }
              });
      f.get(yAt).set(target);
      for (int r = 0; r < height; r++) {
        for (int v = 0; v < width; v++) {
          if (last && v == width - 1) {
            storeRest(16 * v, sum(r, v));
          } else {
            f.get(target).get(sum(r, v)).store(16 * v);
          }
        }
        f.advanceBy(target, yPlane);
      }
    }

    private int sum(int r, int v) {
      return sums[r * vectors + v];
    }

    /** Stores as many lanes as the row still has: {@code left} mod 4, or all four. */
    private void storeRest(int offset, int value) {
      f.get(left)
          .constant(3)
          .and()
          .eqz()
          .choose(
              () -> f.get(target).get(value).store(offset),
              () -> {
                f.get(left)
                    .constant(2)
                    .and()
                    .choose(
                        () -> {
                          f.get(target).get(value).storePair(offset, 0);
                          f.get(left)
                              .constant(1)
                              .and()
                              .when(() -> f.get(target).get(value).storeLane(offset + 8, 2));
                        },
                        () -> f.get(target).get(value).storeLane(offset, 0));
              });
    }
  }

  // ---- inner products

  /** Chooses by the height; taps that do not fill a step of several are taken one by one. */
  private void dots(Function[] single, Function[] several) {
    // height, taps, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
    // images
    int params = 15;
    Function f = assembler.function("dots", params);
    int taps = 1;
    int table = 9;
    int out = 10;
    int whole = f.local(I32);
    for (int height = 1; height <= Kernels.HEIGHT; height++) {
      Function one = single[height];
      Function more = several[height];
      int step = DOTS[height];
      f.get(0)
          .constant(height)
          .eq()
          .when(
              () -> {
                f.get(taps).constant(-step).and().tee(whole);
                f.when(
                    () -> {
                      f.get(whole);
                      for (int p = 2; p < params; p++) {
                        f.get(p);
                      }
                      f.call(more);
                      f.get(taps).get(whole).sub().set(taps);
                      f.get(table).get(whole).shl(2).add().set(table);
                      f.get(out).get(whole).shl(2).add().set(out);
                    });
                f.get(taps)
                    .when(
                        () -> {
                          for (int p = 1; p < params; p++) {
                            f.get(p);
                          }
                          f.call(one);
                        });
              });
    }
  }

  private Function dots(int height, int width) {
    // taps is a multiple of width
    Function f = assembler.function(14);
    int taps = 0;
    int a = 1;
    int aRow = 2;
    int aPlane = 3;
    int aImage = 4;
    int x = 5;
    int xRow = 6;
    int xImage = 7;
    int table = 8;
    int out = 9;
    int outRow = 10;
    int rows = 11;
    int columns = 12;
    int images = 13;
    int[] sums = f.locals(V128, height * width);
    int[] left = f.locals(I32, height); // where the rows of A are read
    int[] right = f.locals(I32, width);
    int[] reads = f.locals(V128, width);
    int value = f.local(V128);
    int aImageAt = f.local(I32);
    int xImageAt = f.local(I32);
    int aAt = f.local(I32);
    int xAt = f.local(I32);
    int image = f.local(I32);
    int row = f.local(I32);
    int vectors = f.local(I32);
    int at = f.local(I32);
    Runnable step =
        () -> {
          for (int r = 0; r < height; r++) {
            f.get(left[r]).load(0).set(value);
            for (int t = 0; t < width; t++) {
              int sum = sums[r * width + t];
              multiplyAdd(f, sum, () -> f.get(value), reads[t]);
            }
          }
        };
    f.loopWhile(
        () -> f.get(taps),
        () -> {
          for (int sum : sums) {
            f.zeros().set(sum);
          }
          f.get(a).set(aImageAt).get(x).set(xImageAt).get(images).set(image);
          f.repeat(
              image,
              () -> {
                f.get(aImageAt).set(aAt).get(xImageAt).set(xAt).get(rows).set(row);
                f.repeat(
                    row,
                    () -> {
                      f.get(aAt).set(left[0]);
                      for (int r = 1; r < height; r++) {
                        f.get(left[r - 1]).get(aPlane).add().set(left[r]);
                      }
                      for (int t = 0; t < width; t++) {
                        f.get(xAt).get(table).load32(4 * t).add().set(right[t]);
                      }
                      f.get(columns).shr(2).tee(vectors);
                      f.when(
                          () ->
                              f.repeat(
                                  vectors,
                                  () -> {
                                    for (int t = 0; t < width; t++) {
                                      f.get(right[t]).load(0).set(reads[t]).advance(right[t], 16);
                                    }
                                    step.run();
                                    for (int r = 0; r < height; r++) {
                                      f.advance(left[r], 16);
                                    }
                                  }));
                      f.get(columns)
                          .constant(3)
                          .and()
                          .when(
                              () -> {
                                for (int t = 0; t < width; t++) {
                                  loadRest(f, columns, right[t], reads[t]);
                                }
                                for (int r = 0; r < height; r++) {
                                  loadRest(f, columns, left[r], value);
                                  for (int t = 0; t < width; t++) {
                                    int sum = sums[r * width + t];
                                    multiplyAdd(f, sum, () -> f.get(value), reads[t]);
                                  }
                                }
                              });
                      f.advanceBy(aAt, aRow).advanceBy(xAt, xRow);
                    });
                f.advanceBy(aImageAt, aImage).advanceBy(xImageAt, xImage);
              });
          f.get(out).set(at);
          for (int r = 0; r < height; r++) {
            for (int t = 0; t < width; t++) {
              addLanes(f, sums[r * width + t]);
              f.set(sums[r * width + t]);
              f.get(at).get(at).loadF32(4 * t).get(sums[r * width + t]).lane(0).addF32();
              f.storeF32(4 * t);
            }
            f.advanceBy(at, outRow);
          }
          f.advance(taps, -width).advance(table, 4 * width).advance(out, 4 * width);
        });
    return f;
  }

  /** Leaves a vector whose every lane is the sum of the given one's. */
  static void addLanes(Function f, int value) {
    f.get(value).get(value).get(value).shuffle(2, 3, 0, 1).addVector().set(value);
    f.get(value).get(value).get(value).shuffle(1, 0, 3, 2).addVector();
  }

  /** Loads {@code columns} mod 4 numbers, one to three; the other lanes are zero. */
  private static void loadRest(Function f, int columns, int from, int to) {
    f.get(columns)
        .constant(2)
        .and()
        .choose(
            () -> {
              f.get(from).loadTwo(0).set(to);
              f.get(columns)
                  .constant(1)
                  .and()
                  .when(() -> f.get(from).get(to).loadLane(8, 2).set(to));
            },
            () -> f.get(from).loadOne(0).set(to));
  }

  // ---- moving numbers

  private void copy() {
    // to, toRow, toPlane, from, fromRow, fromPlane, planes, rows, columns
    Function f = assembler.function("copy", 9);
    int toLine = f.local(I32);
    int fromLine = f.local(I32);
    int to = f.local(I32);
    int from = f.local(I32);
    int row = f.local(I32);
    int left = f.local(I32);
    f.repeat(
        6,
        () -> {
          f.get(0).set(toLine).get(3).set(fromLine).get(7).set(row);
          f.repeat(
              row,
              () -> {
                f.get(toLine).set(to).get(fromLine).set(from).get(8).set(left);
                f.loopWhile(
                    () -> f.get(left).constant(4).ge(),
                    () -> {
                      f.get(to).get(from).load(0).store(0);
                      f.advance(to, 16).advance(from, 16).advance(left, -4);
                    });
                f.loopWhile(
                    () -> f.get(left),
                    () -> {
                      f.get(to).get(from).loadF32(0).storeF32(0);
                      f.advance(to, 4).advance(from, 4).advance(left, -1);
                    });
                f.advanceBy(toLine, 1).advanceBy(fromLine, 4);
              });
          f.advanceBy(0, 2).advanceBy(3, 5);
        });
  }

  private void gather() {
    // to, toRow, toPlane, from, fromPlane, planes, rowTable, rows, columnTable, columns
    Function f = assembler.function("gather", 10);
    int line = f.local(I32);
    int to = f.local(I32);
    int entry = f.local(I32);
    int row = f.local(I32);
    int distance = f.local(I32);
    int column = f.local(I32);
    int left = f.local(I32);
    int from = f.local(I32);
    f.repeat(
        5,
        () -> {
          f.get(0).set(line).get(6).set(entry).get(7).set(row);
          f.repeat(
              row,
              () -> {
                f.get(line).set(to).get(entry).load32(0).tee(distance).constant(0).lt();
                f.choose(
                    () -> f.get(to).constant(0).get(9).shl(2).fill(),
                    () -> {
                      f.get(3).get(distance).add().set(from);
                      f.get(8).set(column).get(9).set(left);
                      f.repeat(
                          left,
                          () -> {
                            f.get(column).load32(0).tee(distance).constant(0).lt();
                            f.choose(
                                () -> f.get(to).zeroF32().storeF32(0),
                                () ->
                                    f.get(to).get(from).get(distance).add().loadF32(0).storeF32(0));
                            f.advance(to, 4).advance(column, 4);
                          });
                    });
                f.advance(entry, 4).advanceBy(line, 1);
              });
          f.advanceBy(0, 2).advanceBy(3, 4);
        });
  }

  private void scatter() {
    // to, toPlane, from, fromRow, fromPlane, planes, rowTable, rows, columnTable, columns
    Function f = assembler.function("scatter", 10);
    int line = f.local(I32);
    int from = f.local(I32);
    int entry = f.local(I32);
    int row = f.local(I32);
    int to = f.local(I32);
    int at = f.local(I32);
    int column = f.local(I32);
    int left = f.local(I32);
    f.repeat(
        5,
        () -> {
          f.get(2).set(line).get(6).set(entry).get(7).set(row);
          f.repeat(
              row,
              () -> {
                f.get(line).set(from).get(0).get(entry).load32(0).add().set(to);
                f.get(8).set(column).get(9).set(left);
                f.repeat(
                    left,
                    () -> {
                      f.get(to).get(column).load32(0).add().tee(at);
                      f.get(at).loadF32(0).get(from).loadF32(0).addF32().storeF32(0);
                      f.advance(from, 4).advance(column, 4);
                    });
                f.advance(entry, 4).advanceBy(line, 3);
              });
          f.advanceBy(0, 1).advanceBy(2, 4);
        });
  }

  private void sums() {
    // to, from, count, planes, plane, images, image
    Function f = assembler.function("sums", 7);
    int start = f.local(I32);
    int from = f.local(I32);
    int left = f.local(I32);
    int image = f.local(I32);
    int[] sums = f.locals(V128, 4);
    int rest = f.local(F32);
    f.repeat(
        3,
        () -> {
          f.get(1).set(start).get(5).set(image).zeroF32().set(rest);
          for (int sum : sums) {
            f.zeros().set(sum);
          }
          f.repeat(
              image,
              () -> {
                f.get(start).set(from).get(2).set(left);
                f.loopWhile(
                    () -> f.get(left).constant(16).ge(),
                    () -> {
                      for (int s = 0; s < 4; s++) {
                        f.get(from).load(16 * s).get(sums[s]).addVector().set(sums[s]);
                      }
                      f.advance(from, 64).advance(left, -16);
                    });
                f.loopWhile(
                    () -> f.get(left),
                    () -> {
                      f.get(from).loadF32(0).get(rest).addF32().set(rest);
                      f.advance(from, 4).advance(left, -1);
                    });
                f.advanceBy(start, 6);
              });
          f.get(sums[0]).get(sums[1]).addVector().get(sums[2]).addVector();
          f.get(sums[3]).addVector().set(sums[0]);
          f.get(0).get(0).loadF32(0).get(rest).addF32();
          addLanes(f, sums[0]);
          f.lane(0).addF32().storeF32(0);
          f.advance(0, 4).advanceBy(1, 4);
        });
  }

  private void clear() {
    // at, count
    Function f = assembler.function("clear", 2);
    f.get(0).constant(0).get(1).shl(2).fill();
  }

  private void spin() {
    // rounds, and somewhere to leave the result, so that the work is not dropped
    Function f = assembler.function("spin", 2);
    int count = Kernels.SPIN_FLOPS / 8;
    int[] sums = f.locals(V128, count);
    int a = f.local(V128);
    int b = f.local(V128);
    f.get(1).load(0).set(a).get(1).load(16).set(b);
    f.repeat(
        0,
        () -> {
          for (int sum :
              sums) { // sum·a + b: a product that does not change would be taken out of the loop
            f.get(sum).get(a);
            (relaxed ? f.get(b).relaxedMadd() : f.mulVector().get(b).addVector()).set(sum);
          }
        });
    for (int sum : sums) {
      f.get(1).get(sum).store(0);
    }
  }
}
