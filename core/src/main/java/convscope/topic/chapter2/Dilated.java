package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.scene.Prose;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Two stacks of dilated layers with the same kernel size. */
record Dilated(int kernel, Stack stack, Stack against, boolean mistake) {
  private static final long SEED = 4;

  /** {@code D(K − 1) + 1}. */
  static int span(int kernel, int rate) {
    return Window.of(kernel).dilation(rate).span();
  }

  /** Rows, or columns, of the input between the first and the last that one output can read. */
  static int field(int kernel, int... rates) {
    int field = 1;
    for (int rate : rates) {
      field += span(kernel, rate) - 1;
    }
    return field;
  }

  private static Conv2d.Spec layer(int kernel, int rate) {
    return Conv2d.Spec.of(kernel, kernel).dilation(rate);
  }

  /**
   * Layers without padding on exactly the input that one output can see.
   *
   * @param rates the dilation of each layer, from the input on
   * @param paths by the number of layers, counted back from the output: a square of as many cells
   *     as one output can see, each with the number of paths to the output, found by
   *     differentiating
   */
  record Stack(int kernel, int[] rates, List<Tensor> paths) {
    static Stack of(int kernel, int... rates) {
      Tensor ones = Tensor.full(1, 1, 1, kernel, kernel);
      Tensor gradient = Tensor.full(1, 1, 1, 1, 1);
      List<Tensor> paths = new ArrayList<>();
      paths.add(gradient);
      for (int layer = rates.length - 1; layer >= 0; layer--) {
        int size = gradient.dim(2) + span(kernel, rates[layer]) - 1;
        Shape shape = Shape.of(1, 1, size, size);
        gradient = Conv2d.inputGradient(gradient, ones, shape, layer(kernel, rates[layer]));
        paths.add(gradient);
      }
      return new Stack(kernel, rates, paths);
    }

    /** By how much the output on noise changes if every hole of the input is raised by 100. */
    double blind() {
      float[] reads = paths.get(rates.length).data();
      Tensor x = new Rng(SEED).gaussian(1, paths.get(rates.length).shape().dims());
      float before = output(x);
      for (int n = 0; n < reads.length; n++) {
        x.data()[n] += reads[n] == 0 ? 100 : 0;
      }
      return Math.abs(output(x) - before);
    }

    private float output(Tensor x) {
      Tensor y = x;
      for (int layer = 0; layer < rates.length; layer++) {
        Tensor w = new Rng(SEED + layer).gaussian(1, 1, 1, kernel, kernel);
        y = Conv2d.forward(y, w, null, layer(kernel, rates[layer]));
      }
      return y.data()[0];
    }

    /** Rows, and columns, that one output can see through its last {@code layers} layers. */
    int size(int layers) {
      return paths.get(layers).dim(2);
    }

    int cells(int layers) {
      return paths.get(layers).size();
    }

    /** How many of these cells the output really depends on. */
    int read(int layers) {
      return shared(layers, 0);
    }

    int holes(int layers) {
      return cells(layers) - read(layers);
    }

    /** How many of them the output so far to its right needs too. */
    int shared(int layers, int apart) {
      float[] reads = paths.get(layers).data();
      int count = 0;
      for (int n = 0; n < reads.length; n++) {
        boolean both = n % size(layers) >= apart && reads[n] != 0 && reads[n - apart] != 0;
        count += both ? 1 : 0;
      }
      return count;
    }

    /** The dilation of the layer that the step {@code layers} adds. */
    int rate(int layers) {
      return rates[rates.length - layers];
    }

    /** {@code 1, 2, 3}: the dilations from the input on. */
    String names() {
      return Prose.list(", ", rates);
    }
  }
}
