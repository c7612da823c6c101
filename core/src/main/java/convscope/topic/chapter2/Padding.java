package convscope.topic.chapter2;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.ChoiceParam;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.2: what a window reads beyond the edge, and which outputs notice. */
public final class Padding implements Topic<Padded> {
  private static final int MOST = 4;

  private static final Head HEAD =
      Head.of(
          "padding",
          "Padded border",
          modes("mode", "reflect").label("Padding reads").symbol("P"),
          modes("against", "zeros").label("Compared with").symbol("P"),
          Inputs.patterns("input", "count").label("Input").symbol("x"),
          Kernels.named("preset", "sobel-x").label("Kernel values").symbol("w"),
          Param.pair("size", 4, 5).range(1, 8).label("Input size").symbol("x"),
          Param.pair("kernel", 3, 3).range(1, 5).label("Kernel K").symbol("w"),
          Param.integer("top", 1).range(0, MOST).label("Top").symbol("P"),
          Param.integer("bottom", 1).range(0, MOST).label("Bottom").symbol("P"),
          Param.integer("left", 2).range(0, MOST).label("Left").symbol("P"),
          Param.integer("right", 2).range(0, MOST).label("Right").symbol("P"),
          Param.flag("mistake")
              .label("Mix up the order")
              .help(
                  "The common mistake: hands (top, bottom, left, right) to a function that wants"
                      + " (left, right, top, bottom)."));

  private static ChoiceParam modes(String name, String fallback) {
    return Param.choice(name, fallback)
        .option("zeros", "Zeros")
        .option("reflect", "Reflect")
        .option("replicate", "Replicate")
        .option("circular", "Circular");
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula x = sym("x", Role.INPUT);
    return row(
        sub(x, word("pad")),
        place(index("p"), index("q")),
        op("="),
        x,
        place(
            row(index("m"), op("("), index("p"), op(")")),
            row(index("m"), op("("), index("q"), op(")"))));
  }

  private static Formula place(Formula row, Formula column) {
    return row(op("["), row, op(","), column, op("]"));
  }

  /**
   * Which of the {@code size} rows the row p copies that lies before the first or after the last.
   */
  static Formula source(PaddingMode mode, boolean after, Formula size, Formula p) {
    Formula last = row(size, op("−"), num("1"));
    return switch (mode) {
      case REFLECT -> after ? row(num("2"), paren(last), op("−"), p) : row(op("−"), p);
      case REPLICATE -> after ? last : num("0");
      case CIRCULAR -> row(p, op(after ? "−" : "+"), size);
      case ZEROS -> num("0"); // the value, since there is no place
    };
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = values.pair("kernel");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .padding(
            values.integer("top"),
            values.integer("left"),
            values.integer("bottom"),
            values.integer("right"))
        .mode(PaddingMode.parse(values.choice("mode")));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = spec(values);
    String text = Conv2d.problem(size.height(), size.width(), spec);
    if (text != null) {
      return new Problem(spec.mode() == PaddingMode.ZEROS ? "kernel" : "mode", text);
    }
    Conv2d.Spec other = spec.mode(PaddingMode.parse(values.choice("against")));
    text = Conv2d.problem(size.height(), size.width(), other);
    return text == null ? null : new Problem("against", text);
  }

  @Override
  public Padded compute(Values values, Given given) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = spec(values);
    return Padded.of(
        Inputs.values(values.choice("input"), size.height(), size.width()),
        size,
        Kernels.values(values.choice("preset"), spec.kernelHeight(), spec.kernelWidth()),
        spec,
        PaddingMode.parse(values.choice("against")),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Padded result) {
    return new Steps(Math.max(1, result.border().size()), 0, 1);
  }

  @Override
  public Figure figure(Padded result, View view) {
    return new PaddingFigure(result, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Notes.notEditable();
  }

  @Override
  public Map<String, String> facts() {
    Padded shown = compute(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    for (PaddingMode mode : PaddingMode.values()) {
      facts.put(mode.text() + "Slope", slope(mode));
      if (mode != PaddingMode.ZEROS) {
        Formula size = sym("H", "x", Role.INPUT);
        facts.put(mode.text() + "Before", source(mode, false, size, index("p")).inline());
        facts.put(mode.text() + "After", source(mode, true, size, index("p")).inline());
      }
    }
    Conv2d.Spec spec = shown.spec();
    facts.put("in", shown.height() + " × " + shown.width());
    facts.put("padded", shown.paddedHeight() + " × " + shown.paddedWidth());
    facts.put(
        "sides",
        spec.padTop() + ", " + spec.padBottom() + ", " + spec.padLeft() + ", " + spec.padRight());
    int first = -spec.padLeft();
    facts.put("row", Notes.number(-spec.padTop()));
    facts.put("column", Notes.number(first));
    facts.put("sourceRow", Notes.number(shown.sourceRow(-spec.padTop())));
    facts.put("sourceColumn", Notes.number(shown.sourceColumn(first)));
    facts.put("value", Num.cell(shown.read(-spec.padTop(), first)));
    facts.put("example", PaddingFigure.sources(shown, -spec.padTop(), first));
    facts.put("inner", Notes.number(shown.interior().height() * shown.interior().width()));
    facts.put("outputs", Notes.number(shown.y().size()));
    facts.put("differ", Notes.number(shown.changed()));
    facts.put("code", code(shown));
    facts.put("wrong", shown.mixedUp().toString());
    facts.put("most", Notes.number(shown.height() - 1));
    return facts;
  }

  /** What Sobel gives at the left edge of the counting input, where every step is 1. */
  private static String slope(PaddingMode mode) {
    Conv2d.Spec spec = Conv2d.Spec.of(3, 3).padding(1).mode(mode);
    Pair size = new Pair(5, 6);
    float[] x = Inputs.values("count", 5, 6);
    float[] w = Kernels.values("sobel-x", 3, 3);
    Padded run = Padded.of(x, size, w, spec, PaddingMode.ZEROS, false);
    return Num.cell(run.y().data()[2 * 6]) + " and " + Num.cell(run.y().data()[2 * 6 + 5]);
  }

  private static String code(Padded shown) {
    Conv2d.Spec spec = shown.spec();
    return "x = torch.arange(1., "
        + (shown.height() * shown.width() + 1)
        + ").reshape(1, 1, "
        + shown.height()
        + ", "
        + shown.width()
        + ")\n# left, right, top, bottom\np = torch.nn.functional.pad(x, ("
        + spec.padLeft()
        + ", "
        + spec.padRight()
        + ", "
        + spec.padTop()
        + ", "
        + spec.padBottom()
        + "), mode=\""
        + spec.mode().text()
        + "\")\nassert p.shape[2:] == ("
        + shown.paddedHeight()
        + ", "
        + shown.paddedWidth()
        + ")\nassert p[0, 0, 0, 0] == "
        + Num.plain(shown.read(-spec.padTop(), -spec.padLeft()), 0);
  }
}
