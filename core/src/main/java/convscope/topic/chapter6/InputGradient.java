package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;

/** 6.2: what a layer tells the one below: each output's gradient goes back the way it came. */
public final class InputGradient implements LayerTopic<Played> {
  private static final Head HEAD =
      Head.of(
              "input-gradient",
              "Back through the kernel",
              Layers.parameters(
                  "emboss",
                  8,
                  Layers.pass(),
                  Param.choice("view", "scatter")
                      .option("scatter", "Scatter")
                      .option("gather", "Gather")
                      .label("Seen as")
                      .onlyWith("pass", "backward"),
                  Param.pair("pixel", 1, 1)
                      .range(0, HeldOutDigits.SIDE - 1)
                      .label("Pixel p, q")
                      .symbol("p"),
                  Layers.taken("x"),
                  Layers.rate(0.04),
                  Layers.layer("one"),
                  Layers.digit(),
                  Layers.filter(),
                  Layers.channel(),
                  Param.flag("mistake")
                      .label("Forget the flip")
                      .help("The common mistake.")
                      .onlyWith("view", "gather")))
          .stage(340, 360);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "frac{∂L}{∂x[n,c,p,q]} = sum_{o,u,v: iS+uD−P=p, jS+vD−P=q} g[n,o,i,j]·w[o,c,u,v]");
  }

  @Override
  public Played compute(Values values, Given given) {
    Layer layer = Layers.of(values, given, Layer.Operand.INPUT, 1, 0);
    boolean gather = values.choice("view").equals("gather");
    boolean mistake = gather && values.flag("mistake");
    return Played.of(values, given, layer, gather, mistake, values.pair("pixel"), layer.x());
  }

  /** The input's gradient from the outputs up to and with {@code last}, by the operator. */
  static Tensor scattered(Layer layer, int last) {
    return Conv2d.inputGradient(layer.arrived(last), layer.w(), layer.x().shape(), layer.spec());
  }

  @Override
  public Steps steps(Played played) {
    Layer layer = played.layer();
    if (played.gather() && !played.forward()) {
      int width = layer.x().dim(3);
      return Steps.of(layer.x().dim(2) * width, played.row() * width + played.column());
    }
    return Steps.of(layer.outputs(), played.strongest());
  }

  @Override
  public Figure figure(Played result, View view) {
    return new InputGradientFigure(result, view).figure();
  }

  @Override
  public Answers answers(Played played) {
    Layer layer = played.layer();
    Conv2d.Spec spec = layer.spec();
    int rows = spec.vertical().readers(played.row(), layer.y().dim(2)).length;
    int columns = spec.horizontal().readers(played.column(), layer.y().dim(3)).length;
    return Answers.of("terms", rows * columns)
        .and("taps", layer.w().dim(2) * layer.w().dim(3))
        .and("stride", spec.strideH());
  }

  @Override
  public Map<String, String> facts(Given given) {
    Played shown = shown();
    Layer layer = shown.layer();
    int pixel = shown.row() * layer.x().dim(3) + shown.column();
    Gathered right = Gathered.of(layer, layer.g(), true);
    Tensor scattered = scattered(layer, layer.outputs() - 1);
    Layer digit = compute(digit(), given).layer();
    double most = digit.rate() * digit.gradient(Layer.Operand.INPUT).largestSize();
    return facts(
        shown,
        layer,
        digit,
        Map.ofEntries(
            Map.entry("x", Listing.tensor("x", layer.x())),
            Map.entry("w", Listing.tensor("w", layer.w())),
            Map.entry("pixel", Num.at("x", shown.row(), shown.column())),
            Map.entry("stride", Num.count(layer.spec().strideH())),
            Map.entry("padding", Num.count(layer.spec().padTop())),
            Map.entry("size", Num.count(right.stretched().dim(2))),
            Map.entry(
                "from", Num.count(layer.spec().vertical().span() - 1 - layer.spec().padTop())),
            Map.entry("total", Num.value(scattered.data()[pixel])),
            Map.entry("wrong", Num.value(Gathered.of(layer, layer.g(), false).dx().data()[pixel])),
            Map.entry("most", Num.value(most)),
            Map.entry("agree", Num.agreement(right.dx().minus(scattered).largestSize()))));
  }
}
