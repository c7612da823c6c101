package convscope.topic.chapter5;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Prose;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.5: how much of its field a unit really uses, by backpropagation through random networks. */
public final class EffectiveReceptiveField implements Topic<EffectiveField> {
  /** The widest field that is measured; larger ones take too long in a browser. */
  private static final int WIDEST = 49;

  private static final Head HEAD =
      Head.of(
              "effective-receptive-field",
              "What the unit in the centre really uses",
              Param.integer("layers", 10)
                  .range(1, 20)
                  .label("Layers n")
                  .symbol("n")
                  .group("Layers"),
              Param.integer("kernel", 3).range(2, 7).label("Kernel K").symbol("w"),
              Param.choice("dilation", "one")
                  .option("one", "1")
                  .option("two", "2")
                  .option("cycle", "1, 2, 4, 1, 2, …")
                  .label("Dilation D")
                  .symbol("D"),
              Param.choice("weights", "random")
                  .option("random", "Random")
                  .option("equal", "All equal")
                  .label("Values")
                  .symbol("w")
                  .group("Weights"),
              Param.choice("nonlinearity", "linear")
                  .option("linear", "None")
                  .option("relu", "ReLU")
                  .label("Nonlinearity"),
              Inputs.pictures(Param.choice("picture", "none").option("none", "No"))
                  .label("On an image")
                  .group("Show"),
              Param.mistake("Draws what it would look like if the whole field counted alike.")
                  .option("even", "Every cell counts alike"))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("'ERF'[p] = 𝔼 abs{frac{∂y_{'centre'}}{∂x[p]}}");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int side = field(values, null).side();
    String words =
        "layers: the field of these layers is {} cells wide, and up to {} are measured here; use"
            + " fewer layers, a smaller kernel or less dilation";
    return side <= WIDEST ? null : new Problem("layers", Prose.of(words, side, WIDEST).plain());
  }

  private static EffectiveField field(Values values, @Nullable Picture picture) {
    int kernel = values.integer("kernel");
    return new EffectiveField(
        values.choice("weights").equals("equal"),
        values.choice("nonlinearity").equals("relu"),
        kernel,
        DilatedStack.dilations(values.choice("dilation"), kernel, values.integer("layers")),
        picture,
        values.choice("mistake").equals("even"),
        new ArrayList<>());
  }

  @Override
  public EffectiveField compute(Values values, Given given) {
    return field(values, given.picture(values.choice("picture")));
  }

  @Override
  public Steps steps(EffectiveField field) {
    return Steps.of(EffectiveField.SEEDS, EffectiveField.SEEDS / 2);
  }

  @Override
  public Figure figure(EffectiveField field, View view) {
    return new EffectiveFieldFigure(field, view).figure();
  }

  @Override
  public Answers answers(EffectiveField field) {
    double sigma = field.expected(field.layers());
    return Answers.of("side", field.side()).and("sigma", sigma).and("variance", sigma * sigma);
  }

  @Override
  public Map<String, String> facts() {
    EffectiveField shown = shown();
    int n = shown.layers();
    double[] map = shown.sum(EffectiveField.SEEDS, n);
    int held = EffectiveField.count(EffectiveField.heart(map));
    EffectiveField four = EffectiveField.equal(3, 4 * n);
    EffectiveField manySmall = EffectiveField.equal(3, 15);
    EffectiveField oneLarge = EffectiveField.equal(31, 1);
    Formula variance =
        Formula.of("σ^2 = n frac{D^2(K^2−1)}{12}", "σ:gradient:sigma", "n:neutral", "K:kernel:w");
    return Map.ofEntries(
        Map.entry("n", Num.count(n)),
        Map.entry("K", Num.count(shown.kernel())),
        Map.entry("taps", Num.count(shown.kernel() * shown.kernel())),
        Map.entry("seeds", Num.count(EffectiveField.SEEDS)),
        Map.entry("r", Num.count(shown.side())),
        Map.entry("middle", Num.decimal((shown.side() - 1) / 2.0, 1)),
        Map.entry("area", Num.count(map.length)),
        Map.entry("heart", Num.count(held)),
        Map.entry("percent", Num.percent((double) held / map.length, 0)),
        Map.entry("sigma", Num.value(EffectiveField.deviation(EffectiveField.profile(map)))),
        Map.entry("equalSigma", Num.decimal(EffectiveField.equal(3, n).expected(n), 3)),
        Map.entry("variance", variance.display()),
        Map.entry("random", Num.value(shown.expected(n))),
        Map.entry("fourTimes", Num.count(four.layers())),
        Map.entry("fourSigma", Num.value(four.expected(four.layers()))),
        Map.entry("fourField", Num.count(four.side())),
        Map.entry("oneLarge", Num.decimal(oneLarge.expected(1), 1)),
        Map.entry("manySmall", Num.decimal(manySmall.expected(15), 1)),
        Map.entry("manyField", Num.count(manySmall.side())));
  }
}
