package convscope.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.net.text.PyTorch;
import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocallyConnectedTest {
  private static final int IMAGES = 3;
  private static final int CHANNELS = 2;
  private static final int FILTERS = 4;
  private static final int HEIGHT = 7;
  private static final int WIDTH = 6;
  private static final int STRIDE = 2;
  private static final int PADDING = 1;
  private static final int KERNEL_HEIGHT = 3;
  private static final int KERNEL_WIDTH = 2;
  private static final Layer LAYER =
      PyTorch.read("LocallyConnected2d(2, 4, (3, 2), stride=2, padding=1)").layers().get(0);

  private static final Tensor X = new Rng(1).gaussian(1, IMAGES, CHANNELS, HEIGHT, WIDTH);

  private static List<Var> parameters(Tape tape) {
    List<Var> parameters = new ArrayList<>();
    for (Shape shape : LAYER.parameters(X.shape())) {
      parameters.add(tape.variable("p", new Rng(2).gaussian(1, shape.dims())));
    }
    return parameters;
  }

  /** Calls for every product of the layer: numbers of the output, the weight and the pixel. */
  private interface Term {
    void add(int output, int weight, int pixel);
  }

  private static void everyTerm(Shape y, Term term) {
    int outHeight = y.dim(2);
    int outWidth = y.dim(3);
    for (int at = 0; at < y.size(); at++) {
      int j = at % outWidth;
      int i = at / outWidth % outHeight;
      int o = at / outWidth / outHeight % FILTERS;
      int n = at / outWidth / outHeight / FILTERS;
      for (int c = 0; c < CHANNELS; c++) {
        for (int u = 0; u < KERNEL_HEIGHT; u++) {
          for (int v = 0; v < KERNEL_WIDTH; v++) {
            int row = STRIDE * i + u - PADDING;
            int column = STRIDE * j + v - PADDING;
            if (row >= 0 && row < HEIGHT && column >= 0 && column < WIDTH) {
              int unit = (o * outHeight + i) * outWidth + j;
              int tap = (c * KERNEL_HEIGHT + u) * KERNEL_WIDTH + v;
              int taps = CHANNELS * KERNEL_HEIGHT * KERNEL_WIDTH;
              int pixel = ((n * CHANNELS + c) * HEIGHT + row) * WIDTH + column;
              term.add(at, unit * taps + tap, pixel);
            }
          }
        }
      }
    }
  }

  private static void assertClose(Tensor actual, double[] expected) {
    assertThat(actual.size()).isEqualTo(expected.length);
    for (int at = 0; at < expected.length; at++) {
      assertThat((double) actual.data()[at])
          .as("element " + at)
          .isCloseTo(expected[at], within(1e-5));
    }
  }

  @Test
  void outputAndAllGradientsAreThoseOfTheNaiveLoop() {
    Tape tape = new Tape();
    Var x = tape.variable("x", X);
    List<Var> parameters = parameters(tape);
    Var y = LAYER.run(x, parameters);
    assertThat(y.shape())
        .isEqualTo(Shape.of(IMAGES, FILTERS, 4, 4))
        .isEqualTo(LAYER.output(X.shape()));
    float[] w = parameters.get(0).value().data();
    float[] b = parameters.get(1).value().data();
    double[] naive = new double[y.value().size()];
    for (int at = 0; at < naive.length; at++) {
      naive[at] = b[at % b.length];
    }
    everyTerm(y.shape(), (out, weight, pixel) -> naive[out] += w[weight] * X.data()[pixel]);
    assertClose(y.value(), naive);

    Tensor dy = new Rng(3).gaussian(1, y.shape().dims());
    y.backward(dy);
    double[] dx = new double[X.size()];
    double[] dWeight = new double[w.length];
    double[] dBias = new double[b.length];
    everyTerm(
        y.shape(),
        (out, weight, pixel) -> {
          dx[pixel] += dy.data()[out] * w[weight];
          dWeight[weight] += dy.data()[out] * X.data()[pixel];
        });
    for (int at = 0; at < dy.size(); at++) {
      dBias[at % b.length] += dy.data()[at];
    }
    assertClose(x.gradient(), dx);
    assertClose(parameters.get(0).gradient(), dWeight);
    assertClose(parameters.get(1).gradient(), dBias);
  }

  @Test
  void withTheSameKernelEverywhereItIsAConvolution() {
    Tape tape = new Tape();
    Var x = tape.constant(X);
    Tensor kernel = new Rng(5).gaussian(1, FILTERS, CHANNELS, KERNEL_HEIGHT, KERNEL_WIDTH);
    Tensor tied = Tensor.zeros(LAYER.parameters(X.shape()).get(0));
    int taps = CHANNELS * KERNEL_HEIGHT * KERNEL_WIDTH;
    for (int at = 0; at < tied.size(); at++) {
      tied.data()[at] = kernel.data()[at / taps / 16 * taps + at % taps];
    }
    Layer unbiased =
        PyTorch.read("LocallyConnected2d(2, 4, (3, 2), 2, 1, bias=False)").layers().get(0);
    Tensor shared =
        Conv2d.forward(
            X, kernel, null, Conv2d.Spec.of(KERNEL_HEIGHT, KERNEL_WIDTH).stride(2).padding(1));
    double[] expected = new double[shared.size()];
    for (int at = 0; at < expected.length; at++) {
      expected[at] = shared.data()[at];
    }
    assertClose(unbiased.run(x, List.of(tape.constant(tied))).value(), expected);
  }

  @Test
  void itCostsWhatAConvolutionCostsAndHasAWeightForEachOfItsProducts() {
    Shape image = Shape.of(1, 1, 28, 28);
    Layer local = PyTorch.read("LocallyConnected2d(1, 8, 5)").layers().get(0);
    Layer shared = PyTorch.read("nn.Conv2d(1, 8, 5)").layers().get(0);
    assertThat(local.macs(image)).isEqualTo(shared.macs(image)).isEqualTo(115_200);
    assertThat(local.parameters(image).get(0)).isEqualTo(Shape.of(4608, 25));
    assertThat(local.parameters(image).get(1)).isEqualTo(Shape.of(4608));
    ReceptiveField field = ReceptiveField.of(List.of(local), true);
    assertThat(field).isNotNull();
    assertThat(field.size()).isEqualTo(5);
  }

  @Test
  void inputsThatItCannotTakeAreNamed() {
    assertThat(LAYER.problem(Shape.of(1, 3, 7, 6))).contains("made for 2 channels");
    assertThat(LAYER.problem(Shape.of(1, 2, 1, 6))).isNull(); // just fits with the padding
    assertThat(LAYER.problem(Shape.of(1, 42))).contains("give (N, C, H, W)");
    Layer large = PyTorch.read("LocallyConnected2d(2, 4, 9)").layers().get(0);
    assertThat(large.problem(Shape.of(1, 2, 7, 6))).contains("kernel 9");
    assertThatThrownBy(() -> PyTorch.read("LocallyConnected2d(2, 4, 3, groups=2)"))
        .hasMessageContaining("there is no argument “groups”");
  }
}
