package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.scene.Stage;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What slides over what, counted by hand and by naive loops. */
class SlidingTest {
  private static final int HIGH = 5;
  private static final int WIDE = 4;
  private static final Conv2d.Spec SPEC = Conv2d.Spec.of(2, 3).stride(2).padding(1).dilation(2, 1);

  private static ImageInput counting() {
    float[] values = new float[HIGH * WIDE];
    for (int n = 0; n < values.length; n++) {
      values[n] = n + 1;
    }
    return new ImageInput(Tensor.of(values, 1, 1, HIGH, WIDE), null);
  }

  private static Sliding at(int step, String pick, Conv2d.Spec spec) {
    return new Sliding(counting(), spec, new View(step, pick, Stage.wide(380)));
  }

  @Test
  void theWindowIsTheSteps() {
    Sliding at = at(3, "", SPEC); // 3 × 2 outputs: row 1, column 1
    assertThat(new int[] {at.i, at.j, at.n, at.top(1), at.left(1)}).containsExactly(1, 1, 3, 1, 1);
    assertThat(at.name()).isEqualTo("y[1, 1]");
    // rows 1 and 3, columns 1 to 3
    assertThat(at.taps()).containsExactly(6, 7, 8, 14, 15, 16);
  }

  @Test
  void pointingAtAnOutputMovesTheWindowPointingElsewhereDoesNot() {
    assertThat(at(0, "out/2,1", SPEC).n).isEqualTo(5);
    assertThat(at(0, "anything/1,0", SPEC).n).isEqualTo(2);
    for (String pick : new String[] {"in/2,1", "k/1,1", "lens/1,1", "out/9,9", "out", "/"}) {
      assertThat(at(0, pick, SPEC).n).as(pick).isZero();
    }
  }

  @Test
  void paddingIsReadAsItsModeSays() {
    assertThat(at(0, "", SPEC).taps()).containsExactly(0, 0, 0, 0, 5, 6); // rows −1 and 1
    Sliding reflected = at(0, "", SPEC.mode(PaddingMode.REFLECT));
    assertThat(reflected.taps()).containsExactly(6, 5, 6, 6, 5, 6);
    assertThat(reflected.onInput(0)).isFalse();
    assertThat(reflected.onInput(4)).isTrue();
  }

  @Test
  void anOutputReadsAPlaceIfAndOnlyIfChangingItChangesTheOutput() {
    for (PaddingMode mode : PaddingMode.values()) {
      Conv2d.Spec spec = SPEC.mode(mode);
      Tensor ones = Tensor.full(1, 1, 1, 2, 3);
      Tensor before = Conv2d.forward(counting().x(), ones, null, spec);
      Sliding at = at(0, "", spec);
      for (int place = 0; place < HIGH * WIDE; place++) {
        ImageInput changed = counting();
        changed.x().data()[place] += 100;
        Tensor after = Conv2d.forward(changed.x(), ones, null, spec);
        for (int out = 0; out < before.size(); out++) {
          int width = before.dim(3);
          assertThat(at.reads(out / width, out % width, place / WIDE, place % WIDE))
              .as(mode + ": output " + out + ", place " + place)
              .isEqualTo(before.data()[out] != after.data()[out]);
        }
      }
    }
  }

  @Test
  void theProductsAddUpToTheOperatorsOutput() {
    Tensor weights = Tensor.of(new float[] {1, 2, -1, 0.5f, 3, -2}, 1, 1, 2, 3);
    Tensor y = Conv2d.forward(counting().x(), weights, null, SPEC);
    for (int out = 0; out < y.size(); out++) {
      Sliding at = at(out, "", SPEC);
      float[] taps = at.taps();
      double sum = 0;
      for (int t = 0; t < taps.length; t++) {
        sum += taps[t] * weights.data()[t];
      }
      assertThat((float) sum).isEqualTo(y.data()[out]);
      String text = at.products(weights, 0, sum).html().replaceAll("<[^>]*>", "");
      assertThat(text).startsWith(at.name() + " = 1·").contains("+ 2·").contains("= ");
    }
  }
}
