package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 6.2: what a layer tells the one below: each output's gradient goes back the way it came. */
public final class InputGradient implements EditableTopic<Played> {
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
  public List<String> needs(Values values) {
    return Layers.needs(values);
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    return Layers.check(values);
  }

  @Override
  public Played compute(Values values, Given given) {
    Layer layer = Layers.of(values, given, Layer.Operand.INPUT, 1, 0);
    Pair pixel = values.pair("pixel");
    boolean gather = values.choice("view").equals("gather");
    return new Played(
        layer,
        Layers.picture(values, given),
        values.choice("pass").equals("forward"),
        gather,
        gather && values.flag("mistake"),
        Math.min(values.integer("filter"), layer.filters() - 1),
        Math.min(values.integer("channel"), layer.w().dim(1) - 1),
        Math.min(pixel.height(), layer.x().dim(2) - 1),
        Math.min(pixel.width(), layer.x().dim(3) - 1));
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
    Layer digit = compute(schema().defaults().with("layer", "digit"), given).layer();
    View last = new View(layer.outputs() - 1, "", head().wide());
    return Map.ofEntries(
        Map.entry("example", figure(shown, last).equation()),
        Map.entry("x", Listing.tensor("x", layer.x())),
        Map.entry("w", Listing.tensor("w", layer.w())),
        Map.entry("g", Listing.tensor("g", layer.g())),
        Map.entry("pixel", Num.at("x", shown.row(), shown.column())),
        Map.entry("stride", Num.count(layer.spec().strideH())),
        Map.entry("padding", Num.count(layer.spec().padTop())),
        Map.entry("size", Num.count(right.stretched().dim(2))),
        Map.entry("from", Num.count(layer.spec().vertical().span() - 1 - layer.spec().padTop())),
        Map.entry("total", Num.value(scattered.data()[pixel])),
        Map.entry("wrong", Num.value(Gathered.of(layer, layer.g(), false).dx().data()[pixel])),
        Map.entry("agree", Num.agreement(right.dx().minus(scattered).largestSize())),
        Map.entry("loss", Num.value(layer.loss())),
        Map.entry("after", Num.value(layer.after())),
        Map.entry(
            "most", Num.value(digit.rate() * digit.gradient(Layer.Operand.INPUT).largestSize())),
        Map.entry("digitLoss", Num.value(digit.loss())),
        Map.entry("digitAfter", Num.value(digit.after())));
  }
}
