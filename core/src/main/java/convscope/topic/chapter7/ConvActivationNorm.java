package convscope.topic.chapter7;

import convscope.data.Digits;
import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 7.1: what convolution, batch norm and activation make of the distribution of values. */
public final class ConvActivationNorm implements Topic<Activated> {
  private static final int TILE = 8; // side of a piece of a photograph
  private static final int TILES = 16;
  private static final double BIAS = 3; // of the mistake

  private static final Head HEAD =
      Head.of(
              "conv-activation-norm",
              "The values behind each stage",
              Param.choice("order", "conv-bn-act")
                  .option("conv-bn-act", "conv → BN → φ")
                  .option("conv-act-bn", "conv → φ → BN")
                  .option("bn-act-conv", "BN → φ → conv")
                  .option("conv-act", "conv → φ")
                  .label("Order")
                  .group("Unit"),
              Param.choice("activation", "relu")
                  .option("relu", "ReLU")
                  .option("leaky", "LeakyReLU, slope 0.1")
                  .option("gelu", "GELU")
                  .option("silu", "SiLU")
                  .option("sigmoid", "Sigmoid")
                  .option("tanh", "tanh")
                  .label("Activation φ")
                  .symbol("φ"),
              Param.number("scale", 1)
                  .range(0.1, 10)
                  .step(0.1)
                  .label("Weights times")
                  .symbol("w")
                  .help("1 is He et al.’s: variance 2/fan-in."),
              Param.integer("depth", 6).range(1, 12).label("Units").group("Network"),
              Inputs.pictures(Param.choice("input", "digits").option("digits", "The ten digits"))
                  .label("Batch")
                  .symbol("x"),
              Param.mistake("Adds a bias of 3 in every convolution.")
                  .option("bias", "A bias before the norm"))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y = φ('BN'(w ★ x)), 'BN'(z) = frac{z − μ_c}{sqrt{σ_c^2 + ε}}");
  }

  /** The ten typical digits, or pieces of a picture; of mean 0 and standard deviation 1. */
  private static Tensor batch(@Nullable Picture picture) {
    Tensor x = Tensor.zeros(picture == null ? 10 : TILES, 1, TILE, TILE);
    float[] grey = picture == null ? new float[0] : picture.grey();
    int size = TILE * TILE;
    for (int n = 0; n < x.size(); n++) {
      int r = n % size / TILE;
      int c = n % TILE;
      x.data()[n] =
          picture == null
              ? Digits.typical(n / size)[n % size]
              : grey[
                  at(n / size / 4, r, picture.height()) * picture.width()
                      + at(n / size % 4, c, picture.width())];
    }
    double mean = x.mean();
    double deviation = Math.max(1e-6, x.deviation());
    for (int n = 0; n < x.size(); n++) {
      x.data()[n] = (float) ((x.data()[n] - mean) / deviation);
    }
    return x;
  }

  /** The row (column) of a picture that a row of a tile reads; tiles are spread evenly. */
  private static int at(int tile, int inside, int length) {
    return Math.min(length - 1, Math.max(0, length - TILE) * tile / 3 + inside);
  }

  @Override
  public Activated compute(Values values, Given given) {
    boolean biased = values.choice("mistake").equals("bias");
    return Activated.of(
        order(values.choice("order")),
        values.choice("activation"),
        values.number("scale"),
        biased ? BIAS : 0,
        batch(given.picture(values.choice("input"))),
        values.integer("depth"));
  }

  private static List<String> order(String name) {
    return switch (name) {
      case "conv-act-bn" -> List.of("conv", "act", "bn");
      case "bn-act-conv" -> List.of("bn", "act", "conv");
      case "conv-act" -> List.of("conv", "act");
      default -> List.of("conv", "bn", "act");
    };
  }

  @Override
  public Steps steps(Activated result) {
    return Steps.of(result.units().size(), 0);
  }

  @Override
  public Figure figure(Activated result, View view) {
    return new ActivatedFigure(result, view).figure();
  }

  @Override
  public Answers answers(Activated found) {
    double once = found.with(1, found.bias()).output(0).deviation();
    double now = found.output(0).deviation();
    return Answers.of("centred", Math.abs(found.output(0).mean()) < 1e-3)
        .and("mean", found.output(0).mean())
        .and("factor", Num.round(1000 * now / once) / 1000.0)
        .wrong("factor", found.order().size() == 3 ? found.scale() : 1);
  }

  @Override
  public Map<String, String> facts() {
    Activated shown = shown();
    Values plain = schema().defaults().with("order", "conv-act").with("scale", "0.5");
    Activated weak = compute(plain, Given.NOTHING);
    Values tanh = plain.with("activation", "tanh").with("scale", "4");
    Activated strong = compute(tanh, Given.NOTHING);
    Activated normed = compute(tanh.with("order", "conv-bn-act"), Given.NOTHING);
    Activated biased = compute(schema().defaults().with("mistake", "bias"), Given.NOTHING);
    Tensor[] first = shown.units().get(0);
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("values", Num.count(first[0].size())),
        Map.entry("zeros", Num.percent(Activated.zeros(first[2]), 0)),
        Map.entry("mean", Num.value(first[2].mean())),
        Map.entry("depth", Num.count(shown.units().size())),
        Map.entry("weakFirst", Num.value(weak.output(0).deviation())),
        Map.entry("weakLast", Num.value(weak.output(weak.units().size() - 1).deviation())),
        Map.entry("saturated", Num.percent(strong.saturated(strong.output(0)), 0)),
        Map.entry("unsaturated", Num.percent(normed.saturated(normed.output(0)), 1)),
        Map.entry("bias", Num.value(BIAS)),
        Map.entry("shift", Num.value(biased.units().get(0)[0].mean())),
        Map.entry("effect", Num.magnitude(biased.biasEffect())));
  }
}
