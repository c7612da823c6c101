package convscope.topic.chapter4;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;
import org.jspecify.annotations.Nullable;

/** Draws a {@link MaxPooled}: forward to the maxima, and the gradient's way back. */
final class MaxPoolingFigure {
  private final MaxPooled pool;
  private final Sliding at;
  private final @Nullable Cell aim; // the input's cell under the pointer, in x or in ∂L/∂x
  private final int width; // of the input
  private final int row; // of the window's maximum
  private final int column;
  private final int last; // the last output that has sent its gradient back
  private final Tensor dx;

  MaxPoolingFigure(MaxPooled pool, View view) {
    this.pool = pool;
    width = pool.input().width();
    at =
        new Sliding(pool.input(), pool.spec().window(), view, "dx")
            .padding(Float.NEGATIVE_INFINITY);
    aim = at.pickedInput("dx") != null ? at.pickedInput("dx") : at.pickedInput("in");
    row = pool.winner(at.n) / width;
    column = pool.winner(at.n) % width;
    last = at.picture() ? pool.dy().size() - 1 : at.last();
    dx = pool.everyTie() ? pool.wrongDx(last) : pool.dx(last);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    Panel x = Pooling.input(at, pool.spec());
    Panel y = at.output("out", Role.OUTPUT, "output y", pool.pooled().y());
    Panel arriving =
        at.map("dy", Role.GRADIENT, "∂L/∂y", pool.dy())
            .outline("sender", Role.GRADIENT, "", at.i, at.j, 1, 1);
    Panel routed =
        at.inputMap("dx", Role.GRADIENT, "∂L/∂x", dx)
            .scaledTo(pool.dy().largestSize()) // so that a cell keeps its tint while others follow
            .outline("receiver", Role.GRADIENT, "", row, column, 1, 1);
    mark(x, routed);
    if (at.picture()) {
      Panel lens = at.lens().mark(row - at.top(at.i), column - at.left(at.j), "won");
      return at.scene(
          Layout.row(18, x, lens, y, routed),
          Layout.column(10, Layout.row(18, x, lens), Layout.row(18, y, routed)));
    }
    Scene scene =
        at.scene(
            Layout.row(12, x, sign("max"), y, sign("loss"), arriving, sign("back"), routed),
            Layout.column(
                10,
                Layout.row(16, x, sign("max"), y),
                Layout.row(16, routed, sign("back", "←"), arriving)),
            Layout.column(10, x, Layout.row(16, y, sign("loss"), arriving), routed));
    return scene
        .addAbove(Sliding.cellLink("link", Role.OUTPUT, x, row, column, y, at.i, at.j))
        .addAbove(
            Sliding.cellLink("back", Role.GRADIENT, arriving, at.i, at.j, routed, row, column));
  }

  private static Box sign(String word) {
    return sign(word, "→");
  }

  private static Box sign(String word, String arrow) {
    return Layout.column(0, new Text(word, 12, "label sign"), new Text(arrow, 20, "sign"));
  }

  private void mark(Panel x, Panel routed) {
    for (int out = 0; out <= last; out++) {
      x.mark(pool.winner(out) / width, pool.winner(out) % width, "won");
    }
    for (int place : pool.holders(at.n)) {
      if (place != pool.winner(at.n)) {
        x.mark(place / width, place % width, "tied");
        if (pool.everyTie()) { // paid beside the first maximum
          routed.outline(
              "mistake/" + place, Role.GRADIENT, "dashed", place / width, place % width, 1, 1);
        }
      }
    }
    if (aim != null) {
      boolean inGradient = aim.grid().equals("dx");
      routed.mark(aim.row(), aim.column(), inGradient ? "picked" : "linked");
      if (inGradient) {
        x.mark(aim.row(), aim.column(), "linked");
      }
    }
  }

  // ---- words

  /** The maximum of the window with its numbers, and what the winner receives. */
  private Equation equation() {
    Equation equation = Equation.of("[output {}] = max(", at.name());
    float[] taps = at.taps();
    for (int t = 0; t < taps.length; t++) {
      boolean won = at.tapRow(t) == row && at.tapColumn(t) == column;
      String words = won ? "[output {}]" : at.onInput(t) ? "[input {}]" : "[padding {}]";
      equation.say(t == 0 ? "" : ", ").say(words, taps[t]);
    }
    return equation
        .say(") = [output {}], ", pool.pooled().y().data()[at.n])
        .together(
            "[gradient {}] += [gradient {}]", Num.at("∂L/∂x", row, column), pool.dy().data()[at.n]);
  }

  private Prose caption() {
    if (aim != null && !at.picture()) {
      return cellCaption(aim);
    }
    Prose prose =
        Prose.of(
            "The [kernel:K {} window] of [output {}] keeps [input {} = {}] and sends [gradient ∂L/∂y ="
                + " {}] back to this cell alone. ",
            Pooling.window(pool.spec()),
            at.name(),
            Num.at("x", row, column),
            pool.pooled().y().data()[at.n],
            pool.dy().data()[at.n]);
    int ties = pool.holders(at.n).length;
    if (ties > 1) {
      prose.add(
          "{} of its cells hold that value: the first in scan order (row by row, left to right)"
              + " counts. ",
          ties);
    }
    double sent = MaxPooled.sum(pool.arrived(last));
    double received = MaxPooled.sum(dx);
    if (received == sent) {
      return prose.add(
          pool.everyTie()
              ? "Paying every tie makes no difference: no window so far holds its maximum twice."
              : "The input has received as much as the outputs sent: " + total(sent) + ".");
    }
    return prose.add(
        "Paying every tie hands out {} where the outputs sent {}: the dashed cells and their like"
            + " were paid too.",
        total(received),
        total(sent));
  }

  private static String total(double sum) {
    return sum == (long) sum ? Num.count((long) sum) : Num.value(sum);
  }

  private Prose cellCaption(Cell cell) {
    int outWidth = pool.dy().dim(3);
    int readers = 0;
    int wins = 0;
    for (int out = 0; out < pool.dy().size(); out++) {
      readers += at.reads(out / outWidth, out % outWidth, cell.row(), cell.column()) ? 1 : 0;
      wins += pool.winner(out) == cell.row() * width + cell.column() ? 1 : 0;
    }
    Prose prose =
        Prose.of(
            "[input {} = {}]",
            Num.at("x", cell.row(), cell.column()),
            pool.input().at(cell.row(), cell.column()));
    return readers == 0
        ? prose.add(" is in no window: it is never read and gets no gradient.")
        : prose.add(
            " is in {window} and wins {}: [gradient {} = {}] once all have answered.",
            readers,
            wins,
            Num.at("∂L/∂x", cell.row(), cell.column()),
            pool.dx(pool.dy().size() - 1).data()[cell.row() * width + cell.column()]);
  }
}
