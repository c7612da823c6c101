package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.3: a convolution that hops pools with weights of its own choice. */
public final class StridedConvolution implements EditableTopic<Learned> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
          "strided-convolution",
          "Pooling that learns",
          ImageInput.choice("digit-3"),
          ImageInput.size(6, MAX_INPUT),
          Param.integer("kernel", 2).range(1, 4).label("Kernel K").symbol("K"),
          Pooling.stride(),
          Param.choice("target", "average")
              .option("average", "Average pooling")
              .option("max", "Max pooling")
              .label("Learns to be"),
          Param.flag("mistake")
              .label("Kernel of 1")
              .help("The common mistake: a 1 × 1 kernel with a stride skips most of its input."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula kernel = sym("K", Role.NEUTRAL);
    Formula stride = sym("S", Role.NEUTRAL);
    return row(
        sym("y", Role.OUTPUT),
        Pooling.place(index("i"), index("j")),
        op("="),
        Formula.sum(row(index("u"), op(","), index("v"), op("<"), kernel)),
        sym("w", Role.KERNEL),
        Pooling.place(index("u"), index("v")),
        op("·"),
        sym("x", Role.INPUT),
        Pooling.place(
            row(index("i"), stride, op("+"), index("u")),
            row(index("j"), stride, op("+"), index("v"))));
  }

  private static Formula average() {
    return row(
        sym("w", Role.KERNEL),
        Pooling.place(index("u"), index("v")),
        op("="),
        Formula.frac(num("1"), Formula.sup(sym("K", Role.NEUTRAL), num("2"))),
        op("⇒"),
        sym("y", Role.OUTPUT),
        op("="),
        Formula.word("average pooling"));
  }

  private static int kernel(Values values) {
    return values.flag("mistake") ? 1 : values.integer("kernel");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    int kernel = kernel(values);
    Conv2d.Spec spec = Conv2d.Spec.of(kernel, kernel).stride(values.integer("stride"));
    String text = Conv2d.problem(input.height(), input.width(), spec);
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public Learned compute(Values values, Given given) {
    return Learned.of(values, ImageInput.of(values, given), kernel(values));
  }

  @Override
  public Steps steps(Learned result) {
    return new Steps(Learned.STEPS, Learned.STEPS - 1, 1);
  }

  @Override
  public Figure figure(Learned result, View view) {
    return new StridedConvolutionFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Learned shown = compute(schema().defaults(), Given.NOTHING);
    Learned max = compute(schema().defaults().with("target", "max"), Given.NOTHING);
    Learned single = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    int last = Learned.STEPS - 1;
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("average", average().display());
    facts.put(
        "example",
        new StridedConvolutionFigure(shown, new View(last, "", head().wide())).equation());
    facts.put("in", shown.input().size());
    facts.put("kernel", shown.spec().kernelHeight() + " × " + shown.spec().kernelWidth());
    facts.put("share", Num.decimal(1.0 / shown.kernel(0).size(), 2));
    facts.put("fixed", StridedConvolutionFigure.small(shown.fixedDifference()));
    facts.put("loss", StridedConvolutionFigure.small(shown.losses()[Learned.AVERAGE][last]));
    facts.put("maxLoss", StridedConvolutionFigure.small(max.losses()[Learned.MAX][last]));
    facts.put("code", shown.pytorch());
    facts.put("k", Num.count(shown.spec().kernelHeight()));
    facts.put("stride", Num.count(shown.spec().strideH()));
    facts.put("unread", Num.count(single.unread()));
    facts.put("cells", Num.count(single.input().x().size()));
    return facts;
  }
}
