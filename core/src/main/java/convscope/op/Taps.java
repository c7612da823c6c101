package convscope.op;

import org.jspecify.annotations.Nullable;

/**
 * Where the taps of a sliding window fall along one axis: the geometry that convolution, pooling
 * and im2col share. Output {@code i} under tap {@code u} reads input position {@code i·stride +
 * u·dilation − padBefore}.
 */
final class Taps {
  /** Sizes beyond this are refused before any arithmetic on them could overflow. */
  private static final int LARGEST = 1 << 28;

  /** Number of window positions. */
  final int out;

  private final int[] source; // [tap · out + output] → input position, −1 for a zero
  private final int[] low; // [tap] → first output whose position is inside the input
  private final int[] high; // [tap] → one past the last such output

  Taps(int size, int out, int kernel, int stride, int dilation, int padBefore, PaddingMode mode) {
    this.out = out;
    source = new int[kernel * out];
    low = new int[kernel];
    high = new int[kernel];
    for (int u = 0; u < kernel; u++) {
      int shift = u * dilation - padBefore;
      low[u] = clamp(-Math.floorDiv(shift, stride)); // ceil(−shift / stride)
      high[u] = Math.max(low[u], clamp(Math.floorDiv(size - 1 - shift, stride) + 1));
      for (int i = 0; i < out; i++) {
        source[u * out + i] = mode.source(i * stride + shift, size);
      }
    }
  }

  private int clamp(int output) {
    return Math.max(0, Math.min(out, output));
  }

  /** The input position that output {@code output} reads under tap {@code tap}, −1 for a zero. */
  int source(int tap, int output) {
    return source[tap * out + output];
  }

  /** First output that reads inside the input, not padding, under tap {@code tap}. */
  int low(int tap) {
    return low[tap];
  }

  /** One past the last output that reads inside the input under tap {@code tap}. */
  int high(int tap) {
    return high[tap];
  }

  /** {@code out = floor((in + p − d(k−1) − 1)/s) + 1}, p on both sides together. */
  static int outputSize(int in, int kernel, int stride, int pads, int dilation) {
    return Math.floorDiv(in + pads - dilation * (kernel - 1) - 1, stride) + 1;
  }

  /**
   * Why a window cannot slide along one axis, or null if it can.
   *
   * @param axis {@code height}, {@code width} or {@code length}
   */
  static @Nullable String problem(
      String operation,
      String axis,
      int size,
      int kernel,
      int stride,
      int dilation,
      int padBefore,
      int padAfter) {
    String steps = problem(operation, axis, size, kernel, stride, dilation);
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
    long reach = (long) dilation * (kernel - 1) + 1;
    if (reach > padded) {
      return operation
          + ": kernel "
          + kernel
          + " (dilation "
          + dilation
          + ") exceeds padded input "
          + padded
          + "; raise padding to "
          + (reach - size + 1) / 2
          + " or use kernel ≤ "
          + ((padded - 1) / dilation + 1);
    }
    return null;
  }

  /** As above, without regard to padding. */
  static @Nullable String problem(
      String operation, String axis, int size, int kernel, int stride, int dilation) {
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
}
