package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Cells;
import convscope.scene.Equation;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Table;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws a {@link Batched}: the maps of every image and filter, and the sum for each bias. */
final class BiasGradientFigure {
  private static final int MOST_TERMS = 16; // written out
  private static final double NUMBER = 32; // a cell of a bias, whatever the size of the maps'

  private final Batched batched;
  private final Layer layer;
  private final View view;
  private final boolean narrow;
  private final boolean forward;
  private final Cells cells;
  private final int rows;
  private final int columns;
  private final int filter; // whose sum is written out
  private final int now; // the last cell that has been summed, counted image by image
  private final int image; // the one that it is in
  private final int place; // where in that image's map
  private final boolean asked; // whether the pointer asks for the whole sum

  BiasGradientFigure(Batched batched, View view) {
    this.batched = batched;
    this.view = view;
    narrow = view.narrow();
    forward = batched.forward();
    layer = batched.layer();
    rows = layer.y().dim(2);
    columns = layer.y().dim(3);
    cells = batched.picture() ? Cells.pixels(8) : Cells.of(44);
    int aimed = batched.filter();
    int cell = view.step();
    boolean whole = false;
    for (int o = 0; o < layer.filters(); o++) {
      for (int n = 0; n < images(); n++) {
        int picked = Cell.index(view.pick(), key(n, o), rows, columns);
        aimed = picked >= 0 ? o : aimed;
        cell = picked >= 0 ? n * layer.outputs() + picked : cell;
      }
      if (view.picks("db" + o, 0, 0) || view.picks("db", 0, o) || view.picks("db", o, 0)) {
        aimed = o;
        whole = true;
      }
    }
    asked = whole && !forward;
    filter = aimed;
    now = asked ? batched.cells() - 1 : cell;
    image = now / layer.outputs();
    place = now % layer.outputs();
  }

  private static String key(int image, int filter) {
    return "g" + image + "." + filter;
  }

  private int images() {
    return layer.y().dim(0);
  }

  private String name(String letter) {
    return Num.at(letter, image, filter, place / columns, place % columns);
  }

  Figure figure() {
    return forward
        ? Figure.of(scene(), forwardEquation(), forwardCaption())
        : Figure.of(scene(), equation(), caption());
  }

  // ---- drawing

  private Scene scene() {
    Box loss = PassFigure.loss(layer, narrow);
    if (batched.picture()) {
      return cells.fit(view.stage(), pictures(loss));
    }
    Box[][] table = new Box[layer.filters()][images() + 2];
    for (int o = 0; o < layer.filters(); o++) {
      for (int n = 0; n < images(); n++) {
        String letter = forward ? "y[" : "g[";
        table[o][n + 1] = map(n, o).title(letter + n + (narrow ? "]" : ", " + o + "]"), "");
      }
      table[o][0] =
          numbers("b" + o, Role.NEUTRAL, layer.b().data()[o])
              .title("b[" + o + "]", "")
              .part("b", "bias of filter " + o);
      table[o][images() + 1] = gradient(o);
    }
    return cells.fit(view.stage(), Layout.column(14, new Table(narrow ? 8 : 22, 14, table), loss));
  }

  /** The maps of the digit reader's filters as images, and the numbers of them all. */
  private Box pictures(Box loss) {
    Box[] maps = new Box[layer.filters()];
    float[] sums = new float[layer.filters()];
    for (int o = 0; o < maps.length; o++) {
      maps[o] = map(0, o).title((forward ? "y " : "g ") + o, "");
      sums[o] = (float) batched.sum(o, now);
    }
    Box b =
        numbers("b", Role.NEUTRAL, layer.b().data())
            .title("b", "")
            .part("b", "the filters’ biases");
    Panel db =
        numbers("db", Role.GRADIENT, sums)
            .title("∂L/∂b", "")
            .part("db", "∂L/∂b of every filter")
            .outline("sum", Role.GRADIENT, "", narrow ? 0 : filter, narrow ? filter : 0, 1, 1);
    if (forward) {
      db.blankFrom(0);
    }
    return narrow
        ? Layout.column(8, Layout.lines(4, 14, 4, maps), b, db, loss)
        : Layout.column(10, Layout.row(26, Layout.lines(4, 14, 8, maps), b, db), loss);
  }

  /** A map of one image and filter: what goes out, or what comes back. */
  private Panel map(int n, int o) {
    Tensor all = forward ? layer.y() : layer.g();
    Tensor map = Layer.map(all, n, o);
    Role role = forward ? Role.OUTPUT : Role.GRADIENT;
    int known = Math.max(0, now + 1 - n * layer.outputs()); // others come, or are not yet summed
    Panel panel;
    if (batched.picture()) {
      panel = PassFigure.image(key(n, o), role, map, all.largestSize(), cells);
    } else {
      Grid grid = new Grid(key(n, o), role, rows, columns, cells, map.data());
      for (int cell = known; cell < map.size() && !forward; cell++) {
        grid.level(cell / columns, cell % columns, 0);
        grid.mark(cell / columns, cell % columns, "waiting");
      }
      panel = forward ? grid.blankFrom(known) : grid;
    }
    if (n == image) {
      String style = o == filter ? "" : "thin";
      panel.outline("now/" + o, role, style, place / columns, place % columns, 1, 1);
    }
    if (images() == 1 && o == filter) {
      panel.drags(place / columns, place % columns);
    }
    String name = forward ? "output y" : "gradient g";
    return panel
        .scaledTo(all.largestSize())
        .part(forward ? "y" : "g", name + " of image " + n + ", filter " + o);
  }

  /** A number for each filter, or for one. */
  private Grid numbers(String key, Role role, float... values) {
    int count = values.length;
    return new Grid(key, role, narrow ? 1 : count, narrow ? count : 1, NUMBER, values);
  }

  /** The gradient of a bias so far, or what the slip has in its place. */
  private Panel gradient(int o) {
    String title = "∂L/∂b" + (narrow ? "" : "[" + o + "]");
    if (batched.apart() && !forward) {
      float[] sums = new float[layer.outputs()];
      for (int cell = 0; cell <= now; cell++) {
        sums[cell % sums.length] += batched.g(o, cell);
      }
      return new Grid("db" + o, Role.GRADIENT, rows, columns, cells, sums)
          .title(title, "")
          .part("db", title + ", summed over the batch alone")
          .outline("slip" + o, Role.GRADIENT, "dashed", 0, 0, rows, columns);
    }
    boolean mean = batched.mean() && batched.cells() > 1;
    Grid grid =
        numbers(
                "db" + o,
                Role.GRADIENT,
                (float) (batched.sum(o, now) / (mean ? batched.cells() : 1)))
            .title(title, "")
            .part("db", title)
            .scaledTo(Math.abs(batched.sum(o, batched.cells() - 1)));
    if (forward) {
      return grid.blank(0, 0);
    }
    return mean || o == filter
        ? grid.outline("sum" + o, Role.GRADIENT, mean ? "dashed" : "", 0, 0, 1, 1)
        : grid;
  }

  // ---- words

  /** The output that the current cell of the filter is. */
  private double y() {
    return layer.y().at(image, filter, place / columns, place % columns);
  }

  private Equation forwardEquation() {
    double b = layer.b().data()[filter];
    return Equation.sum("[output {}]", name("y")).term("", false, "{}", y() - b).bias(b).total(y());
  }

  private Prose forwardCaption() {
    double b = layer.b().data()[filter];
    return Prose.of(
        "On the way forward the kernel gives {}, and the [neutral:b bias] of filter {} adds {}:"
            + " [output {} = {}]. It adds the same to all {} outputs of its filter.",
        y() - b,
        filter,
        b,
        name("y"),
        y(),
        batched.cells());
  }

  /** The sums of the images so far, and the cells of the current one. */
  private Equation equation() {
    if (batched.apart()) {
      Equation sum = Equation.sum("sum at {}", Num.place(place / columns, place % columns));
      double total = 0;
      for (int n = 0; n <= image; n++) {
        float g = batched.g(filter, n * layer.outputs() + place);
        total += g;
        sum.term(Cell.key(key(n, filter), place, columns), false, "[gradient {}]", g);
      }
      return sum.together("= [gradient {}]", total);
    }
    Equation sum = Equation.sum("[gradient ∂L/∂b[{}]]", filter);
    for (int n = 0; n < image; n++) {
      sum.term("", false, "[gradient {}]", before(n + 1) - before(n));
    }
    int from = place < MOST_TERMS ? 0 : place;
    if (from > 0) {
      sum.term("", false, "{}", batched.sum(filter, now - 1) - before(image));
    }
    for (int n = from; n <= place; n++) {
      float g = batched.g(filter, image * layer.outputs() + n);
      String key = Cell.key(key(image, filter), n, columns);
      sum.term(key, n == place && !asked, "[gradient {}]", g);
    }
    double total = batched.sum(filter, now);
    if (batched.mean()) {
      return sum.together(
          "= {}, divided by {}: [gradient {}]", total, batched.cells(), total / batched.cells());
    }
    sum.together("= [gradient {}]", total);
    return now < batched.cells() - 1 ? sum.say(" so far") : sum;
  }

  /** The sum of all images before one. */
  private double before(int n) {
    return batched.sum(filter, n * layer.outputs() - 1);
  }

  private Prose caption() {
    int to = batched.cells() - 1 - now;
    if (batched.mean() || batched.apart()) {
      return mistake();
    }
    if (to > 0) {
      return Prose.of(
          "[gradient {} = {}] comes back to an output to which the [neutral:b bias] of filter {}"
              + " was added, so it joins that filter’s sum and no other: [gradient {}] so far, with"
              + " {cell} to come.",
          name("g"),
          batched.g(filter, now),
          filter,
          batched.sum(filter, now),
          to);
    }
    return PassFigure.step(
        Prose.of(
            "A little more [neutral:b bias] raises all {} outputs of filter {} alike, so all that"
                + " comes back is added: [gradient {}]. ",
            batched.cells(),
            filter,
            batched.sum(filter, now)),
        layer,
        filter,
        "bias",
        "every bias");
  }

  private Prose mistake() {
    int count = batched.cells();
    double sum = batched.sum(filter, count - 1);
    double slope = layer.slope(Layer.Operand.BIAS, filter);
    if (batched.apart()) {
      return Prose.of(
          "Summed over the batch alone, {number} are left for filter {}, one for each place, and"
              + " the layer has one bias. A bias for each place would no longer treat all places"
              + " alike. Moved a little, the bias changes the loss at the rate {}: the sum of them"
              + " all.",
          layer.outputs(),
          filter,
          slope);
    }
    return count == 1 || sum == 0
        ? Prose.of("Here the mean is the sum: the slip cannot be seen.")
        : Prose.of(
            "Divided by the {cell}, the gradient is [gradient {}]. Moved a little up and down, the"
                + " bias changes the loss at the rate {}. If a mean is wanted, it belongs in the"
                + " loss; here steps are {} times too short.",
            count,
            sum / count,
            slope,
            count);
  }
}
