package convscope.web.simd;

import convscope.engine.Kernels;
import convscope.engine.ScalarKernels;
import convscope.web.Host;
import org.jspecify.annotations.Nullable;
import org.teavm.interop.Address;
import org.teavm.interop.Import;

/**
 * The kernels as SIMD code in a module of their own, which shares this module's memory. What lies
 * below {@link #base} is TeaVM's.
 */
public final class SimdKernels implements Kernels {
  private static final int PAGE = 1 << 16;
  private static final int STEP = 1 << 20; // bytes; memory grows by at least as many

  /**
   * Where TeaVM's memory ends; the same for all, since the last kernels made replace the others.
   */
  private static final int FIRST = Host.memoryBytes();

  private static int size = FIRST;

  private final String name;

  private SimdKernels(String name) {
    this.name = name;
    reserve(base());
  }

  /** The fastest kernels that the browser has: relaxed SIMD, else SIMD, else plain Java. */
  public static Kernels fastest() {
    Kernels relaxed = create(true);
    Kernels simd = relaxed == null ? create(false) : relaxed;
    return simd == null ? new ScalarKernels() : simd;
  }

  /** The kernels with relaxed SIMD or without, or null where the browser does not have it. */
  public static @Nullable Kernels create(boolean relaxed) {
    for (byte value : KernelModule.bytes(relaxed)) {
      Host.kernelByte(value);
    }
    return Host.kernelsReady() == 0 ? null : new SimdKernels(relaxed ? "relaxed-simd" : "simd");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int base() {
    return FIRST + SLACK; // below it, spin has its numbers
  }

  @Override
  public void reserve(int end) {
    int missing = end + SLACK - size;
    if (missing <= 0) {
      return;
    }
    int bytes = (Math.max(missing, STEP) + PAGE - 1) / PAGE * PAGE;
    if (Host.grow(bytes / PAGE) < 0) {
      throw new IllegalStateException(
          "Engine: the browser gives no more memory than "
              + size / (1 << 20)
              + " MiB; close other pages or use a smaller batch or image");
    }
    size += bytes;
  }

  @Override
  public void write(int at, float[] from, int start, int count) {
    for (int i = 0; i < count; i++) {
      Address.fromInt(at + 4 * i).putFloat(from[start + i]);
    }
  }

  @Override
  public void read(int at, float[] to, int start, int count) {
    for (int i = 0; i < count; i++) {
      to[start + i] = Address.fromInt(at + 4 * i).getFloat();
    }
  }

  @Override
  public void table(int at, int[] values) {
    for (int i = 0; i < values.length; i++) {
      Address.fromInt(at + 4 * i).putInt(values[i]);
    }
  }

  @Override
  public void pack(
      int height,
      int to,
      int from,
      int table,
      int taps,
      int rowStride,
      int blocks,
      int blockStride) {
    Imported.pack(height, to, from, table, taps, rowStride, blocks, blockStride);
  }

  @Override
  public void tiles(
      int height,
      int blocks,
      int taps,
      int a,
      int aBlock,
      int table,
      int x,
      int xRow,
      int y,
      int yRow,
      int yPlane,
      int rows,
      int columns,
      int bias,
      int biasBlock,
      int mode) {
    Imported.tiles(
        height, blocks, taps, a, aBlock, table, x, xRow, y, yRow, yPlane, rows, columns, bias,
        biasBlock, mode);
  }

  @Override
  public void dots(
      int height,
      int taps,
      int a,
      int aRow,
      int aPlane,
      int aImage,
      int x,
      int xRow,
      int xImage,
      int table,
      int out,
      int outRow,
      int rows,
      int columns,
      int images) {
    Imported.dots(
        height, taps, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
        images);
  }

  @Override
  public void copy(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rows,
      int columns) {
    Imported.copy(to, toRow, toPlane, from, fromRow, fromPlane, planes, rows, columns);
  }

  @Override
  public void gather(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns) {
    Imported.gather(
        to, toRow, toPlane, from, fromPlane, planes, rowTable, rows, columnTable, columns);
  }

  @Override
  public void scatter(
      int to,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns) {
    Imported.scatter(
        to, toPlane, from, fromRow, fromPlane, planes, rowTable, rows, columnTable, columns);
  }

  @Override
  public void sums(int to, int from, int count, int planes, int plane, int images, int image) {
    Imported.sums(to, from, count, planes, plane, images, image);
  }

  @Override
  public void clear(int at, int count) {
    Imported.clear(at, count);
  }

  @Override
  public void spin(int rounds) {
    Imported.spin(rounds, FIRST);
  }

  /** The functions of {@link KernelModule}. */
  private static final class Imported {
    @Import(module = "kernels", name = "pack")
    static native void pack(
        int height,
        int to,
        int from,
        int table,
        int taps,
        int rowStride,
        int blocks,
        int blockStride);

    @Import(module = "kernels", name = "tiles")
    static native void tiles(
        int height,
        int blocks,
        int taps,
        int a,
        int aBlock,
        int table,
        int x,
        int xRow,
        int y,
        int yRow,
        int yPlane,
        int rows,
        int columns,
        int bias,
        int biasBlock,
        int mode);

    @Import(module = "kernels", name = "dots")
    static native void dots(
        int height,
        int taps,
        int a,
        int aRow,
        int aPlane,
        int aImage,
        int x,
        int xRow,
        int xImage,
        int table,
        int out,
        int outRow,
        int rows,
        int columns,
        int images);

    @Import(module = "kernels", name = "copy")
    static native void copy(
        int to,
        int toRow,
        int toPlane,
        int from,
        int fromRow,
        int fromPlane,
        int planes,
        int rows,
        int columns);

    @Import(module = "kernels", name = "gather")
    static native void gather(
        int to,
        int toRow,
        int toPlane,
        int from,
        int fromPlane,
        int planes,
        int rowTable,
        int rows,
        int columnTable,
        int columns);

    @Import(module = "kernels", name = "scatter")
    static native void scatter(
        int to,
        int toPlane,
        int from,
        int fromRow,
        int fromPlane,
        int planes,
        int rowTable,
        int rows,
        int columnTable,
        int columns);

    @Import(module = "kernels", name = "sums")
    static native void sums(
        int to, int from, int count, int planes, int plane, int images, int image);

    @Import(module = "kernels", name = "clear")
    static native void clear(int at, int count);

    @Import(module = "kernels", name = "spin")
    static native void spin(int rounds, int at);
  }
}
