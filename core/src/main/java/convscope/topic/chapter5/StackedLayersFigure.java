package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Stack;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Units;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws {@link StackedFields}: the cone along one axis with its numbers, boxes on the image. */
final class StackedLayersFigure {
  private static final double MARGIN = 12;
  private static final int DEEP = 8; // layers that leave no room below them

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
              new Cone(room, high - side - 32, 44),
              Layout.row(14, new Image(side), bars(room - side - 14))));
    }
    if (fields.depth() > DEEP) {
      return Scene.of(
          view.stage(),
          Layout.row(
              20,
              new Cone(room - 188, high, 44, 40, 48, 40),
              Layout.column(16, new Image(168), bars(168))));
    }
    double side = 126;
    return Scene.of(
        view.stage(),
        Layout.column(
            10,
            new Cone(room, high - side - 34, 44, 40, 48, 40),
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

  /** A position, or the end of what is drawn if it lies beyond. */
  private double clamped(double position) {
    return Math.max(fields.first() - 0.5, Math.min(fields.last() + 0.5, position));
  }

  /** What stands beside a layer's row. */
  private String[] numbers(int layer) {
    if (layer < 0) {
      return new String[] {"r", "j", "start", "map", "the centre unit sees"};
    }
    ReceptiveField field = fields.field(layer);
    return new String[] {
      Num.count(field.size()),
      field.jumpText(),
      fields.start(layer),
      Num.count(fields.sizes()[layer]),
      fields.span(layer, fields.centre(layer))
    };
  }

  /** The cone of what a unit sees, from row to row. */
  private final class Cone implements Box {
    private final double width;
    private final double height;
    private final double[] columns;

    Cone(double width, double height, double... columns) {
      this.width = width;
      this.height = height;
      this.columns = columns;
    }

    @Override
    public double width() {
      return width;
    }

    @Override
    public double height() {
      return height;
    }

    @Override
    public void place(Scene scene, double x, double y) {
      Strip strip =
          new Strip(
              fields, at, columns, StackedLayersFigure.this::numbers, x, y, width, height - 16);
      strip.place(scene, "along one axis", "r");
      for (int layer = fields.depth(); layer >= 0; layer--) {
        units(scene, strip, layer);
      }
      for (int layer = at - 1; layer >= 0; layer--) {
        edges(scene, strip, layer);
      }
      base(scene, strip);
    }

    private void units(Scene scene, Strip strip, int layer) {
      ReceptiveField field = fields.field(layer);
      ReceptiveField seen = layer > at ? ReceptiveField.INPUT : fields.within(layer, at);
      boolean sees = layer <= at && seen.sees(unit);
      Role role = layer == 0 ? Role.INPUT : layer == at ? Role.OUTPUT : Role.NEUTRAL;
      int count = fields.sizes()[layer];
      if (strip.dense(layer)) { // the map's extent, and what is seen of it
        scene.add(strip.extent(layer, Role.NEUTRAL));
        if (sees) {
          double from = field.place(Math.max(0, seen.first(unit)));
          double to = field.place(Math.min(count - 1, seen.last(unit)));
          Role of = role == Role.NEUTRAL ? Role.OUTPUT : role;
          scene.add(strip.band("s" + layer, of, from, to, layer));
        }
        return;
      }
      Units row = strip.units(layer, role);
      float[] paths = fields.paths().get(at);
      boolean exact = layer == 0 && unit == fields.centre(at);
      for (int i = 0; i < count; i++) {
        if (!field.sees(i)) {
          continue; // it depends on nothing, so it has no place
        }
        boolean inside = sees && i >= seen.first(unit) && i <= seen.last(unit);
        boolean hole = inside && exact && paths[i] == 0;
        row.add(
            strip.x(field.place(i)),
            i,
            (inside ? hole ? "l0 dropped" : layer == at ? "l9" : "l5" : "l0"),
            (layer == 0 ? "position " : "unit ")
                + i
                + (layer == 0 ? "" : ", sees " + fields.span(layer, i))
                + (inside && layer < at ? hole ? ", a hole in the field" : ", in the field" : ""));
      }
      scene.add(row);
    }

    /** The sides of the cone from what is seen of a layer up to what is seen of the next. */
    private void edges(Scene scene, Strip strip, int layer) {
      ReceptiveField low = fields.within(layer, at);
      ReceptiveField high = fields.within(layer + 1, at);
      if (!low.sees(unit) || !high.sees(unit)) {
        return;
      }
      double half = strip.side() / 2;
      for (boolean leftmost : new boolean[] {true, false}) {
        double sign = leftmost ? -1 : 1;
        double below = fields.field(layer).place(leftmost ? low.first(unit) : low.last(unit));
        double above = fields.field(layer + 1).place(leftmost ? high.first(unit) : high.last(unit));
        scene.addBelow(
            new Line(
                "e" + layer + (leftmost ? "l" : "r"),
                Role.OUTPUT,
                "",
                strip.x(above) + sign * half,
                strip.middle(layer + 1),
                strip.x(below) + sign * half,
                strip.middle(layer)));
      }
    }

    /** The field at the input, its width written under it, and where a mistake would end it. */
    private void base(Scene scene, Strip strip) {
      ReceptiveField field = fields.field(at);
      if (!field.sees(unit)) {
        return;
      }
      double high = strip.side() + 8;
      double y = strip.middle(0) - high / 2;
      double from = strip.x(field.first(unit) - 0.5);
      double to = strip.x(field.last(unit) + 0.5);
      scene.addAbove(new Window("field", Role.OUTPUT, from, y, to - from, high));
      if (!fields.mistake().equals("none")) {
        double reach = fields.wrong(at) / 2.0;
        from = strip.x(field.centre(unit) - reach);
        to = strip.x(field.centre(unit) + reach);
        scene.addAbove(
            new Window("wrong", Role.GRADIENT, "dashed", from, y - 4, to - from, high + 8));
      }
      String text = "r = " + Num.count(field.last(unit) - field.first(unit) + 1);
      double half = Text.width(text, 12) / 2;
      double centre =
          Math.max(
              strip.left() + half, Math.min(strip.right() - half, strip.x(field.centre(unit))));
      scene.add(new Text(text, 12, Role.OUTPUT).anchor("middle").at(centre, y + high + 16));
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
      return Math.max(side, Title.width("image", Num.size(fields.size(), fields.size())));
    }

    @Override
    public double height() {
      return side + Title.HEIGHT;
    }

    @Override
    public void place(Scene scene, double x, double y) {
      String detail = Num.size(fields.size(), fields.size());
      Raster raster =
          new Raster("in", Role.INPUT, fields.size(), fields.size(), shown.levels(), "grey", scale)
              .part("x", "image, " + detail);
      double inset = -first * scale;
      scene.add(Title.above("image", detail, Role.INPUT, "x", x, y + Title.HEIGHT));
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
