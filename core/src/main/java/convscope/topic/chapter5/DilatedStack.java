package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.param.Stack;
import convscope.tensor.Shape;
import convscope.topic.Stacks;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of dilated convolutions without padding, and what its middle output depends on: the
 * gradients of that output, layer by layer, through the real operators ({@link Stacks#paths}).
 *
 * <p>The input has {@link #MARGIN} more cells on either side than the field, so that the gradient
 * also shows where the field ends.
 *
 * @param mistake the slip whose field is claimed, or {@code none}
 * @param causal whether an output reads only what comes before it
 * @param dilations of the layers, first to last
 * @param paths by level, the input first: paths from each of its cells to the output
 * @param plane the same for square kernels on an image; (side, side)
 * @param reach the measured field after 0, 1, … layers
 * @param plain the same with dilation 1 throughout
 */
record DilatedStack(
    String mistake,
    boolean causal,
    int kernel,
    int[] dilations,
    List<float[]> paths,
    float[] plane,
    int[] reach,
    int[] plain) {
  static final int MARGIN = 1;

  /** The dilations of a pattern's first layers. */
  static int[] dilations(String pattern, int kernel, int layers) {
    int[] dilations = new int[layers];
    int power = 1;
    for (int l = 0; l < layers; l++) {
      dilations[l] =
          switch (pattern) {
            case "doubling", "powers" -> power;
            case "two", "twos" -> 2;
            case "cycle" -> 1 << l % 3;
            case "hybrid" -> new int[] {1, 2, 5}[l % 3];
            default -> 1;
          };
      power *= pattern.equals("powers") ? kernel : 2;
    }
    return dilations;
  }

  /** The fields by formula after 0, 1, … layers. */
  List<ReceptiveField> fields() {
    return Stacks.fields(stack(kernel, dilations));
  }

  static Stack stack(int kernel, int[] dilations) {
    List<Stack.Layer> layers = new ArrayList<>();
    for (int dilation : dilations) {
      layers.add(new Stack.Layer(Stack.Kind.CONV, kernel, 1, 0, dilation));
    }
    return new Stack(layers);
  }

  static DilatedStack of(String mistake, boolean causal, int kernel, int[] dilations) {
    Stack stack = stack(kernel, dilations);
    List<ReceptiveField> fields = Stacks.fields(stack);
    int layers = dilations.length;
    int side = (int) fields.get(layers).size() + 2 * MARGIN; // of the input
    List<float[]> paths = new ArrayList<>();
    for (int level = 0; level <= layers; level++) {
      Stack above = new Stack(stack.layers().subList(level, layers));
      int cells = side + 1 - (int) fields.get(level).size();
      paths.add(Stacks.paths(above, layers - level, cells, MARGIN));
    }
    return new DilatedStack(
        mistake,
        causal,
        kernel,
        dilations,
        paths,
        Stacks.paths(Stacks.layers(stack, 1), Shape.of(1, 1, side, side), MARGIN, MARGIN),
        reach(kernel, dilations),
        reach(kernel, dilations("ones", kernel, layers)));
  }

  /** From the first to the last input cell with a gradient, for 0, 1, … layers. */
  private static int[] reach(int kernel, int[] dilations) {
    Stack stack = stack(kernel, dilations);
    int[] reach = new int[dilations.length + 1];
    for (int layers = 0; layers < reach.length; layers++) {
      int size = (int) Stacks.fields(stack).get(layers).size() + 2 * MARGIN;
      float[] input = Stacks.paths(stack, layers, size, MARGIN);
      int first = -1;
      for (int cell = 0; cell < size; cell++) {
        if (input[cell] != 0) {
          first = first < 0 ? cell : first;
          reach[layers] = cell - first + 1;
        }
      }
    }
    return reach;
  }

  int layers() {
    return dilations.length;
  }

  /** The field by formula. */
  int field() {
    return (int) fields().get(layers()).size();
  }

  /** Weights of all layers together, for one channel. */
  int weights() {
    return layers() * kernel;
  }

  /** Cells of the input that move the output. */
  int read() {
    return nonzero(paths.get(0));
  }

  /** Cells of the field, between the first and the last read, that no path leads from. */
  int holes() {
    return reach[layers()] - read();
  }

  /** Pixels of the image that move the output of the square stack. */
  int readPlane() {
    return nonzero(plane);
  }

  /** Pixels of the square stack's field. */
  int square() {
    return field() * field();
  }

  private static int nonzero(float[] values) {
    int count = 0;
    for (float value : values) {
      count += value != 0 ? 1 : 0;
    }
    return count;
  }

  /** Paths from a cell of a level to the output; cells count from the first of the field. */
  int paths(int level, int cell) {
    return (int) paths.get(level)[cell + MARGIN];
  }

  /** Cells of a level, margins included. */
  int cells(int level) {
    return paths.get(level).length;
  }

  /** Where a level's first cell stands below or above the input's cells, in cells. */
  double offset(int level) {
    int missing = cells(0) - cells(level);
    return causal ? missing : missing / 2.0;
  }

  /**
   * By level and cell, margins included: what a cell reads, directly or through others, and what
   * reads it.
   */
  boolean[][] linked(int level, int cell) {
    boolean[][] linked = new boolean[layers() + 1][];
    for (int l = 0; l <= layers(); l++) {
      linked[l] = new boolean[cells(l)];
    }
    linked[level][cell + MARGIN] = true;
    for (int l = level; l > 0; l--) { // down
      for (int n = 0; n < cells(l) * kernel; n++) {
        linked[l - 1][n / kernel + n % kernel * dilations[l - 1]] |= linked[l][n / kernel];
      }
    }
    for (int l = level + 1; l <= layers(); l++) { // up
      for (int n = 0; n < cells(l) * kernel; n++) {
        linked[l][n / kernel] |= linked[l - 1][n / kernel + n % kernel * dilations[l - 1]];
      }
    }
    return linked;
  }

  /** The field that the mistake claims, or 0 without one. */
  int claimed() {
    return switch (mistake) {
      case "dilation" -> 1 + layers() * (kernel - 1);
      case "sum" -> field() - 1 + layers(); // a layer's span has the cell that it begins at
      default -> 0;
    };
  }
}
