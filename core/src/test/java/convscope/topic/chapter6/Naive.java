package convscope.topic.chapter6;

import convscope.op.Conv2d;
import convscope.tensor.Tensor;

/**
 * Convolution, its loss and its gradients by loops over every index, in double precision: an oracle
 * that shares no code with the operators.
 */
final class Naive {
  /** What is done with each product of a convolution. */
  private interface Product {
    /** Element numbers in y, w and x; the last is −1 where padding is zero. */
    void at(int y, int w, int x);
  }

  private final Layer layer;

  Naive(Layer layer) {
    this.layer = layer;
  }

  private void products(Product does) {
    Conv2d.Spec spec = layer.spec();
    Tensor x = layer.x();
    Tensor w = layer.w();
    Tensor y = layer.y();
    int perGroup = w.dim(0) / spec.groups();
    for (int n = 0; n < y.dim(0); n++) {
      for (int o = 0; o < y.dim(1); o++) {
        for (int i = 0; i < y.dim(2); i++) {
          for (int j = 0; j < y.dim(3); j++) {
            for (int c = 0; c < w.dim(1); c++) {
              for (int u = 0; u < w.dim(2); u++) {
                for (int v = 0; v < w.dim(3); v++) {
                  int p =
                      inside(i * spec.strideH() + u * spec.dilationH() - spec.padTop(), x.dim(2));
                  int q =
                      inside(j * spec.strideW() + v * spec.dilationW() - spec.padLeft(), x.dim(3));
                  int channel = o / perGroup * w.dim(1) + c;
                  does.at(
                      ((n * y.dim(1) + o) * y.dim(2) + i) * y.dim(3) + j,
                      ((o * w.dim(1) + c) * w.dim(2) + u) * w.dim(3) + v,
                      p < 0 || q < 0
                          ? -1
                          : ((n * x.dim(1) + channel) * x.dim(2) + p) * x.dim(3) + q);
                }
              }
            }
          }
        }
      }
    }
  }

  /** Walks back from the padding, cell by cell; −1 for a zero. */
  private int inside(int place, int size) {
    int at = place;
    while (at < 0 || at >= size) {
      switch (layer.spec().mode()) {
        case REFLECT -> at = at < 0 ? -at : 2 * (size - 1) - at;
        case REPLICATE -> at = at < 0 ? 0 : size - 1;
        case CIRCULAR -> at += at < 0 ? size : -size;
        default -> {
          return -1;
        }
      }
    }
    return at;
  }

  /** The output of other operands in the place of the layer's. */
  double[] y(double[] x, double[] w, double[] b) {
    double[] y = new double[layer.y().size()];
    for (int n = 0; n < y.length; n++) {
      y[n] = b[n / layer.outputs() % b.length];
    }
    products((to, by, from) -> y[to] += from < 0 ? 0 : w[by] * x[from]);
    return y;
  }

  double[] dw() {
    double[] dw = new double[layer.w().size()];
    products(
        (to, by, from) ->
            dw[by] += from < 0 ? 0 : (double) layer.g().data()[to] * layer.x().data()[from]);
    return dw;
  }

  double[] dx() {
    double[] dx = new double[layer.x().size()];
    products(
        (to, by, from) -> {
          if (from >= 0) {
            dx[from] += (double) layer.g().data()[to] * layer.w().data()[by];
          }
        });
    return dx;
  }

  /** {@code ½ Σ (y − t)²}, where t is what the layer says it is. */
  private double loss(double[] x, double[] w, double[] b) {
    double sum = 0;
    double[] y = y(x, w, b);
    for (int n = 0; n < y.length; n++) {
      double t = (double) layer.y().data()[n] - layer.g().data()[n];
      sum += (y[n] - t) * (y[n] - t) / 2;
    }
    return sum;
  }

  double loss() {
    return loss(doubles(layer.x()), doubles(layer.w()), doubles(layer.b()));
  }

  /** The central difference of the loss along one element of an operand. */
  double slope(Layer.Operand which, int element) {
    double[][] all = {doubles(layer.x()), doubles(layer.w()), doubles(layer.b())};
    double[] moved = all[which.ordinal()];
    moved[element] += 0.5; // a parabola: exact at any distance
    double up = loss(all[0], all[1], all[2]);
    moved[element] -= 1;
    return up - loss(all[0], all[1], all[2]);
  }

  static double[] doubles(Tensor tensor) {
    double[] values = new double[tensor.size()];
    for (int n = 0; n < values.length; n++) {
      values[n] = tensor.data()[n];
    }
    return values;
  }
}
