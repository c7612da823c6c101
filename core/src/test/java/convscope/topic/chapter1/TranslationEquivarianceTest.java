package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.Values;
import convscope.topic.Figure;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class TranslationEquivarianceTest {
  private static final String[] WAYS = {"right", "down", "both"};
  private static final String[] KERNELS = {"sobel-x", "sobel-y", "emboss", "box", "count"};

  private final TranslationEquivariance topic = new TranslationEquivariance();

  private Values noise() {
    return topic.schema().defaults().with("input", "noise");
  }

  private ShiftedConv compute(Values values) {
    return topic.compute(values, Given.NOTHING);
  }

  private String alt(ShiftedConv conv, int step) {
    return topic
        .figure(conv, new View(step, "", new TranslationEquivariance().head().wide()))
        .alt();
  }

  @Test
  void withCircularPaddingAndStrideOneItHoldsAtEveryShift() {
    int shifts = 0;
    for (String size : new String[] {"3", "5x8", "7x6", "10"}) {
      for (String along : WAYS) {
        for (String kernel : KERNELS) {
          Values values = noise().with("size", size).with("along", along).with("preset", kernel);
          ShiftedConv conv = compute(values);
          for (int t = 0; t < conv.shifts(); t++, shifts++) {
            assertThat(conv.at(t).most()).as(values.query() + " " + t).isZero();
            assertThat(alt(conv, t)).endsWith(t == 0 ? "moved yet." : "largest difference 0.");
          }
        }
      }
    }
    assertThat(shifts).isGreaterThan(300);
  }

  /** The oracle needs no convolution: only outputs whose window leaves the image may differ. */
  @Test
  void withZerosItBreaksAtEveryShiftAndOnlyWhereAWindowTouchesTheBorder() {
    for (String kernel : KERNELS) {
      ShiftedConv conv =
          compute(noise().with("size", "8").with("mode", "zeros").with("preset", kernel));
      for (int t = 1; t < conv.shifts(); t++) {
        ShiftedConv.At at = conv.at(t);
        assertThat(at.most()).isPositive();
        for (int i = 0; i < 8; i++) {
          for (int j = 0; j < 8; j++) {
            int before = Math.floorMod(j - t, 8); // where the output stood
            boolean border = j == 0 || j == 7 || before == 0 || before == 7;
            if (!border) {
              assertThat(at.difference().at(0, 0, i, j)).isZero();
            }
          }
        }
        assertThat(alt(conv, t)).contains("windows read zeros");
      }
    }
  }

  @Test
  void withStrideTwoItHoldsAtMultiplesOfTheStrideAndNoOtherShift() {
    for (int stride = 2; stride <= 4; stride++) {
      for (String along : WAYS) {
        Values values =
            noise()
                .with("size", String.valueOf(2 * stride))
                .with("stride", String.valueOf(stride))
                .with("along", along);
        ShiftedConv conv = compute(values);
        for (int t = 0; t < conv.shifts(); t++) {
          ShiftedConv.At at = conv.at(t);
          assertThat(at.most() == 0).as(values.query() + " " + t).isEqualTo(t % stride == 0);
          if (t % stride != 0) {
            assertThat(conv.nearest(at)).as("no other shift either").isPositive();
            assertThat(conv.nearest(at)).isLessThanOrEqualTo(at.most());
            assertThat(alt(conv, t)).contains(t + " is no multiple of the stride " + stride);
          }
        }
      }
    }
  }

  @Test
  void aStrideThatDoesNotDivideTheWidthBreaksEvenItsMultiples() {
    ShiftedConv conv = compute(noise().with("size", "7").with("stride", "2"));
    assertThat(conv.at(2).most()).isPositive();
    assertThat(alt(conv, 2)).contains("does not divide the input’s size");
  }

  @Test
  void onePixelOnBlackIsHarmlessUntilItReachesTheBorder() {
    Values values = topic.schema().defaults().with("input", "impulse").with("mode", "zeros");
    ShiftedConv conv = compute(values.with("size", "8"));
    for (int t = 0; t < 8; t++) {
      int column = (3 + t) % 8;
      assertThat(conv.at(t).most() == 0).as("shift " + t).isEqualTo(column != 0 && column != 7);
    }
    assertThat(alt(conv, 1)).contains("only because of what stands at the border");
  }

  @Test
  void aShiftMovesEveryCellAndAFullRoundBringsItBack() {
    ShiftedConv conv = compute(noise().with("size", "4x6").with("along", "both"));
    assertThat(conv.shifted(conv.source().x(), 1).at(0, 0, 0, 3))
        .isEqualTo(conv.source().x().at(0, 0, 3, 2));
    assertThat(conv.shifted(conv.source().x(), 12).data()).isEqualTo(conv.source().x().data());
  }

  @Test
  void expectingTheSameOutputFails() {
    ShiftedConv conv = compute(noise().with("mistake", "on"));
    assertThat(conv.at(1).most()).isPositive();
    assertThat(alt(conv, 1)).contains("it does not stay");
  }

  @Test
  void onAPhotographAllSixPanelsAreImages() {
    byte[] rgba = new byte[4 * 40 * 30];
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = (byte) (n * n * 7);
    }
    Picture picture = new Picture(40, 30, rgba, "");
    ShiftedConv conv =
        topic.compute(noise().with("input", "own"), new Given().picture("own", picture));
    assertThat(topic.steps(conv).count()).isEqualTo(30);
    Figure figure =
        topic.figure(conv, new View(11, "", new TranslationEquivariance().head().narrow()));
    assertThat(figure.scene().rasters()).hasSize(6);
    assertThat(conv.at(11).most()).isZero();
  }
}
