package convscope.topic.chapter1;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.4: what deep learning calls convolution is cross-correlation; the two differ by a flip. */
public final class CrossCorrelation implements EditableTopic<TwoConventions> {
  private static final int MAX_INPUT = 8;
  private static final int MAX_KERNEL = 4;

  private static final Head HEAD =
      Head.of(
              "cross-correlation",
              "With and without the flip",
              Param.flag("flip")
                  .label("Flip the kernel")
                  .help("Writes out the true convolution.")
                  .group("Kernel"),
              Kernels.choice("preset", "count"),
              Kernels.size(3, MAX_KERNEL),
              Param.integer("padding", 0).range(0, 2).label("Padding P").group("Window"),
              ImageInput.patterns("impulse").group("Input"),
              ImageInput.size(5, MAX_INPUT),
              Param.flag("mistake")
                  .label("Flip only the rows")
                  .help("The common mistake: upside down only.")
                  .group("Show"),
              ImageInput.numbers(MAX_INPUT),
              Kernels.numbers(MAX_KERNEL))
          .stage(370, 390);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("'corr:  'y[i,j] = sum_{u,v} w[u,v]·x[i+u, j+v]");
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width()).padding(values.integer("padding"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  @Override
  public TwoConventions compute(Values values, Given given) {
    return TwoConventions.of(values, ImageInput.of(values, given), spec(values));
  }

  @Override
  public Steps steps(TwoConventions result) {
    int count = result.correlation().size();
    return Steps.of(count, count * 2 / 3);
  }

  @Override
  public Figure figure(TwoConventions result, View view) {
    return new CrossCorrelationFigure(result, view).figure();
  }

  @Override
  public Answers answers(TwoConventions result) {
    Answers answers =
        Answers.of("opposite", result.oppositeness() == 0)
            .and("convolution", result.convolution().data()[0]);
    return result.mistake() ? answers.wrong("convolution", result.second().data()[0]) : answers;
  }

  @Override
  public Map<String, String> facts() {
    TwoConventions shown = shown();
    TwoConventions wrong = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    TwoConventions sobel = compute(schema().defaults().with("preset", "sobel-x"), Given.NOTHING);
    int outputs = shown.correlation().size();
    Formula convolution =
        Formula.of("'conv:  'y[i,j] = sum_{u,v} w[u,v]·x[i+K_'h'−1−u, j+K_'w'−1−v]", "K:kernel:w");
    return Map.ofEntries(
        Map.entry("convolution", convolution.display()),
        Map.entry("identity", Formula.of("'conv'(x,w) = 'corr'(x,'flip'(w))").display()),
        Map.entry("corrExample", example(shown, "out/2,2")),
        Map.entry("convExample", example(shown, "conv/2,2")),
        Map.entry("agreement", Num.agreement(shown.disagreement())),
        Map.entry("wrong", wrong.wrong(wrong.second()) + " of " + outputs),
        Map.entry("sobelSum", Num.difference(sobel.oppositeness())),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("w", Listing.tensor("w", shown.kernel())),
        Map.entry("outputs", Num.count(outputs)));
  }

  private String example(TwoConventions shown, String pick) {
    return new CrossCorrelationFigure(shown, new View(0, pick, head().wide())).sum().html();
  }
}
