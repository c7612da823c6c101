package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.max;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.1: a window keeps its largest value, and the gradient goes back to that value alone. */
public final class MaxPooling implements EditableTopic<MaxPooled> {
  private static final int MAX_INPUT = 10;

  private static final Head HEAD =
      Head.of(
          "max-pooling",
          "There and back through the maximum",
          ImageInput.choice("digit-7"),
          ImageInput.size(6, MAX_INPUT),
          Pooling.kernel(2),
          Pooling.stride(),
          Pooling.padding(0),
          Param.choice("gradient", "numbered")
              .option("numbered", "1, 2, 3, …")
              .option("ones", "All ones")
              .label("Gradient at y")
              .onlyWith("input", Inputs.numbers())
              .help("What arrives at the output; numbers that differ show where each one goes."),
          Param.flag("mistake")
              .label("Pay every tie")
              .help("The common mistake: each cell that equals the maximum gets the gradient."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        sym("y", Role.OUTPUT),
        Pooling.place(index("i"), index("j")),
        op("="),
        max(row(index("u"), op(","), index("v"), op("<"), sym("K", Role.NEUTRAL))),
        sym("x", Role.INPUT),
        Pooling.place(Pooling.offset("i", "u"), Pooling.offset("j", "v")));
  }

  /** What comes back: the gradient of every output whose window this cell won. */
  private static Formula backward() {
    Formula loss = index("L");
    Formula where = row(op("("), index("i"), op(","), index("j"), op(")"));
    return row(
        Formula.frac(
            row(op("∂"), loss),
            row(op("∂"), sym("x", Role.INPUT), Pooling.place(index("p"), index("q")))),
        op("="),
        Formula.sum(
            row(
                where,
                op(":"),
                Formula.word("argmax"),
                op("="),
                row(op("("), index("p"), op(","), index("q"), op(")")))),
        Formula.frac(
            row(op("∂"), loss),
            row(op("∂"), sym("y", Role.OUTPUT), Pooling.place(index("i"), index("j")))));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    String text = MaxPool2d.problem(input.height(), input.width(), Pooling.spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public MaxPooled compute(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    PoolSpec spec = Pooling.spec(values);
    MaxPool2d.Result pooled = MaxPool2d.forward(input.x(), spec);
    Tensor dy = Tensor.full(1, 1, 1, pooled.y().dim(2), pooled.y().dim(3));
    if (input.picture() == null && values.choice("gradient").equals("numbered")) {
      for (int n = 0; n < dy.size(); n++) {
        dy.data()[n] = n + 1;
      }
    }
    return new MaxPooled(values, input, spec, pooled, dy);
  }

  @Override
  public Steps steps(MaxPooled result) {
    return new Steps(
        result.dy().size(), result.dy().size() / 2, Math.max(1, result.dy().size() / 200));
  }

  @Override
  public Figure figure(MaxPooled result, View view) {
    return new MaxPoolingFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    MaxPooled shown = compute(schema().defaults(), Given.NOTHING);
    int last = shown.dy().size() - 1;
    int n = steps(shown).first();
    int width = shown.input().width();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("backward", backward().display());
    facts.put("example", new MaxPoolingFigure(shown, new View(n, "", head().wide())).equation());
    facts.put("code", shown.pytorch());
    facts.put("in", shown.input().size());
    facts.put("out", shown.outHeight() + " × " + shown.outWidth());
    facts.put("kernel", Num.count(shown.spec().window().kernelHeight()));
    facts.put("stride", Num.count(shown.spec().window().strideH()));
    facts.put("ties", Num.count(shown.ties(n)));
    facts.put("max", Num.decimal(shown.pooled().y().data()[n], 2));
    facts.put("winner", WindowView.name("x", shown.winner(n) / width, shown.winner(n) % width));
    facts.put("flat", Num.count(shown.winner(n)));
    facts.put("i", Num.count(n / shown.outWidth()));
    facts.put("j", Num.count(n % shown.outWidth()));
    facts.put("sum", Num.decimal(MaxPooled.sum(shown.dy()), 2));
    facts.put("tied", Num.count(shown.tiedWindows()));
    facts.put("outputs", Num.count(shown.dy().size()));
    facts.put("wrong", Num.decimal(MaxPooled.sum(shown.wrongDx(last)), 2));
    int stem = PoolSpec.of(3, 3).stride(2).padding(1).outputHeight(112);
    facts.put("resnet", stem + " × " + stem);
    int alex = PoolSpec.of(3, 3).stride(2).outputHeight(55);
    facts.put("alexnet", alex + " × " + alex);
    return facts;
  }
}
