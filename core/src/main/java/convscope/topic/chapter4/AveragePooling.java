package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;

import convscope.data.Pictures;
import convscope.num.Num;
import convscope.op.AveragePool2d;
import convscope.op.PoolSpec;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.ImageInput;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 4.2: the mean of a window, and the question what a mean divides by at the border. */
public final class AveragePooling implements EditableTopic<Averaged> {
  private static final int MAX_INPUT = 10;

  private static final Schema SCHEMA =
      Schema.of(
          ImageInput.choice("digit-0"),
          ImageInput.size(5, MAX_INPUT),
          Pooling.kernel(3),
          Pooling.stride(),
          Pooling.padding(1),
          Param.flag("mistake")
              .label("Flat image")
              .help("Shows the common mistake: a flat image that is expected to stay flat."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public String slug() {
    return "average-pooling";
  }

  @Override
  public String title() {
    return "Average pooling";
  }

  @Override
  public String figureTitle() {
    return "Two divisors at the border";
  }

  @Override
  public Schema schema() {
    return SCHEMA;
  }

  @Override
  public Formula relation() {
    Formula kernel = sym("K", Role.NEUTRAL);
    return row(
        sym("y", Role.OUTPUT),
        Pooling.place(index("i"), index("j")),
        op("="),
        Formula.frac(num("1"), sub(index("d"), row(index("i"), index("j")))),
        Formula.sum(row(index("u"), op(","), index("v"), op("<"), kernel)),
        sym("x", Role.INPUT),
        Pooling.place(Pooling.offset("i", "u"), Pooling.offset("j", "v")),
        op(","),
        sub(index("d"), row(index("i"), index("j"))),
        op("="),
        Formula.sup(kernel, num("2")),
        Formula.word(" without padding"));
  }

  @Override
  public @Nullable Problem check(Values values, Pictures pictures) {
    ImageInput input = ImageInput.of(values, pictures);
    String text = AveragePool2d.problem(input.height(), input.width(), Pooling.spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public Averaged compute(Values values, Pictures pictures) {
    ImageInput input = ImageInput.of(values, pictures);
    if (values.flag("mistake")) {
      float flat = input.picture() == null ? 1 : 200;
      input =
          new ImageInput(Tensor.full(flat, 1, 1, input.height(), input.width()), input.picture());
    }
    PoolSpec spec = Pooling.spec(values);
    return new Averaged(
        values,
        input,
        spec,
        AveragePool2d.forward(input.x(), spec, true),
        AveragePool2d.forward(input.x(), spec, false));
  }

  @Override
  public int steps(Averaged result) {
    return result.real().size();
  }

  @Override
  public int firstStep(Averaged result) {
    return result.input().picture() != null ? 0 : result.real().size() - 1;
  }

  @Override
  public int stride(Averaged result) {
    return Math.max(1, result.real().size() / 200);
  }

  @Override
  public Figure figure(Averaged result, View view) {
    return new AveragePoolingFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Averaged shown = compute(SCHEMA.defaults(), name -> null);
    Averaged flat = compute(SCHEMA.defaults().with("mistake", "on"), name -> null);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "example",
        new AveragePoolingFigure(shown, new View(firstStep(shown), "", false, true)).equation());
    facts.put("code", shown.pytorch(true));
    facts.put("other", shown.pytorch(false));
    facts.put("in", shown.input().size());
    facts.put("out", shown.outHeight() + " × " + shown.outWidth());
    facts.put("corner", Num.count(shown.divisor(0, 0, false)));
    facts.put("edge", Num.count(shown.divisor(0, 1, false)));
    facts.put("inner", Num.count(shown.divisor(1, 1, false)));
    facts.put("square", Num.count(shown.divisor(0, 0, true)));
    facts.put("border", Num.count(shown.border()));
    facts.put("outputs", Num.count(shown.real().size()));
    facts.put("most", WindowView.value(Averaged.largest(shown.difference())));
    facts.put("dark", WindowView.value(flat.counted().data()[0]));
    return facts;
  }
}
