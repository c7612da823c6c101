package convscope.net.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SizesTest {
  private static long[] common(long[] a, long[] b) {
    return Sizes.broadcast("Add", a, b, (axis, rank, x, y) -> "pad one");
  }

  /** The examples of NumPy's chapter on broadcasting. */
  @Test
  void shapesAreStretchedAsNumPysManualSays() {
    assertThat(common(new long[] {256, 256, 3}, new long[] {3})).containsExactly(256, 256, 3);
    assertThat(common(new long[] {8, 1, 6, 1}, new long[] {7, 1, 5})).containsExactly(8, 7, 6, 5);
    assertThat(common(new long[] {5, 4}, new long[] {1})).containsExactly(5, 4);
    assertThat(common(new long[] {}, new long[] {2, 3})).containsExactly(2, 3);
    assertThat(common(new long[] {15, 3, 5}, new long[] {15, 1, 5})).containsExactly(15, 3, 5);
  }

  @Test
  void whatDiffersIsNamedWithOperationShapesAxisAndRemedy() {
    assertThatThrownBy(() -> common(new long[] {2, 1}, new long[] {8, 4, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Add: 2×1 and 8×4×3 differ in dimension 1: 2 against 4; pad one");
  }
}
