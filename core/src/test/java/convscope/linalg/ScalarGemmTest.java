package convscope.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import org.junit.jupiter.api.Test;

class ScalarGemmTest {
  private final Gemm gemm = new ScalarGemm();
  private final Rng rng = new Rng(1);

  @Test
  void everySmallSizeTransposedOrNotEqualsTheDefinition() {
    int checked = 0;
    for (int m = 0; m <= 9; m++) {
      for (int n = 0; n <= 9; n++) {
        for (int k = 0; k <= 6; k++) {
          checked += assertProduct(m, n, k);
        }
      }
    }
    assertThat(checked).isEqualTo(10 * 10 * 7 * 8);
  }

  @Test
  void sumsLongerThanAStretchAreWhole() {
    for (int k : new int[] {255, 256, 257, 513}) {
      assertProduct(5, 7, k);
    }
  }

  private int assertProduct(int m, int n, int k) {
    int checked = 0;
    for (int variant = 0; variant < 8; variant++) {
      boolean transposeA = (variant & 1) != 0;
      boolean transposeB = (variant & 2) != 0;
      boolean accumulate = (variant & 4) != 0;
      float[] a = random(m * k + 3);
      float[] b = random(k * n + 2);
      float[] c = random(m * n + 5);
      float[] before = c.clone();
      gemm.multiply(transposeA, transposeB, m, n, k, a, 2, b, 1, c, 3, accumulate);
      for (int at = 0; at < c.length; at++) {
        int i = n == 0 ? -1 : Math.floorDiv(at - 3, n);
        double want = before[at]; // beside the matrix nothing changes
        if (i >= 0 && i < m) {
          int j = at - 3 - i * n;
          want = accumulate ? before[at] : 0;
          for (int p = 0; p < k; p++) {
            float left = a[2 + (transposeA ? p * m + i : i * k + p)];
            float right = b[1 + (transposeB ? j * k + p : p * n + j)];
            want += (double) left * right;
          }
        }
        assertThat((double) c[at]).isCloseTo(want, within(1e-6 * (1 + k)));
      }
      checked++;
    }
    return checked;
  }

  private float[] random(int size) {
    return rng.gaussian(1, size).data();
  }

  @Test
  void errorsNameTheMatrixAndWhatItNeeds() {
    float[] four = new float[4];
    assertThatThrownBy(
            () -> gemm.multiply(false, false, -1, 2, 2, four, 0, four, 0, four, 0, false))
        .hasMessage("Gemm: sizes -1×2×2; use 0 or more for each");
    assertThatThrownBy(() -> gemm.multiply(false, false, 2, 2, 2, four, 1, four, 0, four, 0, false))
        .hasMessage("Gemm: A needs 4 elements from 1 on, the array has 4; give a larger one");
    assertThatThrownBy(() -> gemm.multiply(false, false, 1, 3, 2, four, 0, four, 0, four, 0, false))
        .hasMessage("Gemm: B needs 6 elements from 0 on, the array has 4; give a larger one");
    assertThatThrownBy(
            () -> gemm.multiply(false, false, 2, 2, 1, four, 0, four, 0, four, -1, false))
        .hasMessage("Gemm: C needs 4 elements from -1 on, the array has 4; give a larger one");
  }
}
