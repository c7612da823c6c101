package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.PaddingMode;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.View;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaddingTest {
  private static final Padding TOPIC = new Padding();

  private static Values values(String... pairs) {
    Values values = TOPIC.schema().defaults();
    for (int n = 0; n < pairs.length; n += 2) {
      values = values.with(pairs[n], pairs[n + 1]);
    }
    return values;
  }

  private static Padded run(String... pairs) {
    Values values = values(pairs);
    assertThat(TOPIC.check(values, Given.NOTHING)).isNull();
    return TOPIC.compute(values, Given.NOTHING);
  }

  private static String caption(Padded run, String pick) {
    return TOPIC
        .figure(run, new View(0, pick, TOPIC.head().wide()))
        .caption()
        .replaceAll("<[^>]*>", "");
  }

  private static void assertRow(String mode, float... expected) {
    Padded run =
        run(
            "size", "1x3", "kernel", "1", "input", "count", "mode", mode, "top", "0", "bottom", "0",
            "left", "2", "right", "2");
    assertThat(run.padded().data()).as(mode).containsExactly(expected);
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
  void onlyOutputsWhoseWindowsReadPaddingDifferBetweenModesAndWithNoiseAllOfThemDo() {
    Random random = new Random(8);
    String[] modes = {"zeros", "reflect", "replicate", "circular"};
    int compared = 0;
    for (int trial = 0; trial < 300; trial++) {
      Values values =
          values(
              "size", (1 + random.nextInt(8)) + "x" + (1 + random.nextInt(8)),
              "kernel", (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5)),
              "top", "" + random.nextInt(5),
              "bottom", "" + random.nextInt(5),
              "left", "" + random.nextInt(5),
              "right", "" + random.nextInt(5),
              "input", "noise",
              "preset", "gaussian",
              "mode", modes[random.nextInt(4)],
              "against", modes[random.nextInt(4)]);
      if (TOPIC.check(values, Given.NOTHING) != null) {
        continue;
      }
      Padded run = TOPIC.compute(values, Given.NOTHING);
      int inner = 0;
      for (int i = 0; i < run.outHeight(); i++) {
        for (int j = 0; j < run.outWidth(); j++) {
          boolean reads = false; // looks at every tap
          for (int u = 0; u < run.kernel().dim(2); u++) {
            for (int v = 0; v < run.kernel().dim(3); v++) {
              reads |= !run.inside(i - run.spec().padTop() + u, j - run.spec().padLeft() + v);
            }
          }
          assertThat(run.interior(i, j)).isEqualTo(!reads);
          if (!reads) {
            assertThat(run.difference(i, j)).isZero();
            inner++;
          }
        }
      }
      assertThat(run.interior().height() * run.interior().width()).isEqualTo(inner);
      assertThat(run.inside()).isZero();
      assertThat(run.twoWays()).as("padding first is the same").isLessThan(1e-4);
      compared++;
    }
    assertThat(compared).isGreaterThan(100);
    Padded noise = run("input", "noise", "preset", "gaussian", "against", "replicate");
    assertThat(noise.changed()).isPositive();
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
    String equation = TOPIC.figure(run(), new View(0, "in/-1,-2", TOPIC.head().wide())).equation();
    assertThat(equation.replaceAll("<[^>]*>", "")).contains("m(−1)=−(−1)=1m(−2)=−(−2)=2");
    equation = TOPIC.figure(run(), new View(0, "in/4,5", TOPIC.head().wide())).equation();
    assertThat(equation.replaceAll("<[^>]*>", "")).contains("m(4)=2(4−1)−4=2m(5)=2(5−1)−5=3");
  }

  @Test
  void aPickedCellIsLinkedToItsSourceAndASourceToItsCopies() {
    assertThat(caption(run(), "in/-1,-2")).contains("is a copy of x[1, 2] = 8");
    // row 1 is mirrored above, columns 1 and 2 on both sides
    assertThat(caption(run(), "in/1,2")).contains("is copied into 5 padding cells");
    assertThat(caption(run("mode", "zeros"), "in/-1,-2")).contains("comes from nowhere");
    assertThat(caption(run(), "out/1,2")).contains("reads 0 padding cells of 9. Whatever the mode");
    assertThat(caption(run(), "in/99,99")).isEqualTo(caption(run(), ""));
  }

  @Test
  void mixedUpSidesExchangeHeightAndWidthAndGoUnnoticedWhereAllAreEqual() {
    assertThat(run().mixedUp().toString()).isEqualTo("8 × 7");
    assertThat(caption(run("mistake", "on"), "")).contains("would be 8 × 7, not 6 × 9");
    assertThat(caption(run("mistake", "on", "left", "1", "right", "1"), ""))
        .contains("the same size by luck");
  }

  @Test
  void whatOneMirrorCannotHoldIsRefusedInTheOperatorsWords() {
    Problem problem = TOPIC.check(values("mode", "reflect", "top", "4"), Given.NOTHING);
    assertThat(problem)
        .isEqualTo(
            new Problem(
                "mode",
                "Conv2d: reflect padding 4 exceeds 3, all that an input height of 4 can give; lower"
                    + " padding to 3 or use replicate"));
    problem =
        TOPIC.check(
            values("mode", "zeros", "against", "circular", "size", "4x3", "left", "4"),
            Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.param()).isEqualTo("against");
    assertThat(problem.text()).startsWith("Conv2d: circular padding 4 exceeds 3");
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
