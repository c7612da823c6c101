package convscope.topic.chapter1;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
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
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.3: moving the input moves the output, exactly where padding and stride let it. */
public final class TranslationEquivariance implements EditableTopic<ShiftedConv> {
  private static final int MAX_INPUT = 10;
  private static final int MOST_TICKS = 40;

  private static final Head HEAD =
      Head.of(
              "translation-equivariance",
              "Shift first, or convolve first",
              Param.choice("mode", "circular")
                  .option("circular", "Circular")
                  .option("zeros", "Zeros")
                  .option("reflect", "Reflect")
                  .option("replicate", "Replicate")
                  .label("Padding")
                  .group("Window"),
              Param.integer("stride", 1).range(1, 4).label("Stride S").symbol("S"),
              Param.choice("along", "right")
                  .option("right", "Right")
                  .option("down", "Down")
                  .option("both", "Right and down")
                  .label("Shift")
                  .symbol("t")
                  .group("Input"),
              ImageInput.choice("ring"),
              ImageInput.size(5, MAX_INPUT),
              Kernels.named("preset", "sobel-x").group("Kernel"),
              Param.flag("mistake")
                  .label("Expect the same output")
                  .help("The common mistake: not shifted.")
                  .group("Show"),
              ImageInput.numbers(MAX_INPUT))
          .stage(430, 390);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.row(first(), Formula.op("="), second());
  }

  static Formula first() {
    return Formula.of("'conv'('shift'_t(x))", "t:neutral");
  }

  static Formula second() {
    return Formula.of("'shift'_t('conv'(x))", "t:neutral:s");
  }

  private static Conv2d.Spec spec(Values values) {
    return Conv2d.Spec.of(3, 3)
        .stride(values.integer("stride"))
        .padding(1)
        .mode(PaddingMode.parse(values.choice("mode")));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    return Problem.of("size", Conv2d.problem(input.height(), input.width(), spec(values)));
  }

  @Override
  public ShiftedConv compute(Values values, Given given) {
    ImageInput source = ImageInput.of(values, given);
    Conv2d.Spec spec = spec(values);
    Tensor kernel = Tensor.of(Kernels.values(values.choice("preset"), 3, 3), 1, 1, 3, 3);
    return new ShiftedConv(
        source,
        spec,
        kernel,
        Conv2d.forward(source.x(), kernel, null, spec),
        !values.choice("along").equals("down"),
        !values.choice("along").equals("right"),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(ShiftedConv result) {
    int shifts = result.shifts();
    return new Steps(
        shifts, Math.min(shifts - 1, Math.max(2, shifts / 5)), Math.max(1, shifts / MOST_TICKS));
  }

  @Override
  public Figure figure(ShiftedConv result, View view) {
    return new TranslationFigure(result, view).figure();
  }

  @Override
  public Answers answers(ShiftedConv result) {
    int harmless = 0;
    for (float worst : result.worst()) {
      harmless += worst == 0 ? 1 : 0;
    }
    Answer harmful = Answer.of(result.shifts() - harmless);
    return Answers.of("harmful", harmful).and("harmless", harmless);
  }

  @Override
  public Map<String, String> facts() {
    Values values = schema().defaults();
    ShiftedConv circular = shown();
    ShiftedConv zeros = compute(values.with("mode", "zeros"), Given.NOTHING);
    ShiftedConv strided = compute(values.with("stride", "2").with("size", "6"), Given.NOTHING);
    int first = steps(circular).first();
    Formula strides = Formula.of("'conv'('shift'_{kS}(x)) = 'shift'_k('conv'(x))");
    return Map.ofEntries(
        Map.entry("in", circular.source().size()),
        Map.entry("shift", Num.count(first)),
        Map.entry("moves", Num.count(circular.shifts())),
        Map.entry("holds", Num.agreement(Tensor.of(circular.worst(), 5).largestSize())),
        Map.entry("zeros", Num.difference(zeros.worst()[first])),
        Map.entry("zeroCells", Num.count(zeros.at(first).different())),
        Map.entry("odd", Num.difference(strided.worst()[1])),
        Map.entry("even", Num.agreement(strided.worst()[2])),
        Map.entry("x", Listing.tensor("x", circular.source().x())),
        Map.entry("w", Listing.tensor("w", circular.kernel())),
        Map.entry("strideRelation", strides.display()));
  }
}
