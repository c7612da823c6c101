package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.2: what a window reads beyond the edge, and which outputs notice. */
public final class Padding implements Topic<Padded> {
  private static final Head HEAD =
      Head.of(
              "padding",
              "Padded border",
              modes("mode", "reflect").label("Padding reads").symbol("P"),
              modes("against", "zeros").label("Compared with").symbol("P"),
              side("top", 1).label("Top"),
              side("bottom", 1).label("Bottom"),
              side("left", 2).label("Left"),
              side("right", 2).label("Right"),
              Param.pair("kernel", 3, 3).range(1, 5).label("Kernel K").symbol("w"),
              Param.pair("size", 4, 5).range(1, 8).label("Input size").symbol("x"),
              Inputs.patterns("input", "count").label("Input").symbol("x"),
              Kernels.named("preset", "sobel-x").label("Kernel values").symbol("w"),
              Param.flag("mistake")
                  .label("Mix up the order")
                  .help(
                      "The common mistake: hands (top, bottom, left, right) to a function that"
                          + " wants (left, right, top, bottom)."))
          .stage(340, 390);

  private static ChoiceParam modes(String name, String fallback) {
    return Param.choice(name, fallback)
        .option("zeros", "Zeros")
        .option("reflect", "Reflect")
        .option("replicate", "Replicate")
        .option("circular", "Circular");
  }

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
    spec = spec.mode(PaddingMode.parse(values.choice("against")));
    return Problem.of("against", Conv2d.problem(size.height(), size.width(), spec));
  }

  @Override
  public Padded compute(Values values, Given given) {
    Pair size = values.pair("size");
    Pair kernel = values.pair("kernel");
    return Padded.of(
        matrix(Inputs.values(values.choice("input"), size.height(), size.width()), size),
        matrix(Kernels.values(values.choice("preset"), kernel.height(), kernel.width()), kernel),
        spec(values),
        PaddingMode.parse(values.choice("against")),
        values.flag("mistake"));
  }

  private static Tensor matrix(float[] values, Pair size) {
    return Tensor.of(values, 1, 1, size.height(), size.width());
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
  public Map<String, String> facts() {
    Padded shown = shown();
    Conv2d.Spec spec = shown.spec();
    int row = -spec.padTop();
    int column = -spec.padLeft();
    Map<String, String> facts =
        new HashMap<>(
            Map.ofEntries(
                Map.entry("in", Num.size(shown.height(), shown.width())),
                Map.entry("padded", Num.size(shown.padded().dim(2), shown.padded().dim(3))),
                Map.entry("sides", list(row, -spec.padBottom(), column, -spec.padRight())),
                Map.entry("torchSides", list(column, -spec.padRight(), row, -spec.padBottom())),
                Map.entry("row", Num.value(row)),
                Map.entry("column", Num.value(column)),
                Map.entry("sourceRow", Num.value(shown.sourceRow(row))),
                Map.entry("sourceColumn", Num.value(shown.sourceColumn(column))),
                Map.entry("value", Num.cell(shown.read(row, column))),
                Map.entry("example", PaddingFigure.sources(shown, row, column)),
                Map.entry("inner", Num.count(shown.count(true, false))),
                Map.entry("outputs", Num.count(shown.y().size())),
                Map.entry("differ", Num.count(shown.count(false, true))),
                Map.entry("x", Listing.tensor("x", shown.x())),
                Map.entry("mode", spec.mode().text()),
                Map.entry("shape", list(-shown.padded().dim(2), -shown.padded().dim(3))),
                Map.entry("wrong", PaddingFigure.size(shown, shown.mixedUp())),
                Map.entry("most", Num.count(shown.height() - 1))));
    for (PaddingMode mode : PaddingMode.values()) {
      facts.put(mode.text() + "Slope", slope(mode));
      if (mode != PaddingMode.ZEROS) {
        String rule = source(mode, false, "p");
        facts.put(mode.text() + "Before", Formula.of(rule, "H:input:x").inline());
        rule = source(mode, true, "p");
        facts.put(mode.text() + "After", Formula.of(rule, "H:input:x").inline());
      }
    }
    return facts;
  }

  /** Negated places as sizes: {@code 1, 1, 2, 2}. */
  private static String list(int... places) {
    StringBuilder out = new StringBuilder();
    for (int place : places) {
      out.append(out.isEmpty() ? "" : ", ").append(-place);
    }
    return out.toString();
  }

  /** What Sobel gives at the left edge of the counting input, where every step is 1. */
  private static String slope(PaddingMode mode) {
    Tensor x = matrix(Inputs.values("count", 5, 6), new Pair(5, 6));
    Tensor w = matrix(Kernels.values("sobel-x", 3, 3), new Pair(3, 3));
    Tensor y = Conv2d.forward(x, w, null, Conv2d.Spec.of(3, 3).padding(1).mode(mode));
    return Num.cell(y.at(0, 0, 2, 0)) + " and " + Num.cell(y.at(0, 0, 2, 5));
  }
}
