package convscope.topic.chapter1;

import convscope.num.Num;
import convscope.op.PaddingMode;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Handle;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Table;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Draws {@link ShiftedConv} as two ways round a square, and what they differ by. */
final class TranslationFigure {
  private static final double LARGEST_CELL = 40;
  private static final double IMAGE = 170; // the longest side of an image, at most
  private static final double TICK = 26; // the cell of a shift

  private final ShiftedConv conv;
  private final View view;
  private final ShiftedConv.At at;
  private final @Nullable Cell pick; // in the outputs
  private final boolean image;
  private final Cells cells;

  TranslationFigure(ShiftedConv conv, View view) {
    this.conv = conv;
    this.view = view;
    image = conv.source().picture() != null;
    int other = image ? -1 : Cell.index(view.pick(), "t", 1, conv.shifts());
    at = conv.at(other >= 0 ? other : view.step());
    Cell cell = Cell.parse(view.pick());
    int rows = conv.output().dim(2);
    int columns = conv.output().dim(3);
    pick =
        cell != null
                && (cell.within("a", rows, columns)
                    || cell.within("b", rows, columns)
                    || cell.within("d", rows, columns))
            ? cell
            : null;
    cells =
        image
            ? Cells.pixels(IMAGE / Math.max(conv.source().height(), conv.source().width()))
            : Cells.of(LARGEST_CELL);
  }

  Figure figure() {
    Map<String, String> shifts = Map.of("t", Num.count(at.t()), "s", Num.count(at.s()));
    float off = at.difference().largestSize();
    Equation equation =
        Equation.of("")
            .together("", TranslationEquivariance.first().with(shifts), "")
            .say(" ")
            .together(
                off == 0 ? "= " : "≠ ",
                TranslationEquivariance.second().with(shifts),
                off == 0 ? " ✓" : ",");
    if (off != 0) {
      equation.say(" ").together("off by up to [gradient {}]", Num.difference(off));
    }
    return Figure.of(scene(), equation, caption());
  }

  // ---- the drawing

  private Scene scene() {
    int height = conv.source().height();
    int width = conv.source().width();
    Panel x = panel("in", Role.INPUT, "x", "x", conv.source().x()).resizes("size", height, width);
    Panel moved = panel("sx", Role.INPUT, "shift(x)", "shift(x)", at.moved());
    moved(moved, Role.INPUT, "in", conv.source().x(), at.t());
    Handle.Stops stops = Handle.Stops.all(conv.shifts());
    Handle.Stops one = Handle.Stops.all(1);
    if (conv.across() && (width >= height || !conv.down())) {
      moved.drags(one, stops, 0, at.t(), height, width - at.t());
    } else {
      moved.drags(stops, one, at.t(), 0, height - at.t(), width);
    }
    Panel there = panel("cx", Role.OUTPUT, "conv(x)", "conv(x)", conv.output());
    Panel a = panel("a", Role.OUTPUT, "conv(shift(x))", "then conv", at.first());
    Panel b =
        conv.mistake()
            ? panel("b", Role.OUTPUT, "conv(x) again", "as it is", at.second())
            : panel("b", Role.OUTPUT, "shift(conv(x))", "then shift", at.second());
    moved(b, Role.OUTPUT, "cx", conv.output(), at.s());
    Panel d = panel("d", Role.GRADIENT, "difference", "difference", at.difference());
    Box none = Layout.row(0);
    Box table =
        view.narrow()
            ? new Table(7, 10, new Box[] {x, moved, a}, new Box[] {there, b, d})
            : new Table(
                10,
                4,
                new Box[] {x, right("shift " + at.t()), moved, right("conv"), a},
                new Box[] {down("conv"), none, none, none, down("compare")},
                new Box[] {
                  there,
                  right(conv.mistake() ? "as it is" : "shift " + at.s()),
                  b,
                  right("compare"),
                  d
                });
    return cells.fit(view.stage(), image ? table : Layout.column(12, table, strip()));
  }

  private static Box right(String what) {
    return Layout.column(0, new Text(what, 13, Role.NEUTRAL), new Text("→", 20, "sign"));
  }

  private static Box down(String what) {
    return Layout.row(6, new Text("↓", 20, "sign"), new Text(what, 13, Role.NEUTRAL));
  }

  /** An image or a matrix; all of a kind share a scale. */
  private Panel panel(String key, Role role, String name, String shortly, Tensor values) {
    int rows = values.dim(2);
    int columns = values.dim(3);
    boolean input = role == Role.INPUT;
    float full = (input ? conv.source().x() : conv.output()).largestSize();
    Panel panel;
    if (image) {
      String palette = input ? "grey" : "signed";
      double white = input ? 255 : full;
      panel = Raster.of(key, role, rows, columns, values.data(), palette, white, cells);
    } else {
      Grid grid = new Grid(key, role, rows, columns, cells, values.data()).scaledTo(full);
      panel = key.equals("in") ? grid.editable() : grid;
    }
    if (pick != null && !input) {
      panel.mark(pick.row(), pick.column(), pick.grid().equals(key) ? "picked" : "linked");
    }
    return panel
        .title(view.narrow() ? shortly : name, "")
        .part(input ? "x" : "y", name + ", " + Num.size(rows, columns));
  }

  /**
   * Says of a moved matrix from which cells its own came, and outlines those that have not come
   * round the edge.
   */
  private void moved(Panel panel, Role role, String from, Tensor of, int by) {
    int rows = of.dim(2);
    int columns = of.dim(3);
    int down = conv.down() ? by % rows : 0;
    int right = conv.across() ? by % columns : 0;
    for (int n = 0; panel instanceof Grid grid && n < of.size(); n++) {
      grid.from((n / columns + down) % rows, (n + right) % columns, Cell.key(from, n, columns));
    }
    panel.outline("moved/" + from, role, "", down, right, rows - down, columns - right);
  }

  /** The largest difference at every shift. */
  private Panel strip() {
    float full = Math.max(1e-9f, conv.output().largestSize());
    return new Grid("t", Role.GRADIENT, 1, conv.shifts(), TICK, conv.worst())
        .scaledTo(full)
        .title("largest difference", "at shift 0, 1, 2, …")
        .part("t", "largest difference at every shift")
        .mark(0, at.t(), "linked")
        .steps()
        .drags(Handle.Stops.all(1), Handle.Stops.all(conv.shifts()), 0, at.t(), 1, 1);
  }

  // ---- words

  private Prose caption() {
    if (pick != null) {
      int i = pick.row();
      int j = pick.column();
      return Prose.of(
          "At {} the input shifted first gives [output {}], the output shifted afterwards"
              + " [output {}], which stood at {} before.",
          Num.at("", i, j),
          at.first().at(0, 0, i, j),
          at.second().at(0, 0, i, j),
          Num.at(
              "",
              Math.floorMod(i - (conv.down() ? at.s() : 0), conv.output().dim(2)),
              Math.floorMod(j - (conv.across() ? at.s() : 0), conv.output().dim(3))));
    }
    String way = !conv.across() ? "down" : conv.down() ? "right and down" : "right";
    return finding(Prose.of("The [input input] moves {} by {}. ", way, at.t()));
  }

  /** Whether the two ways agree, and why. */
  private Prose finding(Prose prose) {
    int stride = conv.spec().strideH();
    PaddingMode mode = conv.spec().mode();
    if (at.t() == 0) {
      return prose.add("Nothing has moved yet.");
    }
    if (at.difference().largestSize() == 0) {
      return conv.mistake()
          ? prose.add("The output is the same as before: here that is luck.")
          : mode == PaddingMode.CIRCULAR
              ? prose.add(
                  "Shifting and then convolving gives exactly what convolving and then shifting"
                      + " gives.")
              : prose.add(
                  "Both ways agree, but with {} padding only because of what stands at the border.",
                  mode.text());
    }
    prose.add(
        "{} of {} outputs {differs|differ}",
        at.different(),
        at.difference().size(),
        at.different() == 1);
    if (conv.mistake()) {
      return prose.add(
          " from those before the move: the output moves with the input, it does not stay.");
    }
    if (at.t() % stride != 0) {
      return prose.add(
          ": {} is no multiple of the stride [neutral:S {}], so the windows fall between the old ones. The"
              + " nearest whole shift of the output is off by {}.",
          at.t(),
          stride,
          Num.difference(conv.nearest(at)));
    }
    return mode == PaddingMode.CIRCULAR || !conv.meets()
        ? prose.add(
            ": the stride [neutral:S {}] does not divide the input’s size, so the windows do not meet where"
                + " the input closes on itself.",
            stride)
        : prose.add(
            ": at the border their windows read {} in one of the two orders, and the image in the"
                + " other.",
            mode == PaddingMode.ZEROS ? "zeros" : mode.text() + " padding");
  }
}
