package convscope.topic.chapter2;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;

/**
 * A same convolution along one axis, with a kernel of ones.
 *
 * @param axis under SAME_UPPER or SAME_LOWER
 * @param layers how often it is applied; 1 unless the stride is
 * @param mistake whether the padding of ⌊K/2⌋ on both sides is shown beside
 */
record Same(Axis axis, int layers, boolean mistake) {
  private static final long SEED = 3;

  Window window() {
    return axis.window();
  }

  /** The output of really running the layers with such a window on x, (1, 1, H, 1). */
  private static Tensor run(Tensor x, int times, Window window) {
    Tensor w = Tensor.full(1, 1, 1, window.kernel(), 1);
    Conv2d.Spec spec =
        Conv2d.Spec.of(window.kernel(), 1)
            .stride(window.stride(), 1)
            .dilation(window.dilation(), 1)
            .padding(window.padBefore(), 0, window.padAfter(), 0);
    Tensor y = x;
    for (int layer = 0; layer < times; layer++) {
      y = Conv2d.forward(y, w, null, spec);
    }
    return y;
  }

  /** The answer to a one at a place of the input and zeros elsewhere. */
  float[] response(int impulse) {
    Tensor x = Tensor.zeros(1, 1, axis.in(), 1);
    x.data()[impulse] = 1;
    return run(x, layers, window()).data();
  }

  /** Whether part of the response lies beyond the edge: fewer paths arrive than leave. */
  boolean cutOff(int impulse) {
    float missing = 1;
    for (int layer = 0; layer < layers; layer++) {
      missing *= window().kernel();
    }
    for (float value : response(impulse)) {
      missing -= value;
    }
    return window().stride() == 1 && missing > 0;
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
    return i * window().stride() + (window().stride() - 1) / 2.0;
  }

  /**
   * Where the window of output i is centred, measured: the mean of what it reads when every cell
   * holds its own place. NaN if it reads padding, which has no place.
   */
  double centre(int i) {
    if (window().taps(i, 0, axis.in()) < window().kernel()) {
      return Double.NaN;
    }
    Tensor places = Tensor.zeros(1, 1, axis.in(), 1);
    for (int p = 0; p < axis.in(); p++) {
      places.data()[p] = p;
    }
    return run(places, 1, window()).data()[i] / window().kernel();
  }

  /**
   * By how many cells an impulse moves towards the end on its way to the output: of all layers
   * together, by the windows' geometry.
   */
  double shift() {
    return layers * (standsAt(0) - window().start(0) - (window().span() - 1) / 2.0);
  }

  /** The window with ⌊K/2⌋ cells of padding on both sides. */
  Window wrong() {
    return window().padding(window().kernel() / 2);
  }

  /** How many outputs that really gives. */
  int wrongOut() {
    return wrong().out(axis.in());
  }

  /** The largest difference that it makes on noise, where it gives as many outputs. */
  double wrongBy() {
    Tensor noise = new Rng(SEED).gaussian(1, 1, 1, axis.in(), 1);
    return run(noise, 1, wrong()).minus(run(noise, 1, window())).largestSize();
  }
}
