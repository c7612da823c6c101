package convscope.topic.chapter4;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.AveragePool2d;
import convscope.op.PoolSpec;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.2: the mean of a window, and the question what a mean divides by at the border. */
public final class AveragePooling implements EditableTopic<Averaged> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
          "average-pooling",
          "Two divisors at the border",
          Pooling.kernel(3).group("Window"),
          Pooling.stride(),
          Pooling.padding(1),
          ImageInput.choice("digit-0").group("Input"),
          ImageInput.size(5, MAX_INPUT),
          Param.flag("mistake")
              .label("Flat image")
              .help("The common mistake: it stays flat.")
              .group("Show"),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "y[i,j] = frac{1}{d_{ij}} sum_{u,v<K} x[iS+u−P, jS+v−P], d_{ij} = K^2 ' without padding'");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    return Problem.of(
        "kernel", AveragePool2d.problem(input.height(), input.width(), Pooling.spec(values)));
  }

  @Override
  public Averaged compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    boolean flat = values.flag("mistake");
    if (flat) {
      input = input.with(Tensor.full(input.picture() == null ? 1 : 200, input.x().shape().dims()));
    }
    PoolSpec spec = Pooling.spec(values);
    return new Averaged(
        input,
        spec,
        flat,
        AveragePool2d.forward(input.x(), spec, true),
        AveragePool2d.forward(input.x(), spec, false));
  }

  @Override
  public Steps steps(Averaged result) {
    int count = result.real().size();
    return Steps.of(count, result.input().picture() != null ? 0 : count * 2 / 3);
  }

  @Override
  public Figure figure(Averaged result, View view) {
    return new AveragePoolingFigure(result, view).figure();
  }

  @Override
  public Answers answers(Averaged result) {
    return Answers.of("corner", result.counted().data()[0])
        .and("real", result.real().data()[0])
        .and("divisor", result.divisor(0, 0, false))
        .and("square", result.divisor(0, 0, true))
        .and("pad", result.spec().window().padTop());
  }

  @Override
  public Map<String, String> facts() {
    Averaged shown = shown();
    Averaged flat = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("kernel", Num.count(shown.spec().window().kernelHeight())),
        Map.entry("stride", Num.count(shown.spec().window().strideH())),
        Map.entry("padding", Num.count(shown.spec().window().padTop())),
        Map.entry("in", shown.input().size()),
        Map.entry("out", Num.size(shown.real().dim(2), shown.real().dim(3))),
        Map.entry("corner", Num.count(shown.divisor(0, 0, false))),
        Map.entry("edge", Num.count(shown.divisor(0, 1, false))),
        Map.entry("inner", Num.count(shown.divisor(1, 1, false))),
        Map.entry("square", Num.count(shown.divisor(0, 0, true))),
        Map.entry("border", Num.count(shown.border())),
        Map.entry("outputs", Num.count(shown.real().size())),
        Map.entry("most", Num.value(shown.difference().largestSize())),
        Map.entry("dark", Num.value(flat.counted().data()[0])));
  }
}
