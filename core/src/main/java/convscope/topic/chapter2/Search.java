package convscope.topic.chapter2;

import convscope.param.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every value of the unknown in its range, with the output that it gives: the solutions are read
 * off, so none is missed.
 *
 * @param candidates in ascending order; for padding and stride together, all paddings of the first
 *     stride, then of the next
 * @param solutions the geometries that give the wanted output, in ascending order
 * @param nearest if there is none: the candidates whose outputs come nearest
 * @param drawn the solution to draw, or the nearest thing to one
 */
record Search(
    Unknown unknown,
    Pair wanted,
    List<Candidate> candidates,
    List<Geometry> solutions,
    List<Candidate> nearest,
    Geometry drawn) {

  /**
   * One value of the unknown; of an unknown that may differ by axis, tried on both.
   *
   * @param value the unknown's value
   * @param stride the stride, which differs from the given one if it is unknown too
   * @param out the output that it gives; 0 on an axis where nothing fits
   */
  record Candidate(int value, int stride, Geometry geometry, Pair out) {
    boolean fits() {
      return out.height() > 0 && out.width() > 0;
    }
  }

  /**
   * Tries every value from {@code least} to {@code most}.
   *
   * @param given the geometry; its value of the unknown is ignored
   * @param number which solution to draw, from 1; beyond the last draws the last
   * @return null if nothing in the range fits at all
   */
  static @Nullable Search of(
      Geometry given,
      Unknown unknown,
      Pair wanted,
      int least,
      int most,
      int mostStride,
      int number) {
    List<Candidate> candidates = new ArrayList<>();
    boolean strides = unknown == Unknown.PADDING_STRIDE;
    boolean padding = unknown == Unknown.PADDING || strides;
    int last = padding && !given.convention().choosesPadding() ? least : most;
    for (int stride = strides ? 1 : given.stride();
        stride <= (strides ? mostStride : given.stride());
        stride++) {
      for (int value = least; value <= last; value++) {
        candidates.add(candidate(given, unknown, value, stride));
      }
    }
    List<Geometry> solutions = new ArrayList<>();
    List<Candidate> nearest = new ArrayList<>();
    Geometry drawn;
    if (unknown.perAxis()) {
      Candidate high = null;
      Candidate wide = null;
      for (Candidate rows : candidates) {
        high = nearer(high, rows, true, wanted.height());
        wide = nearer(wide, rows, false, wanted.width());
        for (Candidate columns : candidates) {
          if (rows.out.height() == wanted.height() && columns.out.width() == wanted.width()) {
            solutions.add(joined(rows, columns));
          }
        }
      }
      if (high == null || wide == null) {
        return null;
      }
      drawn = joined(high, wide);
    } else {
      int least2 = Integer.MAX_VALUE;
      for (Candidate candidate : candidates) {
        if (!candidate.fits()) {
          continue;
        }
        int off = off(candidate, wanted);
        if (off == 0) {
          solutions.add(candidate.geometry);
        }
        if (off < least2) {
          least2 = off;
          nearest.clear();
        }
        if (off == least2) {
          nearest.add(candidate);
        }
      }
      if (nearest.isEmpty()) {
        return null;
      }
      drawn = nearest.get(0).geometry;
    }
    if (!solutions.isEmpty()) {
      drawn = solutions.get(Math.min(number, solutions.size()) - 1);
      nearest.clear();
    }
    return new Search(unknown, wanted, candidates, solutions, nearest, drawn);
  }

  /** The values that give the wanted size along one axis. */
  List<Integer> solving(boolean height) {
    List<Integer> values = new ArrayList<>();
    for (Candidate candidate : candidates) {
      int out = height ? candidate.out.height() : candidate.out.width();
      if (out == (height ? wanted.height() : wanted.width())) {
        values.add(candidate.value);
      }
    }
    return values;
  }

  /** The reachable sizes next below and above the wanted one along one axis. */
  List<Integer> around(boolean height) {
    int aim = height ? wanted.height() : wanted.width();
    int below = 0;
    int above = Integer.MAX_VALUE;
    for (Candidate candidate : candidates) {
      int out = height ? candidate.out.height() : candidate.out.width();
      below = out < aim ? Math.max(below, out) : below;
      above = out > aim ? Math.min(above, out) : above;
    }
    List<Integer> sizes = new ArrayList<>();
    if (below > 0) {
      sizes.add(below);
    }
    if (above < Integer.MAX_VALUE) {
      sizes.add(above);
    }
    return sizes;
  }

  private static Candidate candidate(Geometry given, Unknown unknown, int value, int stride) {
    Pair both = new Pair(value, value);
    Geometry geometry =
        switch (unknown) {
          case IN -> given.with(both, given.kernel());
          case KERNEL -> given.with(given.in(), both);
          case STRIDE -> given.with(value, given.padding(), given.dilation());
          case DILATION -> given.with(given.stride(), given.padding(), value);
          case PADDING, PADDING_STRIDE -> given.with(stride, value, given.dilation());
          case OUT -> given;
        };
    boolean high = geometry.heightOnly().problem() == null;
    boolean wide = geometry.widthOnly().problem() == null;
    return new Candidate(
        value,
        unknown == Unknown.STRIDE ? value : stride,
        geometry,
        new Pair(high ? geometry.height().out() : 0, wide ? geometry.width().out() : 0));
  }

  private static @Nullable Candidate nearer(
      @Nullable Candidate best, Candidate next, boolean height, int aim) {
    int out = height ? next.out.height() : next.out.width();
    if (out < 1) {
      return best;
    }
    int known = best == null ? 0 : height ? best.out.height() : best.out.width();
    return best == null || Math.abs(out - aim) < Math.abs(known - aim) ? next : best;
  }

  private static int off(Candidate candidate, Pair wanted) {
    return Math.abs(candidate.out.height() - wanted.height())
        + Math.abs(candidate.out.width() - wanted.width());
  }

  /** The height's numbers of one and the width's of the other. */
  private static Geometry joined(Candidate rows, Candidate columns) {
    Geometry high = rows.geometry;
    Geometry wide = columns.geometry;
    return high.with(
        new Pair(high.in().height(), wide.in().width()),
        new Pair(high.kernel().height(), wide.kernel().width()));
  }
}
