package convscope.net;

import convscope.op.Window;
import org.jspecify.annotations.Nullable;

/**
 * What every unit of a layer sees of the network's input, along one axis: the span from the first
 * to the last input position that can change it. Positions count from 0; those outside the input
 * are padding. Immutable; each layer makes the next one.
 *
 * <pre>
 *   r_l = r_(l−1) + D_l (K_l − 1) · j_(l−1)              r_0 = 1
 *   j_l = j_(l−1) · S_l                                  j_0 = 1
 *   start_l = start_(l−1) + (D_l (K_l − 1)/2 − P_l) · j_(l−1)
 * </pre>
 *
 * (Dumoulin &amp; Visin 2016; Araujo, Norris &amp; Sim, Distill 2019.) After a transposed
 * convolution neighbouring units need not see equally much, so the spans of one period are kept:
 * unit {@code i + period()} sees what unit {@code i} sees, {@code advance()} positions further on.
 * Without one, the period is 1 and the advance is the jump. Spans come from following the taps
 * back, which gives the relations above and stays right where they end.
 */
public final class ReceptiveField {
  /** The longest period; longer ones come only from stacks that enlarge beyond any use. */
  private static final int LONGEST = 4096;

  /** The input itself: each unit sees one position. */
  public static final ReceptiveField INPUT = new ReceptiveField(1, new long[] {0}, new long[] {0});

  private final long advance;
  private final long[] first; // by unit of one period
  private final long[] last; // below first where a unit sees nothing

  private ReceptiveField(long advance, long[] first, long[] last) {
    this.advance = advance;
    this.first = first;
    this.last = last;
  }

  /** After a convolution or pooling window: unit i reads the units {@code iS + uD − P}. */
  public ReceptiveField window(Window window) {
    int common = gcd(period(), window.stride());
    int units = period() / common;
    long[] from = new long[units];
    long[] to = new long[units];
    for (int i = 0; i < units; i++) {
      clear(from, to, i);
      for (int u = 0; u < window.kernel(); u++) {
        read(window.place(i, u), from, to, i);
      }
    }
    return new ReceptiveField(advance * (window.stride() / common), from, to);
  }

  /** The same with equal padding on both sides. */
  public ReceptiveField window(int kernel, int stride, int dilation, int padding) {
    return window(new Window(kernel, stride, padding, padding, dilation));
  }

  /** After a transposed convolution: unit p reads the units i with {@code iS + uD − P = p}. */
  public ReceptiveField transposed(Window window) {
    int units = period() * window.stride();
    if (units > LONGEST) {
      throw new IllegalArgumentException(
          "ReceptiveField: transposed convolutions enlarge "
              + units
              + " times; use at most "
              + LONGEST);
    }
    long[] from = new long[units];
    long[] to = new long[units];
    for (int p = 0; p < units; p++) {
      clear(from, to, p);
      for (int u = 0; u < window.kernel(); u++) {
        int scaled = p - window.place(0, u);
        if (scaled % window.stride() == 0) {
          read(scaled / window.stride(), from, to, p);
        }
      }
    }
    return new ReceptiveField(advance, from, to);
  }

  /** The same with equal padding on both sides. */
  public ReceptiveField transposed(int kernel, int stride, int dilation, int padding) {
    return transposed(new Window(kernel, stride, padding, padding, dilation));
  }

  /** After a sum of two branches: what either sees. */
  public ReceptiveField union(ReceptiveField other) {
    if (advance * other.period() != other.advance * period()) {
      throw new IllegalArgumentException(
          "ReceptiveField: the branches have jumps "
              + ratio(advance, period())
              + " and "
              + ratio(other.advance, other.period())
              + "; use equal strides in both");
    }
    int units = period() / gcd(period(), other.period()) * other.period();
    long[] from = new long[units];
    long[] to = new long[units];
    for (int i = 0; i < units; i++) {
      clear(from, to, i);
      read(i, from, to, i);
      other.read(i, from, to, i);
    }
    return new ReceptiveField(advance * (units / period()), from, to);
  }

  private static void clear(long[] from, long[] to, int unit) {
    from[unit] = 0;
    to[unit] = -1;
  }

  /** Widens span {@code at} by what unit {@code unit} of this layer sees. */
  private void read(long unit, long[] from, long[] to, int at) {
    if (!sees(unit)) {
      return;
    }
    boolean fresh = to[at] < from[at];
    from[at] = fresh ? first(unit) : Math.min(from[at], first(unit));
    to[at] = fresh ? last(unit) : Math.max(to[at], last(unit));
  }

  /** After how many units the pattern of spans repeats; 1 without transposed convolutions. */
  public int period() {
    return first.length;
  }

  /** How many input positions the pattern moves on in one period. */
  public long advance() {
    return advance;
  }

  /** r: how many positions the unit that sees most sees. */
  public long size() {
    long most = 0;
    for (int i = 0; i < period(); i++) {
      most = Math.max(most, last[i] - first[i] + 1);
    }
    return most;
  }

  /**
   * j: input positions between neighbouring units; below 1 where the map is finer than the input.
   */
  public double jump() {
    return (double) advance / period();
  }

  /** The jump as text: {@code 4}, or {@code 1/2}. */
  public String jumpText() {
    return ratio(advance, period());
  }

  /** start: where the first unit sits over the input; 0 is the centre of input position 0. */
  public double start() {
    return place(0);
  }

  /**
   * Where a unit sits over the input: evenly spaced by the jump, on average in the centres of what
   * the units see. Without a transposed convolution that is each unit's own {@link #centre}.
   */
  public double place(long unit) {
    double sum = 0;
    int seeing = 0;
    for (int i = 0; i < period(); i++) {
      if (sees(i)) {
        sum += centre(i) - i * jump();
        seeing++;
      }
    }
    return sum / Math.max(1, seeing) + unit * jump();
  }

  /** The centre of what a unit sees. */
  public double centre(long unit) {
    return (first(unit) + last(unit)) / 2.0;
  }

  /** The first input position that a unit sees; negative ones are padding. */
  public long first(long unit) {
    return first[(int) Math.floorMod(unit, (long) period())]
        + Math.floorDiv(unit, (long) period()) * advance;
  }

  /** The last input position that a unit sees. */
  public long last(long unit) {
    return last[(int) Math.floorMod(unit, (long) period())]
        + Math.floorDiv(unit, (long) period()) * advance;
  }

  /** Whether a unit sees anything: not if the taps of a transposed convolution miss it. */
  public boolean sees(long unit) {
    int i = (int) Math.floorMod(unit, (long) period());
    return last[i] >= first[i];
  }

  /**
   * The field after these layers, along the height or the width; null after a layer of which every
   * unit sees the whole map.
   */
  public static @Nullable ReceptiveField of(Iterable<Layer> layers, boolean height) {
    return INPUT.through(layers, height);
  }

  /** This field, and then these layers. */
  public @Nullable ReceptiveField through(Iterable<Layer> layers, boolean height) {
    ReceptiveField field = this;
    for (Layer layer : layers) {
      field = layer.field(field, height);
      if (field == null) {
        return null;
      }
    }
    return field;
  }

  private static String ratio(long above, int below) {
    int common = (int) gcd(above, below);
    return above / common + (below == common ? "" : "/" + below / common);
  }

  private static int gcd(int a, int b) {
    return (int) gcd((long) a, b);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
