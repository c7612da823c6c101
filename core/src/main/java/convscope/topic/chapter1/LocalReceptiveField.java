package convscope.topic.chapter1;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.1: each output reads one small window of the input and nowhere else. */
public final class LocalReceptiveField implements EditableTopic<SlidingWindow> {
  private static final int MAX_INPUT = 12;
  private static final int MAX_KERNEL = 7;

  private static final Head HEAD =
      Head.of(
              "local-receptive-field",
              "Sliding window",
              Param.integer("stride", 2).range(1, 4).label("Stride S").symbol("S").group("Window"),
              Kernels.size(3, MAX_KERNEL),
              Param.integer("padding", 1).range(0, 3).label("Padding P").symbol("P"),
              Param.integer("dilation", 1).range(1, 3).label("Dilation D").symbol("D"),
              Inputs.padding("mode", "zeros"),
              ImageInput.choice("ring").group("Input"),
              ImageInput.size(7, MAX_INPUT),
              Kernels.choice("preset", "sobel-x").group("Kernel"),
              Param.number("bias", 0).range(-20, 20).step(0.5).label("Bias b").symbol("b"),
              Param.flag("dense")
                  .label("As dense layer")
                  .onlyWith("input", Inputs.numbers())
                  .help("A line for each weight of a dense layer.")
                  .group("Show"),
              Param.flag("mistake")
                  .label("Forget the stride")
                  .help("The common mistake: i − P for iS − P."),
              ImageInput.numbers(MAX_INPUT),
              Kernels.numbers(MAX_KERNEL))
          .stage(400, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "y[i,j] = sum_{u<K_'h'} sum_{v<K_'w'} w[u,v]·x[iS+uD−P, jS+vD−P] + b", "K:kernel:w");
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"))
        .mode(PaddingMode.parse(values.choice("mode")));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    return Problem.of("kernel", Conv2d.problem(input.height(), input.width(), spec(values)));
  }

  @Override
  public SlidingWindow compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    Conv2d.Spec spec = spec(values);
    Tensor kernel = Kernels.of(values);
    Tensor bias = Tensor.full((float) values.number("bias"), 1);
    Tensor output = Conv2d.forward(input.x(), kernel, bias, spec);
    return new SlidingWindow(
        input,
        spec,
        kernel,
        bias.data()[0],
        output,
        values.flag("mistake") ? Conv2d.forward(input.x(), kernel, bias, spec.stride(1)) : null,
        values.flag("dense") && input.picture() == null);
  }

  @Override
  public Steps steps(SlidingWindow result) {
    return Steps.of(result.output().size(), result.output().size() * 2 / 5);
  }

  @Override
  public Figure figure(SlidingWindow result, View view) {
    return new SlidingWindowFigure(result, view).figure();
  }

  @Override
  public Answers answers(SlidingWindow result) {
    Conv2d.Spec spec = result.spec();
    int row = result.input().height() / 2;
    int column = result.input().width() / 2;
    int rows = spec.vertical().readers(row, result.output().dim(2)).length;
    int columns = spec.horizontal().readers(column, result.output().dim(3)).length;
    return Answers.of("readers", rows * columns)
        .and("taps", result.kernel().size())
        .and("first", result.output().data()[0]);
  }

  @Override
  public Map<String, String> facts() {
    SlidingWindow shown = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    int first = steps(shown).first();
    int i = first / shown.output().dim(3);
    int j = first % shown.output().dim(3);
    Window rows = shown.spec().vertical();
    Window columns = shown.spec().horizontal();
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("w", Listing.tensor("w", shown.kernel())),
        Map.entry("in", shown.input().size()),
        Map.entry("kernel", Num.size(rows.kernel(), columns.kernel())),
        Map.entry("out", Num.size(shown.output().dim(2), shown.output().dim(3))),
        Map.entry("shape", Listing.shape(shown.output())),
        Map.entry("dense", Num.count(shown.denseWeights())),
        Map.entry("weights", Num.count(shown.kernel().size())),
        Map.entry("stride", Num.count(rows.stride())),
        Map.entry("padding", Num.count(rows.padBefore())),
        Map.entry("i", Num.count(i)),
        Map.entry("j", Num.count(j)),
        Map.entry("row", Num.count(rows.start(i))),
        Map.entry("column", Num.count(columns.start(j))),
        Map.entry("wrongRow", Num.count(rows.stride(1).start(i))),
        Map.entry("wrongColumn", Num.count(columns.stride(1).start(j))),
        Map.entry("y", Num.value(shown.output().at(0, 0, i, j))),
        Map.entry("wrongY", Num.value(shown.withoutStride(i, j))),
        Map.entry("alexWeights", Num.count(11 * 11 * 3)), // height, width, colours
        Map.entry("alexDense", Num.count(224 * 224 * 3)));
  }
}
