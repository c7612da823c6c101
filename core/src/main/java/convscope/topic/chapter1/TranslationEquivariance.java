package convscope.topic.chapter1;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.3: moving the input moves the output, exactly where padding and stride let it. */
public final class TranslationEquivariance implements EditableTopic<ShiftedConv> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
          "translation-equivariance",
          "Shift first, or convolve first",
          ImageInput.choice("ring"),
          Kernels.named("preset", "sobel-x").label("Kernel values").symbol("w"),
          ImageInput.size(5, MAX_INPUT),
          Param.integer("stride", 1).range(1, 4).label("Stride S").symbol("S"),
          Param.choice("mode", "circular")
              .option("circular", "Circular")
              .option("zeros", "Zeros")
              .option("reflect", "Reflect")
              .option("replicate", "Replicate")
              .label("Padding reads"),
          Param.choice("along", "right")
              .option("right", "Right")
              .option("down", "Down")
              .option("both", "Right and down")
              .label("Shift")
              .symbol("t"),
          Param.flag("mistake")
              .label("Expect the same output")
              .help("The common mistake: compares with conv(x) itself, not shifted."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(first(), op("="), second());
  }

  static Formula first() {
    return row(word("conv"), paren(row(shift("t"), paren(sym("x", Role.INPUT)))));
  }

  static Formula second() {
    return row(shift("s"), paren(row(word("conv"), paren(sym("x", Role.INPUT)))));
  }

  private static Formula shift(String part) {
    return sub(word("shift"), sym("t", part, Role.NEUTRAL));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    String text = Conv2d.problem(input.height(), input.width(), spec(values));
    return text == null ? null : new Problem("size", text);
  }

  @Override
  public ShiftedConv compute(Values values, Given given) {
    return ShiftedConv.of(values, ImageInput.of(values, given), spec(values));
  }

  @Override
  public Steps steps(ShiftedConv result) {
    return new Steps(
        result.shifts(),
        Math.min(result.shifts() - 1, Math.max(2, result.shifts() / 5)),
        Math.max(1, result.shifts() / 40));
  }

  @Override
  public Figure figure(ShiftedConv result, View view) {
    return new TranslationFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Values values = schema().defaults();
    ShiftedConv circular = compute(values, Given.NOTHING);
    ShiftedConv zeros = compute(values.with("mode", "zeros"), Given.NOTHING);
    ShiftedConv strided = compute(values.with("stride", "2"), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("in", circular.source().size());
    facts.put("shift", Num.count(steps(circular).first()));
    facts.put("moves", Num.count(circular.shifts()));
    facts.put("holds", Terms.difference(circular.worst()));
    facts.put("zeros", Terms.difference(zeros.at(steps(zeros).first()).most()));
    facts.put("zeroCells", Num.count(zeros.at(steps(zeros).first()).different()));
    facts.put("odd", Terms.difference(strided.at(1).most()));
    facts.put("even", Terms.difference(strided.at(2).most()));
    facts.put("strideRelation", strideRelation().display());
    facts.put(
        "code",
        "conv = torch.nn.Conv2d(1, 1, 3, padding=1, padding_mode=\"circular\", bias=False)\n"
            + "x = torch.rand(1, 1, 6, 6)\nfor t in range(6):\n"
            + "    first = conv(torch.roll(x, t, dims=3))\n"
            + "    assert torch.allclose(first, torch.roll(conv(x), t, dims=3), atol=1e-6)");
    return facts;
  }

  private static Formula strideRelation() {
    Formula moved = sub(word("shift"), row(index("k"), sym("S", Role.NEUTRAL)));
    Formula x = paren(sym("x", Role.INPUT));
    return row(
        word("conv"),
        paren(row(moved, x)),
        op("="),
        sub(word("shift"), index("k")),
        paren(row(word("conv"), x)));
  }

  private static Conv2d.Spec spec(Values values) {
    return Conv2d.Spec.of(3, 3)
        .stride(values.integer("stride"))
        .padding(1)
        .mode(PaddingMode.parse(values.choice("mode")));
  }
}
