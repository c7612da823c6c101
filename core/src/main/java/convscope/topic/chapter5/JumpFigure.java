package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.scene.Line;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Units;
import convscope.scene.Window;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws every map of a stack over the input, and the fields of two neighbours of the last one. */
final class JumpFigure {
  private static final double MARGIN = 12;

  private final StackedFields fields;
  private final View view;
  private final int last; // layer
  private final int unit; // of the last map, the first of the two
  private final boolean pair; // whether there is a second one
  private final Strip strip;
  private final double below; // where the rows end

  JumpFigure(StackedFields fields, View view) {
    this.fields = fields;
    this.view = view;
    last = fields.depth();
    int units = fields.sizes()[last];
    Cell pick = Cell.parse(view.pick());
    boolean picked = pick != null && pick.within("u" + last, 1, units);
    unit = picked && pick != null ? Math.min(pick.column(), Math.max(0, units - 2)) : view.step();
    pair = units > 1;
    double height = view.stage().height() - 2 * MARGIN - 124;
    double[] columns = view.narrow() ? new double[] {32, 42} : new double[] {46, 60, 42, 52};
    strip =
        new Strip(
            fields,
            last,
            columns,
            this::numbers,
            MARGIN,
            MARGIN,
            view.stage().width() - 2 * MARGIN,
            height);
    below = MARGIN + height + 16;
  }

  Figure figure() {
    Prose caption = caption();
    return Figure.of(scene(), Jump.live(fields, last), caption)
        .finding((caption.plain() + " " + shifted()).trim());
  }

  private String[] numbers(int layer) {
    return layer < 0
        ? new String[] {"j", "start", "S", "map"}
        : new String[] {
          fields.field(layer).jumpText(),
          fields.start(layer),
          layer == 0 ? "" : Num.count(fields.layer(layer).stride()),
          Num.count(fields.sizes()[layer])
        };
  }

  private Scene scene() {
    Scene scene = new Scene(view.stage().width(), view.stage().height());
    strip.place(scene, "maps over the input", "j");
    double ground = below + 48;
    // where position 0 is, and where the first unit of each map is
    double zero = strip.x(0);
    scene.addBelow(new Line("zero", Role.INPUT, "thin", zero, strip.top(), zero, ground));
    for (int layer = last; layer >= 0; layer--) {
      row(scene, layer);
    }
    for (int n = 0; n < (pair ? 2 : 1); n++) {
      if (fields.field(last).sees(unit + n)) {
        project(scene, n, below + n * 24);
      }
    }
    dimensions(scene, ground + 8);
    return scene;
  }

  private void row(Scene scene, int layer) {
    Role role = layer == 0 ? Role.INPUT : layer == last ? Role.OUTPUT : Role.NEUTRAL;
    if (strip.dense(layer)) {
      scene.add(strip.extent(layer, role));
      return;
    }
    Units units = strip.units(layer, role);
    for (int i = 0; i < fields.sizes()[layer]; i++) {
      boolean shown = layer == last && (i == unit || (pair && i == unit + 1));
      double place = fields.field(layer).place(i);
      units.add(
          strip.x(place),
          i,
          shown ? i == unit ? "l9" : "l6" : layer == 0 ? "l2" : "l0",
          layer == 0 ? "position " + i : "unit " + i + " at " + Num.value(place));
    }
    scene.add(units);
  }

  /** The field of one of the two units as a bar under the input, and its sides up to the unit. */
  private void project(Scene scene, int n, double y) {
    ReceptiveField field = fields.field(last);
    long which = unit + n;
    double from = strip.x(field.first(which) - 0.5);
    double to = strip.x(field.last(which) + 0.5);
    String style = n == 0 ? "" : "thin";
    scene.add(new Window("b" + n, Role.OUTPUT, "band", from, y - 7, to - from, 14));
    scene.add(new Window("f" + n, Role.OUTPUT, n == 0 ? "" : "thin", from, y - 7, to - from, 14));
    double apex = strip.x(field.place(which));
    scene.addBelow(new Line("l" + n, Role.OUTPUT, style, apex, strip.middle(last), from, y - 7));
    scene.addBelow(new Line("r" + n, Role.OUTPUT, style, apex, strip.middle(last), to, y - 7));
    double centre = strip.x(field.centre(which));
    scene.add(new Line("c" + n, Role.OUTPUT, "", centre, y - 11, centre, y + 11));
  }

  /** The start from position 0 to the first unit, the jump between the two, and a mistake. */
  private void dimensions(Scene scene, double y) {
    ReceptiveField field = fields.field(last);
    double one = strip.x(field.place(unit));
    double two = pair ? strip.x(field.place(unit + 1)) : one;
    if (pair) {
      bracket(scene, "j", Role.OUTPUT, one, two, y);
    }
    label(scene, "j = " + field.jumpText(), Role.OUTPUT, (one + two) / 2, y + 15);
    double begin = strip.x(field.place(0));
    bracket(scene, "s", Role.INPUT, strip.x(0), begin, y + 22);
    label(scene, "start = " + fields.start(last), Role.INPUT, (strip.x(0) + begin) / 2, y + 37);
    if (!fields.mistake().equals("none")) {
      double wrong = strip.x(fields.misplaced(unit, fields.mistake()));
      scene.add(new Line("wrong", Role.GRADIENT, "", wrong, strip.middle(0) + 10, wrong, y + 40));
      String text =
          "unit " + unit + " at " + Num.value(fields.misplaced(unit, fields.mistake())) + "?";
      label(scene, text, Role.GRADIENT, wrong, y + 54);
    }
  }

  private static void bracket(
      Scene scene, String key, Role role, double from, double to, double y) {
    scene.add(new Line(key, role, "", from, y, to, y));
    scene.add(new Line(key + "l", role, "", from, y - 4, from, y + 4));
    scene.add(new Line(key + "r", role, "", to, y - 4, to, y + 4));
  }

  private void label(Scene scene, String text, Role role, double centre, double baseline) {
    double half = Text.width(text, 12) / 2;
    double end = view.stage().width() - MARGIN;
    double at = Math.max(MARGIN + half, Math.min(end - half, centre));
    scene.add(new Text(text, 12, role).anchor("middle").at(at, baseline));
  }

  private Prose caption() {
    ReceptiveField field = fields.field(last);
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
    if (!fields.mistake().equals("none")) {
      double wrong = fields.misplaced(unit, fields.mistake());
      prose.add(
          "{} unit {} would be at [gradient {}]",
          fields.mistake().equals("offset") ? "Without the start" : "With the strides added up",
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
