package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.topic.Probe;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrossCorrelationTest {
  private static final Probe<TwoConventions> PROBE = Probe.of(new CrossCorrelation());

  private static Probe<TwoConventions> random(SplittableRandom random) {
    while (true) {
      Probe<TwoConventions> probe =
          PROBE.at(
              ("input=noise&size=" + (1 + random.nextInt(7)) + "x" + (1 + random.nextInt(7)))
                  + ("&kernel=" + (1 + random.nextInt(4)) + "x" + (1 + random.nextInt(4)))
                  + ("&padding=" + random.nextInt(3)));
      if (probe.problem() == null) {
        return probe;
      }
    }
  }

  /** The oracle multiplies polynomials: a convolution's outputs are the product's coefficients. */
  @Test
  void theConvolutionHasTheCoefficientsOfTheProductOfTwoPolynomials() {
    SplittableRandom random = new SplittableRandom(1);
    int seen = 0;
    for (int trial = 0; trial < 200; trial++) {
      TwoConventions two = random(random).result();
      int kernelRows = two.kernel().dim(2);
      int kernelColumns = two.kernel().dim(3);
      double[][] product =
          new double[two.input().height() + kernelRows - 1]
              [two.input().width() + kernelColumns - 1];
      for (int n = 0; n < two.input().x().size(); n++) {
        for (int tap = 0; tap < two.kernel().size(); tap++) {
          product[n / two.input().width() + tap / kernelColumns][
                  n % two.input().width() + tap % kernelColumns] +=
              two.input().x().data()[n] * two.kernel().data()[tap];
        }
      }
      int columns = two.convolution().dim(3);
      for (int n = 0; n < two.convolution().size(); n++) {
        int row = n / columns + kernelRows - 1 - two.spec().padTop();
        int column = n % columns + kernelColumns - 1 - two.spec().padLeft();
        boolean inside =
            row >= 0 && row < product.length && column >= 0 && column < product[0].length;
        double expected = inside ? product[row][column] : 0; // nothing but padding was read
        assertThat(two.convolution().data()[n]).isEqualTo((float) expected);
        assertThat(two.second().data()[n]).isEqualTo((float) expected);
        seen++;
      }
      assertThat(two.disagreement()).isZero();
    }
    assertThat(seen).isGreaterThan(2000);
  }

  @Test
  void onOnePixelTheConvolutionPrintsTheKernelAndTheCorrelationItsMirrorImage() {
    assertThat(PROBE.result().convolution().data()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(PROBE.result().correlation().data()).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(PROBE.caption())
        .endsWith(
            "On one pixel the convolution prints the kernel, the cross-correlation prints it turned"
                + " by 180°.");
  }

  @Test
  void aSymmetricKernelHidesTheFlipAndAnOddOneOnlyChangesTheSign() {
    TwoConventions gaussian = PROBE.at("input=noise&preset=gaussian").result();
    assertThat(gaussian.wrong(gaussian.correlation())).isZero();
    TwoConventions box = PROBE.at("input=noise&preset=box&size=8&padding=1").result();
    assertThat(box.wrong(box.correlation())).as("rounding is no difference").isZero();
    TwoConventions sobel = PROBE.at("input=noise&preset=sobel-x").result();
    assertThat(sobel.wrong(sobel.correlation())).isGreaterThan(4);
    assertThat(sobel.oppositeness()).isZero();
    assertThat(PROBE.at("input=noise&preset=sobel-x").caption())
        .contains("only changes this kernel’s sign");
  }

  @Test
  void flippingOnlyTheRowsFailsUnlessTheColumnsAreSymmetric() {
    TwoConventions count = PROBE.at("mistake=on").result();
    assertThat(count.second().data()).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7);
    assertThat(count.disagreement()).isEqualTo(2);
    assertThat(count.wrong(count.second())).isEqualTo(6);
    Probe<TwoConventions> lucky = PROBE.at("mistake=on&preset=sobel-y&input=noise");
    assertThat(lucky.result().wrong(lucky.result().second())).isZero();
    assertThat(lucky.caption()).contains("right by luck");
  }

  @Test
  void theTermsWrittenOutAddUpToTheOutputUnderBothDefinitions() {
    Probe<TwoConventions> probe = PROBE.at("input=ramp&padding=1").step(0);
    for (String grid : new String[] {"out", "conv"}) {
      String text = probe.pick(grid + "/1,3").equation().replaceAll("conv\\(.*", "");
      String[] sides = text.split("=");
      double total = 0;
      for (String term : sides[1].split("\\+")) {
        String[] factors = term.split("·");
        total += Double.parseDouble(factors[0].trim()) * Double.parseDouble(factors[1].trim());
      }
      TwoConventions two = probe.result();
      assertThat(total).isEqualTo(Double.parseDouble(sides[2].trim()));
      assertThat((float) total)
          .isEqualTo((grid.equals("out") ? two.correlation() : two.convolution()).at(0, 0, 1, 3));
    }
  }

  @Test
  void aTapIsLinkedToItsPlaceInTheFlippedKernelAndToTheCellItMeets() {
    Probe<TwoConventions> first = PROBE.step(0);
    String plain =
        "w[0, 1] = 2 goes to row 2, column 1 of the flipped kernel. As it is, it meets"
            + " x[0, 1] = 0.";
    for (String pick : new String[] {"k/0,1", "f/2,1", "in/0,1"}) {
      assertThat(first.pick(pick).caption()).as(pick).isEqualTo(plain);
    }
    String turned =
        "w[0, 1] = 2 goes to row 2, column 1 of the flipped kernel. Flipped, it meets x[2, 1] = 0.";
    for (String pick : new String[] {"k/0,1", "f/2,1", "in/2,1"}) {
      assertThat(PROBE.at("flip=on").step(0).pick(pick).caption()).as(pick).isEqualTo(turned);
    }
  }
}
