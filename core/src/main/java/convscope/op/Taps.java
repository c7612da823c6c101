package convscope.op;

/**
 * Where the taps of a {@link Window} fall in an input of a known size, as a table: what the loops
 * of convolution, pooling and im2col look up.
 */
final class Taps {
  /** Number of window positions. */
  final int out;

  private final int[] source; // [tap · out + output] → input position, −1 for a zero
  private final int[] low; // [tap] → first output whose position is inside the input
  private final int[] high; // [tap] → one past the last such output

  Taps(int size, int out, Window window, PaddingMode mode) {
    this.out = out;
    source = new int[window.kernel() * out];
    low = new int[window.kernel()];
    high = new int[window.kernel()];
    for (int u = 0; u < window.kernel(); u++) {
      int first = window.place(0, u);
      low[u] = clamp(Window.ceilDiv(-first, window.stride()));
      high[u] = Math.max(low[u], clamp(Math.floorDiv(size - 1 - first, window.stride()) + 1));
      for (int i = 0; i < out; i++) {
        source[u * out + i] = mode.source(window.place(i, u), size);
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
}
