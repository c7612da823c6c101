package convscope.topic.chapter6;

import convscope.num.Num;
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
  private final Cells cells;
  private final int rows;
  private final int columns;
  private final int filter; // whose sum is written out
  private final int now; // the last cell that has been summed, counted image by image
  private final boolean asked; // whether the pointer asks for the whole sum

  BiasGradientFigure(Batched batched, View view) {
    this.batched = batched;
    this.view = view;
    layer = batched.layer();
    rows = layer.y().dim(2);
    columns = layer.y().dim(3);
    cells = batched.picture() ? Cells.pixels(8) : Cells.of(44);
    int aimed = batched.filter();
    int cell = view.step();
    boolean whole = false;
    for (int o = 0; o < layer.filters(); o++) {
      for (int n = 0; n < images(); n++) {
        Cell picked = view.cell(key(n, o), rows, columns);
        if (picked != null) {
          aimed = o;
          cell = n * layer.outputs() + picked.row() * columns + picked.column();
        }
      }
      if (view.picks("db" + o, 0, 0) || view.picks("db", 0, o) || view.picks("db", o, 0)) {
        aimed = o;
        whole = true;
      }
    }
    asked = whole && !batched.forward();
    filter = aimed;
    now = asked ? batched.cells() - 1 : cell;
  }

  private static String key(int image, int filter) {
    return "g" + image + "." + filter;
  }

  private int images() {
    return layer.y().dim(0);
  }

  private String at(String letter) {
    int n = now / layer.outputs();
    int place = now % layer.outputs();
    String indices = n + ", " + filter + ", " + place / columns + ", " + place % columns;
    return letter + "[" + indices + "]";
  }

  Figure figure() {
    return batched.forward()
        ? Figure.of(scene(), forwardEquation(), forwardCaption())
        : Figure.of(scene(), equation(), caption());
  }

  // ---- drawing

  private Scene scene() {
    Box loss = PassFigure.loss(layer, view.narrow());
    if (batched.picture()) {
      Box[] maps = new Box[layer.filters()];
      for (int o = 0; o < maps.length; o++) {
        maps[o] = map(0, o).title((batched.forward() ? "y " : "g ") + o, "");
      }
      boolean across = view.narrow();
      Box b = biases("b", Role.NEUTRAL, layer.b(), across);
      Box db = gradients(across);
      return cells.fit(
          view.stage(),
          across
              ? Layout.column(8, Layout.lines(4, 14, 4, maps), b, db, loss)
              : Layout.column(10, Layout.row(26, Layout.lines(4, 14, 8, maps), b, db), loss));
    }
    Box[][] table = new Box[layer.filters()][images() + 2];
    for (int o = 0; o < layer.filters(); o++) {
      for (int n = 0; n < images(); n++) {
        String letter = batched.forward() ? "y[" : "g[";
        table[o][n + 1] = map(n, o).title(letter + n + (view.narrow() ? "]" : ", " + o + "]"), "");
      }
      table[o][0] = bias(o);
      table[o][images() + 1] = gradient(o);
    }
    return cells.fit(
        view.stage(), Layout.column(14, new Table(view.narrow() ? 8 : 22, 14, table), loss));
  }

  /** A map of one image and filter: what goes out, or what comes back. */
  private Panel map(int image, int o) {
    Tensor all = batched.forward() ? layer.y() : layer.g();
    Tensor map = Layer.map(all, image, o);
    Role role = batched.forward() ? Role.OUTPUT : Role.GRADIENT;
    double most = Math.max(1e-30, all.largestSize());
    Panel panel;
    if (batched.picture()) {
      byte[] levels = Raster.levels(map.data(), "signed", most);
      panel = new Raster(key(image, o), role, rows, columns, levels, "signed", cells);
    } else {
      Grid grid = new Grid(key(image, o), role, rows, columns, cells, map.data()).scaledTo(most);
      for (int n = 0; n < map.size(); n++) {
        if (image * layer.outputs() + n > now) { // to come, or not yet summed
          if (batched.forward()) {
            grid.blank(n / columns, n % columns);
          } else {
            grid.level(n / columns, n % columns, 0);
          }
        }
      }
      panel = grid;
    }
    int place = now % layer.outputs();
    if (image == now / layer.outputs()) {
      String style = o == filter ? "" : "thin";
      panel.outline("now/" + o, role, style, place / columns, place % columns, 1, 1);
    }
    if (images() == 1 && o == filter) {
      int i = place / columns;
      panel.drags(Handle.Stops.all(rows), Handle.Stops.all(columns), i, place % columns, 1, 1);
    }
    String name = batched.forward() ? "output y" : "gradient g";
    return panel.part(batched.forward() ? "y" : "g", name + " of image " + image + ", filter " + o);
  }

  private Panel bias(int o) {
    float[] value = {layer.b().data()[o]};
    return new Grid("b" + o, Role.NEUTRAL, 1, 1, NUMBER, value)
        .title("b[" + o + "]", "")
        .part("b", "bias of filter " + o);
  }

  /** The gradient of a bias so far, or what the slip has in its place. */
  private Panel gradient(int o) {
    String title = "∂L/∂b" + (view.narrow() ? "" : "[" + o + "]");
    if (batched.slip() == Batched.Slip.BATCH && !batched.forward()) {
      float[] sums = new float[layer.outputs()];
      for (int cell = 0; cell <= now; cell++) {
        sums[cell % sums.length] += batched.g(o, cell);
      }
      return new Grid("db" + o, Role.GRADIENT, rows, columns, cells, sums)
          .title(title, "")
          .part("db", title + ", summed over the batch alone")
          .outline("slip" + o, Role.GRADIENT, "dashed", 0, 0, rows, columns);
    }
    boolean mean = divisor() > 1;
    float[] value = {(float) (batched.sum(o, now) / divisor())};
    Grid grid =
        new Grid("db" + o, Role.GRADIENT, 1, 1, NUMBER, value)
            .title(title, "")
            .part("db", title)
            .scaledTo(Math.max(1e-30, Math.abs(batched.sum(o, batched.cells() - 1))));
    if (batched.forward()) {
      return grid.blank(0, 0);
    }
    return mean || o == filter
        ? grid.outline("sum" + o, Role.GRADIENT, mean ? "dashed" : "", 0, 0, 1, 1)
        : grid;
  }

  /** A number for each filter of the digit reader. */
  private static Grid biases(String key, Role role, Tensor values, boolean across) {
    int count = values.size();
    return new Grid(key, role, across ? 1 : count, across ? count : 1, NUMBER, values.data())
        .title(key.equals("b") ? "b" : "∂L/∂b", "")
        .part(key, key.equals("b") ? "the filters’ biases" : "∂L/∂b of every filter");
  }

  private Grid gradients(boolean across) {
    Tensor sums = Tensor.zeros(layer.filters());
    for (int o = 0; o < sums.size(); o++) {
      sums.data()[o] = (float) (batched.sum(o, now) / divisor());
    }
    Grid grid = biases("db", Role.GRADIENT, sums, across);
    for (int o = 0; o < sums.size() && batched.forward(); o++) {
      grid.blank(across ? 0 : o, across ? o : 0);
    }
    String style = divisor() > 1 ? "dashed" : "";
    return grid.outline(
        "sum", Role.GRADIENT, style, across ? 0 : filter, across ? filter : 0, 1, 1);
  }

  /** What the sum is divided by: 1, unless the slip is shown. */
  private int divisor() {
    return batched.slip() == Batched.Slip.MEAN ? batched.cells() : 1;
  }

  // ---- words

  private Equation forwardEquation() {
    double y = layer.y().data()[index()];
    double b = layer.b().data()[filter];
    return Equation.sum("[output {}]", at("y")).term("", false, "{}", y - b).bias(b).total(y);
  }

  /** The element of y and g that the current cell of the filter is. */
  private int index() {
    int image = now / layer.outputs();
    return (image * layer.filters() + filter) * layer.outputs() + now % layer.outputs();
  }

  private Prose forwardCaption() {
    double b = layer.b().data()[filter];
    return Prose.of(
        "On the way forward the kernel gives {}, and the [neutral:b bias] of filter {} adds {}:"
            + " [output {} = {}]. It adds the same to all {} outputs of its filter.",
        layer.y().data()[index()] - b,
        filter,
        b,
        at("y"),
        layer.y().data()[index()],
        batched.cells());
  }

  /** The sums of the images so far, and the cells of the current one. */
  private Equation equation() {
    int image = now / layer.outputs();
    int place = now % layer.outputs();
    if (batched.slip() == Batched.Slip.BATCH) {
      Equation sum = Equation.sum("sum at {}", Num.place(place / columns, place % columns));
      double total = 0;
      for (int n = 0; n <= image; n++) {
        float g = batched.g(filter, n * layer.outputs() + place);
        total += g;
        sum.term(
            key(n, filter) + "/" + place / columns + "," + place % columns,
            false,
            "[gradient {}]",
            g);
      }
      return sum.together("= [gradient {}]", total);
    }
    Equation sum = Equation.sum("[gradient ∂L/∂b[{}]]", filter);
    for (int n = 0; n < image; n++) {
      int end = (n + 1) * layer.outputs() - 1;
      sum.term("", false, "[gradient {}]", batched.sum(filter, end) - before(n));
    }
    int from = place < MOST_TERMS ? 0 : place;
    if (from > 0) {
      sum.term("", false, "{}", batched.sum(filter, now - 1) - before(image));
    }
    for (int n = from; n <= place; n++) {
      String key = key(image, filter) + "/" + n / columns + "," + n % columns;
      float g = batched.g(filter, image * layer.outputs() + n);
      sum.term(key, n == place && !asked, "[gradient {}]", g);
    }
    double total = batched.sum(filter, now);
    if (batched.slip() == Batched.Slip.MEAN) {
      return sum.together(
          "= {}, divided by {}: [gradient {}]", total, batched.cells(), total / batched.cells());
    }
    sum.together("= [gradient {}]", total);
    return now < batched.cells() - 1 ? sum.say(" so far") : sum;
  }

  /** The sum of all images before one. */
  private double before(int image) {
    return batched.sum(filter, image * layer.outputs() - 1);
  }

  private Prose caption() {
    int to = batched.cells() - 1 - now;
    if (batched.slip() != Batched.Slip.NONE) {
      return mistake();
    }
    if (to > 0) {
      return Prose.of(
          "[gradient {} = {}] comes back to an output to which the [neutral:b bias] of filter {}"
              + " was added, so it joins that filter’s sum and no other: [gradient {}] so far, with"
              + " {cell} to come.",
          at("g"),
          batched.g(filter, now),
          filter,
          batched.sum(filter, now),
          to);
    }
    return PassFigure.step(
        Prose.of(
            "A little more [neutral:b bias] raises all {} outputs of filter {} alike, so all that"
                + " comes back is added: [gradient {}]. A step with [neutral:η η = {}] takes the"
                + " bias from {} to {}; with every bias moved so, ",
            batched.cells(),
            filter,
            batched.sum(filter, now),
            layer.rate(),
            Num.decimal(layer.b().data()[filter], 4),
            Num.decimal(layer.stepped().data()[filter], 4)),
        layer);
  }

  private Prose mistake() {
    int count = batched.cells();
    double sum = batched.sum(filter, count - 1);
    double slope = layer.slope(Layer.Operand.BIAS, filter);
    if (batched.slip() == Batched.Slip.BATCH) {
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
