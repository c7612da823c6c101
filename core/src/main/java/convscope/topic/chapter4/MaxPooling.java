package convscope.topic.chapter4;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.param.Answer;
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
import convscope.topic.Inputs;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.1: a window keeps its largest value, and the gradient goes back to that value alone. */
public final class MaxPooling implements EditableTopic<MaxPooled> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
          "max-pooling",
          "There and back through the maximum",
          Pooling.kernel(2).group("Window"),
          Pooling.stride(),
          Pooling.padding(0),
          ImageInput.choice("digit-7").group("Input"),
          ImageInput.size(6, MAX_INPUT),
          Param.choice("gradient", "numbered")
              .option("numbered", "1, 2, 3, …")
              .option("ones", "All ones")
              .label("Gradient")
              .onlyWith("input", Inputs.numbers())
              .help("What arrives at the output y.")
              .group("Show"),
          Param.flag("mistake")
              .label("Pay every tie")
              .help("The common mistake: not only the first."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y[i,j] = max_{u,v<K} x[iS+u−P, jS+v−P]");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    return Problem.of(
        "kernel", MaxPool2d.problem(input.height(), input.width(), Pooling.spec(values)));
  }

  @Override
  public MaxPooled compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    PoolSpec spec = Pooling.spec(values);
    MaxPool2d.Result pooled = MaxPool2d.forward(input.x(), spec);
    Tensor dy = Tensor.full(1, pooled.y().shape().dims());
    if (input.picture() == null && values.choice("gradient").equals("numbered")) {
      for (int n = 0; n < dy.size(); n++) {
        dy.data()[n] = n + 1;
      }
    }
    return new MaxPooled(input, spec, pooled, dy, values.flag("mistake"));
  }

  @Override
  public Steps steps(MaxPooled result) {
    return Steps.of(result.dy().size(), result.dy().size() / 2);
  }

  @Override
  public Figure figure(MaxPooled result, View view) {
    return new MaxPoolingFigure(result, view).figure();
  }

  @Override
  public Answers answers(MaxPooled result) {
    int[] wins = result.wins();
    int most = 0;
    int unpaid = 0;
    for (int count : wins) {
      most = Math.max(most, count);
      unpaid += count == 0 ? 1 : 0;
    }
    float[] winners = new float[wins.length];
    for (int place = 0; place < wins.length; place++) {
      winners[place] = wins[place] == most ? 1 : 0;
    }
    return Answers.of(
            "winner", Answer.grid(result.input().height(), result.input().width(), winners))
        .and("wins", most)
        .and("outputs", result.dy().size())
        .and("unpaid", unpaid);
  }

  @Override
  public Map<String, String> facts() {
    MaxPooled shown = shown();
    int last = shown.dy().size() - 1;
    int n = steps(shown).first();
    int width = shown.input().width();
    int outWidth = shown.dy().dim(3);
    int stem = PoolSpec.of(3, 3).stride(2).padding(1).outputHeight(112);
    int alex = PoolSpec.of(3, 3).stride(2).outputHeight(55);
    Formula backward =
        Formula.of("frac{∂L}{∂x[p,q]} = sum_{(i,j): 'argmax' = (p,q)} frac{∂L}{∂y[i,j]}");
    return Map.ofEntries(
        Map.entry("backward", backward.display()),
        Map.entry("example", example()),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("in", shown.input().size()),
        Map.entry("out", Num.size(shown.dy().dim(2), outWidth)),
        Map.entry("kernel", Num.count(shown.spec().window().kernelHeight())),
        Map.entry("stride", Num.count(shown.spec().window().strideH())),
        Map.entry("ties", Num.count(shown.holders(n).length)),
        Map.entry("max", Num.value(shown.pooled().y().data()[n])),
        Map.entry("winner", Num.at("x", shown.winner(n) / width, shown.winner(n) % width)),
        Map.entry("flat", Num.count(shown.winner(n))),
        Map.entry("i", Num.count(n / outWidth)),
        Map.entry("j", Num.count(n % outWidth)),
        Map.entry("sum", Num.value(MaxPooled.sum(shown.dy()))),
        Map.entry("tied", Num.count(shown.tiedWindows())),
        Map.entry("outputs", Num.count(shown.dy().size())),
        Map.entry("wrong", Num.value(MaxPooled.sum(shown.wrongDx(last)))),
        Map.entry("resnet", Num.size(stem, stem)),
        Map.entry("alexnet", Num.size(alex, alex)));
  }
}
