package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.DigitReader;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.List;
import java.util.Map;

/** 6.5: backward against central differences, over the width of the difference. */
public final class GradientCheck implements Topic<Checked> {
  private static final int DIGIT = 14; // a 4 that the reader takes for a 9

  private static final Head HEAD =
      Head.of(
              "gradient-check",
              "How wide a difference tells most",
              Param.mistake(
                      "What the backward pass does wrong, or where the loss has no derivative.")
                  .option("stride", "Drop the stride")
                  .option("flip", "Forget the flip")
                  .option("axis", "Sum over the wrong axis")
                  .option("kink", "An activation at 0")
                  .option("near", "An activation near 0")
                  .label("Break it")
                  .onlyWith("network", "small"),
              Param.choice("precision", "float32")
                  .option("float32", "float32")
                  .option("float64", "float64")
                  .label("Judge by")
                  .onlyWith("network", "small"),
              Param.choice("tolerance", "1e-3")
                  .option("1e-2", "1e−2")
                  .option("1e-3", "1e−3")
                  .option("1e-5", "1e−5")
                  .option("1e-7", "1e−7")
                  .label("Tolerance"),
              Param.integer("stride", 2)
                  .range(1, 3)
                  .label("Stride S")
                  .symbol("S")
                  .onlyWith("network", "small"),
              Param.choice("network", "small")
                  .option("small", "One small layer")
                  .option("reader", "The digit reader’s first")
                  .label("Network"))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "frac{∂L}{∂θ} = frac{L(θ+ε) − L(θ−ε)}{2ε} + O(ε^2)", "L:output", "θ:kernel", "ε:neutral");
  }

  @Override
  public List<String> needs(Values values) {
    return values.choice("network").equals("reader")
        ? List.of(DigitReader.FILE, HeldOutDigits.FILE)
        : List.of();
  }

  @Override
  public Checked compute(Values values, Given given) {
    double tolerance = Num.parse(values.choice("tolerance"));
    if (values.choice("network").equals("reader")) {
      ReaderLayer layer = ReaderLayer.of(DigitReader.read(given, DIGIT));
      return Checked.of(layer, "none", false, false, tolerance);
    }
    String mistake = values.choice("mistake");
    boolean judge64 = values.choice("precision").equals("float64");
    SmallLayer layer = new SmallLayer(values.integer("stride"), mistake);
    return Checked.of(layer, mistake, true, judge64, tolerance);
  }

  @Override
  public Steps steps(Checked result) {
    return Steps.of(result.epsilons().length, result.at(-3));
  }

  @Override
  public Figure figure(Checked result, View view) {
    return new GradientCheckFigure(result, view).figure();
  }

  /** The exponent of the best power of ten. */
  private static int best(Checked it, double[][][] numeric) {
    int best = -8;
    for (int exponent = -7; exponent <= -1; exponent++) {
      boolean better = it.error(numeric, it.at(exponent)) < it.error(numeric, it.at(best));
      best = better ? exponent : best;
    }
    return best;
  }

  @Override
  public Answers answers(Checked it) {
    int best = best(it, it.shown());
    int failing = 0;
    for (int p : it.failing(it.at(-3))) {
      failing += it.backward()[p].length;
    }
    return Answers.of("best", best)
        .and("least", it.error(it.shown(), it.at(best)))
        .and("narrow", it.error(it.shown(), it.at(-5)))
        .and("failing", failing);
  }

  @Override
  public Map<String, String> facts() {
    Checked it = shown();
    SmallLayer layer = (SmallLayer) it.model();
    int numbers = 0;
    for (double[] gradient : it.backward()) {
      numbers += gradient.length;
    }
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("x", Listing.tensor("x", layer.x())),
        Map.entry("w", Listing.tensor("w", layer.w())),
        Map.entry("b", Listing.tensor("b", layer.b())),
        Map.entry("stride", Num.count(layer.stride)),
        Map.entry("numbers", Num.count(numbers)),
        Map.entry("losses", Num.count(2 * numbers)),
        Map.entry("loss", Num.decimal(it.loss(), 6)),
        Map.entry("error", Num.scientific(it.error(it.single(), it.at(-3)), 1)),
        Map.entry("single", Num.scientific(it.error(it.single(), it.best(it.single())), 1)),
        Map.entry("singleAt", Num.scientific(it.epsilons()[it.best(it.single())], 1)),
        Map.entry("double", Num.scientific(it.error(it.twice(), it.best(it.twice())), 1)),
        Map.entry("doubleAt", Num.scientific(it.epsilons()[it.best(it.twice())], 1)));
  }
}
