package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Answer;
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

/** 6.1: a weight is pulled by all windows, each by its gradient times what the weight met there. */
public final class KernelGradient implements LayerTopic<Played> {
  private static final Head HEAD =
      Head.of(
              "kernel-gradient",
              "What pulls at one weight",
              Layers.parameters(
                  "identity",
                  8,
                  Layers.pass(),
                  Param.pair("tap", 1, 2)
                      .range(0, Layers.MAX_KERNEL - 1)
                      .label("Weight u, v")
                      .symbol("u"),
                  Layers.taken("w"),
                  Layers.rate(0.01),
                  Layers.layer("one"),
                  Layers.digit(),
                  Layers.filter(),
                  Layers.channel(),
                  Param.flag("mistake").label("Forget the stride").help("The common mistake.")))
          .stage(330, 350);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "frac{∂L}{∂w[o,c,u,v]} = sum_{n,i,j} g[n,o,i,j]·x[n,c,iS+uD−P, jS+vD−P], g ="
            + " frac{∂L}{∂y}");
  }

  @Override
  public Played compute(Values values, Given given) {
    Layer layer = Layers.of(values, given, Layer.Operand.KERNEL, 1, 0);
    boolean mistake = values.flag("mistake");
    return Played.of(values, given, layer, false, mistake, values.pair("tap"), layer.w());
  }

  /** The kernel gradient of the windows up to and with {@code last}, of the shape of w. */
  static Tensor gradient(Layer layer, int last) {
    return Conv2d.weightGradient(layer.arrived(last), layer.x(), layer.w().shape(), layer.spec());
  }

  /** The same with the stride forgotten: windows that start one cell apart. */
  static Tensor withoutStride(Layer layer, int last) {
    Conv2d.Spec hop = layer.spec().stride(1);
    Tensor g = layer.arrived(last);
    Tensor corner =
        Tensor.zeros(
            g.dim(0),
            g.dim(1),
            hop.outputHeight(layer.x().dim(2)),
            hop.outputWidth(layer.x().dim(3)));
    for (int n = 0; n < g.size(); n++) {
      int map = n / layer.outputs();
      int i = n % layer.outputs() / g.dim(3);
      corner.data()[(map * corner.dim(2) + i) * corner.dim(3) + n % g.dim(3)] = g.data()[n];
    }
    return Conv2d.weightGradient(corner, layer.x(), layer.w().shape(), hop);
  }

  @Override
  public Steps steps(Played result) {
    int count = result.layer().outputs();
    return Steps.of(count, result.picture() == null ? count / 3 : result.strongest());
  }

  @Override
  public Figure figure(Played result, View view) {
    return new KernelGradientFigure(result, view).figure();
  }

  @Override
  public Answers answers(Played played) {
    Layer layer = played.layer();
    Tensor x = layer.x();
    int row = layer.spec().vertical().place(layer.y().dim(2) - 1, played.row());
    int column = layer.spec().horizontal().place(layer.y().dim(3) - 1, played.column());
    float[] cells = new float[x.dim(2) * x.dim(3)]; // a 1 where the last window has the weight
    if (row >= 0 && column >= 0 && row < x.dim(2) && column < x.dim(3)) {
      cells[row * x.dim(3) + column] = 1;
    }
    return Answers.of("met", Answer.grid(x.dim(2), x.dim(3), cells))
        .and("terms", layer.outputs())
        .and("row", row)
        .and("column", column);
  }

  @Override
  public Map<String, String> facts(Given given) {
    Played shown = shown();
    Layer layer = shown.layer();
    int tap = shown.row() * layer.w().dim(3) + shown.column();
    int last = layer.outputs() - 1;
    return facts(
        shown,
        layer,
        compute(digit(), given).layer(),
        Map.ofEntries(
            Map.entry("answer", Num.count(Layers.reading(digit(), given).answer())),
            Map.entry("x", Listing.tensor("x", layer.x())),
            Map.entry("w", Listing.tensor("w", layer.w())),
            Map.entry("weight", Num.at("w", shown.row(), shown.column())),
            Map.entry("windows", Num.count(layer.outputs())),
            Map.entry("stride", Num.count(layer.spec().strideH())),
            Map.entry("padding", Num.count(layer.spec().padTop())),
            Map.entry("total", Num.value(gradient(layer, last).data()[tap])),
            Map.entry("wrong", Num.value(withoutStride(layer, last).data()[tap])),
            Map.entry("rate", Num.value(layer.rate())),
            Map.entry("now", Num.value(layer.w().data()[tap])),
            Map.entry("next", Num.value(layer.stepped().data()[tap])),
            // images, rows and columns of the first layer
            Map.entry("resnet", Num.count(256L * 112 * 112))));
  }
}
