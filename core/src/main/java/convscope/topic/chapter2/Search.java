package convscope.topic.chapter2;

import convscope.param.ChoiceParam;
import convscope.param.Pair;
import convscope.param.Values;
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
 * @param columns how many of them are beside one another in the table
 * @param solved whether {@code best} gives the wanted output
 * @param best all solutions in ascending order, or else what comes nearest
 * @param drawn the one of them to draw
 */
record Search(
    Unknown unknown,
    Pair wanted,
    List<Geometry> candidates,
    int columns,
    boolean solved,
    List<Geometry> best,
    Geometry drawn) {
  private static final int MOST = 6; // solutions told one by one
  private static final int NEAREST = 3;

  /**
   * Tries every value in the unknown's range; null if nothing fits at all, or nothing is sought.
   */
  static @Nullable Search of(Values values) {
    Unknown unknown = values.constant("unknown", Unknown.values());
    if (unknown == Unknown.OUT) {
      return null;
    }
    boolean joint = unknown == Unknown.PADDING_STRIDE;
    boolean own =
        unknown.isPadding() && !values.constant("convention", Convention.values()).choosesPadding();
    String name = unknown == Unknown.IN ? "size" : joint ? "padding" : ChoiceParam.text(unknown);
    Pair wanted = values.pair("out");
    int most = own ? unknown.least : unknown.most;
    List<Geometry> candidates = new ArrayList<>();
    for (int stride = 1; stride <= (joint ? Unknown.STRIDE.most : 1); stride++) {
      Values given = joint ? values.with("stride", String.valueOf(stride)) : values;
      for (int value = unknown.least; value <= most; value++) {
        candidates.add(Geometry.of(given.with(name, String.valueOf(value))));
      }
    }
    List<Geometry> best = new ArrayList<>();
    int nearest = Integer.MAX_VALUE;
    for (Geometry high : candidates) {
      for (Geometry wide : unknown.perAxis() ? candidates : List.of(high)) {
        int down = high.possible(true);
        int across = wide.possible(false);
        int off = Math.abs(down - wanted.height()) + Math.abs(across - wanted.width());
        if (down > 0 && across > 0 && off <= nearest) {
          if (off < nearest) {
            best.clear();
          }
          nearest = off;
          best.add(high.joined(wide));
        }
      }
    }
    boolean solved = nearest == 0;
    int columns = most - unknown.least + 1;
    int number = solved ? Math.min(values.integer("solution"), best.size()) : 1;
    return best.isEmpty()
        ? null
        : new Search(unknown, wanted, candidates, columns, solved, best, best.get(number - 1));
  }

  // ---- words

  /** All solutions, or that there is none and what comes nearest. */
  String answer() {
    StringBuilder out = new StringBuilder();
    int count = best.size();
    if (!solved) {
      for (Geometry near : best.subList(0, Math.min(NEAREST, count))) {
        out.append(out.isEmpty() ? "; nearest: " : ", ").append(near.out().toString());
        out.append(" (").append(value(near, true)).append(')');
      }
      out.append(count > NEAREST ? " and more" : "");
      return "No " + unknown.words + " in range gives " + wanted + out;
    }
    for (int n = 0; n < Math.min(MOST, count); n++) {
      out.append(n == 0 ? "" : n == count - 1 ? " or " : ", ");
      out.append(value(best.get(n), n == 0 || unknown == Unknown.PADDING_STRIDE));
    }
    out.append(count > MOST ? " and " + (count - MOST) + " more" : "");
    return out + (count == 1 ? " gives " : " give ") + wanted;
  }

  private String letter() {
    return unknown == Unknown.IN ? "size" : unknown.letters.substring(0, 1);
  }

  /** {@code P = 1}, or without its letter. */
  private String value(Geometry geometry, boolean named) {
    String stride = unknown == Unknown.PADDING_STRIDE ? " with S = " + geometry.stride() : "";
    if (unknown.isPadding() && !geometry.convention().choosesPadding()) {
      return "its own padding" + stride;
    }
    return (named ? letter() + " = " : "")
        + switch (unknown) {
          case IN -> geometry.in().toString();
          case KERNEL -> geometry.kernel().toString();
          case STRIDE -> String.valueOf(geometry.stride());
          case DILATION -> String.valueOf(geometry.dilation());
          default -> geometry.padding() + stride;
        };
  }

  // ---- the table

  /**
   * Every value and the output it gives; those that give the wanted one are strong. Values stand in
   * row −1; below them the output's height and width, or for each stride what it is along one axis.
   */
  Grid table(Cells cells, boolean height) {
    boolean joint = unknown == Unknown.PADDING_STRIDE;
    int rows = joint ? candidates.size() / columns : 2;
    float[] none = new float[(rows + 1) * (columns + 1)];
    Grid grid =
        new Grid("cand", Role.OUTPUT, rows + 1, columns + 1, cells, none)
            .origin(-1, -1)
            .frameless()
            .title("wanted " + wanted.toString(), joint ? height ? "height" : "width" : "")
            .part("y", "outputs that each value gives; wanted " + wanted.toString());
    head(grid, -1, -1, letter());
    for (int row = 0; row < rows; row++) {
      boolean rowsOf = joint ? height : row == 0;
      head(grid, row, -1, joint ? "S=" + (row + 1) : rowsOf ? "H" : "W");
      for (int n = 0; n < columns; n++) {
        Geometry candidate = candidates.get(joint ? row * columns + n : n);
        String value = value(candidate, false);
        int space = value.indexOf(' ');
        head(grid, -1, n, space < 0 ? value : space > 2 ? "own" : value.substring(0, space));
        int out = candidate.possible(rowsOf);
        boolean solves =
            joint
                ? candidate.problem() == null && candidate.out().equals(wanted)
                : out == (rowsOf ? wanted.height() : wanted.width());
        String text = out < 1 ? "–" : String.valueOf(out);
        grid.label(row, n, text, out < 1 ? "does not fit" : text).level(row, n, solves ? 9 : 1);
        grid.mark(row, n, solves ? "target" : "");
      }
    }
    return grid;
  }

  private static void head(Grid grid, int row, int column, String text) {
    grid.label(row, column, text, text).level(row, column, 0);
  }

  /** What the picked candidate gives, or null if none is picked. */
  @Nullable String said(@Nullable Cell pick) {
    if (pick == null || !pick.within("cand", candidates.size() / columns + 2, columns)) {
      return null;
    }
    int row = unknown == Unknown.PADDING_STRIDE ? pick.row() : 0;
    Geometry candidate =
        candidates.get(Math.min(candidates.size() - 1, row * columns + pick.column()));
    String problem = candidate.problem();
    boolean fits = candidate.out().equals(wanted);
    String gives = candidate.out() + (fits ? ", as wanted." : "; wanted is " + wanted + ".");
    return value(candidate, true)
        + (problem != null ? " does not fit: " + problem : " gives " + gives);
  }
}
