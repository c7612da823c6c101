package convscope.web.simd;

import convscope.engine.Kernels;
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
  private static int first;

  private static int size;

  private final String name;

  private SimdKernels(String name) {
    this.name = name;
    if (first == 0) {
      first = Host.memoryBytes();
      size = first;
    }
    reserve(base());
  }

  /** The kernels with relaxed SIMD or without, or null where the browser does not have it. */
  public static @Nullable SimdKernels create(boolean relaxed) {
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
    return first + SLACK; // below it, spin has its numbers
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
    switch (height) {
      case 1 -> pack1(to, from, table, taps, rowStride, blocks, blockStride);
      case 2 -> pack2(to, from, table, taps, rowStride, blocks, blockStride);
      case 3 -> pack3(to, from, table, taps, rowStride, blocks, blockStride);
      default -> pack4(to, from, table, taps, rowStride, blocks, blockStride);
    }
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
    switch (height) {
      case 1 ->
          tiles1(
              blocks, taps, a, aBlock, table, x, xRow, y, yRow, yPlane, rows, columns, bias,
              biasBlock, mode);
      case 2 ->
          tiles2(
              blocks, taps, a, aBlock, table, x, xRow, y, yRow, yPlane, rows, columns, bias,
              biasBlock, mode);
      case 3 ->
          tiles3(
              blocks, taps, a, aBlock, table, x, xRow, y, yRow, yPlane, rows, columns, bias,
              biasBlock, mode);
      default ->
          tiles4(
              blocks, taps, a, aBlock, table, x, xRow, y, yRow, yPlane, rows, columns, bias,
              biasBlock, mode);
    }
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
    int width = KernelModule.DOTS[height];
    int whole = taps - taps % width;
    if (whole > 0) {
      switch (height) {
        case 1 ->
            dots1x4(
                whole, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
                images);
        case 2 ->
            dots2x4(
                whole, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
                images);
        case 3 ->
            dots3x2(
                whole, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
                images);
        default ->
            dots4x2(
                whole, a, aRow, aPlane, aImage, x, xRow, xImage, table, out, outRow, rows, columns,
                images);
      }
    }
    if (whole < taps) {
      switch (height) {
        case 1 ->
            dots1x1(
                taps - whole,
                a,
                aRow,
                aPlane,
                aImage,
                x,
                xRow,
                xImage,
                table + 4 * whole,
                out + 4 * whole,
                outRow,
                rows,
                columns,
                images);
        case 2 ->
            dots2x1(
                taps - whole,
                a,
                aRow,
                aPlane,
                aImage,
                x,
                xRow,
                xImage,
                table + 4 * whole,
                out + 4 * whole,
                outRow,
                rows,
                columns,
                images);
        case 3 ->
            dots3x1(
                taps - whole,
                a,
                aRow,
                aPlane,
                aImage,
                x,
                xRow,
                xImage,
                table + 4 * whole,
                out + 4 * whole,
                outRow,
                rows,
                columns,
                images);
        default ->
            dots4x1(
                taps - whole,
                a,
                aRow,
                aPlane,
                aImage,
                x,
                xRow,
                xImage,
                table + 4 * whole,
                out + 4 * whole,
                outRow,
                rows,
                columns,
                images);
      }
    }
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
    copyRows(to, toRow, toPlane, from, fromRow, fromPlane, planes, rows, columns);
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
    gatherPlaces(to, toRow, toPlane, from, fromPlane, planes, rowTable, rows, columnTable, columns);
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
    scatterPlaces(
        to, toPlane, from, fromRow, fromPlane, planes, rowTable, rows, columnTable, columns);
  }

  @Override
  public void sums(int to, int from, int count, int planes, int plane, int images, int image) {
    addUp(to, from, count, planes, plane, images, image);
  }

  @Override
  public void clear(int at, int count) {
    clearMemory(at, count);
  }

  @Override
  public void spin(int rounds) {
    spinRounds(rounds, first);
  }

  @Import(module = "kernels", name = "pack1")
  private static native void pack1(
      int to, int from, int table, int taps, int rowStride, int blocks, int blockStride);

  @Import(module = "kernels", name = "pack2")
  private static native void pack2(
      int to, int from, int table, int taps, int rowStride, int blocks, int blockStride);

  @Import(module = "kernels", name = "pack3")
  private static native void pack3(
      int to, int from, int table, int taps, int rowStride, int blocks, int blockStride);

  @Import(module = "kernels", name = "pack4")
  private static native void pack4(
      int to, int from, int table, int taps, int rowStride, int blocks, int blockStride);

  @Import(module = "kernels", name = "tiles1")
  private static native void tiles1(
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

  @Import(module = "kernels", name = "tiles2")
  private static native void tiles2(
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

  @Import(module = "kernels", name = "tiles3")
  private static native void tiles3(
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

  @Import(module = "kernels", name = "tiles4")
  private static native void tiles4(
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

  @Import(module = "kernels", name = "dots1x1")
  private static native void dots1x1(
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

  @Import(module = "kernels", name = "dots1x4")
  private static native void dots1x4(
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

  @Import(module = "kernels", name = "dots2x1")
  private static native void dots2x1(
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

  @Import(module = "kernels", name = "dots2x4")
  private static native void dots2x4(
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

  @Import(module = "kernels", name = "dots3x1")
  private static native void dots3x1(
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

  @Import(module = "kernels", name = "dots3x2")
  private static native void dots3x2(
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

  @Import(module = "kernels", name = "dots4x1")
  private static native void dots4x1(
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

  @Import(module = "kernels", name = "dots4x2")
  private static native void dots4x2(
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
  private static native void copyRows(
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
  private static native void gatherPlaces(
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
  private static native void scatterPlaces(
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
  private static native void addUp(
      int to, int from, int count, int planes, int plane, int images, int image);

  @Import(module = "kernels", name = "clear")
  private static native void clearMemory(int at, int count);

  @Import(module = "kernels", name = "spin")
  private static native void spinRounds(int rounds, int at);
}
