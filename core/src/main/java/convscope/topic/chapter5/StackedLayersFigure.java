package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Stack;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Line;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.function.IntPredicate;

/** Draws {@link StackedFields}: the cone along one axis with its numbers, boxes on the image. */
final class StackedLayersFigure {
  private static final String[] HEADS = {"r", "j", "start", "map", "the centre unit sees"};
  private static final int DEEP = 8; // layers that leave no room below them

  private final StackedLayers.Shown shown;
  private final StackedFields fields;
  private final View view;
  private final int at; // the layer that is looked at
  private final int unit; // of that layer
  private final ReceptiveField field; // what its units see
  private final int wrong; // how much the mistake says they see

  StackedLayersFigure(StackedLayers.Shown shown, View view) {
    this.shown = shown;
    this.fields = shown.fields();
    this.view = view;
    int layer = view.step() + 1;
    int which = fields.centre(layer);
    for (int l = 1; l <= fields.depth(); l++) {
      Cell pick = view.cell("u" + l, 1, fields.sizes()[l]);
      if (pick != null) {
        layer = l;
        which = pick.column();
      }
    }
    at = layer;
    unit = which;
    field = fields.field(at);
    wrong = (int) fields.wrong(at, fields.mistake());
  }

  Figure figure() {
    Prose caption = caption();
    String check = fields.check(unit == fields.centre(at) ? at : fields.depth());
    return Figure.of(scene(), StackedLayers.live(fields, at).line(), caption)
        .finding(caption.plain() + " " + fields.comparison() + " " + check);
  }

  private Scene scene() {
    double room = view.stage().room();
    double high = view.stage().tall();
    boolean deep = !view.narrow() && fields.depth() > DEEP;
    Panel image = image(view.narrow() ? 108 : deep ? 180 : 126);
    double gap = view.narrow() ? 20 : 32;
    Text frames = new Text(framed(), 12, Role.OUTPUT);
    Box beside = Layout.stack(6, frames, bars(deep ? 180 : room - image.width() - gap));
    if (deep) {
      Box column = Layout.column(16, image, beside);
      return Scene.of(view.stage(), Layout.row(20, cone(room - 200, high), column));
    }
    Box below = Layout.row(gap, image, beside);
    Box cone = cone(room, high - below.height() - 8);
    return Scene.of(view.stage(), Layout.column(8, cone, below));
  }

  private String framed() {
    return "framed: layer" + (at == 1 ? " 1" : "s 1 to " + at);
  }

  private Bars bars(double width) {
    long stack = fields.weights();
    long one = fields.oneLayer();
    String size = Num.count(fields.field(fields.depth()).size());
    String what =
        width < 300 ? "weights" : "weights from " + fields.channels() + " to as many channels";
    return new Bars("bar", width, what)
        .linear(Math.max(stack, one))
        .add("this stack", Role.KERNEL, stack, Num.count(stack))
        .add("one " + size + " × " + size, Role.NEUTRAL, one, Num.count(one));
  }

  /** The cone of what a unit sees, from row to row. */
  private Box cone(double width, double height) {
    double[] columns = view.narrow() ? new double[] {44} : new double[] {44, 40, 48, 40};
    return Box.of(
        width,
        height,
        (scene, x, y) -> {
          Strip strip = new Strip(fields, at, columns, HEADS, x, y, width, height - 16);
          strip.place(scene, "along one axis", "r");
          for (int layer = fields.depth(); layer >= 0; layer--) {
            units(scene, strip, layer);
            if (layer < at) {
              edges(scene, strip, layer);
            }
          }
          base(scene, strip);
        });
  }

  /** A map's units, and which of them are seen. */
  private void units(Scene scene, Strip strip, int layer) {
    ReceptiveField map = fields.field(layer);
    ReceptiveField seen = fields.within(layer, at);
    boolean sees = layer <= at && seen.sees(unit);
    long first = sees ? Math.max(0, seen.first(unit)) : 0;
    long last = sees ? Math.min(fields.sizes()[layer] - 1, seen.last(unit)) : -1;
    boolean dense = strip.dense(layer);
    float[] paths = fields.paths().get(at);
    boolean exact = layer == 0 && unit == fields.centre(at);
    IntPredicate inside = i -> i >= first && i <= last;
    IntPredicate hole = i -> exact && inside.test(i) && paths[i] == 0;
    strip.row(
        scene,
        layer,
        dense ? Role.NEUTRAL : strip.role(layer),
        i ->
            !map.sees(i)
                ? "" // it depends on nothing
                : hole.test(i) ? "l0 dropped" : !inside.test(i) ? "l0" : layer == at ? "l9" : "l5",
        i ->
            (layer == 0 ? "" : ", sees " + fields.span(layer, i))
                + (hole.test(i)
                    ? ", a hole in the field"
                    : inside.test(i) && layer < at ? ", in the field" : ""));
    if (dense && sees) { // of a map's extent what is seen of it
      Role role = layer == 0 ? Role.INPUT : Role.OUTPUT;
      scene.add(strip.band("s" + layer, role, map.place(first), map.place(last), layer));
    }
  }

  /** The sides of the cone from what is seen of a layer up to what is seen of the next. */
  private void edges(Scene scene, Strip strip, int layer) {
    ReceptiveField low = fields.within(layer, at);
    ReceptiveField high = fields.within(layer + 1, at);
    if (!low.sees(unit) || !high.sees(unit)) {
      return;
    }
    double from = strip.middle(layer + 1);
    double to = strip.middle(layer);
    for (int side = -1; side <= 1; side += 2) {
      long above = side < 0 ? high.first(unit) : high.last(unit);
      long below = side < 0 ? low.first(unit) : low.last(unit);
      double x = strip.x(fields.field(layer + 1).place(above)) + side * strip.side() / 2;
      double foot = strip.x(fields.field(layer).place(below)) + side * strip.side() / 2;
      String key = "e" + layer + (side < 0 ? "l" : "r");
      scene.addBelow(new Line(key, Role.OUTPUT, "", x, from, foot, to));
      if (side > 0 && fields.depth() <= DEEP) {
        strip.pull(scene, layer + 1, at, foot);
      }
    }
  }

  /** The field at the input, its width written under it, and where a mistake would end it. */
  private void base(Scene scene, Strip strip) {
    if (!field.sees(unit)) {
      return;
    }
    double y = strip.middle(0);
    double high = strip.side() + 8;
    long first = field.first(unit);
    long last = field.last(unit);
    scene.addAbove(strip.frame("field", Role.OUTPUT, "", first, last, y, high));
    if (fields.slips()) {
      double reach = (wrong - 1) / 2.0;
      double from = field.centre(unit) - reach;
      double to = field.centre(unit) + reach;
      scene.addAbove(strip.frame("wrong", Role.GRADIENT, "dashed", from, to, y, high + 8));
    }
    String size = "r = " + Num.count(last - first + 1);
    strip.label(scene, size, Role.OUTPUT, field.centre(unit), y + high / 2 + 16);
  }

  /** The image with the field of the centre unit of each layer up to the one looked at. */
  private Panel image(double side) {
    int size = fields.size();
    int before = (int) -fields.first();
    int after = (int) fields.last() + 1 - size;
    double pixel = side / (before + size + after);
    Raster image =
        new Raster("in", Role.INPUT, size, size, shown.levels(), "grey", pixel)
            .title("image", Num.size(size, size))
            .part("x", "image, " + Num.size(size, size) + "; " + framed())
            .around(before, before, after, after);
    for (int layer = 1; layer <= at; layer++) {
      ReceptiveField of = fields.field(layer);
      int row = layer == at ? unit : fields.centre(layer);
      int column = fields.centre(layer);
      if (!of.sees(row) || !of.sees(column)) {
        continue;
      }
      int top = (int) of.first(row);
      int left = (int) of.first(column);
      int high = (int) of.last(row) + 1 - top;
      int wide = (int) of.last(column) + 1 - left;
      String style = layer == at ? "" : "thin";
      image.outlineInside("box" + layer, Role.OUTPUT, style, top, left, high, wide);
      if (layer == at && fields.slips()) {
        top -= Math.floorDiv(wrong - high, 2);
        left -= Math.floorDiv(wrong - wide, 2);
        image.outlineInside("wrongbox", Role.GRADIENT, "dashed", top, left, wrong, wrong);
      }
    }
    return image;
  }

  private Prose caption() {
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
    long outside = seen - fields.inInput(at, unit);
    prose.add("[output {position}] along each axis, {}", seen, fields.span(at, unit));
    prose.say(outside == 0 ? ". " : "; " + Num.count(outside) + " of them are padding. ");
    if (!fields.slips()) {
      prose.say(growth());
      return at == fields.depth() ? prose.say(" " + fields.comparison()) : prose;
    }
    prose.add(
        "{Without the jump the layers|The kernels} add up to [gradient {}]",
        fields.mistake().equals("jump"),
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
    boolean uneven = layer.kind() == Stack.Kind.UP || before.period() > 1;
    ReceptiveField of = uneven ? field : before;
    String apart = of.jumpText() + (of.jump() == 1 ? " position" : " positions");
    return uneven
        ? "From unit to unit its field moves by " + apart + " on average."
        : Prose.of(
                "Its window reaches over {unit} of the map below, {} apart.",
                layer.dilation() * (layer.kernel() - 1) + 1,
                apart)
            .plain();
  }
}
