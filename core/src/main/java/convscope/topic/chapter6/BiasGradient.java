package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;

/** 6.3: a bias is added everywhere, so everything that comes back is added up for it. */
public final class BiasGradient implements LayerTopic<Batched> {
  private static final Head HEAD =
      Head.of(
              "bias-gradient",
              "All that comes back",
              Layers.parameters(
                  "identity",
                  6,
                  Layers.pass(),
                  Param.integer("batch", 3)
                      .range(1, 4)
                      .label("Images N")
                      .symbol("n")
                      .onlyWith("layer", Layers.SMALL),
                  Layers.taken("b"),
                  Layers.rate(0.02),
                  Layers.layer("two"),
                  Layers.digit(),
                  Layers.filter(),
                  Param.number("bias", 2)
                      .range(-9, 9)
                      .step(0.5)
                      .label("Bias b")
                      .symbol("b")
                      .onlyWith("layer", Layers.SMALL),
                  Param.mistake("Divided where it should be summed, or summed over too little.")
                      .option("mean", "Averaged")
                      .option("batch", "Over the batch alone")
                      .onlyWith("layer", Layers.SMALL)))
          .stage(340, 320);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("frac{∂L}{∂b[o]} = sum_{n,i,j} g[n,o,i,j]");
  }

  @Override
  public Batched compute(Values values, Given given) {
    float bias = (float) values.number("bias");
    Layer layer = Layers.of(values, given, Layer.Operand.BIAS, values.integer("batch"), bias);
    boolean picture = Layers.picture(values, given) != null;
    String mistake = picture ? "none" : values.choice("mistake");
    return new Batched(
        layer,
        picture,
        values.choice("pass").equals("forward"),
        mistake.equals("mean"),
        mistake.equals("batch"),
        Math.min(values.integer("filter"), layer.filters() - 1));
  }

  @Override
  public Steps steps(Batched result) {
    int strongest = Layer.map(result.layer().g(), 0, result.filter()).largestAt();
    return Steps.of(result.cells(), result.picture() ? strongest : result.cells() / 2);
  }

  @Override
  public Figure figure(Batched result, View view) {
    return new BiasGradientFigure(result, view).figure();
  }

  @Override
  public Answers answers(Batched batched) {
    double sum = batched.sum(0, batched.cells() - 1);
    return Answers.of("count", batched.cells())
        .claim("sum", batched.mean() ? sum / batched.cells() : sum, batched.mean())
        .and("g", batched.layer().g().data()[0])
        .and("outputs", batched.layer().outputs())
        .and("images", batched.layer().g().dim(0));
  }

  @Override
  public Map<String, String> facts(Given given) {
    Batched shown = shown();
    Layer layer = shown.layer();
    int all = shown.cells();
    double sum = shown.sum(0, all - 1);
    Layer digit = compute(digit(), given).layer();
    return facts(
        shown,
        layer,
        digit,
        Map.of(
            "images", Num.count(layer.g().dim(0)),
            "maps", Num.size(layer.g().dim(2), layer.g().dim(3)),
            "count", Num.count(all),
            "sum", Num.value(sum),
            "mean", Num.value(sum / all),
            "best", "1/" + all,
            "bestRate", Num.plain(1.0 / all, 6),
            "digitOutputs", Num.count(digit.outputs())));
  }
}
