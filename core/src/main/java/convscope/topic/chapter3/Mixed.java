package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.MatMul;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Values;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Inputs;
import org.jspecify.annotations.Nullable;

/**
 * A 1 × 1 convolution, computed as one and as a matrix product.
 *
 * @param x (1, C_in, H, W)
 * @param w (C_out, C_in)
 * @param y (1, C_out, H, W), the convolution's
 * @param product (C_out, H·W), the matrix product's
 * @param transposed (C_in, H·W), the product with Wᵀ, or null where it does not go
 * @param picture the image whose colours are the channels, or null
 */
record Mixed(
    Values values,
    Tensor x,
    Tensor w,
    Tensor y,
    Tensor product,
    @Nullable Tensor transposed,
    @Nullable Picture picture) {
  private static final String[] PATTERNS = {"", "ramp", "checker", "edge"};

  static Mixed of(Values values, Given given) {
    Picture picture = given.picture(values.choice("input"));
    Tensor x = input(values, picture);
    int in = x.dim(1);
    Tensor w = weights(values, in);
    int out = w.dim(0);
    Tensor y = Conv2d.forward(x, w.reshaped(out, in, 1, 1), null, Conv2d.Spec.of(1, 1));
    Tensor columns = x.reshaped(in, x.dim(2) * x.dim(3)); // a pixel a column
    Tensor product = MatMul.forward(w, columns);
    Tensor turned = turned(w);
    boolean goes = MatMul.problem(turned.shape(), columns.shape()) == null;
    Tensor transposed = goes ? MatMul.forward(turned, columns) : null;
    return new Mixed(values, x, w, y, product, transposed, picture);
  }

  private static Tensor turned(Tensor w) {
    Tensor out = Tensor.zeros(w.dim(1), w.dim(0));
    for (int n = 0; n < w.size(); n++) {
      out.data()[n % w.dim(1) * w.dim(0) + n / w.dim(1)] = w.data()[n];
    }
    return out;
  }

  /** The colours of a picture, or the chosen pattern and others beside it. */
  private static Tensor input(Values values, @Nullable Picture picture) {
    Pair size = values.pair("size");
    int channels = picture == null ? values.integer("in-channels") : 3;
    int height = picture == null ? size.height() : picture.height();
    int width = picture == null ? size.width() : picture.width();
    Tensor x = Tensor.zeros(1, channels, height, width);
    for (int c = 0; c < channels; c++) {
      String pattern = c == 0 ? values.choice("input") : PATTERNS[c];
      float[] map = picture == null ? Inputs.values(pattern, height, width) : picture.channel(c);
      System.arraycopy(map, 0, x.data(), c * map.length, map.length);
    }
    return x;
  }

  /** The chosen matrix, (C_out, C_in); rows and columns that a custom one lacks are zeros. */
  private static Tensor weights(Values values, int in) {
    int out = values.integer("out-channels");
    String mix = values.choice("mix");
    NumberGrid custom = mix.equals("custom") ? values.grid("w").orElse(null) : null;
    float[] luma = {0.299f, 0.587f, 0.114f, 0};
    Tensor w = Tensor.zeros(out, in);
    for (int o = 0; o < out; o++) {
      for (int c = 0; c < in; c++) {
        float weight =
            switch (mix) {
              case "custom" ->
                  custom != null && o < custom.rows() && c < custom.columns() ? custom.at(o, c) : 0;
              case "identity" -> o == c ? 1 : 0;
              case "reverse" -> o == in - 1 - c ? 1 : 0;
              case "luma" -> o == 0 ? luma[c] : o - 1 == c ? 1 : 0;
              default -> o == 0 ? 1 : c == o - 1 ? 1 : c == o % in ? -1 : 0;
            };
        w.data()[o * in + c] = weight;
      }
    }
    return w;
  }

  NumberGrid weights() {
    return new NumberGrid(outChannels(), inChannels(), w.data());
  }

  int inChannels() {
    return x.dim(1);
  }

  int outChannels() {
    return y.dim(1);
  }

  int height() {
    return x.dim(2);
  }

  int width() {
    return x.dim(3);
  }

  int pixels() {
    return height() * width();
  }

  float in(int channel, int p) {
    return x.data()[channel * pixels() + p];
  }

  float out(int channel, int p) {
    return y.data()[channel * pixels() + p];
  }

  float weight(int o, int c) {
    return w.data()[o * inChannels() + c];
  }

  /** The largest difference of the convolution and the matrix product. */
  double apart() {
    double apart = 0;
    for (int n = 0; n < y.size(); n++) {
      apart = Math.max(apart, Math.abs(y.data()[n] - product.data()[n]));
    }
    return apart;
  }

  String check() {
    return "Computed twice, for all "
        + Num.count(pixels())
        + " pixels: as a 1 × 1 convolution and as one matrix product W ("
        + outChannels()
        + " × "
        + inChannels()
        + ") times X ("
        + inChannels()
        + " × "
        + Num.count(pixels())
        + "); largest difference "
        + (apart() == 0 ? "0" : Num.scientific(apart(), 1))
        + ".";
  }

  /** What multiplying by the transposed matrix does. */
  String mistake(int p) {
    Tensor wrong = transposed;
    if (wrong == null) {
      String problem =
          MatMul.problem(Shape.of(inChannels(), outChannels()), Shape.of(inChannels(), pixels()));
      return "With W transposed the product is refused. " + problem + ".";
    }
    double apart = 0;
    StringBuilder numbers = new StringBuilder();
    for (int o = 0; o < outChannels(); o++) {
      float value = wrong.data()[o * pixels() + p];
      numbers.append(o == 0 ? "" : ", ").append(Num.decimal(value, 2));
      apart = Math.max(apart, Math.abs(value - out(o, p)));
    }
    return "With W transposed the shapes fit, and Y[:, p] would be "
        + numbers
        + (apart < 1e-6 ? ": right by luck here." : ": wrong, and no error tells.");
  }

  String pytorch() {
    return "conv = torch.nn.Conv2d("
        + inChannels()
        + ", "
        + outChannels()
        + ", kernel_size=1, bias=False)\nx = torch.rand(1, "
        + inChannels()
        + ", "
        + height()
        + ", "
        + width()
        + ")\nw = conv.weight[:, :, 0, 0]\nmixed = (w @ x.flatten(2)).unflatten(2, ("
        + height()
        + ", "
        + width()
        + "))\nassert torch.allclose(conv(x), mixed, atol=1e-6)";
  }
}
