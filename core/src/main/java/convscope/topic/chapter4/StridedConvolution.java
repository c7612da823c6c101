package convscope.topic.chapter4;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.3: a convolution that hops pools with weights of its own choice. */
public final class StridedConvolution implements EditableTopic<Learned> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
              "strided-convolution",
              "Pooling that learns",
              Param.choice("target", "average")
                  .option("average", "Average pooling")
                  .option("max", "Max pooling")
                  .label("Learns")
                  .group("Weights"),
              Param.integer("kernel", 2).range(1, 4).label("Kernel K").symbol("K").group("Window"),
              Pooling.stride(),
              ImageInput.choice("digit-3").group("Input"),
              ImageInput.size(6, MAX_INPUT),
              Param.flag("mistake")
                  .label("Kernel of 1")
                  .help("The common mistake: skips most cells.")
                  .group("Show"),
              ImageInput.numbers(MAX_INPUT))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y[i,j] = sum_{u,v<K} w[u,v]·x[iS+u, jS+v]");
  }

  private static Conv2d.Spec spec(Values values) {
    int kernel = values.flag("mistake") ? 1 : values.integer("kernel");
    return Conv2d.Spec.of(kernel, kernel).stride(values.integer("stride"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    return Problem.of("kernel", Conv2d.problem(input.height(), input.width(), spec(values)));
  }

  @Override
  public Learned compute(Values values, Given given) {
    int target = values.choice("target").equals("max") ? Learned.MAX : Learned.AVERAGE;
    return Learned.of(ImageInput.of(values, given), spec(values), target, values.flag("mistake"));
  }

  @Override
  public Steps steps(Learned result) {
    return Steps.of(Learned.STEPS, Learned.STEPS / 4);
  }

  @Override
  public Figure figure(Learned result, View view) {
    return new StridedConvolutionFigure(result, view).figure();
  }

  @Override
  public Answers answers(Learned learned) {
    double[] losses = learned.losses()[learned.target()];
    double left = losses[Learned.STEPS - 1] / Math.max(losses[0], 1e-30);
    return Answers.of("learned", 1 / (left + 1e-6))
        .and("left", Num.round(1e4 * left) / 100.0)
        .and("unread", learned.unread());
  }

  @Override
  public Map<String, String> facts() {
    Learned shown = shown();
    Learned max = compute(schema().defaults().with("target", "max"), Given.NOTHING);
    Learned single = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    int last = Learned.STEPS - 1;
    return Map.ofEntries(
        Map.entry("average", Formula.of("w[u,v] = frac{1}{K^2} ⇒ y = 'average pooling'").display()),
        Map.entry("example", figure(shown, new View(last, "", head().wide())).equation()),
        Map.entry("in", shown.input().size()),
        Map.entry("kernel", Num.size(shown.spec().kernelHeight(), shown.spec().kernelWidth())),
        Map.entry("share", Num.value(1.0 / shown.kernel(0).size())),
        Map.entry("fixed", StridedConvolutionFigure.small(shown.fixedDifference())),
        Map.entry("loss", StridedConvolutionFigure.small(shown.loss(last))),
        Map.entry("maxLoss", StridedConvolutionFigure.small(max.loss(last))),
        Map.entry("k", Num.count(shown.spec().kernelHeight())),
        Map.entry("stride", Num.count(shown.spec().strideH())),
        Map.entry("unread", Num.count(single.unread())),
        Map.entry("cells", Num.count(single.input().x().size())));
  }
}
