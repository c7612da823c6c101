package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.param.Values;
import convscope.topic.View;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CrossCorrelationTest {
  private final CrossCorrelation topic = new CrossCorrelation();

  private TwoConventions compute(Values values) {
    return topic.compute(values, Given.NOTHING);
  }

  private Values random(SplittableRandom random) {
    while (true) {
      Values values =
          topic
              .schema()
              .defaults()
              .with("input", "noise")
              .with("size", (1 + random.nextInt(7)) + "x" + (1 + random.nextInt(7)))
              .with("kernel", (1 + random.nextInt(4)) + "x" + (1 + random.nextInt(4)))
              .with("padding", String.valueOf(random.nextInt(3)));
      if (topic.check(values, Given.NOTHING) == null) {
        return values;
      }
    }
  }

  /** The oracle multiplies polynomials: a convolution's outputs are the product's coefficients. */
  @Test
  void theConvolutionHasTheCoefficientsOfTheProductOfTwoPolynomials() {
    SplittableRandom random = new SplittableRandom(1);
    int seen = 0;
    for (int trial = 0; trial < 200; trial++) {
      TwoConventions two = compute(random(random));
      int kernelRows = two.spec().kernelHeight();
      int kernelColumns = two.spec().kernelWidth();
      double[][] product =
          new double[two.input().dim(2) + kernelRows - 1][two.input().dim(3) + kernelColumns - 1];
      for (int r = 0; r < two.input().dim(2); r++) {
        for (int c = 0; c < two.input().dim(3); c++) {
          for (int u = 0; u < kernelRows; u++) {
            for (int v = 0; v < kernelColumns; v++) {
              product[r + u][c + v] += two.input().at(0, 0, r, c) * two.kernel().at(0, 0, u, v);
            }
          }
        }
      }
      for (int i = 0; i < two.outHeight(); i++) {
        for (int j = 0; j < two.outWidth(); j++) {
          int row = i + kernelRows - 1 - two.spec().padTop();
          int column = j + kernelColumns - 1 - two.spec().padLeft();
          boolean inside =
              row >= 0 && row < product.length && column >= 0 && column < product[0].length;
          double expected = inside ? product[row][column] : 0; // nothing but padding was read
          assertThat(two.convolution().at(0, 0, i, j)).isEqualTo((float) expected);
          assertThat(two.second().at(0, 0, i, j)).isEqualTo((float) expected);
          seen++;
        }
      }
      assertThat(two.disagreement()).isZero();
    }
    assertThat(seen).isGreaterThan(2000);
  }

  @Test
  void onOnePixelTheConvolutionPrintsTheKernelAndTheCorrelationItsMirrorImage() {
    TwoConventions two = compute(topic.schema().defaults());
    assertThat(two.convolution().data()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(two.correlation().data()).containsExactly(9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(topic.figure(two, new View(8, "", new CrossCorrelation().head().wide())).alt())
        .endsWith(
            "On one pixel the convolution prints the kernel, the cross-correlation prints it turned by 180°.");
  }

  @Test
  void aSymmetricKernelHidesTheFlipAndAnOddOneOnlyChangesTheSign() {
    Values noise = topic.schema().defaults().with("input", "noise");
    TwoConventions gaussian = compute(noise.with("preset", "gaussian"));
    assertThat(gaussian.wrong(gaussian.correlation())).isZero();
    TwoConventions box =
        compute(noise.with("preset", "box").with("size", "8").with("padding", "1"));
    assertThat(box.wrong(box.correlation())).as("rounding is no difference").isZero();
    TwoConventions sobel = compute(noise.with("preset", "sobel-x"));
    assertThat(sobel.wrong(sobel.correlation())).isGreaterThan(4);
    assertThat(sobel.oppositeness()).isZero();
    assertThat(topic.figure(sobel, new View(0, "", new CrossCorrelation().head().wide())).alt())
        .contains("only changes this kernel’s sign");
  }

  @Test
  void flippingOnlyTheRowsFailsUnlessTheColumnsAreSymmetric() {
    Values half = topic.schema().defaults().with("mistake", "on");
    TwoConventions count = compute(half);
    assertThat(count.second().data()).containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7);
    assertThat(count.disagreement()).isEqualTo(2, within(0.0));
    assertThat(count.wrong(count.second())).isEqualTo(6);
    TwoConventions lucky = compute(half.with("preset", "sobel-y").with("input", "noise"));
    assertThat(lucky.wrong(lucky.second())).isZero();
    assertThat(topic.figure(lucky, new View(0, "", new CrossCorrelation().head().wide())).alt())
        .contains("right by luck");
  }

  @Test
  void theTermsWrittenOutAddUpToTheOutputUnderBothDefinitions() {
    Values values = topic.schema().defaults().with("input", "ramp").with("padding", "1");
    TwoConventions two = compute(values);
    for (String grid : new String[] {"out", "conv"}) {
      View view = new View(0, grid + "/1,3", topic.head().wide());
      String sum = topic.figure(two, view).equation().replaceAll("<div.*", "");
      String text = sum.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").trim();
      String[] sides = text.split("=");
      double total = 0;
      for (String term : sides[1].split("\\+")) {
        String[] factors = term.split("·");
        total += Double.parseDouble(factors[0].trim()) * Double.parseDouble(factors[1].trim());
      }
      assertThat(total).isEqualTo(Double.parseDouble(sides[2].trim()));
      assertThat((float) total)
          .isEqualTo((grid.equals("out") ? two.correlation() : two.convolution()).at(0, 0, 1, 3));
    }
  }

  @Test
  void aTapIsLinkedToItsPlaceInTheFlippedKernelAndToTheCellItMeets() {
    TwoConventions plain = compute(topic.schema().defaults());
    assertThat(
            topic.figure(plain, new View(0, "k/0,1", new CrossCorrelation().head().wide())).alt())
        .isEqualTo(
            "w[0, 1] = 2 goes to row 2, column 1 of the flipped kernel. As it is, it meets x[0, 1] = 0.");
    TwoConventions flipped = compute(topic.schema().defaults().with("flip", "on"));
    assertThat(
            topic.figure(flipped, new View(0, "f/2,1", new CrossCorrelation().head().wide())).alt())
        .isEqualTo(
            "w[0, 1] = 2 goes to row 2, column 1 of the flipped kernel. Flipped, it meets x[2, 1] = 0.");
  }
}
