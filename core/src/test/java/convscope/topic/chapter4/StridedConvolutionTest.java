package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class StridedConvolutionTest {
  private static final Probe<Learned> PROBE = Probe.of(new StridedConvolution());
  private static final int LAST = Learned.STEPS - 1;

  private static Learned learned(String query) {
    return PROBE.at(query).result();
  }

  private static String alt(String query, int step) {
    return PROBE.at(query).step(step).caption();
  }

  /** The sum of a window, cell by cell. */
  private static double window(Learned result, Tensor kernel, int i, int j, boolean max) {
    int k = result.spec().kernelHeight();
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < k; u++) {
      for (int v = 0; v < k; v++) {
        int stride = result.spec().strideH();
        double x = result.input().at(i * stride + u, j * stride + v);
        sum += x * kernel.data()[u * k + v];
        most = Math.max(most, x);
      }
    }
    return max ? most : sum;
  }

  /** The number that a cell shows. */
  private static String shown(String svg, String cell) {
    String after = svg.substring(svg.indexOf("data-k=\"" + cell + "\""));
    after = after.substring(after.indexOf("<text"));
    return after.substring(after.indexOf('>') + 1, after.indexOf("</text>"));
  }

  @Test
  void whatIsLearnedReadsAsItsTargetWhereOnlyRoundingTellsThemApart() {
    int torn = 0;
    for (int step = 0; step <= LAST; step++) {
      Learned result = learned("");
      String svg = PROBE.step(step).svg();
      for (int n = 0; n < 9; n++) {
        String cell = "/" + n / 3 + "," + n % 3;
        double off = result.output(step).data()[n] - result.average().data()[n];
        String is = shown(svg, "out" + cell);
        String to = shown(svg, "average" + cell);
        torn += Math.abs(off) < 0.005 && off != 0 ? 1 : 0;
        if (Math.abs(off) < 0.005) {
          assertThat(is).as("step " + step + cell).isEqualTo(to);
        }
      }
    }
    assertThat(torn).isGreaterThan(100);
  }

  @Test
  void allThreeMapsAreTheWindowsOfTheSameInput() {
    for (String query : new String[] {"", "kernel=3&stride=1", "kernel=2&stride=3&size=8x9"}) {
      Learned result = learned(query);
      int k = result.spec().kernelHeight();
      Tensor mean = Tensor.full(1f / (k * k), 1, 1, k, k);
      for (int i = 0; i < result.average().dim(2); i++) {
        for (int j = 0; j < result.average().dim(3); j++) {
          assertThat((double) result.average().at(0, 0, i, j))
              .isEqualTo(window(result, mean, i, j, false), within(1e-5));
          assertThat((double) result.max().at(0, 0, i, j))
              .isEqualTo(window(result, mean, i, j, true));
          assertThat((double) result.output(LAST).at(0, 0, i, j))
              .isEqualTo(window(result, result.kernel(LAST), i, j, false), within(1e-5));
        }
      }
    }
  }

  @Test
  void averagePoolingIsRecoveredByAFixedDepthwiseKernel() {
    assertThat(learned("").fixedDifference()).isZero(); // 1/4 and its sums are exact
    for (int kernel = 1; kernel <= 4; kernel++) {
      assertThat(learned("input=noise&size=10&kernel=" + kernel).fixedDifference())
          .isLessThan(1e-5);
    }
    assertThat(alt("", LAST))
        .endsWith("1/K² = 0.25 a depthwise convolution is exactly average pooling.");
  }

  @Test
  void learningFindsTheEqualWeightsOfTheAverage() {
    Learned result = learned("");
    assertThat(result.kernel(0).data()).containsExactly(1, 0, 0, 0);
    for (float weight : result.kernel(LAST).data()) {
      assertThat(weight).isEqualTo(0.25f, within(1e-4f));
    }
  }

  @Test
  void theLossNeverRisesAndStaysAboveZeroForTheMaximum() {
    for (String input : new String[] {"digit-3", "noise", "digit-8"}) {
      Learned result = learned("input=" + input);
      for (double[] losses : result.losses()) {
        for (int step = 1; step < Learned.STEPS; step++) {
          assertThat(losses[step])
              .as(input + " " + step)
              .isLessThan(losses[step - 1] * (1 + 1e-6) + 1e-12);
        }
      }
      assertThat(result.losses()[Learned.AVERAGE][LAST]).as(input).isLessThan(2e-4);
      assertThat(result.losses()[Learned.MAX][LAST]).as(input).isGreaterThan(1e-3);
    }
  }

  @Test
  void theLossIsTheMeanSquaredDifferenceOfTheScaledInput() {
    Learned result = learned("");
    double scale = result.input().x().largestSize();
    double loss = 0;
    for (int n = 0; n < result.average().size(); n++) {
      double off = (result.output(5).data()[n] - result.average().data()[n]) / scale;
      loss += off * off / result.average().size();
    }
    assertThat(result.losses()[Learned.AVERAGE][5]).isEqualTo(loss, within(1e-6 * loss + 1e-9));
  }

  @Test
  void aKernelSmallerThanItsStrideLeavesCellsUnread() {
    assertThat(learned("mistake=on").unread()).isEqualTo(36 - 9);
    assertThat(learned("").unread()).isZero();
    assertThat(learned("kernel=2&stride=3&size=5").unread()).isEqualTo(25 - 16);
    assertThat(learned("kernel=3&stride=2").unread()).as("the floor").isEqualTo(36 - 25);
    assertThat(alt("mistake=on", 0)).contains("27 of 36 cells of the input are read by no window");
  }

  @Test
  void aLargePictureTeachesWithItsMiddle() {
    byte[] rgba = new byte[4 * 100 * 90];
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = (byte) (n * 7919 >> 5);
    }
    Learned result =
        PROBE
            .at("input=own")
            .with(new Given().picture("own", new Picture(100, 90, rgba, "")))
            .result();
    assertThat(result.average().shape().dims()).containsExactly(1, 1, 50, 45);
    double[] losses = result.losses()[Learned.AVERAGE];
    assertThat(losses[LAST]).isLessThan(losses[0] / 10);
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=3&kernel=4").problem()).startsWith("Conv2d: kernel 4");
  }
}
