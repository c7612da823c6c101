package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.param.Answer;
import convscope.param.IntParam;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Prose;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.2: what a window reads beyond the edge, and which outputs notice. */
public final class Padding implements EditableTopic<Padded> {
  private static final int MAX_INPUT = 8;
  private static final int MAX_KERNEL = 5;

  private static final Head HEAD =
      Head.of(
              "padding",
              "Padded border",
              Inputs.padding("mode", "reflect").group("Window"),
              side("top", 1).label("Top"),
              side("left", 2).label("Left"),
              side("bottom", 1).label("Bottom"),
              side("right", 2).label("Right"),
              ImageInput.size(4, 5, MAX_INPUT).group("Input"),
              ImageInput.patterns("count"),
              ImageInput.numbers(MAX_INPUT),
              Param.pair("kernel", 3, 3)
                  .range(1, MAX_KERNEL)
                  .label("Kernel K")
                  .symbol("w")
                  .group("Kernel"),
              Kernels.choice("preset", "sobel-x"),
              Kernels.numbers(MAX_KERNEL),
              Inputs.padding("against", "zeros").label("Compared with").group("Show"),
              Param.flag("mistake")
                  .label("Mix up the order")
                  .help(
                      "The common mistake: hands (top, bottom, left, right) to a function that"
                          + " wants (left, right, top, bottom)."))
          .stage(340, 390);

  private static IntParam side(String name, int fallback) {
    return Param.integer(name, fallback).range(0, 4).symbol("P");
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("x_{'pad'}[p,q] = x[m(p),m(q)]");
  }

  /**
   * Which of the H rows the row p copies that lies before the first or after the last: the right
   * side of m(p), with p written as given; for zeros the value, since there is no place.
   */
  static String source(PaddingMode mode, boolean after, String p) {
    return switch (mode) {
      case REFLECT -> after ? "2(H − 1) − " + p : "−" + p;
      case REPLICATE -> after ? "H − 1" : "0";
      case CIRCULAR -> p + (after ? " − H" : " + H");
      case ZEROS -> "0";
    };
  }

  private static Conv2d.Spec spec(Values values, String mode) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .padding(
            values.integer("top"),
            values.integer("left"),
            values.integer("bottom"),
            values.integer("right"))
        .mode(PaddingMode.parse(values.choice(mode)));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    Conv2d.Spec spec = spec(values, "mode");
    String text = Conv2d.problem(size.height(), size.width(), spec);
    return text != null
        ? new Problem(spec.mode() == PaddingMode.ZEROS ? "kernel" : "mode", text)
        : Problem.of(
            "against", Conv2d.problem(size.height(), size.width(), spec(values, "against")));
  }

  @Override
  public Padded compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    Tensor w = Kernels.of(values);
    Conv2d.Spec spec = spec(values, "mode");
    int[] before = {0, 0, spec.padTop(), spec.padLeft()};
    int[] behind = {0, 0, spec.padBottom(), spec.padRight()};
    return new Padded(
        input,
        spec,
        PaddingMode.parse(values.choice("against")),
        Pad.forward(input.x(), before, behind, spec.mode(), 0),
        w,
        Conv2d.forward(input.x(), w, null, spec),
        Conv2d.forward(input.x(), w, null, spec(values, "against")),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Padded result) {
    return Steps.of(Math.max(1, result.border().size()), 0);
  }

  @Override
  public Figure figure(Padded result, View view) {
    return new PaddingFigure(result, view).figure();
  }

  @Override
  public Answers answers(Padded result) {
    double inside = result.y().at(0, 0, result.y().dim(2) / 2, result.y().dim(3) / 2);
    double edge = result.y().at(0, 0, result.y().dim(2) / 2, 0);
    Tensor padded = result.padded();
    Conv2d.Spec mixed = result.mixedUp();
    return Answers.of("inside", inside)
        .and("edge", edge)
        .and("faithful", 1 / (1 + Math.abs(edge - inside)))
        .and("padded", Answer.row(padded.dim(2), padded.dim(3)))
        .wrong(
            "padded",
            Answer.row(
                mixed.vertical().padded(result.input().height()),
                mixed.horizontal().padded(result.input().width())));
  }

  @Override
  public Map<String, String> facts() {
    Padded shown = shown();
    Conv2d.Spec spec = shown.spec();
    int top = spec.padTop();
    int left = spec.padLeft();
    int row = shown.sourceRow(-top);
    int column = shown.sourceColumn(-left);
    Map<String, String> facts = new HashMap<>();
    facts.put("in", shown.input().size());
    facts.put("padded", shown.size(spec));
    facts.put("sides", Prose.list(", ", top, spec.padBottom(), left, spec.padRight()));
    facts.put("torchSides", Prose.list(", ", left, spec.padRight(), top, spec.padBottom()));
    facts.put("row", Num.value(-top));
    facts.put("column", Num.value(-left));
    facts.put("sourceRow", Num.value(row));
    facts.put("sourceColumn", Num.value(column));
    facts.put("value", Num.cell(shown.read(-top, -left)));
    facts.put("example", PaddingFigure.sources(shown, -top, -left));
    facts.put("inner", Num.count(shown.count(true, false)));
    facts.put("outputs", Num.count(shown.y().size()));
    facts.put("differ", Num.count(shown.count(false, true)));
    facts.put("x", Listing.tensor("x", shown.input().x()));
    facts.put("mode", spec.mode().text());
    facts.put("shape", Prose.list(", ", shown.padded().dim(2), shown.padded().dim(3)));
    facts.put("wrong", shown.size(shown.mixedUp()));
    facts.put("most", Num.count(shown.input().height() - 1));
    for (PaddingMode mode : PaddingMode.values()) {
      facts.put(mode.text() + "Slope", slope(mode));
      if (mode != PaddingMode.ZEROS) {
        facts.put(mode.text() + "Before", rule(mode, false));
        facts.put(mode.text() + "After", rule(mode, true));
      }
    }
    return facts;
  }

  private static String rule(PaddingMode mode, boolean after) {
    return Formula.of(source(mode, after, "p"), "H:input:x").inline();
  }

  /** What Sobel gives at the left and right edge of the counting input, where every step is 1. */
  private String slope(PaddingMode mode) {
    Values values = schema().defaults().with("mode", mode.text()).with("size", "5x6");
    Tensor y = compute(values.with("left", "1").with("right", "1"), Given.NOTHING).y();
    return Num.cell(y.at(0, 0, 2, 0)) + " and " + Num.cell(y.at(0, 0, 2, 5));
  }
}
