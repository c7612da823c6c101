package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void threeByThreeGivesTheTextbookKernels() {
    assertThat(Kernels.values("sobel-x", 3, 3)).containsExactly(-1, 0, 1, -2, 0, 2, -1, 0, 1);
    assertThat(Kernels.values("sobel-y", 3, 3)).containsExactly(-1, -2, -1, 0, 0, 0, 1, 2, 1);
    assertThat(Kernels.values("laplacian", 3, 3)).containsExactly(0, 1, 0, 1, -4, 1, 0, 1, 0);
    assertThat(Kernels.values("sharpen", 3, 3)).containsExactly(0, -1, 0, -1, 5, -1, 0, -1, 0);
    assertThat(Kernels.values("emboss", 3, 3)).containsExactly(-2, -1, 0, -1, 1, 1, 0, 1, 2);
    assertThat(Kernels.values("identity", 3, 3)).containsExactly(0, 0, 0, 0, 1, 0, 0, 0, 0);
    assertThat(Kernels.values("gaussian", 3, 3))
        .containsExactly(
            1 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 4 / 16f, 2 / 16f, 1 / 16f, 2 / 16f, 1 / 16f);
  }

  @Test
  void atEverySizeBlursKeepAConstantAndDerivativesErase() {
    int checked = 0;
    for (int height = 1; height <= 7; height++) {
      for (int width = 1; width <= 7; width++) {
        for (String name : new String[] {"box", "gaussian", "identity", "sharpen"}) {
          assertThat(sum(Kernels.values(name, height, width))).as(name).isEqualTo(1, within(1e-6));
          checked++;
        }
        for (String name : new String[] {"sobel-x", "sobel-y", "laplacian"}) {
          assertThat(sum(Kernels.values(name, height, width))).as(name).isZero();
          checked++;
        }
      }
    }
    assertThat(checked).isEqualTo(49 * 7);
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
