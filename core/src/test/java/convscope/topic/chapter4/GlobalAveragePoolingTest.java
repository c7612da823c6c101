package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class GlobalAveragePoolingTest {
  private static final Probe<GlobalAveraged> PROBE = Probe.of(new GlobalAveragePooling());

  private static GlobalAveraged averaged(String query) {
    return PROBE.at(query).result();
  }

  /** ReLU of the 3 × 3 filter at stride 2 with zeros around, written out. */
  private static double map(GlobalAveraged result, double[][] filter, int i, int j) {
    double sum = 0;
    for (int u = 0; u < 3; u++) {
      for (int v = 0; v < 3; v++) {
        int row = 2 * i + u - 1;
        int column = 2 * j + v - 1;
        boolean inside =
            row >= 0
                && column >= 0
                && row < result.input().height()
                && column < result.input().width();
        sum += inside ? filter[u][v] * result.input().at(row, column) : 0;
      }
    }
    return Math.max(0, sum);
  }

  @Test
  void theMeansAreThoseOfTheMapsCellByCell() {
    for (String query : new String[] {"", "size=7x12", "input=noise&size=16"}) {
      GlobalAveraged result = averaged(query);
      double[][] sobel = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
      double[][] gauss = {
        {1 / 16., 1 / 8., 1 / 16.}, {1 / 8., 1 / 4., 1 / 8.}, {1 / 16., 1 / 8., 1 / 16.}
      };
      double first = 0;
      double last = 0;
      for (int i = 0; i < result.height(); i++) {
        for (int j = 0; j < result.width(); j++) {
          first += map(result, sobel, i, j);
          last += map(result, gauss, i, j);
        }
      }
      assertThat((double) result.means().data()[0]).isEqualTo(first / result.area(), within(1e-4));
      assertThat((double) result.means().data()[3]).isEqualTo(last / result.area(), within(1e-4));
      for (int c = 0; c < 4; c++) {
        double mean = result.sum(c, result.area()) / result.area();
        assertThat((double) result.means().data()[c]).isEqualTo(mean, within(1e-5));
      }
    }
  }

  @Test
  void everyCellGetsOneShareOfItsMeansGradient() {
    GlobalAveraged result = averaged("size=10x6");
    assertThat(result.area()).isEqualTo(5 * 3);
    for (int c = 0; c < 4; c++) {
      assertThat(result.gradient().plane(c).data()).containsOnly((c + 1) / 15f);
    }
    assertThat(PROBE.at("show=gradient").step(0).caption()).contains("1/16 of the gradient");
  }

  @Test
  void theMeansFitAtAnySizeAndTheFlattenedMapsAtOne() {
    for (int side = 1; side <= 16; side++) {
      GlobalAveraged result = averaged("size=" + side);
      assertThat(result.meansProblem()).as("size " + side).isNull();
      int flat = 4 * ((side + 1) / 2) * ((side + 1) / 2);
      if (flat == 64) {
        assertThat(result.flattenProblem()).as("size " + side).isNull();
      } else {
        assertThat(result.flattenProblem())
            .isEqualTo(
                "Linear: input of shape 1×"
                    + flat
                    + " for weight 10×64; give the input a last axis of 64");
      }
    }
    assertThat(PROBE.at("size=12").step(0).twin()).contains("Linear: input of shape 1×144");
  }

  @Test
  void theHeadsHaveAsManyParametersAsTheirWeightsAndBiases() {
    GlobalAveraged result = averaged("classes=7");
    assertThat(result.parameters(result.denseInputs())).isEqualTo(4 * 4 * 4 * 7 + 7);
    assertThat(result.parameters(result.channels())).isEqualTo(4 * 7 + 7);
    assertThat(PROBE.topic().facts())
        .containsEntry("vgg", "102,764,544")
        .containsEntry("resnet", "2,049,000");
  }

  @Test
  void theSumGrowsCellByCellAndIsNotDividedByMistake() {
    GlobalAveraged result = averaged("");
    assertThat(result.sum(0, 0)).isZero();
    assertThat(result.sum(0, 16)).isEqualTo(16.0 * result.means().data()[0], within(1e-4));
    assertThat(PROBE.at("mistake=on").step(15).caption()).contains("the sums grow with the image");
    assertThat(PROBE.at("").step(15).caption()).contains("whatever the size of the image");
  }
}
