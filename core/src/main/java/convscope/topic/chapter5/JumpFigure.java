package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.scene.Line;
import convscope.scene.Prose;
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

/** Draws every map of a stack over the input, and the fields of two neighbours of the last one. */
final class JumpFigure {
  private static final double MARGIN = 20;
  private static final String[] HEADS = {"map", "S", "j", "start"};

  private final StackedFields fields;
  private final View view;
  private final int last; // layer
  private final int unit; // of the last map, the first of the two
  private final boolean pair; // whether there is a second one
  private final double room;
  private final double names;
  private final double[] columns;
  private final double rowHeight;
  private final double across; // width of the strip
  private final double step; // of one position
  private final double top;

  JumpFigure(StackedFields fields, View view) {
    this.fields = fields;
    this.view = view;
    last = fields.depth();
    int units = fields.sizes()[last];
    Cell pick = Cell.parse(view.pick());
    boolean picked = pick != null && pick.within("u" + last, 1, units);
    unit = picked && pick != null ? Math.min(pick.column(), Math.max(0, units - 2)) : view.step();
    pair = units > 1;
    room = view.width() - 2 * MARGIN;
    columns = view.narrow() ? new double[] {0, 0, 32, 42} : new double[] {52, 42, 46, 60};
    double longest = 0;
    for (int l = 0; l <= last; l++) {
      longest = Math.max(longest, Text.width(fields.name(l), 12));
    }
    names = longest + 14;
    double table = 10;
    for (double column : columns) {
      table += column;
    }
    across = room - names - table;
    step = across / (fields.last() - fields.first() + 1);
    rowHeight = Math.max(24, Math.min(44, 380.0 / (last + 1)));
    top = MARGIN + Title.HEIGHT;
  }

  Figure figure() {
    Prose caption = caption();
    return new Figure(
        scene(),
        caption.plain() + " " + shifted(),
        Jump.live(fields, last),
        caption.html(),
        twin());
  }

  private double middle(int layer) {
    return top + (last - layer + 0.5) * rowHeight;
  }

  /** Where an input position is drawn, or the end of the strip if it lies beyond. */
  private double x(double position) {
    double inside = Math.max(fields.first() - 0.5, Math.min(fields.last() + 0.5, position));
    return MARGIN + names + (inside - fields.first() + 0.5) * step;
  }

  private Scene scene() {
    double below = middle(0) + rowHeight / 2 + 16;
    boolean slip = !fields.mistake().equals("none");
    Scene scene = new Scene(view.width(), below + (slip ? 108 : 84) + MARGIN);
    scene.add(Title.above("maps over the input", "", Role.OUTPUT, "j", MARGIN, top - 2));
    numbers(scene, HEADS, top - 11, "label");
    double ground = below + 48;
    // where position 0 is, and where the first unit of each map is
    scene.add(new Line("zero", Role.INPUT, "thin", x(0), top, x(0), ground));
    for (int layer = last; layer >= 0; layer--) {
      row(scene, layer);
    }
    ReceptiveField field = fields.field(last);
    for (int n = 0; n < (pair ? 2 : 1); n++) {
      if (field.sees(unit + n)) {
        project(scene, n, below + n * 24);
      }
    }
    dimensions(scene, ground + 8);
    return scene;
  }

  private void numbers(Scene scene, String[] texts, double baseline, String css) {
    double right = MARGIN + room;
    for (int c = columns.length - 1; c >= 0; c--) {
      if (columns[c] > 0) {
        scene.add(new Text(texts[c], 12, css).anchor("end").at(right, baseline));
      }
      right -= columns[c];
    }
  }

  private void row(Scene scene, int layer) {
    ReceptiveField field = fields.field(layer);
    double y = middle(layer);
    int count = fields.sizes()[layer];
    scene.add(
        new Text(fields.name(layer), 12, layer == 0 ? "label input" : "label").at(MARGIN, y + 4));
    numbers(
        scene,
        new String[] {
          Num.count(count),
          layer == 0 ? "" : Num.count(fields.layer(layer).stride()),
          field.jumpText(),
          fields.start(layer)
        },
        y + 4,
        "label");
    Role role = layer == 0 ? Role.INPUT : layer == last ? Role.OUTPUT : Role.NEUTRAL;
    double spacing = field.jump() * step;
    if (spacing < 4.5 || count > StackedLayersFigure.MANY) {
      double from = x(field.place(0) - 0.5);
      scene.add(
          new Window(
              "m" + layer,
              role,
              "band",
              from,
              y - 6,
              Math.max(3, x(field.place(count - 1) + 0.5) - from),
              12));
      return;
    }
    Units units =
        new Units("u" + layer, role, y, Math.min(14, spacing - 1.5), fields.name(layer) + " units");
    for (int i = 0; i < count; i++) {
      boolean shown = layer == last && (i == unit || pair && i == unit + 1);
      units.add(
          x(field.place(i)),
          i,
          shown ? i == unit ? "l9" : "l6" : layer == 0 ? "l2" : "l0",
          (layer == 0 ? "position " : "unit ")
              + i
              + (layer == 0 ? "" : " at " + Num.decimal(field.place(i), 2)));
    }
    scene.add(units);
  }

  /** The field of one of the two units as a bar under the input, and its sides up to the unit. */
  private void project(Scene scene, int n, double y) {
    ReceptiveField field = fields.field(last);
    long which = unit + n;
    double from = x(field.first(which) - 0.5);
    double to = x(field.last(which) + 0.5);
    String style = n == 0 ? "" : "thin";
    scene.add(new Window("b" + n, Role.OUTPUT, "band", from, y - 7, to - from, 14));
    scene.add(new Window("f" + n, Role.OUTPUT, n == 0 ? "" : "thin", from, y - 7, to - from, 14));
    double apex = x(field.place(which));
    scene.addBelow(new Line("l" + n, Role.OUTPUT, style, apex, middle(last), from, y - 7));
    scene.addBelow(new Line("r" + n, Role.OUTPUT, style, apex, middle(last), to, y - 7));
    double centre = x(field.centre(which));
    scene.add(new Line("c" + n, Role.OUTPUT, "", centre, y - 11, centre, y + 11));
  }

  /** The start from position 0 to the first unit, the jump between the two, and a mistake. */
  private void dimensions(Scene scene, double y) {
    ReceptiveField field = fields.field(last);
    double one = x(field.place(unit));
    double two = pair ? x(field.place(unit + 1)) : one;
    if (pair) {
      bracket(scene, "j", Role.OUTPUT, one, two, y);
    }
    label(scene, "j = " + field.jumpText(), Role.OUTPUT, (one + two) / 2, y + 15);
    double begin = x(field.place(0));
    bracket(scene, "s", Role.INPUT, x(0), begin, y + 22);
    label(scene, "start = " + fields.start(last), Role.INPUT, (x(0) + begin) / 2, y + 37);
    if (!fields.mistake().equals("none")) {
      double wrong = x(fields.misplaced(unit, fields.mistake()));
      scene.add(new Line("wrong", Role.GRADIENT, "", wrong, middle(0) + 10, wrong, y + 40));
      String text =
          "unit " + unit + " at " + Num.decimal(fields.misplaced(unit, fields.mistake()), 2) + "?";
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
    double at = Math.max(MARGIN + half, Math.min(MARGIN + room - half, centre));
    scene.add(new Text(text, 12, role).anchor("middle").at(at, baseline));
  }

  private Prose caption() {
    ReceptiveField field = fields.field(last);
    Prose prose = new Prose();
    String place = Num.decimal(field.place(unit), 2);
    if (pair) {
      prose
          .say("Units " + unit + " and " + (unit + 1) + " of the last map sit at ")
          .say(Role.OUTPUT, place + " and " + Num.decimal(field.place(unit + 1), 2))
          .say(" in the input, " + field.jumpText() + " apart. ");
    } else {
      prose.say("The only unit of the last map sits at ").say(Role.OUTPUT, place).say(". ");
    }
    if (!fields.mistake().equals("none")) {
      double wrong = fields.misplaced(unit, fields.mistake());
      prose
          .say(
              fields.mistake().equals("offset")
                  ? "Without the start unit " + unit + " would be at "
                  : "With the strides added up unit " + unit + " would be at ")
          .say(Role.GRADIENT, Num.decimal(wrong, 2));
      return prose.say(
          wrong == field.place(unit)
              ? ": right by luck here."
              : ", off by " + Num.decimal(Math.abs(wrong - field.place(unit)), 2) + ".");
    }
    if (!pair || !field.sees(unit) || !field.sees(unit + 1)) {
      return prose;
    }
    long shared = field.last(unit) - field.first(unit + 1L) + 1;
    long size = field.last(unit) - field.first(unit) + 1;
    return prose.say(
        "The first sees "
            + Num.count(size)
            + (size == 1 ? " position" : " positions")
            + (shared > 0
                ? " and shares " + Num.count(shared) + " with its neighbour."
                : shared == 0
                    ? ", and its neighbour goes on where it ends."
                    : ", and " + Num.count(-shared) + " lie between the two fields, unseen."));
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

  private String twin() {
    List<List<String>> rows = new ArrayList<>();
    for (int l = 0; l <= last; l++) {
      rows.add(
          List.of(
              l + " " + fields.name(l),
              Num.count(fields.sizes()[l]),
              l == 0 ? "" : Num.count(fields.layer(l).stride()),
              fields.field(l).jumpText(),
              fields.start(l)));
    }
    return new Twin()
        .say(caption().plain())
        .say(shifted())
        .table("Maps", List.of("layer", "units along an axis", "stride", "jump", "start"), rows)
        .toString();
  }
}
