package convscope.topic.chapter1;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sum;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.1: each output reads one small window of the input and nowhere else. */
public final class LocalReceptiveField implements EditableTopic<SlidingWindow> {
  /** The most rows and columns of an input shown as numbers. */
  static final int MAX_INPUT = 12;

  private static final int MAX_KERNEL = 7;

  private static final Head HEAD =
      Head.of(
          "local-receptive-field",
          "Sliding window",
          Inputs.choice("input", "ring").label("Input").symbol("x"),
          Kernels.choice("preset", "sobel-x").label("Kernel values").symbol("w"),
          Param.pair("size", 7, 7)
              .range(1, MAX_INPUT)
              .label("Input size")
              .symbol("x")
              .onlyWith("input", Inputs.numbers()),
          Param.pair("kernel", 3, 3).range(1, MAX_KERNEL).label("Kernel size").symbol("w"),
          Param.integer("stride", 2).range(1, 4).label("Stride S").symbol("S"),
          Param.integer("padding", 1).range(0, 3).label("Padding P").symbol("P"),
          Param.integer("dilation", 1).range(1, 3).label("Dilation D").symbol("D"),
          Param.choice("mode", "zeros")
              .option("zeros", "Zeros")
              .option("reflect", "Reflect")
              .option("replicate", "Replicate")
              .option("circular", "Circular")
              .label("Padding reads")
              .symbol("P"),
          Param.number("bias", 0).range(-20, 20).step(0.5).label("Bias b").symbol("b"),
          Param.flag("dense")
              .label("As dense layer")
              .onlyWith("input", Inputs.numbers())
              .help(
                  "Draws every connection that a dense layer would have; the window's are strong."),
          Param.flag("mistake")
              .label("Forget the stride")
              .help(
                  "The common mistake: also shows the window that starts at i − P instead of iS − P."),
          Param.grid("x")
              .atMost(MAX_INPUT, MAX_INPUT)
              .label("Input numbers")
              .symbol("x")
              .onlyWith("input", "custom"),
          Param.grid("w")
              .atMost(MAX_KERNEL, MAX_KERNEL)
              .label("Kernel numbers")
              .symbol("w")
              .onlyWith("preset", "custom"));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula x = sym("x", Role.INPUT);
    Formula w = sym("w", Role.KERNEL);
    Formula y = sym("y", Role.OUTPUT);
    Formula stride = sym("S", Role.NEUTRAL);
    Formula padding = sym("P", Role.PADDING);
    Formula dilation = sym("D", Role.NEUTRAL);
    return row(
        y,
        op("["),
        index("i"),
        op(","),
        index("j"),
        op("]"),
        op("="),
        sum(row(index("u"), op("<"), sub(sym("K", "w", Role.KERNEL), index("h")))),
        sum(row(index("v"), op("<"), sub(sym("K", "w", Role.KERNEL), index("w")))),
        w,
        op("["),
        index("u"),
        op(","),
        index("v"),
        op("]"),
        op("·"),
        x,
        op("["),
        index("i"),
        stride,
        op("+"),
        index("u"),
        dilation,
        op("−"),
        padding,
        op(","),
        index("j"),
        stride,
        op("+"),
        index("v"),
        dilation,
        op("−"),
        padding,
        op("]"),
        op("+"),
        sym("b", Role.NEUTRAL));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = size(values, given);
    String text = Conv2d.problem(size.height(), size.width(), spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public SlidingWindow compute(Values values, Given given) {
    Picture picture = given.picture(values.choice("input"));
    Pair size = size(values, given);
    Conv2d.Spec spec = spec(values);
    float[] x = picture != null ? picture.grey() : Editing.input(values);
    float[] w = Editing.kernel(values);
    Tensor input = Tensor.of(x, 1, 1, size.height(), size.width());
    Tensor kernel = Tensor.of(w, 1, 1, spec.kernelHeight(), spec.kernelWidth());
    float bias = (float) values.number("bias");
    Tensor output = Conv2d.forward(input, kernel, Tensor.of(new float[] {bias}, 1), spec);
    return new SlidingWindow(values, spec, input, kernel, bias, output, picture);
  }

  @Override
  public Steps steps(SlidingWindow result) {
    return new Steps(
        result.outputs(), result.outputs() * 2 / 5, Math.max(1, result.outputs() / 200));
  }

  @Override
  public Figure figure(SlidingWindow result, View view) {
    return new SlidingWindowFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    SlidingWindow shown = compute(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("out", shown.outHeight() + " × " + shown.outWidth());
    facts.put("code", shown.pytorch());
    facts.put(
        "example",
        new SlidingWindowFigure(shown, new View(steps(shown).first(), "", head().wide()))
            .equation());
    facts.put("dense", Num.count(shown.denseWeights()));
    facts.put("weights", Num.count(shown.kernelGrid().values().length));
    int i = steps(shown).first() / shown.outWidth();
    int j = steps(shown).first() % shown.outWidth();
    facts.put("in", shown.height() + " × " + shown.width());
    facts.put("kernel", shown.spec().kernelHeight() + " × " + shown.spec().kernelWidth());
    facts.put("stride", Num.count(shown.spec().strideH()));
    facts.put("padding", Num.count(shown.spec().padTop()));
    facts.put("i", Num.count(i));
    facts.put("j", Num.count(j));
    facts.put("row", Num.decimal(shown.windowRow(i), 0));
    facts.put("column", Num.decimal(shown.windowColumn(j), 0));
    facts.put("wrongRow", Num.decimal(i - shown.spec().padTop(), 0));
    facts.put("wrongColumn", Num.decimal(j - shown.spec().padLeft(), 0));
    facts.put("y", Num.decimal(shown.out(i, j), 2));
    facts.put("wrongY", Num.decimal(shown.withoutStride(i, j), 2));
    facts.put("alexWeights", Num.count(11 * 11 * 3)); // height, width, colours
    facts.put("alexDense", Num.count(224 * 224 * 3));
    return facts;
  }

  private static Pair size(Values values, Given given) {
    Picture picture = given.picture(values.choice("input"));
    return picture != null
        ? new Pair(picture.height(), picture.width())
        : Editing.inputSize(values);
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"))
        .mode(PaddingMode.parse(values.choice("mode")));
  }
}
