package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Binary;
import convscope.op.Window;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToLongBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code y = shortcut(x) + body(x)}; an empty shortcut is the identity (He et al. 2016).
 *
 * @param body the layers of the long branch
 * @param shortcut the projection where shapes differ, else empty
 */
public record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {
  @Override
  public String name() {
    return "Residual";
  }

  @Override
  public List<Shape> parameters(Shape x) {
    return shapes(x, Layer::parameters);
  }

  private List<Shape> shapes(Shape x, BiFunction<Layer, Shape, List<Shape>> own) {
    List<Shape> all = new ArrayList<>();
    for (List<Layer> branch : List.of(body, shortcut)) {
      Shape at = x;
      for (Layer layer : branch) {
        all.addAll(own.apply(layer, at));
        at = layer.output(at);
      }
    }
    return all;
  }

  /** Of a layer inside, or that the branches cannot be added. */
  @Override
  public @Nullable String problem(Shape x) {
    List<Shape> ends = new ArrayList<>();
    for (List<Layer> branch : List.of(body, shortcut)) {
      ShapeTrace trace = ShapeTrace.of(branch, x);
      if (trace.problem() != null) {
        return trace.problem();
      }
      ends.add(trace.output());
    }
    return ends.get(0).equals(ends.get(1))
        ? null
        : name()
            + ": the body gives "
            + ends.get(0)
            + ", the shortcut "
            + ends.get(1)
            + "; "
            + remedy(ends.get(0), ends.get(1));
  }

  /** A change of one branch by which both end in the same shape. */
  private static String remedy(Shape body, Shape shortcut) {
    if (body.rank() != shortcut.rank()) {
      return "flatten both branches or neither";
    }
    if (body.rank() != 4) {
      return "give the shortcut a projection to " + body;
    }
    int down = stride(shortcut.dim(2), body.dim(2));
    int across = stride(shortcut.dim(3), body.dim(3));
    Shape strided =
        body.with(2, strided(shortcut.dim(2), down)).with(3, strided(shortcut.dim(3), across));
    String projection = "give the shortcut a projection" + ofStride(down, across);
    if (strided.equals(body)) {
      return projection + " to " + body;
    }
    String channels =
        body.dim(1) == shortcut.dim(1)
            ? ""
            : ", and give the shortcut a projection to " + body.dim(1) + " channels";
    if (body.dim(2) <= shortcut.dim(2) && body.dim(3) <= shortcut.dim(3)) {
      String pad = "pad the body to " + map(strided);
      String crop = " or crop the shortcut to " + map(body);
      return pad + (down * across > 1 ? " and " + projection + "," : "") + crop + channels;
    }
    if (body.dim(2) >= shortcut.dim(2) && body.dim(3) >= shortcut.dim(3)) {
      return "crop the body to "
          + map(shortcut)
          + " or pad the shortcut to "
          + map(body)
          + channels;
    }
    return "give both branches the same height and width" + channels;
  }

  /**
   * The stride at which a 1×1 kernel over {@code size} comes nearest to {@code outputs} without
   * having fewer; 1 if all have.
   */
  private static int stride(int size, int outputs) {
    int best = 1;
    for (int stride = 2; stride <= size && strided(size, stride) >= outputs; stride++) {
      best = strided(size, stride) < strided(size, best) ? stride : best;
    }
    return best;
  }

  private static int strided(int size, int stride) {
    return Window.of(1).stride(stride).out(size);
  }

  private static String ofStride(int down, int across) {
    return down == 1 && across == 1
        ? ""
        : " of stride " + (down == across ? String.valueOf(down) : down + "×" + across);
  }

  private static String map(Shape images) {
    return images.dim(2) + "×" + images.dim(3);
  }

  @Override
  public Shape output(Shape x) {
    for (Layer layer : body) {
      x = layer.output(x);
    }
    return x;
  }

  @Override
  public long macs(Shape x) {
    return sum(x, Layer::macs);
  }

  @Override
  public long additions(Shape x) {
    return sum(x, Layer::additions);
  }

  private long sum(Shape x, ToLongBiFunction<Layer, Shape> cost) {
    long sum = 0;
    for (List<Layer> branch : List.of(body, shortcut)) {
      Shape at = x;
      for (Layer layer : branch) {
        sum += cost.applyAsLong(layer, at);
        at = layer.output(at);
      }
    }
    return sum;
  }

  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    ReceptiveField one = before.through(body, height);
    ReceptiveField other = before.through(shortcut, height);
    return one == null || other == null ? null : one.union(other);
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return run(x, parameters, (layer, at, own) -> layer.run(at, own));
  }

  @Override
  public Var run(Var x, List<Var> parameters, List<Tensor> buffers, Pass pass) {
    int[] next = {0};
    return run(
        x,
        parameters,
        (layer, at, own) -> {
          int first = next[0];
          next[0] += layer.buffers(at.shape()).size();
          return layer.run(at, own, buffers.subList(first, next[0]), pass);
        });
  }

  /** How one layer of a branch is run. */
  private interface Step {
    Var run(Layer layer, Var x, List<Var> parameters);
  }

  private Var run(Var x, List<Var> parameters, Step step) {
    int next = 0;
    Var[] sums = new Var[2];
    for (int b = 0; b < 2; b++) {
      Var at = x;
      for (Layer layer : b == 0 ? body : shortcut) {
        int own = layer.parameters(at.shape()).size();
        at = step.run(layer, at, parameters.subList(next, next + own));
        next += own;
      }
      sums[b] = at;
    }
    return sums[0].apply(Binary.ADD, sums[1]);
  }

  @Override
  public List<String> parameterNames(Shape x) {
    return names(x, Layer::parameterNames);
  }

  @Override
  public List<String> bufferNames(Shape x) {
    return names(x, Layer::bufferNames);
  }

  private List<String> names(Shape x, BiFunction<Layer, Shape, List<String>> own) {
    List<String> all = new ArrayList<>();
    for (int b = 0; b < 2; b++) {
      Shape at = x;
      List<Layer> branch = b == 0 ? body : shortcut;
      for (int i = 0; i < branch.size(); i++) {
        for (String name : own.apply(branch.get(i), at)) {
          all.add((b == 0 ? "body." : "shortcut.") + i + "." + name);
        }
        at = branch.get(i).output(at);
      }
    }
    return all;
  }

  @Override
  public List<Shape> buffers(Shape x) {
    return shapes(x, Layer::buffers);
  }
}
