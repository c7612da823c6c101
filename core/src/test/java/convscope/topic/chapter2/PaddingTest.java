package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.tensor.Tensor;
import convscope.topic.Cell;
import convscope.topic.Probe;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaddingTest {
  private static final Padding TOPIC = new Padding();
  private static final Probe<Padded> PROBE = Probe.of(TOPIC);

  private static void assertRow(String mode, float... expected) {
    String row = "size=1x3&kernel=1&input=count&top=0&bottom=0&left=2&right=2&mode=";
    assertThat(PROBE.at(row + mode).result().padded().data()).as(mode).containsExactly(expected);
  }

  /** The examples of PyTorch's and NumPy's documentation, with 1 2 3 for a b c. */
  @Test
  void everyModeFillsTheBorderAsDocumented() {
    assertRow("zeros", 0, 0, 1, 2, 3, 0, 0);
    assertRow("reflect", 3, 2, 1, 2, 3, 2, 1);
    assertRow("replicate", 1, 1, 1, 2, 3, 3, 3);
    assertRow("circular", 2, 3, 1, 2, 3, 1, 2);
  }

  @Test
  void onlyOutputsWhoseWindowsReadPaddingDifferBetweenModesAndPaddingFirstIsTheSame() {
    Random random = new Random(8);
    String[] modes = {"zeros", "reflect", "replicate", "circular"};
    int compared = 0;
    for (int trial = 0; trial < 300; trial++) {
      String size = (1 + random.nextInt(8)) + "x" + (1 + random.nextInt(8));
      String kernel = (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5));
      StringBuilder query = new StringBuilder("input=noise&preset=gaussian&size=" + size);
      for (String side : new String[] {"top", "bottom", "left", "right"}) {
        query.append('&').append(side).append('=').append(random.nextInt(5));
      }
      query.append("&kernel=").append(kernel).append("&mode=").append(modes[random.nextInt(4)]);
      Probe<Padded> probe = PROBE.at(query + "&against=" + modes[random.nextInt(4)]);
      if (probe.problem() == null) {
        compare(probe.result());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(100);
    Probe<Padded> noise = PROBE.at("input=noise&preset=gaussian&against=replicate");
    assertThat(noise.result().count(false, true)).isPositive();
  }

  private static void compare(Padded run) {
    Conv2d.Spec spec = run.spec();
    int inner = 0;
    for (int n = 0; n < run.y().size(); n++) {
      int padding = 0; // looks at every tap
      for (int u = 0; u < run.kernel().dim(2); u++) {
        for (int v = 0; v < run.kernel().dim(3); v++) {
          int row = n / run.y().dim(3) - spec.padTop() + u;
          padding += run.inside(row, n % run.y().dim(3) - spec.padLeft() + v) ? 0 : 1;
        }
      }
      assertThat(run.paddingRead(n / run.y().dim(3), n % run.y().dim(3))).isEqualTo(padding);
      if (padding == 0) {
        assertThat(run.difference().data()[n]).isZero();
        inner++;
      }
    }
    assertThat(run.count(true, false)).isEqualTo(inner);
    assertThat(run.count(true, true)).isZero();
    Tensor after = Conv2d.forward(run.padded(), run.kernel(), null, spec.padding(0));
    assertThat(run.y().minus(after).largestSize()).isLessThan(1e-4f);
  }

  @Test
  void theFormulaOfEachSideGivesTheSourceThatTheOperatorReads() {
    for (int size = 1; size <= 6; size++) {
      for (int pad = 1; pad < size; pad++) {
        assertThat(PaddingMode.REFLECT.source(-pad, size)).isEqualTo(pad);
        int below = size - 1 + pad;
        assertThat(PaddingMode.REFLECT.source(below, size)).isEqualTo(2 * (size - 1) - below);
        assertThat(PaddingMode.CIRCULAR.source(-pad, size)).isEqualTo(size - pad);
        assertThat(PaddingMode.CIRCULAR.source(below, size)).isEqualTo(below - size);
      }
    }
    assertThat(PROBE.pick("in/-1,-2").equation())
        .contains("m(−1)=−(−1)=1\u2002 m(−2)=−(−2)=2\u2002 xpad[−1,−2]=x[1,2]=8");
    assertThat(PROBE.pick("in/4,5").equation()).contains("m(4)=2(4−1)−4=2\u2002 m(5)=2(5−1)−5=3");
    assertThat(PROBE.equation()).endsWith("Hout=4+1+1−3+1=4\u2002 Wout=5+2+2−3+1=7");
  }

  @Test
  void aPickedCellIsLinkedToItsSourceAndASourceToItsCopies() {
    assertThat(PROBE.pick("in/-1,-2").caption()).contains("is a copy of x[1, 2] = 8");
    // row 1 is mirrored above, columns 1 and 2 on both sides
    assertThat(PROBE.pick("in/1,2").caption()).contains("is copied into 5 padding cells");
    assertThat(PROBE.at("mode=zeros").pick("in/-1,-2").caption()).contains("comes from nowhere");
    assertThat(PROBE.pick("out/1,2").caption())
        .contains("reads 0 padding cells of 9. Whatever the mode");
    assertThat(PROBE.pick("in/99,99").caption()).isEqualTo(PROBE.caption());
    assertThat(PROBE.twin())
        .contains("Padding row −1 copies row 1.", "Padding row 4 copies row 2.");
  }

  /** By the places at which both are drawn. */
  @Test
  void theWindowOnShowCoversThePaddingCellOnShow() {
    for (int step = 0; step < PROBE.result().border().size(); step++) {
      String svg = PROBE.step(step).svg();
      Cell cell = PROBE.result().border().get(step);
      String key = "data-k=\"in/" + cell.row() + "," + cell.column() + "\"";
      double x = number(svg, key, "x") - number(svg, "data-k=\"window\"", "x");
      double y = number(svg, key, "y") - number(svg, "data-k=\"window\"", "y");
      assertThat(x).isBetween(0.0, number(svg, "data-k=\"window\"", "width"));
      assertThat(y).isBetween(0.0, number(svg, "data-k=\"window\"", "height"));
      assertThat(svg).contains("data-k=\"source/rows\"");
    }
    assertThat(PROBE.at("mode=zeros").svg()).doesNotContain("source/rows");
  }

  /** The first number of that attribute behind a text. */
  private static double number(String svg, String behind, String attribute) {
    String from = svg.substring(svg.indexOf(behind));
    String start = " " + attribute + "=\"";
    String text = from.substring(from.indexOf(start) + start.length());
    return Double.parseDouble(text.substring(0, text.indexOf('"')));
  }

  @Test
  void aModeComparedWithItselfIsSaidToBeOne() {
    assertThat(PROBE.at("mode=zeros").caption())
        .endsWith("Both modes are zeros: choose another to compare with.");
  }

  @Test
  void aRuleThatIsAlreadyAPlaceIsNotWrittenTwice() {
    assertThat(PROBE.at("mode=replicate").pick("in/0,-2").equation())
        .contains("m(0)=0\u2002 m(−2)=0\u2002 xpad[0,−2]=x[0,0]=1");
  }

  @Test
  void typingIntoACellMakesItsNumbersTheReadersOwn() {
    Padded run = PROBE.result();
    assertThat(TOPIC.change(PROBE.values(), run, "in/1,2", "5").choice("input"))
        .isEqualTo("custom");
    assertThat(TOPIC.change(PROBE.values(), run, "k/0,0", "5").choice("preset"))
        .isEqualTo("custom");
    assertThat(TOPIC.change(PROBE.values(), run, "in/-1,0", "5")).isEqualTo(PROBE.values());
  }

  @Test
  void theCaptionCountsTheOutputsThatNotice() {
    assertThat(PROBE.caption())
        .endsWith(
            "Inside the dashes no window reads padding, and both modes agree exactly; outside, all 22"
                + " differ between reflect and zeros.");
    assertThat(PROBE.at("top=0&bottom=0&left=0&right=0").caption())
        .isEqualTo("No window reads padding, so the mode does not matter.");
  }

  @Test
  void mixedUpSidesExchangeHeightAndWidthAndGoUnnoticedWhereAllAreEqual() {
    assertThat(PROBE.at("mistake=on").caption()).contains("would be 8 × 7, not 6 × 9");
    assertThat(PROBE.at("mistake=on&left=1&right=1").caption()).contains("the same size by luck");
  }

  @Test
  void whatOneMirrorCannotHoldIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("mode=reflect&top=4").problem())
        .isEqualTo(
            "Conv2d: reflect padding 4 exceeds 3, all that an input height of 4 can give; lower"
                + " padding to 3 or use replicate");
    Probe<Padded> probe = PROBE.at("mode=zeros&against=circular&size=4x3&left=4");
    assertThat(TOPIC.check(probe.values(), Given.NOTHING))
        .isNotNull()
        .satisfies(problem -> assertThat(problem.param()).isEqualTo("against"));
    assertThat(probe.problem()).startsWith("Conv2d: circular padding 4 exceeds 3");
  }

  /** At the left edge (x1 − x₋₁) and at the right one (x6 − x4) times 4, rows 6 apart: by hand. */
  @Test
  void noModeKnowsTheSlopeAtTheEdge() {
    assertThat(TOPIC.facts())
        .containsEntry("zerosSlope", "56 and −68")
        .containsEntry("reflectSlope", "0 and 0")
        .containsEntry("replicateSlope", "4 and 4")
        .containsEntry("circularSlope", "−16 and −16");
  }
}
