package convscope.engine;

import convscope.op.Conv2d;
import convscope.tensor.Shape;

/**
 * A convolution's sizes, checked.
 *
 * @param images N
 * @param channels C
 * @param outChannels O
 */
public record Layer(
    int images, int channels, int height, int width, int outChannels, Conv2d.Spec spec) {
  private static final int MOST = 1 << 28; // numbers that addresses can tell apart

  public Layer {
    String problem =
        spec.groups() < 1
            ? Conv2d.problem(channels, outChannels, spec.groups())
            : Conv2d.problem(
                Shape.of(images, channels, height, width),
                Shape.of(
                    outChannels, channels / spec.groups(), spec.kernelHeight(), spec.kernelWidth()),
                null,
                spec);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    double most =
        Math.max(
            (double) images * channels * height * width,
            1.0 * images * outChannels * spec.outputHeight(height) * spec.outputWidth(width));
    if (most > MOST) {
      throw new IllegalArgumentException(
          "Engine: an operand of "
              + (long) (most / (1 << 20))
              + " Mi numbers; the engine takes "
              + MOST / (1 << 20)
              + " Mi; use a smaller batch or image");
    }
  }

  public int outHeight() {
    return spec.outputHeight(height);
  }

  public int outWidth() {
    return spec.outputWidth(width);
  }

  /** Numbers of x. */
  public int inputs() {
    return images * channels * height * width;
  }

  /** Numbers of y. */
  public int outputs() {
    return images * outChannels * outArea();
  }

  /** Numbers of the weight. */
  public int weights() {
    return outChannels * groupChannels() * taps();
  }

  int area() {
    return height * width;
  }

  int outArea() {
    return outHeight() * outWidth();
  }

  int taps() {
    return spec.kernelHeight() * spec.kernelWidth();
  }

  int groupChannels() {
    return channels / spec.groups();
  }

  int groupOutputs() {
    return outChannels / spec.groups();
  }

  /** Multiplications and additions of one pass, each counted. */
  public double flops() {
    return 2.0 * outputs() * groupChannels() * taps();
  }

  Axis rows() {
    return Axis.of(height, spec.vertical(), spec.mode());
  }

  Axis columns() {
    return Axis.of(width, spec.horizontal(), spec.mode());
  }
}
