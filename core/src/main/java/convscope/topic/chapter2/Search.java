package convscope.topic.chapter2;

import convscope.param.Pair;
import convscope.scene.Cells;
import convscope.scene.Grid;
import convscope.scene.Role;
import convscope.topic.Cell;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every value of the unknown in its range, with the output that it gives: the solutions are read
 * off, so none is missed.
 *
 * @param candidates in ascending order; for padding and stride together, all paddings of the first
 *     stride, then of the next; for what may differ by axis, the same value on both
 * @param solved whether {@code best} gives the wanted output
 * @param best all solutions in ascending order, or else what comes nearest
 * @param drawn the one of them to draw
 */
record Search(
    Unknown unknown,
    Pair wanted,
    List<Geometry> candidates,
    boolean solved,
    List<Geometry> best,
    Geometry drawn) {
  private static final int MOST = 6; // solutions told one by one
  private static final int NEAREST = 3;

  /**
   * Tries every value in the unknown's range.
   *
   * @param given the geometry; its value of the unknown is ignored
   * @param number which solution to draw, from 1; beyond the last draws the last
   * @return null if nothing in the range fits at all
   */
  static @Nullable Search of(Geometry given, Unknown unknown, Pair wanted, int number) {
    boolean own = unknown.isPadding() && !given.convention().choosesPadding();
    int strides = unknown == Unknown.PADDING_STRIDE ? Unknown.STRIDE.most : 1;
    List<Geometry> candidates = new ArrayList<>();
    for (int stride = 1; stride <= strides; stride++) {
      for (int value = unknown.least; value <= (own ? unknown.least : unknown.most); value++) {
        candidates.add(candidate(given, unknown, value, stride));
      }
    }
    List<Geometry> best = new ArrayList<>();
    int nearest = Integer.MAX_VALUE;
    for (Geometry high : candidates) {
      for (Geometry wide : unknown.perAxis() ? candidates : List.of(high)) {
        int rows = high.possible(true);
        int columns = wide.possible(false);
        int off = Math.abs(rows - wanted.height()) + Math.abs(columns - wanted.width());
        if (rows < 1 || columns < 1 || off > nearest) {
          continue;
        }
        if (off < nearest) {
          best.clear();
        }
        nearest = off;
        best.add(high.joined(wide));
      }
    }
    return best.isEmpty()
        ? null
        : new Search(
            unknown,
            wanted,
            candidates,
            nearest == 0,
            best,
            best.get(nearest == 0 ? Math.min(number, best.size()) - 1 : 0));
  }

  private static Geometry candidate(Geometry given, Unknown unknown, int value, int stride) {
    Pair both = new Pair(value, value);
    return switch (unknown) {
      case IN -> given.with(both, given.kernel());
      case KERNEL -> given.with(given.in(), both);
      case STRIDE -> given.with(value, given.padding(), given.dilation());
      case DILATION -> given.with(given.stride(), given.padding(), value);
      case PADDING -> given.with(given.stride(), value, given.dilation());
      case PADDING_STRIDE -> given.with(stride, value, given.dilation());
      case OUT -> given;
    };
  }

  // ---- words

  /** All solutions, or that there is none and what comes nearest. */
  String answer() {
    StringBuilder out = new StringBuilder();
    if (!solved) {
      out.append("No ").append(unknown.words).append(" in range gives ").append(wanted.toString());
      for (int n = 0; n < Math.min(NEAREST, best.size()); n++) {
        out.append(n == 0 ? "; nearest: " : ", ").append(best.get(n).out().toString());
        out.append(" (").append(value(best.get(n), true)).append(')');
      }
      return out.append(best.size() > NEAREST ? " and more" : "").toString();
    }
    int count = best.size();
    for (int n = 0; n < Math.min(MOST, count); n++) {
      out.append(n == 0 ? "" : n == count - 1 ? " or " : ", ");
      out.append(value(best.get(n), n == 0 || unknown == Unknown.PADDING_STRIDE));
    }
    out.append(count > MOST ? " and " + (count - MOST) + " more" : "");
    return out.append(count == 1 ? " gives " : " give ").append(wanted.toString()).toString();
  }

  /** {@code P = 1}, or without its letter. */
  private String value(Geometry geometry, boolean named) {
    String letter = unknown == Unknown.IN ? "size" : unknown.letters.substring(0, 1);
    String stride = unknown == Unknown.PADDING_STRIDE ? " with S = " + geometry.stride() : "";
    if (unknown.isPadding() && !geometry.convention().choosesPadding()) {
      return "its own padding" + stride;
    }
    return (named ? letter + " = " : "")
        + switch (unknown) {
          case IN -> geometry.in().toString();
          case KERNEL -> geometry.kernel().toString();
          case STRIDE -> String.valueOf(geometry.stride());
          case DILATION -> String.valueOf(geometry.dilation());
          default -> geometry.padding() + stride;
        };
  }

  // ---- the table

  private int columns() {
    return unknown == Unknown.PADDING_STRIDE
        ? candidates.size() / candidates.get(candidates.size() - 1).stride()
        : candidates.size();
  }

  /**
   * Every value and the output it gives; those that give the wanted one are strong. Values stand in
   * row −1; below them the output's height and width, or for each stride what it is along one axis.
   */
  Grid table(Cells cells, boolean height) {
    boolean joint = unknown == Unknown.PADDING_STRIDE;
    int columns = columns();
    int rows = joint ? candidates.size() / columns : 2;
    Grid grid =
        new Grid(
                "cand",
                Role.OUTPUT,
                rows + 1,
                columns + 1,
                cells,
                new float[(rows + 1) * (columns + 1)])
            .origin(-1, -1)
            .frameless()
            .title("wanted " + wanted.toString(), joint ? height ? "height" : "width" : "")
            .part("y", "outputs that each value gives; wanted " + wanted.toString());
    String letter = unknown == Unknown.IN ? "size" : unknown.letters.substring(0, 1);
    grid.label(-1, -1, letter, letter).level(-1, -1, 0);
    for (int row = 0; row < rows; row++) {
      String name = joint ? "S=" + (row + 1) : row == 0 ? "H" : "W";
      grid.label(row, -1, name, name).level(row, -1, 0);
      for (int n = 0; n < columns; n++) {
        Geometry candidate = candidates.get(joint ? row * columns + n : n);
        String value = value(candidate, false);
        int space = value.indexOf(' ');
        String head = space < 0 ? value : space > 2 ? "own" : value.substring(0, space);
        grid.label(-1, n, head, head).level(-1, n, 0);
        boolean rowsOf = joint ? height : row == 0;
        int out = candidate.possible(rowsOf);
        boolean solves =
            joint
                ? candidate.problem() == null && candidate.out().equals(wanted)
                : out == (rowsOf ? wanted.height() : wanted.width());
        String text = out < 1 ? "–" : String.valueOf(out);
        grid.label(row, n, text, out < 1 ? "does not fit" : text).level(row, n, solves ? 9 : 1);
        if (solves) {
          grid.mark(row, n, "target");
        }
      }
    }
    return grid;
  }

  /** What the picked candidate gives, or null if none is picked. */
  @Nullable String said(@Nullable Cell pick) {
    int columns = columns();
    if (pick == null || !pick.within("cand", candidates.size() / columns + 2, columns)) {
      return null;
    }
    int row = unknown == Unknown.PADDING_STRIDE ? Math.max(0, pick.row()) : 0;
    int index = Math.min(candidates.size() - 1, row * columns + pick.column());
    Geometry candidate = candidates.get(index);
    String value = value(candidate, true);
    String problem = candidate.problem();
    return problem != null
        ? value + " does not fit: " + problem
        : value
            + " gives "
            + candidate.out().toString()
            + (candidate.out().equals(wanted) ? ", as wanted." : "; wanted is " + wanted + ".");
  }
}
