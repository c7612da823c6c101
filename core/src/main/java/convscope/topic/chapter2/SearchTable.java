package convscope.topic.chapter2;

import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Paragraph;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.topic.Cell;
import org.jspecify.annotations.Nullable;

/**
 * Every value of the unknown and the output it gives; those that give the wanted one are strong.
 */
final class SearchTable implements Box {
  private static final double LABEL = 48;
  private static final double LARGEST = 36;

  private final Search search;
  private final @Nullable Cell pick;
  private final double width;
  private final int rows;
  private final int columns;
  private final double cell;
  private final boolean joint;
  private final Paragraph answer;

  SearchTable(Search search, double width, @Nullable Cell pick) {
    this.search = search;
    this.width = width;
    this.pick = pick;
    joint = search.unknown() == Unknown.PADDING_STRIDE;
    int count = search.candidates().size();
    int strides = joint ? search.candidates().get(count - 1).stride() : 0;
    rows = joint ? strides : 2;
    columns = joint ? count / strides : count;
    cell = Math.min(joint ? 50 : LARGEST, (width - LABEL) / columns);
    answer = new Paragraph(SearchWords.answer(search) + ".", width, 13, Role.NEUTRAL);
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return Title.HEIGHT + cell + rows * cell + 8 + answer.height();
  }

  @Override
  public void place(Scene scene, double x, double y) {
    scene.add(
        Title.above(
            "wanted " + search.wanted().toString(),
            joint ? "what each P and S gives" : "what each value gives",
            Role.OUTPUT,
            "y",
            x,
            y + Title.HEIGHT));
    double left = x + LABEL;
    double top = y + Title.HEIGHT;
    Grid heads =
        new Grid("tried", Role.NEUTRAL, 1, columns, cell, new float[columns])
            .frameless()
            .part("", "values of " + search.unknown().label());
    Grid outs =
        new Grid("cand", Role.OUTPUT, rows, columns, cell, new float[rows * columns])
            .part("y", "outputs that they give");
    for (int n = 0; n < search.candidates().size(); n++) {
      Search.Candidate candidate = search.candidates().get(n);
      if (n < columns) {
        String value = String.valueOf(candidate.value());
        heads.label(0, n, value, search.unknown().letter() + " = " + value).level(0, n, 0);
      }
      if (joint) {
        boolean solves = candidate.out().equals(search.wanted());
        boolean square = candidate.out().height() == candidate.out().width();
        outs.label(
                n / columns,
                n % columns,
                !candidate.fits()
                    ? "–"
                    : square
                        ? String.valueOf(candidate.out().height())
                        : candidate.out().height() + "×" + candidate.out().width(),
                candidate.fits() ? candidate.out().toString() : "does not fit")
            .level(n / columns, n % columns, solves ? 9 : 1);
      } else {
        axis(outs, 0, n, candidate.out().height(), search.wanted().height());
        axis(outs, 1, n, candidate.out().width(), search.wanted().width());
      }
    }
    if (pick != null && pick.within("cand", rows, columns)) {
      outs.mark(pick.row(), pick.column(), "picked");
    }
    heads.place(scene, left, top);
    outs.place(scene, left, top + cell);
    label(scene, x, top + cell / 2, search.unknown().letter());
    for (int row = 0; row < rows; row++) {
      String name = joint ? "S = " + (row + 1) : row == 0 ? "height" : "width";
      label(scene, x, top + cell * (row + 1.5), name);
    }
    answer.place(scene, x, top + cell * (rows + 1) + 8);
  }

  private static void label(Scene scene, double x, double middle, String text) {
    scene.add(new Text(text, 12, Role.NEUTRAL).at(x, middle + 4));
  }

  private static void axis(Grid outs, int row, int column, int out, int wanted) {
    outs.label(
            row,
            column,
            out < 1 ? "–" : String.valueOf(out),
            out < 1 ? "does not fit" : String.valueOf(out))
        .level(row, column, out == wanted ? 9 : 1);
    if (out == wanted) {
      outs.mark(row, column, "target");
    }
  }

  /** What the picked candidate gives, or null if none is picked. */
  static @Nullable String said(Search search, @Nullable Cell pick) {
    boolean joint = search.unknown() == Unknown.PADDING_STRIDE;
    int count = search.candidates().size();
    int rows = joint ? search.candidates().get(count - 1).stride() : 2;
    int columns = joint ? count / rows : count;
    if (pick == null || !(pick.within("cand", rows, columns) || pick.within("tried", 1, columns))) {
      return null;
    }
    int index =
        joint && pick.grid().equals("cand") ? pick.row() * columns + pick.column() : pick.column();
    Search.Candidate candidate = search.candidates().get(index);
    String value = SearchWords.value(search.unknown(), candidate.geometry());
    if (!candidate.fits()) {
      String problem = candidate.geometry().problem();
      return value + " fits nowhere: " + problem;
    }
    return value
        + " gives "
        + candidate.out().toString()
        + (candidate.out().equals(search.wanted())
            ? ", as wanted."
            : "; wanted is " + search.wanted().toString() + ".");
  }
}
