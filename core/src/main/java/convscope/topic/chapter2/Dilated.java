package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Two stacks of dilated layers with the same kernel size. */
record Dilated(int kernel, Stack stack, Stack against, boolean mistake) {
  private static final long SEED = 4;

  /** {@code D(K − 1) + 1}. */
  static int span(int kernel, int rate) {
    return rate * (kernel - 1) + 1;
  }

  /** Rows, or columns, of the input between the first and the last that one output can read. */
  static int field(int kernel, int... rates) {
    int field = 1;
    for (int rate : rates) {
      field += span(kernel, rate) - 1;
    }
    return field;
  }

  /** The cells of a dilated kernel of the stack's first layer with its zeros. */
  int expanded() {
    int side = span(kernel, stack.rates[0]);
    return side * side;
  }

  /**
   * Layers without padding on exactly the input that one output can see.
   *
   * @param rates the dilation of each layer, from the input on
   * @param paths by the number of layers, counted back from the output: a square of as many cells
   *     as one output can see, each with the number of paths to the output, found by
   *     differentiating
   * @param blind by how much the output changes if every hole of the input changes by 100
   */
  record Stack(int kernel, int[] rates, List<float[]> paths, double blind) {
    static Stack of(int kernel, int... rates) {
      Tensor ones = Tensor.zeros(1, 1, kernel, kernel);
      Arrays.fill(ones.data(), 1);
      Tensor gradient = Tensor.of(new float[] {1}, 1, 1, 1, 1);
      List<float[]> paths = new ArrayList<>();
      paths.add(gradient.data());
      for (int layer = rates.length - 1; layer >= 0; layer--) {
        int size = gradient.dim(2) + span(kernel, rates[layer]) - 1;
        Conv2d.Spec spec = Conv2d.Spec.of(kernel, kernel).dilation(rates[layer]);
        gradient = Conv2d.inputGradient(gradient, ones, Shape.of(1, 1, size, size), spec);
        paths.add(gradient.data());
      }
      return new Stack(kernel, rates, paths, blind(kernel, rates, gradient.data()));
    }

    /** Runs the layers on noise twice, the second time with every hole raised by 100. */
    private static double blind(int kernel, int[] rates, float[] paths) {
      int size = field(kernel, rates);
      Tensor x = new Rng(SEED).gaussian(1, 1, 1, size, size);
      float before = run(kernel, rates, x);
      for (int n = 0; n < paths.length; n++) {
        x.data()[n] += paths[n] == 0 ? 100 : 0;
      }
      return Math.abs(run(kernel, rates, x) - before);
    }

    private static float run(int kernel, int[] rates, Tensor x) {
      Tensor y = x;
      for (int layer = 0; layer < rates.length; layer++) {
        Tensor w = new Rng(SEED + layer).gaussian(1, 1, 1, kernel, kernel);
        y = Conv2d.forward(y, w, null, Conv2d.Spec.of(kernel, kernel).dilation(rates[layer]));
      }
      return y.data()[0];
    }

    /** Rows, and columns, that one output can see through its last {@code layers} layers. */
    int size(int layers) {
      int[] last = Arrays.copyOfRange(rates, rates.length - layers, rates.length);
      return field(kernel, last);
    }

    int cells(int layers) {
      return size(layers) * size(layers);
    }

    /** How many of these cells the output really depends on. */
    int read(int layers) {
      int count = 0;
      for (float value : paths.get(layers)) {
        count += value != 0 ? 1 : 0;
      }
      return count;
    }

    int holes(int layers) {
      return cells(layers) - read(layers);
    }

    /** How many of the cells that the output depends on its neighbour to the right needs too. */
    int shared(int layers) {
      float[] reads = paths.get(layers);
      int size = size(layers);
      int count = 0;
      for (int n = 0; n < reads.length; n++) {
        count += n % size > 0 && reads[n] != 0 && reads[n - 1] != 0 ? 1 : 0;
      }
      return count;
    }

    /** The dilation of the layer that the step {@code layers} adds. */
    int rate(int layers) {
      return rates[rates.length - layers];
    }

    int weights() {
      return rates.length * kernel * kernel;
    }

    @Override
    public String toString() {
      return "Stack"; // no doubles: printing them brings 9 KB of tables into the module
    }
  }

  /**
   * The largest difference between a dilated convolution and one with an ordinary kernel that has
   * zeros between its taps.
   */
  double twoWays(int rate) {
    int side = span(kernel, rate);
    Tensor x = new Rng(SEED).gaussian(1, 1, 1, side + 4, side + 4);
    Tensor w = new Rng(SEED + 1).gaussian(1, 1, 1, kernel, kernel);
    Tensor spread = Tensor.zeros(1, 1, side, side);
    for (int n = 0; n < w.size(); n++) {
      spread.data()[n / kernel * rate * side + n % kernel * rate] = w.data()[n];
    }
    Tensor dilated = Conv2d.forward(x, w, null, Conv2d.Spec.of(kernel, kernel).dilation(rate));
    Tensor plain = Conv2d.forward(x, spread, null, Conv2d.Spec.of(side, side));
    double most = 0;
    for (int n = 0; n < plain.size(); n++) {
      most = Math.max(most, Math.abs(dilated.data()[n] - plain.data()[n]));
    }
    return most;
  }
}
