package convscope.topic.chapter4;

import static convscope.topic.chapter4.WindowView.MARGIN;
import static convscope.topic.chapter4.WindowView.name;
import static convscope.topic.chapter4.WindowView.value;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link MaxPooled}: forward to the maxima, and the gradient's way back. */
final class MaxPoolingFigure {
  private static final double SIGNS = 190;

  private final MaxPooled pool;
  private final View view;
  private final WindowView at;
  private final int n; // the output whose window is shown
  private final int winner;
  private final int row; // of the winner
  private final int column;
  private final int last; // the last output that has sent its gradient back
  private final Tensor dx;
  private final boolean mistake;

  MaxPoolingFigure(MaxPooled pool, View view) {
    this.pool = pool;
    this.view = view;
    at =
        new WindowView(
            pool.input(),
            pool.spec().window(),
            pool.outHeight(),
            pool.outWidth(),
            view,
            " out dy ");
    n = at.i * pool.outWidth() + at.j;
    winner = pool.winner(n);
    row = winner / pool.input().width();
    column = winner % pool.input().width();
    last = pool.input().picture() != null ? pool.dy().size() - 1 : Math.max(n, view.step());
    mistake = pool.values().flag("mistake");
    dx = mistake ? pool.wrongDx(last) : pool.dx(last);
  }

  Figure figure() {
    List<Raster> rasters = new ArrayList<>();
    Scene scene = pool.input().picture() != null ? imageScene(rasters) : numberScene();
    Prose caption = caption();
    return new Figure(scene, equation(), caption, twin(), rasters);
  }

  // ---- numbers

  private Scene numberScene() {
    int in = pool.input().width();
    int out = pool.outWidth();
    double cell =
        view.narrow()
            ? WindowView.cell(View.NARROW - 18, 34, at.paddedColumns(), out)
            : WindowView.cell(View.WIDE - SIGNS, 38, at.paddedColumns(), out, out, in);
    boolean stacked = view.narrow() && cell < WindowView.READABLE;
    if (stacked) {
      cell = WindowView.cell(View.NARROW - 8, 34, Math.max(at.paddedColumns(), out));
    }
    Grid input = at.numbers(cell, Float.NEGATIVE_INFINITY);
    Grid output = at.map("out", Role.OUTPUT, "output y", pool.pooled().y(), cell);
    Grid arriving = at.map("dy", Role.GRADIENT, "∂L/∂y", pool.dy(), cell);
    Grid routed = at.map("dx", Role.GRADIENT, "∂L/∂x", dx, cell);
    routed.scaledTo(max(pool.dy())); // so that a cell keeps its tint while others follow
    mark(input, output, arriving, routed);
    Scene scene;
    if (view.narrow()) {
      Layout all =
          stacked
              ? Layout.column(14, input, output, arriving, routed)
              : Layout.column(16, Layout.row(10, input, output), Layout.row(10, routed, arriving));
      scene = Scene.of(View.NARROW, MARGIN, all);
    } else {
      scene =
          Scene.of(
              View.WIDE,
              MARGIN,
              Layout.row(
                  14, input, sign("max"), output, sign("loss"), arriving, sign("back"), routed));
      Scene links = new Scene(0, 0);
      WindowView.link(links, "link/1", Role.OUTPUT, input, row, column, output, at.i, at.j);
      WindowView.link(links, "link/2", Role.GRADIENT, output, at.i, at.j, arriving, at.i, at.j);
      WindowView.link(links, "link/3", Role.GRADIENT, arriving, at.i, at.j, routed, row, column);
      links.marks().forEach(scene::add);
    }
    scene.add(at.outline(input));
    scene.add(output.around("target", Role.OUTPUT, at.i, at.j, 1, 1));
    scene.add(arriving.around("sender", Role.GRADIENT, at.i, at.j, 1, 1));
    scene.add(routed.around("receiver", Role.GRADIENT, row, column, 1, 1));
    if (mistake) {
      ties(scene, routed);
    }
    return scene;
  }

  private static Box sign(String word) {
    return Layout.column(0, new Text(word, 12, "label sign"), new Text("→", 20, "sign"));
  }

  private static double max(Tensor tensor) {
    double max = 0;
    for (float value : tensor.data()) {
      max = Math.max(max, value);
    }
    return max;
  }

  private void mark(Grid input, Grid output, Grid arriving, Grid routed) {
    for (int out = 0; out < pool.dy().size(); out++) {
      int r = out / pool.outWidth();
      int c = out % pool.outWidth();
      if (out > last) {
        output.blank(r, c);
        continue;
      }
      input.mark(
          pool.winner(out) / pool.input().width(), pool.winner(out) % pool.input().width(), "won");
      for (String key : new String[] {"in", "dx"}) {
        Cell cell = at.pickedInput(key);
        if (cell != null && at.reads(r, c, cell)) {
          output.mark(r, c, "linked");
        }
      }
    }
    for (String key : new String[] {"in", "dx"}) {
      Cell cell = at.pickedInput(key);
      if (cell != null) {
        (key.equals("in") ? routed : input).mark(cell.row(), cell.column(), "linked");
        routed.mark(cell.row(), cell.column(), key.equals("dx") ? "picked" : "linked");
      }
    }
    arriving.mark(at.i, at.j, "target");
    output.mark(at.i, at.j, "target");
    for (int u = 0; u < at.spec.kernelHeight(); u++) {
      for (int v = 0; v < at.spec.kernelWidth(); v++) {
        if (pool.holdsMax(n, u, v) && (at.top() + u != row || at.left() + v != column)) {
          input.mark(at.top() + u, at.left() + v, "tied");
        }
      }
    }
  }

  /** The cells that the mistake pays beside the first maximum. */
  private void ties(Scene scene, Grid routed) {
    for (int u = 0; u < at.spec.kernelHeight(); u++) {
      for (int v = 0; v < at.spec.kernelWidth(); v++) {
        int r = at.top() + u;
        int c = at.left() + v;
        if (pool.holdsMax(n, u, v) && (r != row || c != column)) {
          scene.add(WindowView.dashes(routed, r, c));
        }
      }
    }
  }

  // ---- an image

  private Scene imageScene(List<Raster> rasters) {
    double scale =
        view.narrow()
            ? at.scale(View.NARROW - 60)
            : Math.min(
                at.scale(256),
                640.0 / (2 * pool.input().width() + pool.outWidth() + 5 * at.spec.padTop()));
    double around = MARGIN + at.spec.padTop() * scale;
    Raster input = at.image("in", Role.INPUT, "input x", pool.input().x(), 255, scale);
    Raster output = at.image("out", Role.OUTPUT, "output y", pool.pooled().y(), 255, scale);
    Raster routed = at.image("dx", Role.GRADIENT, "∂L/∂x", dx, Math.max(1, max(dx)), scale);
    rasters.addAll(List.of(input, output, routed));
    Grid lens = at.lens(Float.NEGATIVE_INFINITY);
    lens.mark(row - at.top(), column - at.left(), "won");
    Scene scene =
        view.narrow()
            ? Scene.of(View.NARROW, around, Layout.column(around, input, lens, output, routed))
            : Scene.of(
                View.WIDE, around, Layout.row(18 + around - MARGIN, input, lens, output, routed));
    scene.add(at.outline(input));
    scene.add(output.around("target", Role.OUTPUT, at.i, at.j, 1, 1, 7));
    scene.add(routed.around("receiver", Role.GRADIENT, row, column, 1, 1, 7));
    return scene;
  }

  // ---- words

  /** The maximum of the window with its numbers, and what the winner receives. */
  String equation() {
    Markup out = new Markup();
    out.open("span").attr("class", "sum");
    out.span("b", "output", name("y", at.i, at.j)).text(" = max(");
    for (int u = 0; u < at.spec.kernelHeight(); u++) {
      for (int v = 0; v < at.spec.kernelWidth(); v++) {
        int r = at.top() + u;
        int c = at.left() + v;
        boolean inside = at.inside(r, c);
        out.text(u + v == 0 ? "" : ", ");
        out.span(
            "b",
            inside ? (r == row && c == column ? "output" : "input") : "padding",
            inside ? value(pool.input().at(r, c)) : Num.MINUS + "∞");
      }
    }
    out.text(") = ").span("b", "output", value(pool.pooled().y().data()[n]));
    out.text(", ").open("span").attr("class", "right");
    out.span("b", "gradient", name("∂L/∂x", row, column)).text(" += ");
    out.span("b", "gradient", value(pool.dy().data()[n]));
    return out.close().close().toString();
  }

  private Prose caption() {
    Prose prose = new Prose();
    Cell cell = at.pickedInput("dx") != null ? at.pickedInput("dx") : at.pickedInput("in");
    if (cell != null && pool.input().picture() == null) {
      return cellCaption(prose, cell);
    }
    int ties = pool.ties(n);
    prose.say("The ").say(Role.KERNEL, "window").say(" of ");
    prose.say(Role.OUTPUT, name("y", at.i, at.j)).say(" keeps ");
    prose.say(Role.INPUT, name("x", row, column) + " = " + value(pool.pooled().y().data()[n]));
    prose.say(" and sends ").say(Role.GRADIENT, "∂L/∂y = " + value(pool.dy().data()[n]));
    prose.say(" back to this cell alone. ");
    if (ties > 1) {
      prose.say(
          ties
              + " of its cells hold that value: the first in scan order (row by row, left to right)"
              + " counts. ");
    }
    double sent = MaxPooled.sum(pool.arrived(last));
    double received = MaxPooled.sum(dx);
    if (!mistake) {
      return prose.say(
          received == sent
              ? "The input has received as much as the outputs sent: " + total(sent) + "."
              : "The input has received " + total(received) + " of " + total(sent) + ".");
    }
    return prose.say(
        received == sent
            ? "Paying every tie makes no difference: no window so far holds its maximum twice."
            : "Paying every tie hands out "
                + total(received)
                + " where the outputs sent "
                + total(sent)
                + ": the dashed cells and their like were paid too.");
  }

  private static String total(double sum) {
    return sum == (long) sum ? Num.count((long) sum) : value(sum);
  }

  private Prose cellCaption(Prose prose, Cell cell) {
    int readers = 0;
    int wins = 0;
    for (int out = 0; out < pool.dy().size(); out++) {
      boolean reads = at.reads(out / pool.outWidth(), out % pool.outWidth(), cell);
      readers += reads ? 1 : 0;
      wins += pool.winner(out) == cell.row() * pool.input().width() + cell.column() ? 1 : 0;
    }
    prose.say(
        Role.INPUT,
        name("x", cell.row(), cell.column())
            + " = "
            + value(pool.input().at(cell.row(), cell.column())));
    if (readers == 0) {
      return prose.say(" is in no window: it is never read and gets no gradient.");
    }
    prose.say(
        " is in " + readers + (readers == 1 ? " window" : " windows") + " and wins " + wins + ": ");
    Tensor whole = pool.dx(pool.dy().size() - 1);
    return prose.say(
        Role.GRADIENT,
        name("∂L/∂x", cell.row(), cell.column())
            + " = "
            + value(whole.data()[cell.row() * pool.input().width() + cell.column()])
            + " once all have answered.");
  }

  private String twin() {
    Twin twin = new Twin();
    twin.say(caption().plain());
    twin.say(
        "Each output is the largest of "
            + at.spec.kernelHeight()
            + " × "
            + at.spec.kernelWidth()
            + " inputs, "
            + at.spec.strideH()
            + " apart; padding of "
            + at.spec.padTop()
            + " holds minus infinity and never wins. "
            + pool.tiedWindows()
            + " of "
            + Num.count(pool.dy().size())
            + " windows hold their maximum more than once.");
    if (pool.input().picture() != null) {
      at.tell(twin, Float.NEGATIVE_INFINITY);
      return twin.toString();
    }
    int height = pool.input().height();
    int width = pool.input().width();
    twin.table("Input x", height, width, pool.input().x().data());
    twin.table("Output y", pool.outHeight(), pool.outWidth(), pool.pooled().y().data());
    twin.table(
        "Gradient at the output, ∂L/∂y", pool.outHeight(), pool.outWidth(), pool.dy().data());
    twin.table("Gradient at the input so far, ∂L/∂x", height, width, dx.data());
    return twin.toString();
  }
}
