package convscope.net;

import convscope.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What a network costs: parameters, operations and the memory of its activations, layer by layer.
 * Residual blocks are counted through the layers of both branches.
 */
public final class Costs {
  /**
   * One layer that computes; those of residual branches are listed one by one, and then the sum of
   * the two as the block's own row, without parameters and operations.
   *
   * @param held elements that wait beside its input: what an enclosing residual block still needs
   */
  public record Row(Layer layer, Shape input, Shape output, long held) {
    /** Numbers to learn. */
    public long parameters() {
      return weights() + biases();
    }

    private boolean sum() {
      return layer instanceof Residual;
    }

    private long weights() {
      return parameters(0);
    }

    private long biases() {
      return parameters(1);
    }

    private long parameters(int at) {
      List<Shape> shapes = sum() ? List.of() : layer.parameters(input);
      return shapes.size() <= at ? 0 : shapes.get(at).size();
    }

    /**
     * Operations by one of the conventions. Layers without products cost nothing but where a tool
     * counts them: torchinfo takes every parameter once per output position of what is named Conv
     * (a transposed one too) and else once per image, so batch normalization is 2C; fvcore takes 2
     * for an element that batch normalization evaluates and 1 for an element that is pooled
     * adaptively (torchinfo, {@code LayerInfo.calculate_macs}; fvcore, {@code flop_count.py}).
     */
    public long operations(Counts.Convention like) {
      if (like == Counts.Convention.TORCHINFO) {
        boolean conv = layer.name().startsWith("Conv");
        long positions = conv ? (long) output.dim(2) * output.dim(3) : 1;
        return parameters() * output.dim(0) * positions;
      }
      long macs = sum() ? 0 : layer.macs(input);
      if (macs > 0 && like == Counts.Convention.EXACT) {
        return macs + layer.additions(input);
      }
      if (macs > 0) {
        return like.count(macs, output.size(), biases() > 0);
      }
      if (like != Counts.Convention.FVCORE) {
        return 0;
      }
      return layer instanceof BatchNorm
          ? 2L * input.size()
          : layer instanceof GlobalAveragePool ? input.size() : 0;
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final Shape input;

  private Costs(Shape input) {
    this.input = input;
  }

  /** The counts of a network whose {@link ShapeTrace} has no problem. */
  public static Costs of(ShapeTrace trace) {
    if (trace.problem() != null) {
      throw new IllegalArgumentException("Costs: " + trace.sentence());
    }
    Costs costs = new Costs(trace.input(0));
    costs.add(trace.layers(), trace.input(0), 0);
    return costs;
  }

  private Shape add(List<Layer> layers, Shape x, long held) {
    for (Layer layer : layers) {
      if (layer instanceof Residual residual) {
        // the body runs while x waits; then the shortcut runs while the body's end waits
        Shape end = add(residual.body(), x, held + x.size());
        add(residual.shortcut(), x, held + end.size());
        rows.add(new Row(layer, end, end, held + end.size())); // the sum itself
        x = end;
      } else {
        Shape y = layer.output(x);
        rows.add(new Row(layer, x, y, held));
        x = y;
      }
    }
    return x;
  }

  /** One for each layer in the order in which they run; a residual block’s own row is its sum. */
  public List<Row> rows() {
    return rows;
  }

  /** All numbers to learn. */
  public long parameters() {
    long sum = 0;
    for (Row row : rows) {
      sum += row.parameters();
    }
    return sum;
  }

  /** All operations by one of the conventions. */
  public long operations(Counts.Convention like) {
    long sum = 0;
    for (Row row : rows) {
      sum += row.operations(like);
    }
    return sum;
  }

  /**
   * Elements in memory at the worst moment of a forward pass that forgets what it no longer needs:
   * a layer's input, its output and what waits for a residual sum. Times 4 bytes at fp32, 2 at
   * fp16, 1 at int8.
   */
  public long forwardElements() {
    long most = input.size();
    for (Row row : rows) {
      most = Math.max(most, row.input().size() + row.output().size() + row.held());
    }
    return most;
  }

  /** Elements that training keeps for the way back: the input and the output of every layer. */
  public long trainingElements() {
    long sum = input.size();
    for (Row row : rows) {
      sum += row.output().size();
    }
    return sum;
  }
}
