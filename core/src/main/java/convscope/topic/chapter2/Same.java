package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.Arrays;

/**
 * A same convolution along one axis, with a kernel of ones.
 *
 * @param axis under SAME_UPPER or SAME_LOWER
 * @param layers how often it is applied; 1 unless the stride is
 * @param mistake whether the padding of ⌊K_eff/2⌋ on both sides is shown beside
 */
record Same(Axis axis, int layers, boolean mistake) {
  private static final long SEED = 3;

  private static Tensor column(float[] values) {
    return Tensor.of(values, 1, 1, values.length, 1);
  }

  /** The output of really running the layers with these pads. */
  private float[] run(float[] x, int times, int before, int after) {
    float[] ones = new float[axis.kernel()];
    Arrays.fill(ones, 1);
    Tensor w = column(ones);
    Conv2d.Spec spec =
        Conv2d.Spec.of(axis.kernel(), 1)
            .stride(axis.stride(), 1)
            .dilation(axis.dilation(), 1)
            .padding(before, 0, after, 0);
    Tensor y = column(x);
    for (int layer = 0; layer < times; layer++) {
      y = Conv2d.forward(y, w, null, spec);
    }
    return y.data();
  }

  /** The answer to a one at a place of the input and zeros elsewhere. */
  float[] response(int impulse) {
    float[] x = new float[axis.in()];
    x[impulse] = 1;
    return run(x, layers, axis.before(), axis.after());
  }

  /** Whether part of the response lies beyond the edge: fewer paths arrive than leave. */
  boolean cutOff(int impulse) {
    float sum = 0;
    for (float value : response(impulse)) {
      sum += value;
    }
    float all = 1;
    for (int layer = 0; layer < layers; layer++) {
      all *= axis.kernel();
    }
    return axis.stride() == 1 && sum < all;
  }

  /**
   * The centre of mass of the response, counted in input cells: output i stands for the S input
   * cells around iS + (S − 1)/2. NaN if no window reads the impulse.
   */
  double centroid(int impulse) {
    float[] y = response(impulse);
    double mass = 0;
    double moment = 0;
    for (int i = 0; i < y.length; i++) {
      mass += y[i];
      moment += y[i] * standsAt(i);
    }
    return moment / mass;
  }

  /** The middle of the S input cells that output i stands for. */
  double standsAt(int i) {
    return i * axis.stride() + (axis.stride() - 1) / 2.0;
  }

  /**
   * Where the window of output i is centred, measured: the mean of what it reads when every cell
   * holds its own place. NaN if it reads padding, which has no place.
   */
  double centre(int i) {
    if (axis.start(i) < 0 || axis.start(i) + axis.span() > axis.in()) {
      return Double.NaN;
    }
    float[] places = new float[axis.in()];
    for (int p = 0; p < places.length; p++) {
      places[p] = p;
    }
    return run(places, 1, axis.before(), axis.after())[i] / axis.kernel();
  }

  /**
   * By how many cells an impulse moves towards the end on its way to the output: of all layers
   * together, by the windows' geometry.
   */
  double shift() {
    double centre = (axis.span() - 1) / 2.0 - axis.before(); // of window 0
    return layers * (standsAt(0) - centre);
  }

  /** Output rows of really running it. */
  int ran() {
    return run(new float[axis.in()], layers, axis.before(), axis.after()).length;
  }

  /**
   * What ⌊K_eff/2⌋ on both sides gives.
   *
   * @param padding the cells on either side
   * @param size the output's rows
   * @param difference the largest difference to the same convolution on noise
   */
  record Wrong(int padding, int size, double difference) {
    @Override
    public String toString() {
      return "Wrong";
    }
  }

  Wrong wrong() {
    int padding = axis.span() / 2;
    float[] noise = new Rng(SEED).gaussian(1, 1, 1, axis.in(), 1).data();
    float[] wrong = run(noise, 1, padding, padding);
    float[] right = run(noise, 1, axis.before(), axis.after());
    double most = 0;
    for (int i = 0; i < Math.min(wrong.length, right.length); i++) {
      most = Math.max(most, Math.abs(wrong[i] - right[i]));
    }
    return new Wrong(padding, wrong.length, most);
  }
}
