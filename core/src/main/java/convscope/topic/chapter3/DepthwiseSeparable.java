package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.FastConv2d;
import convscope.param.NumberGrid;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Measurement;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.5: a convolution taken apart into one per channel and a mixing of channels. */
public final class DepthwiseSeparable implements Topic<Separable> {
  private static final int NUMBERS = 6; // what was measured, and two times
  private static final Head HEAD =
      Head.of(
              "depthwise-separable",
              "One convolution, two stages",
              Param.integer("kernel", 3).range(1, 7).label("Kernel K").symbol("K").group("Layer"),
              LayerParams.kernels(64, 64),
              LayerParams.channels(32, 64),
              Param.integer("size", 28).range(1, 56).label("Image size").group("Input"),
              Param.grid("measured").atMost(1, NUMBERS).measured().label("Time"),
              LayerParams.miscount("dashed")
                  .group("Show")
                  .option("pointwise", "Mixing forgotten")
                  .option("depthwise", "Kernels forgotten"))
          .stage(420, 400);

  private static final String TERMS = "frac{1}{C_out} + frac{1}{K^2}";
  private static final String[] SYMBOLS = {"C_in:input", "C_out:output", "K:kernel"};

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("frac{K^2 C_in + C_in·C_out}{K^2·C_in·C_out} = {" + TERMS + "}", SYMBOLS);
  }

  /** Both sides of the relation with live numbers. */
  static String live(Separable found) {
    return Formula.row(
            Formula.frac(
                Formula.num(Num.count(found.stages())), Formula.num(Num.count(found.whole()))),
            Formula.op("="),
            Formula.of(TERMS, SYMBOLS).with("C_out", found.out(), "K", found.kernel()),
            Formula.op("="),
            Formula.num(Num.decimal(found.ratio(), 4)))
        .line();
  }

  /** The sizes that a measurement belongs to: input and output channels, kernel, image. */
  private static int[] sizes(Values values) {
    return new int[] {
      values.integer("in-channels"),
      values.integer("out-channels"),
      values.integer("kernel"),
      values.integer("size")
    };
  }

  @Override
  public Separable compute(Values values, Given given) {
    int[] sizes = sizes(values);
    double[] times = times(values.grid("measured").orElse(null), sizes);
    return new Separable(sizes[0], sizes[1], sizes[2], sizes[3], times, values.choice("mistake"));
  }

  /** The times that were measured for these very sizes, or null if they were not. */
  private static double @Nullable [] times(@Nullable NumberGrid measured, int[] sizes) {
    if (measured == null || measured.values().length != NUMBERS) {
      return null;
    }
    boolean these = true;
    for (int n = 0; these && n < NUMBERS; n++) {
      float number = measured.values()[n];
      these = n < sizes.length ? number == sizes[n] : number > 0;
    }
    return these ? new double[] {measured.values()[4], measured.values()[5]} : null;
  }

  /** Both on one image of the chosen size, with numbers that are never all alike. */
  @Override
  public Measurement measurement(Values values, FastConv2d conv2d) {
    int[] sizes = sizes(values);
    int in = sizes[0];
    int out = sizes[1];
    int k = sizes[2];
    Rng rng = new Rng(36);
    Tensor x = rng.uniform(-1, 1, 1, in, sizes[3], sizes[3]);
    Tensor w = rng.uniform(-1, 1, out, in, k, k);
    Tensor d = rng.uniform(-1, 1, in, 1, k, k);
    Tensor p = rng.uniform(-1, 1, out, in, 1, 1);
    Conv2d.Spec spec = Separable.spec(k);
    Conv2d.Spec one = Conv2d.Spec.of(1, 1);
    return new Measurement(
        "measured",
        sizes,
        List.of(
            () -> conv2d.forward(x, w, null, spec),
            () -> conv2d.forward(conv2d.forward(x, d, null, spec.groups(in)), p, null, one)));
  }

  @Override
  public Steps steps(Separable result) {
    return Steps.of(3, 0);
  }

  @Override
  public Figure figure(Separable result, View view) {
    return new DepthwiseSeparableFigure(result, view).figure();
  }

  @Override
  public Answers answers(Separable found) {
    return Answers.of("saving", 1 - Math.min(1, found.ratio()))
        .and("percent", Num.round(1000 * found.ratio()) / 10.0)
        .and("stages", found.stages())
        .wrong(
            "stages",
            switch (found.mistake()) {
              case "pointwise" -> found.depthwise();
              case "depthwise" -> found.pointwise();
              default -> found.stages();
            });
  }

  @Override
  public Map<String, String> facts() {
    Separable found = shown();
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("whole", Num.decimal(found.whole(), 0)),
        Map.entry("stages", Num.decimal(found.stages(), 0)),
        Map.entry("parameters", Num.count(found.whole())),
        Map.entry("depthwise", Num.count(found.depthwise())),
        Map.entry("pointwise", Num.count(found.pointwise())),
        Map.entry("separable", Num.count(found.stages())),
        Map.entry("share", Num.decimal(100 * found.ratio(), 1)),
        Map.entry("limit", Num.decimal(100.0 / 9, 1)), // of a 3 × 3 kernel and many channels
        Map.entry("depthwiseShare", Num.decimal(100.0 * found.depthwise() / found.stages(), 0)),
        Map.entry("wrong", Num.decimal(100.0 / found.out(), 1)));
  }
}
