package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
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
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.1: the window hops; what it hops over, and what the floor leaves at the edge. */
public final class Stride implements EditableTopic<Strided> {
  private static final int MAX_INPUT = 12;
  private static final int MAX_KERNEL = 5;

  private static final Head HEAD =
      Head.of(
              "stride",
              "Hopping window",
              Param.pair("stride", 2, 2).range(1, 5).label("Stride S").symbol("S").group("Window"),
              Param.pair("kernel", 3, 3).range(1, MAX_KERNEL).label("Kernel K").symbol("w"),
              Param.integer("padding", 0).range(0, 2).label("Padding P").symbol("P"),
              Param.integer("dilation", 1).range(1, 3).label("Dilation D").symbol("D"),
              ImageInput.size(8, 7, MAX_INPUT).group("Input"),
              ImageInput.patterns("noise"),
              ImageInput.numbers(MAX_INPUT),
              Kernels.choice("preset", "sobel-x").group("Kernel"),
              Kernels.numbers(MAX_KERNEL),
              Param.choice("cells", "values")
                  .option("values", "Their values")
                  .option("reads", "How often they are read")
                  .label("Cells show")
                  .symbol("x")
                  .group("Show"),
              Param.flag("mistake")
                  .label("Hop by the kernel’s size")
                  .help(
                      "The common mistake: also shows where the window would be if it hopped by"
                          + " K."))
          .stage(400, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Derivation.relation(Convention.FLOOR);
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    Pair stride = values.pair("stride");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(stride.height(), stride.width())
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  @Override
  public Strided compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    Conv2d.Spec spec = spec(values);
    Tensor w = Kernels.of(values);
    return new Strided(
        input,
        spec,
        w,
        Conv2d.forward(input.x(), w, null, spec),
        Conv2d.forward(input.x(), w, null, spec.stride(1)),
        values.choice("cells").equals("reads"),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Strided result) {
    return Steps.of(result.y().size(), result.y().size() / 2);
  }

  @Override
  public Figure figure(Strided result, View view) {
    return new StrideFigure(result, view).figure();
  }

  @Override
  public Answers answers(Strided result) {
    Axis h = result.h();
    return Answers.of("outHeight", h.out())
        .wrong("outHeight", result.wrong().outputHeight(h.in()))
        .and("even", result.evenInside())
        .and("most", result.readings().largestSize());
  }

  @Override
  public Map<String, String> facts() {
    Strided shown = shown();
    Axis h = shown.h();
    int next = h.window().start(h.out());
    // a stride of 2 under a kernel of 1, as beside ResNet's blocks, and a patch embedding
    int rows = 56;
    int kept = Window.of(1).stride(2).out(rows);
    int patches = Window.of(16).stride(16).out(224);
    return Map.ofEntries(
        Map.entry("in", shown.input().size()),
        Map.entry("height", Num.count(h.in())),
        Map.entry("stride", Num.count(h.window().stride())),
        Map.entry("kernel", Num.count(h.window().kernel())),
        Map.entry("out", shown.out(shown.spec())),
        Map.entry("outHeight", Num.count(h.out())),
        Map.entry("outWidth", Num.count(shown.w().out())),
        Map.entry("one", shown.out(shown.spec().stride(1))),
        Map.entry("steps", Derivation.both(h, shown.w())),
        Map.entry("dropped", h.droppedPlaces()),
        Map.entry("next", Num.count(next)),
        Map.entry("needs", Num.count(next + h.window().span() - 1)),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("w", Listing.tensor("w", shown.kernel())),
        Map.entry("wrongRow", Num.count(shown.wrong().vertical().start(1))),
        Map.entry("rightRow", Num.count(h.window().start(1))),
        Map.entry("wrongOut", shown.out(shown.wrong())),
        Map.entry("shortcutIn", Num.count(rows)),
        Map.entry("shortcutRead", Num.count(kept * kept)),
        Map.entry("shortcutAll", Num.count(rows * rows)),
        Map.entry("patches", Num.count(patches * patches)));
  }
}
