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

  /** The first {@code count} of the names. */
  static List<String> names(int count, String... names) {
    return List.of(names).subList(0, count);
  }

  static Shape weight(List<Shape> parameters) {
    return parameters.get(0);
  }

  static @Nullable Shape bias(List<Shape> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  static @Nullable Var weightOf(List<Var> parameters) {
    return parameters.isEmpty() ? null : parameters.get(0);
  }

  static @Nullable Var biasOf(List<Var> parameters) {
    return parameters.size() > 1 ? parameters.get(1) : null;
  }

  static @Nullable String notImages(String name, Shape x) {
    return x.rank() == 4 ? null : name + ": input of shape " + x + "; give (N, C, H, W)";
  }

  /** A declared number of channels that the input does not have, or null. */
  static @Nullable String otherChannels(String name, int declared, Shape x) {
    return declared < 1 || x.rank() < 2 || x.dim(1) == declared
        ? null
        : name
            + ": made for "
            + declared
            + " channels, the input of shape "
            + x
            + " has "
            + x.dim(1)
            + "; declare "
            + x.dim(1);
  }

  static Window axis(Conv2d.Spec spec, boolean height) {
    return height ? spec.vertical() : spec.horizontal();
  }
}
