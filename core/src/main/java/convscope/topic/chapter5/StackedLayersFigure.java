package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Stack;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Mark;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Units;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws {@link StackedFields}: the cone along one axis with its numbers, boxes on the image. */
final class StackedLayersFigure {
  static final int MANY = 80; // units of a map that are no longer drawn one by one
  private static final double MARGIN = 12;
  private static final int DEEP = 8; // layers that leave no room below them
  private static final String[] HEADS = {"r", "j", "start", "map"};
  private static final double[] COLUMNS = {44, 40, 48, 40};

  private final StackedLayers.Shown shown;
  private final StackedFields fields;
  private final View view;
  private final int at; // the layer that is looked at
  private final int unit; // of that layer

  StackedLayersFigure(StackedLayers.Shown shown, View view) {
    this.shown = shown;
    this.fields = shown.fields();
    this.view = view;
    Cell pick = Cell.parse(view.pick());
    int layer = view.step() + 1;
    int which = fields.centre(layer);
    for (int l = 1; pick != null && l <= fields.depth(); l++) {
      if (pick.within("u" + l, 1, fields.sizes()[l])) {
        layer = l;
        which = pick.column();
      }
    }
    at = layer;
    unit = which;
  }

  Figure figure() {
    Prose caption = caption();
    String check = fields.check(unit == fields.centre(at) ? at : fields.depth());
    return Figure.of(scene(), StackedLayers.live(fields, at).line(), caption)
        .finding(caption.plain() + " " + fields.comparison() + " " + check);
  }

  private Scene scene() {
    double room = view.stage().width() - 2 * MARGIN;
    double high = view.stage().height() - 2 * MARGIN;
    if (view.narrow()) {
      double side = 108;
      return Scene.of(
          view.stage(),
          Layout.column(
              8,
              new Cone(room, high - side - 32, 1),
              Layout.row(14, new Image(side), bars(room - side - 14))));
    }
    if (fields.depth() > DEEP) {
      return Scene.of(
          view.stage(),
          Layout.row(
              20,
              new Cone(room - 188, high, COLUMNS.length),
              Layout.column(16, new Image(168), bars(168))));
    }
    double side = 126;
    return Scene.of(
        view.stage(),
        Layout.column(
            10,
            new Cone(room, high - side - 34, COLUMNS.length),
            Layout.row(32, new Image(side), bars(room - side - 32))));
  }

  private Bars bars(double width) {
    long stack = fields.weights();
    long one = fields.oneLayer();
    String size = Num.count(fields.field(fields.depth()).size());
    String what =
        width < 300 ? "weights" : "weights from " + fields.channels() + " to as many channels";
    return new Bars("bar", width, what)
        .linear(Math.max(stack, one))
        .add("this stack", Role.KERNEL, stack, Num.count(stack), "this stack: " + Num.count(stack))
        .add(
            "one " + size + " × " + size,
            Role.NEUTRAL,
            one,
            Num.count(one),
            "one layer with the same field: " + Num.count(one));
  }

  private String nameCss(int layer) {
    return layer == 0 ? "label input" : layer > at ? "label pale" : "label";
  }

  /** A position, or the end of what is drawn if it lies beyond. */
  private double clamped(double position) {
    return Math.max(fields.first() - 0.5, Math.min(fields.last() + 0.5, position));
  }

  /** The numbers of a layer, or what they are called. */
  private String[] numbers(int layer) {
    ReceptiveField field = fields.field(layer);
    return new String[] {
      Num.count(field.size()),
      field.jumpText(),
      fields.start(layer),
      Num.count(fields.sizes()[layer])
    };
  }

  /** A row for each map, the input below: its name, its units, and its numbers beside. */
  private final class Cone implements Box, Mark {
    private final double width;
    private final double height;
    private final int columns; // of numbers beside the units
    private final double rowHeight;
    private final double names = longestName() + 10;
    private final long first = fields.first();
    private final double across;
    private final double step;
    private double left;
    private double top;

    Cone(double width, double height, int columns) {
      this.width = width;
      this.height = height;
      this.columns = columns;
      rowHeight = Math.min(46, (height - Title.HEIGHT - 16) / (fields.depth() + 1));
      double table = 8;
      for (int c = 0; c < columns; c++) {
        table += COLUMNS[c];
      }
      across = width - names - table;
      step = across / (fields.last() - first + 1);
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return height;
    }

    private double longestName() {
      double most = 0;
      for (int layer = 0; layer <= fields.depth(); layer++) {
        most = Math.max(most, Text.width(fields.name(layer), 12));
      }
      return most;
    }

    private double middle(int layer) {
      return top + (fields.depth() - layer + 0.5) * rowHeight;
    }

    /** Where an input position is; halves are between two. What the drawing ends before is cut. */
    private double across(double position) {
      return left + (clamped(position) - first + 0.5) * step;
    }

    private double side() {
      return Math.min(rowHeight * 0.46, 15);
    }

    @Override
    public void place(Scene scene, double x, double y) {
      left = x + names;
      double rows = Title.HEIGHT + rowHeight * (fields.depth() + 1) + 16;
      top = y + (height - rows) / 2 + Title.HEIGHT;
      scene.add(this);
      scene.add(Title.above("along one axis", "", Role.OUTPUT, "r", x, top - 3));
      columns(scene, x + width, top - 12, HEADS, 0);
      for (int layer = fields.depth(); layer >= 0; layer--) {
        double middle = middle(layer);
        // rows closer than their text is high are told by every second or third
        int every = (int) Math.ceil(12 / rowHeight);
        if (layer == at || (layer % every == 0 && Math.abs(layer - at) >= every)) {
          scene.add(new Text(fields.name(layer), 12, nameCss(layer)).at(x, middle + 4));
          columns(scene, x + width, middle + 4, numbers(layer), layer);
        }
        units(scene, layer, middle);
      }
      for (int layer = at - 1; layer >= 0; layer--) {
        edges(scene, layer);
      }
      base(scene);
    }

    /** A line of the table, its columns ending at {@code right}; heads where layer is 0. */
    private void columns(Scene scene, double right, double baseline, String[] texts, int layer) {
      double x = right;
      for (int c = columns - 1; c >= 0; c--) {
        boolean field = c == 0 && (texts == HEADS || layer == at);
        String css = field ? "label output" : layer > at ? "label pale" : "label";
        scene.add(new Text(texts[c], 12, css).anchor("end").at(x, baseline));
        x -= COLUMNS[c];
      }
    }

    /** The cone is drawn by the marks that it places. */
    @Override
    public void write(Markup out) {}

    @Override
    public void tell(Twin twin) {
      List<List<String>> rows = new ArrayList<>();
      for (int layer = 0; layer <= fields.depth(); layer++) {
        List<String> row = new ArrayList<>();
        row.add(layer + " " + fields.name(layer));
        row.addAll(List.of(numbers(layer)));
        row.add(fields.span(layer, fields.centre(layer)));
        rows.add(row);
      }
      twin.table(
          "Layers",
          List.of("layer", "r", "j", "start", "units along an axis", "the centre unit sees"),
          rows);
    }

    private void units(Scene scene, int layer, double y) {
      ReceptiveField field = fields.field(layer);
      ReceptiveField seen = layer > at ? ReceptiveField.INPUT : fields.within(layer, at);
      boolean sees = layer <= at && seen.sees(unit);
      double spacing = field.jump() * step;
      Role role = layer == 0 ? Role.INPUT : layer == at ? Role.OUTPUT : Role.NEUTRAL;
      int count = fields.sizes()[layer];
      if (spacing < 4.5 || count > MANY) {
        // too many to tell apart: the map's extent, and what is seen of it
        band(scene, "m" + layer, Role.NEUTRAL, field.place(0), field.place(count - 1), y);
        if (sees) {
          double from = field.place(Math.max(0, seen.first(unit)));
          double to = field.place(Math.min(count - 1, seen.last(unit)));
          band(scene, "s" + layer, role == Role.NEUTRAL ? Role.OUTPUT : role, from, to, y);
        }
        return;
      }
      Units row =
          new Units(
              "u" + layer,
              role,
              y,
              Math.min(side(), spacing - 1.5),
              (layer == 0 ? "input" : "layer " + layer + ", " + fields.name(layer))
                  + ", "
                  + count
                  + " units");
      float[] paths = fields.paths().get(at);
      boolean exact = layer == 0 && unit == fields.centre(at);
      for (int i = 0; i < count; i++) {
        if (!field.sees(i)) {
          continue; // it depends on nothing, so it has no place
        }
        boolean inside = sees && i >= seen.first(unit) && i <= seen.last(unit);
        boolean hole = inside && exact && paths[i] == 0;
        row.add(
            across(field.place(i)),
            i,
            (inside ? hole ? "l0 dropped" : layer == at ? "l9" : "l5" : "l0"),
            (layer == 0 ? "position " : "unit ")
                + i
                + (layer == 0 ? "" : ", sees " + fields.span(layer, i))
                + (inside && layer < at ? hole ? ", a hole in the field" : ", in the field" : ""));
      }
      scene.add(row);
    }

    private void band(Scene scene, String key, Role role, double from, double to, double y) {
      double high = side();
      scene.add(
          new Window(
              key,
              role,
              "band",
              across(Math.min(from, to) - 0.5),
              y - high / 2,
              Math.max(3, (Math.abs(to - from) + 1) * step),
              high));
    }

    /** The sides of the cone from what is seen of a layer up to what is seen of the next. */
    private void edges(Scene scene, int layer) {
      ReceptiveField low = fields.within(layer, at);
      ReceptiveField high = fields.within(layer + 1, at);
      if (!low.sees(unit) || !high.sees(unit)) {
        return;
      }
      double half = side() / 2;
      for (boolean leftmost : new boolean[] {true, false}) {
        double sign = leftmost ? -1 : 1;
        double below = fields.field(layer).place(leftmost ? low.first(unit) : low.last(unit));
        double above = fields.field(layer + 1).place(leftmost ? high.first(unit) : high.last(unit));
        scene.addBelow(
            new Line(
                "e" + layer + (leftmost ? "l" : "r"),
                Role.OUTPUT,
                "",
                across(above) + sign * half,
                middle(layer + 1),
                across(below) + sign * half,
                middle(layer)));
      }
    }

    /** The field at the input, its width written under it, and where a mistake would end it. */
    private void base(Scene scene) {
      ReceptiveField field = fields.field(at);
      if (!field.sees(unit)) {
        return;
      }
      double high = side() + 8;
      double y = middle(0) - high / 2;
      long seen = field.last(unit) - field.first(unit) + 1;
      double from = across(field.first(unit) - 0.5);
      double to = across(field.last(unit) + 0.5);
      scene.add(new Window("field", Role.OUTPUT, from, y, to - from, high));
      if (!fields.mistake().equals("none")) {
        double reach = fields.wrong(at) / 2.0;
        from = across(field.centre(unit) - reach);
        to = across(field.centre(unit) + reach);
        scene.add(new Window("wrong", Role.GRADIENT, "dashed", from, y - 4, to - from, high + 8));
      }
      String text = "r = " + seen;
      double half = Text.width(text, 12) / 2;
      double centre =
          Math.max(left + half, Math.min(left + across - half, across(field.centre(unit))));
      scene.add(
          new Text(text, 12, Role.OUTPUT).anchor("middle").at(centre, middle(0) + high / 2 + 16));
    }
  }

  /** The image with the field of the centre unit of each layer up to the one looked at. */
  private final class Image implements Box {
    private final double side;
    private final long first = fields.first();
    private final double scale;

    Image(double side) {
      this.side = side;
      scale = side / (fields.last() - first + 1);
    }

    @Override
    public double width() {
      return side;
    }

    @Override
    public double height() {
      return side + Title.HEIGHT;
    }

    @Override
    public void place(Scene scene, double x, double y) {
      String detail = fields.size() + " × " + fields.size();
      Raster raster =
          new Raster("in", Role.INPUT, fields.size(), fields.size(), shown.levels(), "grey", scale)
              .part("x", "image, " + detail);
      double inset = -first * scale;
      scene.add(Title.above("on the image", detail, Role.INPUT, "x", x, y + Title.HEIGHT));
      raster.place(scene, x + inset, y + inset);
      for (int layer = 1; layer <= at; layer++) {
        ReceptiveField field = fields.field(layer);
        int row = layer == at ? unit : fields.centre(layer);
        int column = fields.centre(layer);
        if (!field.sees(row) || !field.sees(column)) {
          continue;
        }
        double[] span = {
          field.first(row), field.last(row), field.first(column), field.last(column)
        };
        scene.addAbove(box("box" + layer, Role.OUTPUT, layer == at ? "" : "thin", raster, span));
        if (layer == at && !fields.mistake().equals("none")) {
          double reach = (fields.wrong(layer) - 1) / 2.0;
          double down = field.centre(row);
          double across = field.centre(column);
          double[] wrong = {down - reach, down + reach, across - reach, across + reach};
          scene.addAbove(box("wrongbox", Role.GRADIENT, "dashed", raster, wrong));
        }
      }
    }

    /** An outline around the first to the last row and the first to the last column. */
    private Window box(String key, Role role, String style, Raster raster, double[] span) {
      double top = raster.top(clamped(span[0] - 0.5) + 0.5);
      double left = raster.left(clamped(span[2] - 0.5) + 0.5);
      double high = raster.top(clamped(span[1] + 0.5) + 0.5) - top;
      double wide = raster.left(clamped(span[3] + 0.5) + 0.5) - left;
      return new Window(key, role, style, left, top, wide, high);
    }
  }

  private Prose caption() {
    ReceptiveField field = fields.field(at);
    Prose prose =
        Prose.of(
            "Layer {}, [kernel {}] ({}): unit {} sees ",
            at,
            fields.name(at),
            fields.layer(at).kind().words(),
            unit);
    if (!field.sees(unit)) {
      return prose.say("nothing; its taps fall between the units below it.");
    }
    long seen = field.last(unit) - field.first(unit) + 1;
    long outside =
        seen
            - Math.max(
                0,
                Math.min(field.last(unit), fields.size() - 1) - Math.max(field.first(unit), 0) + 1);
    prose.add("[output {position}] along each axis, {}", seen, fields.span(at, unit));
    prose.say(outside == 0 ? ". " : "; " + Num.count(outside) + " of them are padding. ");
    if (fields.mistake().equals("none")) {
      prose.say(growth());
      return at == fields.depth() ? prose.say(" " + fields.comparison()) : prose;
    }
    long wrong = fields.wrong(at);
    prose.add(
        "{} add up to [gradient {}]",
        fields.mistake().equals("jump") ? "Without the jump the layers" : "The kernels",
        wrong);
    return wrong == field.size()
        ? prose.add(": right by luck here.")
        : fields.reached(at) > wrong
            ? prose.add(", but the gradient reaches {} positions.", fields.reached(at))
            : prose.add(", but the taps lead {} positions apart.", field.size());
  }

  /** How the layer widened the field. */
  private String growth() {
    ReceptiveField before = fields.field(at - 1);
    Stack.Layer layer = fields.layer(at);
    if (layer.kind() == Stack.Kind.UP || before.period() > 1) {
      return "From unit to unit its field moves by " + positions(fields.field(at)) + " on average.";
    }
    return Prose.of(
            "Its window reaches over {unit} of the map below, {} apart.",
            layer.dilation() * (layer.kernel() - 1) + 1,
            positions(before))
        .plain();
  }

  private static String positions(ReceptiveField field) {
    return field.jumpText() + (field.jump() == 1 ? " position" : " positions");
  }
}
