package convscope.op;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A sliding window along one axis: K taps, D places apart, that move S places from one output to
 * the next over an input with P places of padding before it and P' after it. Convolution, pooling
 * and transposed convolution have one window for their rows and one for their columns. Places are
 * counted from the first input cell, so those of the padding before it are negative; outputs and
 * taps are counted from 0.
 *
 * <pre>
 *   place(i, u) = i·S + u·D − P
 *   span        = D(K−1) + 1
 *   out         = ⌊(in + P + P' − D(K−1) − 1)/S⌋ + 1
 *   transposed  = (in − 1)·S − P − P' + D(K−1) + 1 + output padding
 * </pre>
 *
 * (Dumoulin &amp; Visin 2016, <a href="https://arxiv.org/abs/1603.07285">arXiv:1603.07285</a>,
 * there with equal padding on both sides.) A window is not checked when made: {@link #problem} is
 * for the door of the operator that slides it.
 *
 * @param kernel K, taps
 * @param stride S, places from one output's window to the next one's
 * @param padBefore P, places of padding before the input
 * @param padAfter P', places of padding after it
 * @param dilation D, places from one tap to the next
 */
public record Window(int kernel, int stride, int padBefore, int padAfter, int dilation) {
  /** Sizes beyond this are refused before any arithmetic on them could overflow. */
  private static final int LARGEST = 1 << 28;

  /** Stride 1, no padding, dilation 1. */
  public static Window of(int kernel) {
    return new Window(kernel, 1, 0, 0, 1);
  }

  public Window stride(int places) {
    return new Window(kernel, places, padBefore, padAfter, dilation);
  }

  public Window dilation(int places) {
    return new Window(kernel, stride, padBefore, padAfter, places);
  }

  public Window padding(int both) {
    return padding(both, both);
  }

  public Window padding(int before, int after) {
    return new Window(kernel, stride, before, after, dilation);
  }

  /**
   * The same with SAME padding for an input of {@code size}: as much as gives {@code ⌈size/S⌉}
   * outputs, {@code max((⌈size/S⌉ − 1)·S + span − size, 0)} in all, an odd place at the end (Keras,
   * ONNX SAME_UPPER) or at the beginning (ONNX SAME_LOWER).
   */
  public Window same(int size, boolean oddAtEnd) {
    int pads = Math.max((ceilDiv(size, stride) - 1) * stride + span() - size, 0);
    int before = oddAtEnd ? pads / 2 : pads - pads / 2;
    return padding(before, pads - before);
  }

  /** Places from the first tap to the last, both included: {@code D(K−1) + 1}. */
  public int span() {
    return dilation * (kernel - 1) + 1;
  }

  /** The place under the first tap of output {@code i}: {@code i·S − P}. */
  public int start(int i) {
    return i * stride - padBefore;
  }

  /** The place that output {@code i} reads under tap {@code tap}: {@code i·S + tap·D − P}. */
  public int place(int i, int tap) {
    return start(i) + tap * dilation;
  }

  /** Places of the padded input. */
  public int padded(int size) {
    return padBefore + size + padAfter;
  }

  /**
   * {@code ⌊(size + P + P' − D(K−1) − 1)/S⌋ + 1}: outputs for an input of {@code size}; below 1
   * where the window does not fit.
   */
  public int out(int size) {
    return Math.floorDiv(padded(size) - span(), stride) + 1;
  }

  /**
   * Outputs in ceil mode: with {@code ⌈⌉} in place of {@code ⌊⌋}, less one where the last window
   * would start beyond the input and the padding before it (PyTorch, {@code pooling_output_shape}).
   */
  public int ceilOut(int size) {
    int out = ceilDiv(padded(size) - span(), stride) + 1;
    return start(out - 1) >= size ? out - 1 : out;
  }

  /**
   * {@code (size − 1)·S − P − P' + D(K−1) + 1 + outputPadding}: outputs of the transposed
   * convolution, for which {@code size} counts the windows and the output is what they slide over.
   */
  public int transposedOut(int size, int outputPadding) {
    return (size - 1) * stride - padBefore - padAfter + span() + outputPadding;
  }

  /** The tap under which output {@code i} reads a place, −1 if it does not read it. */
  public int tap(int i, int place) {
    int offset = place - start(i);
    return offset >= 0 && offset < span() && offset % dilation == 0 ? offset / dilation : -1;
  }

  /** Whether output {@code i} has a tap on a place. */
  public boolean reads(int i, int place) {
    return tap(i, place) >= 0;
  }

  /** Which of the first {@code outputs} outputs have a tap on a place, in ascending order. */
  public int[] readers(int place, int outputs) {
    int first = Math.max(0, ceilDiv(place + padBefore - span() + 1, stride));
    int last = Math.min(outputs - 1, Math.floorDiv(place + padBefore, stride));
    int[] readers = new int[Math.max(0, last - first + 1)];
    int count = 0;
    for (int i = first; i <= last; i++) {
      if (reads(i, place)) {
        readers[count++] = i;
      }
    }
    return Arrays.copyOf(readers, count);
  }

  /** How many taps of output {@code i} lie at {@code from} or after it, and before {@code end}. */
  public int taps(int i, int from, int end) {
    int count = 0;
    for (int tap = 0; tap < kernel; tap++) {
      int place = place(i, tap);
      count += place >= from && place < end ? 1 : 0;
    }
    return count;
  }

  /** One past the last place of the last of {@code outputs} windows. */
  public int reach(int outputs) {
    return start(outputs - 1) + span();
  }

  /** Places at the end of the padded input that no window reaches: what the floor drops. */
  public int dropped(int size) {
    int outputs = out(size);
    return outputs < 1 ? padded(size) : size + padAfter - reach(outputs);
  }

  /**
   * Which of the first {@code outputs} outputs has its window's centre nearest to a place; the
   * later one of two equally near.
   */
  public int nearest(int place, int outputs) {
    // ⌊(place + P − (span − 1)/2)/S + 1/2⌋ in whole numbers
    int at = Math.floorDiv(2 * (place + padBefore) - span() + 1 + stride, 2 * stride);
    return Math.max(0, Math.min(outputs - 1, at));
  }

  /**
   * Why the window cannot slide over an input of {@code size}, or null if it can.
   *
   * @param axis {@code height}, {@code width} or {@code length}
   */
  public @Nullable String problem(String operation, String axis, int size) {
    String steps = stepProblem(operation, axis, size);
    if (steps != null) {
      return steps;
    }
    if (padBefore < 0 || padAfter < 0) {
      return operation
          + ": padding "
          + Math.min(padBefore, padAfter)
          + " is negative; use 0 or more";
    }
    if (padBefore > LARGEST || padAfter > LARGEST) {
      return operation
          + ": padding "
          + Math.max(padBefore, padAfter)
          + " is too large; use at most "
          + LARGEST;
    }
    long padded = (long) size + padBefore + padAfter;
    if (span() > padded) {
      return operation
          + ": kernel "
          + kernel
          + " (dilation "
          + dilation
          + ") exceeds padded input "
          + padded
          + "; raise padding to "
          + (span() - size + 1) / 2
          + " or use kernel ≤ "
          + ((padded - 1) / dilation + 1);
    }
    return null;
  }

  /** As above, without regard to padding. */
  @Nullable String stepProblem(String operation, String axis, int size) {
    if (size < 1) {
      return operation + ": input " + axis + " is " + size + "; give at least 1";
    }
    if (kernel < 1) {
      return operation + ": kernel " + kernel + " is not positive; use 1 or more";
    }
    if (stride < 1) {
      return operation + ": stride " + stride + " is not positive; use 1 or more";
    }
    if (dilation < 1) {
      return operation + ": dilation " + dilation + " is not positive; use 1 or more";
    }
    if ((long) dilation * (kernel - 1) >= LARGEST || (long) size * stride > LARGEST) {
      return operation
          + ": kernel "
          + kernel
          + ", dilation "
          + dilation
          + " and stride "
          + stride
          + " reach too far for an input "
          + axis
          + " of "
          + size
          + "; use smaller ones";
    }
    return null;
  }

  /** {@code ⌈a/b⌉} for a positive b. */
  public static int ceilDiv(int a, int b) {
    return -Math.floorDiv(-a, b);
  }
}
