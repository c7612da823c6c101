package convscope.topic.home;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape map of the home page: a batch of images, a kernel bank, their feature maps, and the two
 * kinds of answers. It is a topic in all but its place: the course does not list it.
 */
public final class ShapeMap implements Topic<Shapes> {
  private static final Head HEAD =
      Head.of(
              "shape-map",
              "From images to answers",
              Param.integer("batch", 2).range(1, 3).label("Images N").symbol("N").group("Input"),
              Param.integer("channels", 3).range(1, 4).label("Channels C").symbol("C"),
              Param.pair("size", 8, 10).range(4, 12).label("Size H × W").symbol("H"),
              Param.integer("kernel", 3).range(1, 5).label("Kernel K").symbol("K").group("Window"),
              Param.integer("stride", 2).range(1, 3).label("Stride S"),
              Param.integer("padding", 1).range(0, 2).label("Padding P"),
              Param.integer("out-channels", 4)
                  .range(1, 6)
                  .label("Kernels")
                  .symbol("C_out")
                  .group("Layer"),
              Param.integer("classes", 3).range(2, 5).label("Classes").symbol("classes"))
          .stage(420, 400);

  @Override
  public String title() {
    return "The shapes of a network";
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.row(
        Formula.of(
            "x(N,C,H,W) ★ w(C_out,C,K,K) =", "C:input", "H:input", "K:kernel", "C_out:kernel"),
        Formula.of("y(N,C_out,H_out,W_out)", "C_out:output", "H_out:output:y", "W_out:output:y"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = Shapes.spec(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec));
  }

  @Override
  public Shapes compute(Values values, Given given) {
    return Shapes.of(values);
  }

  @Override
  public Steps steps(Shapes result) {
    return Steps.of(ShapeMapFigure.STAGES, 2);
  }

  @Override
  public Figure figure(Shapes result, View view) {
    return new ShapeMapFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    return Map.of("maps", Shapes.shape(shown().maps()));
  }
}
