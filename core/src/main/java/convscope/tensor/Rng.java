package convscope.tensor;

import convscope.num.Maths;

/**
 * Random numbers that are the same for a seed everywhere, unlike {@link java.util.Random} under
 * TeaVM. SplitMix64 (Steele, Lea &amp; Flood 2014): {@code state += 0x9e3779b97f4a7c15}, then two
 * xor-shift-multiply rounds mix the state into 64 bits.
 */
public final class Rng {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;
  private double spare;
  private boolean hasSpare;

  public Rng(long seed) {
    state = seed;
  }

  /** All 64 bits. */
  public long nextLong() {
    state += GOLDEN;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [0, 1), a multiple of 2⁻²⁴. */
  public float nextFloat() {
    return (nextLong() >>> 40) * 0x1p-24f;
  }

  /** Uniform in [low, high) up to rounding. */
  public float nextFloat(float low, float high) {
    return low + (high - low) * nextFloat();
  }

  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [0, bound), without the bias of a plain remainder. */
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("Rng: bound " + bound + "; use 1 or more");
    }
    long range = (1L << 31) - (1L << 31) % bound;
    long bits;
    do {
      bits = nextLong() >>> 33;
    } while (bits >= range);
    return (int) (bits % bound);
  }

  /** Mean 0, variance 1: Marsaglia's polar method, whose second value is kept for the next call. */
  public double nextGaussian() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double u;
    double v;
    double square;
    do {
      u = 2 * nextDouble() - 1;
      v = 2 * nextDouble() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square == 0);
    double scale = Math.sqrt(-2 * Maths.log(square) / square);
    spare = v * scale;
    hasSpare = true;
    return u * scale;
  }

  /** The numbers 0 … size−1 in random order (Fisher and Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  /** A generator of its own for a part of the work, so that parts do not shift each other. */
  public Rng split() {
    return new Rng(nextLong());
  }

  /** Standard normal elements times {@code scale}. */
  public Tensor gaussian(double scale, int... dims) {
    Tensor out = Tensor.zeros(dims);
    for (int i = 0; i < out.size(); i++) {
      out.data()[i] = (float) (scale * nextGaussian());
    }
    return out;
  }

  /** Uniform elements in [low, high). */
  public Tensor uniform(float low, float high, int... dims) {
    Tensor out = Tensor.zeros(dims);
    for (int i = 0; i < out.size(); i++) {
      out.data()[i] = nextFloat(low, high);
    }
    return out;
  }
}
