package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Stack;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Paragraph;
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

/** Draws {@link StackedFields}: the cone along one axis, a table beside it, boxes on the image. */
final class StackedLayersFigure {
  static final int MANY = 80; // units of a map that are no longer drawn one by one
  private static final double MARGIN = 20;
  private static final double IMAGE = 250;
  private static final String[] HEADS = {"map", "r", "j", "start"};
  private static final double[] COLUMNS = {52, 52, 46, 56};

  private final StackedLayers topic;
  private final StackedFields fields;
  private final byte[] levels;
  private final View view;
  private final int at; // the layer that is looked at
  private final int unit; // of that layer
  private final double room;
  private final List<Raster> rasters = new ArrayList<>();

  StackedLayersFigure(StackedLayers topic, StackedLayers.Shown shown, View view) {
    this.topic = topic;
    this.fields = shown.fields();
    this.levels = shown.levels();
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
    room = view.width() - 2 * MARGIN;
  }

  Figure figure() {
    Prose caption = caption();
    Scene scene = scene();
    String alt = caption.plain() + " " + fields.comparison();
    return new Figure(scene, alt, topic.live(fields, at), caption.html(), twin(), rasters);
  }

  private Scene scene() {
    Cone cone = new Cone();
    String told = fields.comparison() + " " + fields.check(fields.depth());
    if (view.narrow()) {
      return Scene.of(
          view.width(),
          MARGIN,
          Layout.column(
              18,
              cone,
              new Table(),
              new Image(room),
              bars(room),
              new Paragraph(told, room, 13, Role.NEUTRAL)));
    }
    double beside = room - IMAGE - 32;
    Box words = Layout.column(22, bars(beside), new Paragraph(told, beside, 13, Role.NEUTRAL));
    return Scene.of(
        view.width(), MARGIN, Layout.column(22, cone, Layout.row(32, new Image(IMAGE), words)));
  }

  /** What the gradient says, as far as it was asked: of the centre unit. */
  private String check() {
    return unit == fields.centre(at) ? fields.check(at) : fields.check(fields.depth());
  }

  private Bars bars(double width) {
    long stack = fields.weights();
    long one = fields.oneLayer();
    String size = StackedLayers.size(fields.field(fields.depth()));
    return new Bars("bar", width, "weights from " + fields.channels() + " to as many channels")
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

  private static double tableWidth() {
    double sum = 0;
    for (double column : COLUMNS) {
      sum += column;
    }
    return sum;
  }

  private static void heads(Scene scene, double right, double baseline) {
    double x = right - tableWidth();
    for (int c = 0; c < HEADS.length; c++) {
      x += COLUMNS[c];
      Role role = HEADS[c].equals("r") ? Role.OUTPUT : Role.NEUTRAL;
      scene.add(new Text(HEADS[c], 12, role).anchor("end").at(x, baseline));
    }
  }

  /** A layer's numbers in columns that end at {@code right}. */
  private void numbers(Scene scene, double right, double baseline, int layer) {
    ReceptiveField field = fields.field(layer);
    String[] values = {
      Num.count(fields.sizes()[layer]),
      StackedLayers.size(field),
      field.jumpText(),
      fields.start(layer)
    };
    double x = right - tableWidth();
    for (int c = 0; c < values.length; c++) {
      x += COLUMNS[c];
      String css = c == 1 && layer == at ? "label output" : layer > at ? "label pale" : "label";
      scene.add(new Text(values[c], 12, css).anchor("end").at(x, baseline));
    }
  }

  /** The numbers below the cone, where there is no room beside it. */
  private final class Table implements Box {
    private static final double ROW = 19;

    @Override
    public double width() {
      return room;
    }

    @Override
    public double height() {
      return ROW * (fields.depth() + 2);
    }

    @Override
    public void place(Scene scene, double x, double y) {
      heads(scene, x + room, y + 12);
      for (int layer = 0; layer <= fields.depth(); layer++) {
        double baseline = y + 12 + ROW * (fields.depth() - layer + 1);
        scene.add(new Text(fields.name(layer), 12, nameCss(layer)).at(x, baseline));
        numbers(scene, x + room, baseline, layer);
      }
    }
  }

  /** A row for each map, the input below: its name, its units, and its numbers beside. */
  private final class Cone implements Box {
    private final double rowHeight =
        Math.max(view.narrow() ? 24 : 22, Math.min(46, 420.0 / (fields.depth() + 1)));
    private final double names = longestName() + 14;
    private final long first = fields.first();
    private final double across = room - names - (view.narrow() ? 0 : tableWidth() + 10);
    private final double step = across / (fields.last() - first + 1);
    private double left;
    private double top;

    @Override
    public double width() {
      return room;
    }

    @Override
    public double height() {
      return Title.HEIGHT + rowHeight * (fields.depth() + 1) + 16;
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
      top = y + Title.HEIGHT;
      scene.add(Title.above("along one axis", "", Role.OUTPUT, "r", x, y + Title.HEIGHT - 3));
      if (!view.narrow()) {
        heads(scene, x + room, y + 12);
      }
      for (int layer = fields.depth(); layer >= 0; layer--) {
        row(scene, x, layer);
      }
      for (int layer = at - 1; layer >= 0; layer--) {
        edges(scene, layer);
      }
      base(scene);
    }

    private void row(Scene scene, double x, int layer) {
      double y = middle(layer);
      scene.add(new Text(fields.name(layer), 12, nameCss(layer)).at(x, y + 4));
      if (!view.narrow()) {
        numbers(scene, x + room, y + 4, layer);
      }
      units(scene, layer, y);
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
          new Raster("in", Role.INPUT, fields.size(), fields.size(), levels, "grey", scale)
              .part("x", "image, " + detail);
      double inset = -first * scale;
      scene.add(Title.above("on the image", detail, Role.INPUT, "x", x, y + Title.HEIGHT));
      raster.place(scene, x + inset, y + inset);
      rasters.add(raster);
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
        scene.add(box("box" + layer, Role.OUTPUT, layer == at ? "" : "thin", raster, span));
        if (layer == at && !fields.mistake().equals("none")) {
          double reach = (fields.wrong(layer) - 1) / 2.0;
          double down = field.centre(row);
          double across = field.centre(column);
          double[] wrong = {down - reach, down + reach, across - reach, across + reach};
          scene.add(box("wrongbox", Role.GRADIENT, "dashed", raster, wrong));
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
        new Prose()
            .say("Layer " + at + ", ")
            .say(Role.KERNEL, fields.name(at))
            .say(" (" + fields.layer(at).kind().words() + "): unit " + unit + " sees ");
    if (!field.sees(unit)) {
      return prose.say("nothing; its taps fall between the units below it.");
    }
    long seen = field.last(unit) - field.first(unit) + 1;
    long outside =
        seen
            - Math.max(
                0,
                Math.min(field.last(unit), fields.size() - 1) - Math.max(field.first(unit), 0) + 1);
    prose
        .say(Role.OUTPUT, Num.count(seen) + (seen == 1 ? " position" : " positions"))
        .say(" along each axis, " + fields.span(at, unit))
        .say(outside == 0 ? ". " : "; " + Num.count(outside) + " of them are padding. ");
    if (fields.mistake().equals("none")) {
      return prose.say(growth());
    }
    long wrong = fields.wrong(at);
    prose
        .say(
            fields.mistake().equals("jump")
                ? "Without the jump the layers add up to "
                : "The kernels add up to ")
        .say(Role.GRADIENT, Num.count(wrong));
    return prose.say(
        wrong == field.size()
            ? ": right by luck here."
            : fields.reached(at) > wrong
                ? ", but the gradient reaches " + Num.count(fields.reached(at)) + " positions."
                : ", but the taps lead " + Num.count(field.size()) + " positions apart.");
  }

  /** How the layer widened the field. */
  private String growth() {
    ReceptiveField before = fields.field(at - 1);
    Stack.Layer layer = fields.layer(at);
    if (layer.kind() == Stack.Kind.UP || before.period() > 1) {
      return "From unit to unit its field moves by " + positions(fields.field(at)) + " on average.";
    }
    return "Its window reaches over "
        + (layer.dilation() * (layer.kernel() - 1) + 1)
        + (layer.kernel() == 1 ? " unit" : " units")
        + " of the map below, "
        + positions(before)
        + " apart.";
  }

  private static String positions(ReceptiveField field) {
    return field.jumpText() + (field.jump() == 1 ? " position" : " positions");
  }

  private String twin() {
    List<List<String>> rows = new ArrayList<>();
    for (int l = 0; l <= fields.depth(); l++) {
      ReceptiveField field = fields.field(l);
      rows.add(
          List.of(
              l + " " + fields.name(l),
              Num.count(fields.sizes()[l]),
              StackedLayers.size(field),
              field.jumpText(),
              fields.start(l),
              fields.span(l, fields.centre(l))));
    }
    return new Twin()
        .say(caption().plain())
        .say(fields.comparison())
        .say(check())
        .table(
            "Layers",
            List.of("layer", "units along an axis", "r", "j", "start", "the centre unit sees"),
            rows)
        .toString();
  }
}
