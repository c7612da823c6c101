package convscope.topic.chapter4;

import convscope.op.AveragePool2d;
import convscope.op.Conv2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.tensor.Tensor;
import convscope.topic.EditableTopic;
import convscope.topic.ImageInput;

/**
 * A strided convolution beside the two poolings, and how it learns to be one of them: gradient
 * descent on the mean squared difference, with the input scaled to at most 1.
 *
 * @param target what the kernel on show learns to be, {@link #AVERAGE} or {@link #MAX}
 * @param single whether the mistake is shown, a 1 × 1 kernel
 * @param average (1, 1, outH, outW)
 * @param max (1, 1, outH, outW)
 * @param kernels the kernel of each step, (1, 1, K, K), by target
 * @param losses the loss of each step, by target
 */
record Learned(
    ImageInput input,
    Conv2d.Spec spec,
    int target,
    boolean single,
    Tensor average,
    Tensor max,
    Tensor[][] kernels,
    double[][] losses)
    implements EditableTopic.Shown {
  /** Targets of learning. */
  static final int AVERAGE = 0;

  static final int MAX = 1;
  static final int STEPS = 41;

  /** Updates of gradient descent from step to step. */
  static final int UPDATES = 8;

  private static final int MOST = 64; // rows and columns that are learned from

  static Learned of(ImageInput input, Conv2d.Spec spec, int target, boolean single) {
    PoolSpec pool = new PoolSpec(spec, false);
    Tensor x = scaled(middle(input.x()));
    Tensor[] targets = {AveragePool2d.forward(x, pool, true), MaxPool2d.forward(x, pool).y()};
    Learned learned =
        new Learned(
            input,
            spec,
            target,
            single,
            AveragePool2d.forward(input.x(), pool, true),
            MaxPool2d.forward(input.x(), pool).y(),
            new Tensor[2][STEPS],
            new double[2][STEPS]);
    for (int which = AVERAGE; which <= MAX; which++) {
      learned.learn(x, targets[which], which);
    }
    return learned;
  }

  /** The middle of an image, at most {@link #MOST} pixels along each side. */
  private static Tensor middle(Tensor x) {
    int height = Math.min(MOST, x.dim(2));
    int width = Math.min(MOST, x.dim(3));
    int top = (x.dim(2) - height) / 2;
    int left = (x.dim(3) - width) / 2;
    Tensor out = Tensor.zeros(1, 1, height, width);
    for (int n = 0; n < out.size(); n++) {
      out.data()[n] = x.data()[(top + n / width) * x.dim(3) + left + n % width];
    }
    return out;
  }

  private static Tensor scaled(Tensor x) {
    double most = x.largestSize();
    Tensor out = x.copy();
    for (int n = 0; n < out.size() && most > 0; n++) {
      out.data()[n] /= (float) most;
    }
    return out;
  }

  private void learn(Tensor x, Tensor target, int which) {
    Tensor kernel = Tensor.zeros(1, 1, spec.kernelHeight(), spec.kernelWidth());
    kernel.data()[0] = 1; // plain subsampling: the first tap alone
    // no eigenvalue of the loss's curvature is above its trace, so this rate cannot overshoot
    double trace = 0;
    for (int tap = 0; tap < kernel.size(); tap++) {
      Tensor one = Tensor.zeros(kernel.shape());
      one.data()[tap] = 1;
      for (float value : Conv2d.forward(x, one, null, spec).data()) {
        trace += 2.0 * value * value / target.size();
      }
    }
    double rate = trace == 0 ? 0 : 1 / trace;
    for (int step = 0; step < STEPS; step++) {
      kernels[which][step] = kernel.copy();
      for (int update = 0; update < UPDATES; update++) {
        Tensor dy = Conv2d.forward(x, kernel, null, spec);
        double loss = 0;
        for (int n = 0; n < dy.size(); n++) {
          double off = (double) dy.data()[n] - target.data()[n];
          loss += off * off / dy.size();
          dy.data()[n] = (float) (2 * off / dy.size());
        }
        if (update == 0) {
          losses[which][step] = loss;
        }
        Tensor gradient = Conv2d.weightGradient(dy, x, kernel.shape(), spec);
        for (int tap = 0; tap < kernel.size(); tap++) {
          kernel.data()[tap] -= (float) (rate * gradient.data()[tap]);
        }
      }
    }
  }

  Tensor kernel(int step) {
    return kernels[target][step];
  }

  double loss(int step) {
    return losses[target][step];
  }

  Tensor output(int step) {
    return Conv2d.forward(input.x(), kernel(step), null, spec);
  }

  /**
   * The largest difference of average pooling from a depthwise convolution whose kernels hold 1/K²,
   * over three channels: the input, its mirror image and half of it.
   */
  double fixedDifference() {
    int height = input.height();
    int width = input.width();
    Tensor x = Tensor.zeros(1, 3, height, width);
    for (int n = 0; n < height * width; n++) {
      float value = input.x().data()[n];
      x.data()[n] = value;
      x.data()[height * width + n / width * width + width - 1 - n % width] = value;
      x.data()[2 * height * width + n] = value / 2;
    }
    int kernel = spec.kernelHeight();
    Tensor weight = Tensor.full(1f / (kernel * kernel), 3, 1, kernel, kernel);
    Tensor y = Conv2d.forward(x, weight, null, spec.groups(3));
    PoolSpec pool = new PoolSpec(spec, false);
    return y.minus(AveragePool2d.forward(x, pool, true)).largestSize();
  }

  /** Whether any window covers a cell. */
  boolean read(int row, int column) {
    return spec.vertical().readers(row, average.dim(2)).length > 0
        && spec.horizontal().readers(column, average.dim(3)).length > 0;
  }

  /** How many cells of the input no window reads. */
  int unread() {
    int count = 0;
    for (int n = 0; n < input.x().size(); n++) {
      count += read(n / input.width(), n % input.width()) ? 0 : 1;
    }
    return count;
  }

  @Override
  public String toString() {
    return "Learned " + average.shape();
  }
}
