package convscope.topic.chapter1;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sum;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
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

/** 1.4: what deep learning calls convolution is cross-correlation; the two differ by a flip. */
public final class CrossCorrelation implements EditableTopic<TwoConventions> {
  private static final int MAX_INPUT = 8;
  private static final int MAX_KERNEL = 4;

  private static final Head HEAD =
      Head.of(
          "cross-correlation",
          "With and without the flip",
          Inputs.patterns("input", "impulse")
              .option("custom", "Custom numbers", "Yours")
              .label("Input")
              .symbol("x"),
          Kernels.choice("preset", "count").label("Kernel values").symbol("w"),
          Param.pair("size", 5, 5).range(1, MAX_INPUT).label("Input size").symbol("x"),
          Param.pair("kernel", 3, 3).range(1, MAX_KERNEL).label("Kernel size").symbol("w"),
          Param.integer("padding", 0).range(0, 2).label("Padding P"),
          Param.flag("flip")
              .label("Flip the kernel")
              .help("Writes out the convolution of mathematics instead of the cross-correlation."),
          Param.flag("mistake")
              .label("Flip only the rows")
              .help("The common mistake: turned upside down, but not left to right."),
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
    return row(word("corr:  "), body("+"));
  }

  /** {@code y[i,j] = Σ_u Σ_v w[u,v] · x[i±u, j±v]}. */
  private static Formula body(String sign) {
    return row(
        sym("y", Role.OUTPUT),
        op("["),
        index("i"),
        op(","),
        index("j"),
        op("]"),
        op("="),
        sum(row(index("u"), op(","), index("v"))),
        sym("w", Role.KERNEL),
        op("["),
        index("u"),
        op(","),
        index("v"),
        op("]"),
        op("·"),
        sym("x", Role.INPUT),
        op("["),
        index("i"),
        op(sign),
        index("u"),
        op(","),
        index("j"),
        op(sign),
        index("v"),
        op("]"));
  }

  private static Formula identity() {
    Formula x = sym("x", Role.INPUT);
    Formula w = sym("w", Role.KERNEL);
    return row(
        word("conv"),
        op("("),
        x,
        op(","),
        w,
        op(")"),
        op("="),
        word("corr"),
        op("("),
        x,
        op(","),
        word("flip"),
        op("("),
        w,
        op(")"),
        op(")"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    String text = Conv2d.problem(size.height(), size.width(), spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public TwoConventions compute(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    return TwoConventions.of(
        values, spec(values), size, Editing.input(values), Editing.kernel(values));
  }

  @Override
  public Steps steps(TwoConventions result) {
    return new Steps(result.correlation().size(), result.correlation().size() - 1, 1);
  }

  @Override
  public Figure figure(TwoConventions result, View view) {
    return new CrossCorrelationFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    TwoConventions shown = compute(schema().defaults(), Given.NOTHING);
    TwoConventions wrong = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    TwoConventions sobel = compute(schema().defaults().with("preset", "sobel-x"), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("convolution", row(word("conv:  "), body("−")).display());
    facts.put("identity", identity().display());
    int last = steps(shown).count() - 1;
    facts.put("corrExample", new CrossCorrelationFigure(shown, at(last, "out/2,2")).sum());
    facts.put("convExample", new CrossCorrelationFigure(shown, at(last, "conv/2,2")).sum());
    facts.put("difference", Terms.difference(shown.disagreement()));
    facts.put("wrong", shown.wrong(wrong.second()) + " of " + steps(shown).count());
    facts.put("sobelSum", Terms.difference(sobel.oppositeness()));
    facts.put("code", shown.pytorch());
    facts.put("outputs", Num.count(steps(shown).count()));
    return facts;
  }

  private View at(int step, String pick) {
    return new View(step, pick, head().wide());
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width()).padding(values.integer("padding"));
  }
}
