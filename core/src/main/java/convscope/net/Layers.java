package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What several kinds of {@link Layer} share. */
final class Layers {
  private Layers() {}

  static List<Shape> withBias(Shape weight, int channels, boolean bias) {
    return bias ? List.of(weight, Shape.of(channels)) : List.of(weight);
  }

  static Shape weight(List<Shape> parameters) {
    return parameters.get(0);
  }

  static @Nullable Shape bias(List<Shape> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  static @Nullable Var biasOf(List<Var> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  static @Nullable String notImages(String name, Shape x) {
    return x.rank() == 4 ? null : name + ": input of shape " + x + "; give (N, C, H, W)";
  }

  static Window axis(Conv2d.Spec spec, boolean height) {
    return height ? spec.vertical() : spec.horizontal();
  }
}
