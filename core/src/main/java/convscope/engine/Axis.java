package convscope.engine;

import convscope.op.PaddingMode;
import convscope.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * One axis of a sliding window, with the input taken apart into phases so that neighbouring windows
 * read neighbouring places: window i reads under tap u
 *
 * <pre>
 *   i·S + u·D − P = (i + (u·D div S))·S + (u·D mod S) − P
 * </pre>
 *
 * which is place {@code i + shift(u)} of phase {@code u·D mod S}. Only phases that some tap reads
 * exist.
 */
final class Axis {
  /** Windows. */
  final int windows;

  /** Planes into which the input is taken apart. */
  final int phases;

  /** Places of each plane. */
  final int length;

  /** [phase · length + place] → input position, −1 for a zero. */
  final int[] source;

  /** [tap] → plane it reads. */
  final int[] phase;

  /** [tap] → first place it reads. */
  final int[] shift;

  /** [plane] → its places that read the input, if they do it one after another. */
  final @Nullable Run[] run;

  private Axis(int windows, int phases, int length, int[] source, int[] phase, int[] shift) {
    this.windows = windows;
    this.phases = phases;
    this.length = length;
    this.source = source;
    this.phase = phase;
    this.shift = shift;
    run = new Run[phases];
    for (int plane = 0; plane < phases; plane++) {
      run[plane] = run(plane);
    }
  }

  /** The axis of the forward pass. */
  static Axis of(int size, Window window, PaddingMode mode) {
    int windows = window.out(size);
    int kernel = window.kernel();
    int stride = window.stride();
    int[] planeOf = new int[stride]; // 1 + plane, by remainder
    int phases = 0;
    int[] phase = new int[kernel];
    int[] shift = new int[kernel];
    for (int u = 0; u < kernel; u++) {
      int remainder = u * window.dilation() % stride;
      if (planeOf[remainder] == 0) {
        planeOf[remainder] = ++phases;
      }
      phase[u] = planeOf[remainder] - 1;
      shift[u] = u * window.dilation() / stride;
    }
    int length = windows + shift[kernel - 1];
    int[] source = new int[phases * length];
    for (int remainder = 0; remainder < stride; remainder++) {
      for (int q = 0; planeOf[remainder] > 0 && q < length; q++) {
        source[(planeOf[remainder] - 1) * length + q] =
            mode.source(window.start(q) + remainder, size);
      }
    }
    return new Axis(windows, phases, length, source, phase, shift);
  }

  /**
   * The axes of the input's gradient, one for each of the stride's phases: the positions {@code g =
   * q·S + phase}. Position g takes from window i under tap u where {@code g + P = i·S + u·D}, which
   * is place {@code q + shift(u)}; a tap that no position of the phase takes from has shift −1. All
   * phases read the same places.
   */
  static Axis[] adjoint(int grid, int windows, Window window) {
    int kernel = window.kernel();
    int stride = window.stride();
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (int a = 0; a < stride; a++) {
      int positions = (grid - a + stride - 1) / stride;
      for (int u = 0; positions > 0 && u < kernel; u++) {
        if (Math.floorMod(a - window.place(0, u), stride) == 0) {
          int first = Math.floorDiv(a - window.place(0, u), stride);
          low = Math.min(low, first);
          high = Math.max(high, first + positions - 1);
        }
      }
    }
    if (low > high) { // no tap reaches the grid
      low = 0;
      high = 0;
    }
    int length = high - low + 1;
    int[] source = new int[length];
    for (int t = 0; t < length; t++) {
      source[t] = t + low >= 0 && t + low < windows ? t + low : -1;
    }
    Axis[] axes = new Axis[stride];
    for (int a = 0; a < stride; a++) {
      int[] shift = new int[kernel];
      for (int u = 0; u < kernel; u++) {
        boolean reads = Math.floorMod(a - window.place(0, u), stride) == 0;
        shift[u] = reads ? Math.floorDiv(a - window.place(0, u), stride) - low : -1;
      }
      int positions = Math.max(0, (grid - a + stride - 1) / stride);
      axes[a] = new Axis(positions, 1, length, source, new int[kernel], shift);
    }
    return axes;
  }

  /**
   * The same windows with a plane for each tap, in which window i reads place i: rows of windows
   * then follow each other in memory without a gap.
   */
  Axis apart() {
    int[] planes = new int[shift.length * windows];
    int[] order = new int[shift.length];
    for (int u = 0; u < shift.length; u++) {
      order[u] = u;
      for (int i = 0; i < windows; i++) {
        planes[u * windows + i] = source[phase[u] * length + shift[u] + i];
      }
    }
    return new Axis(windows, shift.length, windows, planes, order, new int[shift.length]);
  }

  /**
   * The places of a plane that read the input.
   *
   * @param place the first of them
   * @param source the input position that it reads
   * @param count how many
   */
  record Run(int place, int source, int count) {}

  private @Nullable Run run(int plane) {
    int place = 0;
    while (place < length && source[plane * length + place] < 0) {
      place++;
    }
    int first = place < length ? source[plane * length + place] : 0;
    int end = place;
    while (end < length && source[plane * length + end] == first + end - place) {
      end++;
    }
    for (int q = end; q < length; q++) {
      if (source[plane * length + q] >= 0) {
        return null;
      }
    }
    return new Run(place, first, end - place);
  }

  /** Whether the only plane is the input itself, or its beginning. */
  boolean isInput() {
    return phases == 1 && new Run(0, 0, length).equals(run[0]);
  }
}
