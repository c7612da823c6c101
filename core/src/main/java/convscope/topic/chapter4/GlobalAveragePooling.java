package convscope.topic.chapter4;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;

/** 4.4: one number for each map, however large the map is. */
public final class GlobalAveragePooling implements EditableTopic<GlobalAveraged> {
  private static final int MAX_INPUT = 16;

  private static final Head HEAD =
      Head.of(
              "global-average-pooling",
              "From maps to a vector",
              ImageInput.choice("digit-5").group("Input"),
              ImageInput.size(GlobalAveraged.BUILT, MAX_INPUT).label("Image size"),
              Param.integer("classes", 10)
                  .range(1, 1000)
                  .doubling()
                  .label("Classes")
                  .group("Weights"),
              Param.choice("show", "maps")
                  .option("maps", "Values")
                  .option("gradient", "Gradient")
                  .label("Maps")
                  .group("Show"),
              Param.flag("mistake")
                  .label("Forget 1/HW")
                  .help("The common mistake: sums for means."),
              ImageInput.numbers(MAX_INPUT))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y_c = frac{1}{HW} sum_{p,q} x_c[p,q]", "H:neutral", "W:neutral");
  }

  @Override
  public GlobalAveraged compute(Values values, Given given) {
    return GlobalAveraged.of(
        ImageInput.of(values, given),
        values.integer("classes"),
        values.choice("show").equals("gradient"),
        values.flag("mistake"));
  }

  @Override
  public Steps steps(GlobalAveraged result) {
    return new Steps(result.area(), result.area() * 2 / 3, Math.max(1, result.area() / 100));
  }

  @Override
  public Figure figure(GlobalAveraged result, View view) {
    return new GlobalAveragePoolingFigure(result, view).figure();
  }

  @Override
  public Answers answers(GlobalAveraged result) {
    return Answers.of("mean", result.means().data()[0])
        .and("sum", result.sum(0, result.area()))
        .and("area", result.area())
        .and("head", result.parameters(result.channels()));
  }

  @Override
  public Map<String, String> facts() {
    GlobalAveraged shown = shown();
    GlobalAveraged other = compute(schema().defaults().with("size", "12"), Given.NOTHING);
    View last = new View(shown.area() - 1, "", head().wide());
    Formula backward =
        Formula.of("frac{∂L}{∂x_c[p,q]} = frac{1}{HW} frac{∂L}{∂y_c}", "H:neutral", "W:neutral");
    return Map.ofEntries(
        Map.entry("backward", backward.display()),
        Map.entry("example", figure(shown, last).equation()),
        Map.entry("maps", Num.size(shown.channels(), shown.height(), shown.width())),
        Map.entry("channels", Num.count(shown.channels())),
        Map.entry("classes", Num.count(shown.classes())),
        Map.entry("dense", Num.count(shown.parameters(shown.denseInputs()))),
        Map.entry("pooled", Num.count(shown.parameters(shown.channels()))),
        Map.entry("share", Num.decimal(1.0 / shown.area(), 4)),
        Map.entry("larger", other.input().size()),
        Map.entry("error", String.valueOf(other.flattenProblem())),
        // maps of 7 × 7 × 512 to 4096 units
        Map.entry("vgg", Num.count(7L * 7 * 512 * 4096 + 4096)),
        // 2048 means to 1000 classes
        Map.entry("resnet", Num.count(2048L * 1000 + 1000)));
  }
}
