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
  public static Kernels fastest(KernelSet set) {
    Kernels relaxed = create(true, set);
    Kernels simd = relaxed == null ? create(false, set) : relaxed;
    return simd == null ? new ScalarKernels() : simd;
  }

  /** The kernels with relaxed SIMD or without, or null where the browser does not have it. */
  public static @Nullable Kernels create(boolean relaxed, KernelSet set) {
    for (byte value : KernelModule.bytes(relaxed, set)) {
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
  public void relu(int y, int x, int count) {
    Imported.relu(y, x, count);
  }

  @Override
  public void gate(int dy, int y, int count) {
    Imported.gate(dy, y, count);
  }

  /** Whether windows are 2 × 2, side by side, and fill whole vectors. */
  private static boolean pairs(int width, int kernel, int stride) {
    return kernel == 2 && stride == 2 && width >= 8 && width / 2 % 4 == 0;
  }

  @Override
  public void maxPool(int y, int x, int planes, int height, int width, int kernel, int stride) {
    int rows = (height - kernel) / stride + 1;
    int columns = (width - kernel) / stride + 1;
    boolean pairs = pairs(width, kernel, stride);
    if (pairs && height % 2 == 0) { // lines of all planes follow each other
      Imported.pairPool(y, x, planes * rows, columns, 4 * width, 8 * width, 4 * columns);
      return;
    }
    int to = y;
    for (int plane = 0; plane < planes; plane++) {
      int start = x + 4 * plane * height * width;
      if (pairs) {
        Imported.pairPool(to, start, rows, columns, 4 * width, 8 * width, 4 * columns);
        to += 4 * rows * columns;
        continue;
      }
      if (stride <= 2 && kernel <= 8) {
        if (stride == 1) {
          Imported.windowPool1(to, start, rows, columns, 4 * width, kernel, 4 * width);
        } else {
          Imported.windowPool2(to, start, rows, columns, 4 * width, kernel, 8 * width);
        }
        to += 4 * rows * columns;
        continue;
      }
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          int window = start + 4 * (i * width + j) * stride;
          float most = Address.fromInt(window).getFloat();
          for (int u = 0; u < kernel; u++) {
            for (int v = 0; v < kernel; v++) {
              most = Math.max(most, Address.fromInt(window + 4 * v).getFloat());
            }
            window += 4 * width;
          }
          Address.fromInt(to).putFloat(most);
          to += 4;
        }
      }
    }
  }

  @Override
  public void maxPoolGradient(
      int dx,
      int dy,
      int x,
      int y,
      int planes,
      int height,
      int width,
      int kernel,
      int stride,
      boolean gated) {
    int rows = (height - kernel) / stride + 1;
    int columns = (width - kernel) / stride + 1;
    if (pairs(width, kernel, stride) && height % 2 == 0 && width % 2 == 0) {
      Imported.pairPoolGradient(
          dx, dy, x, y, planes * rows, columns, 4 * width, 8 * width, 4 * columns, gated ? 1 : 0);
      return;
    }
    clear(dx, planes * height * width);
    int offset = 0; // of the window's results
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++, offset += 4) {
          float most = Address.fromInt(y + offset).getFloat();
          if (gated && !(most > 0)) {
            continue;
          }
          int first = 4 * ((plane * height + i * stride) * width + j * stride);
          int at = found(x + first, width, kernel, most);
          if (at >= 0) {
            int place = dx + first + at;
            float sum = Address.fromInt(place).getFloat();
            Address.fromInt(place).putFloat(sum + Address.fromInt(dy + offset).getFloat());
          }
        }
      }
    }
  }

  /** The distance of the first element of a window that is {@code most}; −1 without one. */
  private static int found(int window, int width, int kernel, float most) {
    for (int u = 0; u < kernel; u++) {
      for (int v = 0; v < kernel; v++) {
        int distance = 4 * (u * width + v);
        if (Address.fromInt(window + distance).getFloat() == most) {
          return distance;
        }
      }
    }
    return -1;
  }

  @Override
  public void moments(
      int to, int a, int aShift, int b, int bShift, int count, int planes, int images) {
    Imported.moments(to, a, aShift, b, bShift, count, planes, images);
  }

  @Override
  public void blend(
      int y,
      int a,
      int aFactor,
      int b,
      int bShift,
      int bFactor,
      int shift,
      int count,
      int planes,
      int images,
      boolean relu) {
    Imported.blend(y, a, aFactor, b, bShift, bFactor, shift, count, planes, images, relu ? 1 : 0);
  }

  /** Constants for a kernel, below the engine's memory; the address of the first. */
  private static int constants(float... values) {
    for (int i = 0; i < values.length; i++) {
      Address.fromInt(FIRST + 4 * i).putFloat(values[i]);
    }
    return FIRST;
  }

  @Override
  public void clamp(int y, int x, int count, float low, float high) {
    Imported.clamp(y, x, count, constants(low, high));
  }

  @Override
  public void gelu(int y, int x, int count) {
    int at = constants(0.5f, 1.4142135f, -4, 4);
    for (int i = 0; i < ERF.length; i++) {
      Address.fromInt(at + 16 + 4 * i).putFloat(ERF[i]);
    }
    Imported.gelu(y, x, count, at);
  }

  @Override
  public void standardize(
      int y, int x, int scale, int shift, int rows, int columns, float epsilon) {
    Imported.standardize(y, x, scale, shift, rows, columns, constants(1f / columns, epsilon, 1));
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

    @Import(module = "kernels", name = "relu")
    static native void relu(int y, int x, int count);

    @Import(module = "kernels", name = "gate")
    static native void gate(int dy, int y, int count);

    @Import(module = "kernels", name = "pairPool")
    static native void pairPool(
        int y, int x, int lines, int columns, int width, int xPitch, int yPitch);

    @Import(module = "kernels", name = "windowPool1")
    static native void windowPool1(
        int y, int x, int lines, int columns, int width, int kernel, int step);

    @Import(module = "kernels", name = "windowPool2")
    static native void windowPool2(
        int y, int x, int lines, int columns, int width, int kernel, int step);

    @Import(module = "kernels", name = "pairPoolGradient")
    static native void pairPoolGradient(
        int dx,
        int dy,
        int x,
        int y,
        int lines,
        int columns,
        int width,
        int xPitch,
        int yPitch,
        int gated);

    @Import(module = "kernels", name = "moments")
    static native void moments(
        int to, int a, int aShift, int b, int bShift, int count, int planes, int images);

    @Import(module = "kernels", name = "blend")
    static native void blend(
        int y,
        int a,
        int aFactor,
        int b,
        int bShift,
        int bFactor,
        int shift,
        int count,
        int planes,
        int images,
        int relu);

    @Import(module = "kernels", name = "clamp")
    static native void clamp(int y, int x, int count, int constants);

    @Import(module = "kernels", name = "gelu")
    static native void gelu(int y, int x, int count, int constants);

    @Import(module = "kernels", name = "standardize")
    static native void standardize(
        int y, int x, int scale, int shift, int rows, int columns, int constants);

    @Import(module = "kernels", name = "clear")
    static native void clear(int at, int count);

    @Import(module = "kernels", name = "spin")
    static native void spin(int rounds, int at);
  }
}
