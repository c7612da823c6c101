package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
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

/** 4.4: one number for each map, however large the map is. */
public final class GlobalAveragePooling implements EditableTopic<GlobalAveraged> {
  private static final int MAX_INPUT = 16;

  private static final Head HEAD =
      Head.of(
          "global-average-pooling",
          "From maps to a vector",
          ImageInput.choice("digit-5"),
          ImageInput.size(GlobalAveraged.BUILT, MAX_INPUT).label("Image size"),
          Param.integer("classes", 10).range(1, 1000).label("Classes"),
          Param.choice("show", "maps")
              .option("maps", "Feature maps")
              .option("gradient", "Their gradient")
              .label("Show"),
          Param.flag("mistake")
              .label("Forget 1/HW")
              .help("The common mistake: the sum of a map instead of its mean."),
          ImageInput.numbers(MAX_INPUT));

  @Override
  public Head head() {
    return HEAD;
  }

  private static Formula size() {
    return row(sym("H", Role.NEUTRAL), sym("W", Role.NEUTRAL));
  }

  private static Formula x() {
    return row(sub(sym("x", Role.INPUT), index("c")), Pooling.place(index("p"), index("q")));
  }

  @Override
  public Formula relation() {
    return row(
        sub(sym("y", Role.OUTPUT), index("c")),
        op("="),
        Formula.frac(num("1"), size()),
        Formula.sum(row(index("p"), op(","), index("q"))),
        x());
  }

  private static Formula backward() {
    return row(
        Formula.frac(row(op("∂"), index("L")), row(op("∂"), x())),
        op("="),
        Formula.frac(num("1"), size()),
        Formula.frac(
            row(op("∂"), index("L")), row(op("∂"), sub(sym("y", Role.OUTPUT), index("c")))));
  }

  @Override
  public GlobalAveraged compute(Values values, Given given) {
    return GlobalAveraged.of(values, ImageInput.of(values, given));
  }

  @Override
  public Steps steps(GlobalAveraged result) {
    return new Steps(result.area(), result.area() - 1, Math.max(1, result.area() / 100));
  }

  @Override
  public Figure figure(GlobalAveraged result, View view) {
    return new GlobalAveragePoolingFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    GlobalAveraged shown = compute(schema().defaults(), Given.NOTHING);
    GlobalAveraged other = compute(schema().defaults().with("size", "12"), Given.NOTHING);
    int last = steps(shown).first();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("backward", backward().display());
    facts.put(
        "example",
        new GlobalAveragePoolingFigure(shown, new View(last, "", head().wide())).equation());
    facts.put("maps", shown.channels() + " × " + shown.height() + " × " + shown.width());
    facts.put("channels", Num.count(shown.channels()));
    facts.put("classes", Num.count(shown.classes()));
    facts.put("dense", Num.count(shown.parameters(shown.denseInputs())));
    facts.put("pooled", Num.count(shown.parameters(shown.channels())));
    facts.put("share", Num.decimal(1.0 / shown.area(), 4));
    facts.put("larger", other.input().size());
    facts.put("error", String.valueOf(other.flattenProblem()));
    facts.put("vgg", Num.count(7L * 7 * 512 * 4096 + 4096)); // maps of 7 × 7 × 512 to 4096 units
    facts.put("resnet", Num.count(2048L * 1000 + 1000)); // 2048 means to 1000 classes
    return facts;
  }
}
