package convscope.topic.chapter1;

import convscope.data.Digits;
import convscope.data.Picture;
import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * A layer of several channels and filters.
 *
 * @param coloured whether the channels are red, green and blue
 * @param oneKernel whether the mistake is shown: one kernel for all channels
 * @param x (1, C_in, H, W)
 * @param weight (C_out, C_in/g, K, K), or one kernel for all channels if that mistake is shown
 * @param bias (C_out)
 * @param output (1, C_out, outH, outW) with these weights, by one convolution
 * @param truth the same with a kernel for each channel
 */
record ChannelSum(
    Conv2d.Spec spec,
    boolean coloured,
    boolean oneKernel,
    Tensor x,
    Tensor weight,
    Tensor bias,
    Tensor output,
    Tensor truth,
    @Nullable Picture picture) {
  /** Rows and columns of an input of numbers. */
  static final int SIDE = 5;

  private static final long SEED = 8;
  // red, yellow, blue and white, as red, green and blue
  private static final int[][] BLOCKS = {{9, 0, 0}, {9, 9, 0}, {0, 0, 9}, {9, 9, 9}};

  static int channels(Values values) {
    return Inputs.isPicture(values.choice("input")) ? 3 : values.integer("channels");
  }

  static Conv2d.Spec spec(Values values) {
    return Conv2d.Spec.of(values.integer("kernel"), values.integer("kernel"))
        .padding(values.integer("padding"))
        .groups(values.integer("groups"));
  }

  static ChannelSum of(Values values, @Nullable Picture picture) {
    Conv2d.Spec spec = spec(values);
    int channels = channels(values);
    Tensor x = picture == null ? pattern(values.choice("input"), channels) : colours(picture);
    int filters = values.integer("filters");
    Tensor own = bank(values.choice("weights"), filters, channels / spec.groups(), spec);
    Tensor weight = values.flag("mistake") ? first(own) : own;
    Tensor bias = Tensor.full((float) values.number("bias"), filters);
    Tensor output = Conv2d.forward(x, weight, bias, spec);
    Tensor truth = weight == own ? output : Conv2d.forward(x, own, bias, spec);
    return new ChannelSum(
        spec,
        channels == 3 && !values.choice("input").equals("digits"),
        weight != own,
        x,
        weight,
        bias,
        output,
        truth,
        picture);
  }

  private static Tensor pattern(String name, int channels) {
    Tensor x = Tensor.zeros(1, channels, SIDE, SIDE);
    Rng noise = new Rng(SEED);
    for (int n = 0; n < x.size(); n++) {
      int c = n / (SIDE * SIDE);
      int row = n / SIDE % SIDE;
      int column = n % SIDE;
      int block = (2 * row > SIDE ? 2 : 0) + (2 * column > SIDE ? 1 : 0);
      int crop = (Digits.SIDE - SIDE) / 2; // the middle of a digit
      x.data()[n] =
          switch (name) {
            case "digits" -> Digits.typical(c)[(row + crop) * Digits.SIDE + column + crop];
            case "noise" -> noise.nextInt(10);
            default -> Math.max(0, BLOCKS[block][c % 3] - c / 3 * 3); // paler beyond the third
          };
    }
    return x;
  }

  /** Red, green and blue, 0 to 255, over a white ground. */
  private static Tensor colours(Picture picture) {
    int pixels = picture.height() * picture.width();
    Tensor x = Tensor.zeros(1, 3, picture.height(), picture.width());
    for (int c = 0; c < 3; c++) {
      System.arraycopy(picture.channel(c), 0, x.data(), c * pixels, pixels);
    }
    return x;
  }

  private static Tensor bank(String name, int filters, int reads, Conv2d.Spec spec) {
    int taps = spec.kernelHeight() * spec.kernelWidth();
    Tensor bank = Tensor.zeros(filters, reads, spec.kernelHeight(), spec.kernelWidth());
    Rng noise = new Rng(SEED);
    for (int o = 0; o < filters; o++) {
      float[] edge =
          Kernels.values(
              o % 2 == 0 ? "sobel-x" : "sobel-y", spec.kernelHeight(), spec.kernelWidth());
      for (int c = 0; c < reads; c++) {
        for (int tap = 0; tap < taps; tap++) {
          bank.data()[(o * reads + c) * taps + tap] =
              switch (name) {
                case "edges" -> edge[tap];
                case "noise" -> noise.nextInt(5) - 2;
                default -> c == o % reads ? 1 : c == (o + 1) % reads ? -1 : 0;
              };
        }
      }
    }
    return bank;
  }

  /** The bank with every filter's first kernel in the place of all its kernels. */
  private static Tensor first(Tensor bank) {
    Tensor one = bank.copy();
    int taps = bank.dim(2) * bank.dim(3);
    int filter = bank.dim(1) * taps;
    for (int n = 0; n < one.size(); n++) {
      one.data()[n] = bank.data()[n / filter * filter + n % taps];
    }
    return one;
  }

  int channels() {
    return x.dim(1);
  }

  int filters() {
    return weight.dim(0);
  }

  /** How many channels a filter reads: {@code C_in/g}. */
  int reads() {
    return weight.dim(1);
  }

  /** The first channel of a filter's group. */
  int firstChannel(int filter) {
    return filter / (filters() / spec.groups()) * reads();
  }

  /** Weights and biases. */
  int parameters() {
    return weight.size() + bias.size();
  }

  /** What the k-th kernel of a filter gives alone, without bias; (1, 1, outH, outW). */
  Tensor part(int filter, int k) {
    Tensor channel = x.plane(firstChannel(filter) + k);
    Tensor kernel = weight.plane(filter * reads() + k);
    return Conv2d.forward(channel, kernel, null, spec.groups(1));
  }

  /** All parts of a filter; (C_in/g, outH, outW), row-major. */
  float[] parts(int filter) {
    int plane = output.dim(2) * output.dim(3);
    float[] parts = new float[reads() * plane];
    for (int k = 0; k < reads(); k++) {
      System.arraycopy(part(filter, k).data(), 0, parts, k * plane, plane);
    }
    return parts;
  }

  /** The sum of a filter's first {@code count} parts, with the bias if {@code biased}. */
  float[] sum(float[] parts, int count, boolean biased) {
    float[] sum = new float[output.dim(2) * output.dim(3)];
    for (int n = 0; n < sum.length; n++) {
      double total = biased ? bias.data()[0] : 0; // all biases are the same
      for (int k = 0; k < count; k++) {
        total += parts[k * sum.length + n];
      }
      sum[n] = (float) total;
    }
    return sum;
  }

  /** Whether the sum of a filter's parts is the one convolution, up to rounding. */
  boolean agrees(int filter) {
    float[] sum = sum(parts(filter), reads(), true);
    Tensor whole = output.plane(filter);
    Tensor added = Tensor.of(sum, 1, 1, output.dim(2), output.dim(3));
    return added.minus(whole).largestSize() <= 1e-4f * Math.max(1, whole.largestSize());
  }

  /** How many outputs of a filter are not those with a kernel for each channel. */
  int wrong(int filter) {
    int plane = output.dim(2) * output.dim(3);
    int count = 0;
    for (int n = filter * plane; n < (filter + 1) * plane; n++) {
      count += output.data()[n] != truth.data()[n] ? 1 : 0;
    }
    return count;
  }
}
