package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.scene.Cells;
import convscope.scene.Line;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws every map of a stack over the input, and the fields of two neighbours of the last one. */
final class JumpFigure {
  private static final String[] HEADS = {"j", "start", "S", "map"};
  private static final double BELOW = 120; // both fields, start, jump and a mistake

  private final StackedFields fields;
  private final View view;
  private final int last; // layer
  private final ReceptiveField field; // after it
  private final int unit; // of the last map, the first of the two
  private final boolean pair; // whether there is a second one
  private final double wrong; // where the mistake puts the first, or where it is

  JumpFigure(StackedFields fields, View view) {
    this.fields = fields;
    this.view = view;
    last = fields.depth();
    field = fields.field(last);
    int units = fields.sizes()[last];
    Cell pick = view.cell("u" + last, 1, units);
    unit = pick == null ? view.step() : Math.min(pick.column(), Math.max(0, units - 2));
    pair = units > 1;
    wrong = fields.slips() ? fields.misplaced(unit, fields.mistake()) : field.place(unit);
  }

  Figure figure() {
    Prose caption = caption();
    return Figure.of(scene(), Jump.live(fields, last), caption)
        .finding((caption.plain() + " " + shifted()).trim());
  }

  private Scene scene() {
    Scene scene = new Scene(view.stage().width(), view.stage().height());
    double[] columns = view.narrow() ? new double[] {26, 40} : new double[] {46, 60, 42, 52};
    double room = view.stage().room();
    double high = view.stage().tall() - BELOW;
    double margin = Cells.MARGIN;
    Strip strip = new Strip(fields, last, columns, HEADS, margin, margin, room, high);
    strip.place(scene, "maps over the input", "j");
    double ground = margin + high + 60;
    // where position 0 is, and where the first unit of each map is
    double zero = strip.x(0);
    scene.addBelow(new Line("zero", Role.INPUT, "thin", zero, strip.middle(last), zero, ground));
    for (int layer = last; layer >= 0; layer--) {
      ReceptiveField map = fields.field(layer);
      boolean input = layer == 0;
      boolean output = layer == last;
      strip.row(
          scene,
          layer,
          strip.role(layer),
          i -> output && i == unit ? "l9" : output && i == unit + 1 ? "l6" : input ? "l2" : "l0",
          i -> input ? "" : " at " + Num.value(map.place(i)));
    }
    for (int n = 0; n < (pair ? 2 : 1); n++) {
      if (field.sees(unit + n)) {
        project(scene, strip, n, ground - 48 + n * 24);
      }
    }
    double below = ground; // where a mistake puts the unit, then the jump and the start
    if (fields.slips()) {
      double at = strip.x(wrong);
      scene.add(new Line("wrong", Role.GRADIENT, "", at, strip.middle(0) + 10, at, below + 3));
      String text = "unit " + unit + " at " + Num.value(wrong) + "?";
      strip.label(scene, text, Role.GRADIENT, wrong, below + 15);
      below += 18;
    }
    if (pair) {
      String jump = "j = " + field.jumpText();
      double one = field.place(unit);
      strip.measure(scene, "j", Role.OUTPUT, jump, one, field.place(unit + 1L), below + 6);
    }
    String start = "start = " + fields.start(last);
    strip.measure(scene, "s", Role.INPUT, start, 0, field.place(0), below + 30);
    return scene;
  }

  /** The field of one of the two units as a bar under the input, and its sides up to the unit. */
  private void project(Scene scene, Strip strip, int n, double y) {
    long which = unit + n;
    long from = field.first(which);
    long to = field.last(which);
    String style = n == 0 ? "" : "thin";
    scene.add(strip.frame("b" + n, Role.OUTPUT, "band", from, to, y, 14));
    scene.add(strip.frame("f" + n, Role.OUTPUT, style, from, to, y, 14));
    double apex = strip.x(field.place(which));
    for (double end : new double[] {from - 0.5, to + 0.5}) {
      String key = (end < from ? "l" : "r") + n;
      double foot = strip.x(end);
      scene.addBelow(new Line(key, Role.OUTPUT, style, apex, strip.middle(last), foot, y - 7));
    }
    double centre = strip.x(field.centre(which));
    scene.add(new Line("c" + n, Role.OUTPUT, "", centre, y - 11, centre, y + 11));
  }

  private Prose caption() {
    double place = field.place(unit);
    Prose prose =
        pair
            ? Prose.of(
                "Units {} and {} of the last map sit at [output {} and {}] in the input, {} apart. ",
                unit,
                unit + 1,
                place,
                field.place(unit + 1),
                field.jumpText())
            : Prose.of("The only unit of the last map sits at [output {}]. ", place);
    if (fields.slips()) {
      prose.add(
          "{Without the start|With the strides added up} unit {} would be at [gradient {}]",
          fields.mistake().equals("offset"),
          unit,
          wrong);
      return wrong == place
          ? prose.add(": right by luck here.")
          : prose.add(", off by {}.", Math.abs(wrong - place));
    }
    if (!pair || !field.sees(unit) || !field.sees(unit + 1)) {
      return prose;
    }
    long shared = field.last(unit) - field.first(unit + 1L) + 1;
    prose.add("The first sees {position}", field.last(unit) - field.first(unit) + 1);
    return shared > 0
        ? prose.add(" and shares {} with its neighbour.", shared)
        : shared == 0
            ? prose.add(", and its neighbour goes on where it ends.")
            : prose.add(
                ", and {} {lies|lie} between the two fields, unseen.", -shared, shared == -1);
  }

  /** What the gradients of two neighbours in the middle say of the jump. */
  private String shifted() {
    double off = fields.shiftDifference();
    return off < 0
        ? ""
        : off == 0
            ? "Moved by the jump, the gradient of the middle unit is that of its neighbour exactly."
            : "Moved by the jump, the gradient of the middle unit is not quite its neighbour’s: the"
                + " border cuts some paths.";
  }
}
