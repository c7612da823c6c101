package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.1: the window hops; what it hops over, and what the floor leaves at the edge. */
public final class Stride implements Topic<Strided> {
  private static final Head HEAD =
      Head.of(
          "stride",
          "Hopping window",
          Inputs.patterns("input", "noise").label("Input").symbol("x"),
          Kernels.named("preset", "sobel-x").label("Kernel values").symbol("w"),
          Param.pair("size", 8, 7).range(1, 12).label("Input size").symbol("x"),
          Param.pair("kernel", 3, 3).range(1, 5).label("Kernel K").symbol("w"),
          Param.pair("stride", 2, 2).range(1, 5).label("Stride S").symbol("S"),
          Param.integer("padding", 0).range(0, 2).label("Padding P").symbol("P"),
          Param.integer("dilation", 1).range(1, 3).label("Dilation D").symbol("D"),
          Param.choice("cells", "values")
              .option("values", "Their values")
              .option("reads", "How often they are read")
              .label("Cells show")
              .symbol("x"),
          Param.flag("mistake")
              .label("Hop by the kernel’s size")
              .help("The common mistake: also shows where the window would be if it hopped by K."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Derivation.relation(Convention.FLOOR);
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = values.pair("kernel");
    Pair stride = values.pair("stride");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(stride.height(), stride.width())
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    String text = Conv2d.problem(size.height(), size.width(), spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public Strided compute(Values values, Given given) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = spec(values);
    Tensor x =
        Tensor.of(
            Inputs.values(values.choice("input"), size.height(), size.width()),
            1,
            1,
            size.height(),
            size.width());
    Tensor w =
        Tensor.of(
            Kernels.values(values.choice("preset"), spec.kernelHeight(), spec.kernelWidth()),
            1,
            1,
            spec.kernelHeight(),
            spec.kernelWidth());
    return new Strided(
        values,
        x,
        w,
        Conv2d.forward(x, w, null, spec),
        Conv2d.forward(x, w, null, spec.stride(1)),
        axis(size.height(), spec.kernelHeight(), spec.strideH(), values),
        axis(size.width(), spec.kernelWidth(), spec.strideW(), values));
  }

  private static Axis axis(int in, int kernel, int stride, Values values) {
    int padding = values.integer("padding");
    int dilation = values.integer("dilation");
    return new Axis(Convention.FLOOR, in, kernel, stride, padding, dilation, 0);
  }

  @Override
  public Steps steps(Strided result) {
    int count = result.h().out() * result.w().out();
    return new Steps(count, count / 2, 1);
  }

  @Override
  public Figure figure(Strided result, View view) {
    return new StrideFigure(result, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Notes.notEditable();
  }

  @Override
  public Map<String, String> facts() {
    Strided shown = compute(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("in", shown.in().toString());
    facts.put("height", Notes.number(shown.h().in()));
    facts.put("stride", Notes.number(shown.h().stride()));
    facts.put("kernel", Notes.number(shown.h().kernel()));
    facts.put("out", shown.out().toString());
    facts.put("outHeight", Notes.number(shown.h().out()));
    facts.put("one", shown.outOne().toString());
    facts.put("steps", Derivation.brief(shown.h(), shown.w()));
    facts.put("dropped", Notes.places(shown.h(), shown.h().reach(), shown.h().end(), "row"));
    facts.put("next", Notes.number(shown.h().start(shown.h().out())));
    facts.put("needs", Notes.number(shown.h().start(shown.h().out()) + shown.h().span() - 1));
    facts.put("code", code(shown));
    facts.put("wrongRow", Notes.number(shown.wrongStart(shown.h(), 1)));
    facts.put("rightRow", Notes.number(shown.h().start(1)));
    facts.put("wrongOut", shown.wrongOut().toString());
    // a stride of 2 under a kernel of 1, as beside ResNet's blocks, and a patch embedding
    Axis shortcut = new Axis(Convention.FLOOR, 56, 1, 2, 0, 1, 0);
    facts.put("shortcutIn", Notes.number(shortcut.in()));
    facts.put("shortcutRead", Notes.number(shortcut.out() * shortcut.out()));
    facts.put("shortcutAll", Num.count((long) shortcut.in() * shortcut.in()));
    Axis patches = new Axis(Convention.FLOOR, 224, 16, 16, 0, 1, 0);
    facts.put("patches", Notes.number(patches.out() * patches.out()));
    return facts;
  }

  private static String code(Strided shown) {
    int step = shown.h().stride();
    return "y = torch.nn.functional.conv2d(x, w, stride="
        + step
        + ")  # x: (1, 1, "
        + shown.h().in()
        + ", "
        + shown.w().in()
        + ")\nassert y.shape[2:] == ("
        + shown.h().out()
        + ", "
        + shown.w().out()
        + ")\ny1 = torch.nn.functional.conv2d(x, w)\nassert torch.allclose(y, y1[:, :, ::"
        + step
        + ", ::"
        + step
        + "])";
  }
}
