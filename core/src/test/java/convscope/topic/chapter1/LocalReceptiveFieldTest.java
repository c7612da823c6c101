package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import convscope.topic.Sliding;
import convscope.topic.View;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LocalReceptiveFieldTest {
  private static final Probe<SlidingWindow> PROBE = Probe.of(new LocalReceptiveField());

  /** Random parameters that pass the topic's check. */
  private static Probe<SlidingWindow> random(SplittableRandom random) {
    while (true) {
      Probe<SlidingWindow> probe =
          PROBE.at(
              "input=noise&preset=emboss&size="
                  + (1 + random.nextInt(6))
                  + "x"
                  + (1 + random.nextInt(6))
                  + ("&kernel=" + (1 + random.nextInt(4)) + "x" + (1 + random.nextInt(4)))
                  + ("&stride=" + (1 + random.nextInt(4)) + "&padding=" + random.nextInt(4))
                  + ("&dilation=" + (1 + random.nextInt(3)) + "&bias=" + random.nextInt(5))
                  + ("&mode=" + PaddingMode.values()[random.nextInt(4)].text()));
      if (probe.problem() == null) {
        return probe;
      }
    }
  }

  private static Sliding at(SlidingWindow window, int output) {
    return new Sliding(
        window.input(), window.spec(), new View(output, "", PROBE.topic().head().wide()));
  }

  private static double product(float[] weights, float[] taps) {
    double sum = 0;
    for (int t = 0; t < taps.length; t++) {
      sum += (double) weights[t] * taps[t];
    }
    return sum;
  }

  @Test
  void theTermsWrittenOutAndTheBiasAddUpToTheOutput() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 300; trial++) {
      SlidingWindow window = random(random).result();
      for (int n = 0; n < window.output().size(); n++) {
        assertThat(window.bias() + product(window.kernel().data(), at(window, n).taps()))
            .isEqualTo(window.output().data()[n], within(1e-4));
      }
    }
  }

  /** The oracle changes one input and looks which outputs move. */
  @Test
  void anOutputReadsExactlyTheInputsWhoseChangeMovesIt() {
    SplittableRandom random = new SplittableRandom(2);
    int moved = 0;
    for (int trial = 0; trial < 60; trial++) {
      Probe<SlidingWindow> probe = random(random);
      Tensor shape = probe.result().kernel();
      StringBuilder primes = new StringBuilder(); // positive weights: no two changes cancel
      for (int u = 0; u < shape.dim(2); u++) {
        primes.append(u == 0 ? "" : ";");
        for (int v = 0; v < shape.dim(3); v++) {
          primes.append(v == 0 ? "" : ",").append(1 + u * 3 + v);
        }
      }
      Values values = probe.values().with("preset", "custom").with("w", primes.toString());
      SlidingWindow before = PROBE.topic().compute(values, Given.NOTHING);
      Sliding reads = at(before, 0);
      for (int in = 0; in < before.input().x().size(); in++) {
        int row = in / before.input().width();
        int column = in % before.input().width();
        SlidingWindow after =
            PROBE
                .topic()
                .compute(
                    PROBE.topic().change(values, before, "in/" + row + "," + column, "100"),
                    Given.NOTHING);
        for (int n = 0; n < before.output().size(); n++) {
          boolean differs = before.output().data()[n] != after.output().data()[n];
          int width = before.output().dim(3);
          assertThat(reads.reads(n / width, n % width, row, column)).isEqualTo(differs);
          moved += differs ? 1 : 0;
        }
      }
    }
    assertThat(moved).isGreaterThan(1000);
  }

  @Test
  void connectionsCountEveryTapThatReadsARealInput() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 300; trial++) {
      SlidingWindow window = random(random).result();
      long count = 0;
      for (int n = 0; n < window.output().size(); n++) {
        Sliding at = at(window, n);
        for (int t = 0; t < window.kernel().size(); t++) {
          count += at.onInput(t) || window.spec().mode() != PaddingMode.ZEROS ? 1 : 0;
        }
      }
      assertThat(window.connections()).isEqualTo(count);
    }
  }

  /** The oracle adds up the products of a window that starts at (i − P, j − P). */
  @Test
  void forgettingTheStrideSumsTheWindowThatStartsWhereItIsDashed() {
    SlidingWindow window = PROBE.at("input=noise&mistake=on").result();
    Window rows = window.spec().vertical();
    for (int n = 0; n < window.output().size(); n++) {
      int i = n / window.output().dim(3);
      int j = n % window.output().dim(3);
      double sum = 0;
      for (int t = 0; t < 9; t++) {
        sum +=
            window.kernel().data()[t]
                * at(window, 0).read(i - rows.padBefore() + t / 3, j - rows.padBefore() + t % 3);
      }
      assertThat(window.withoutStride(i, j)).isEqualTo((float) sum);
    }
    assertThat(PROBE.at("mistake=on").step(0).caption()).contains("the mistake hides until");
  }

  @Test
  void pointingAtAnInputCellNamesItsReaders() {
    Probe<SlidingWindow> probe = PROBE.at("stride=1&padding=0");
    assertThat(probe.pick("in/0,0").caption())
        .isEqualTo(
            "x[0, 0] = 0 is read by 1 of the 25 outputs (y[0, 0]); it can change only this one.");
    assertThat(probe.pick("in/3,3").caption())
        .contains("is read by 9 of the 25 outputs (y[1, 1], y[1, 2], y[1, 3], y[2, 1], …)");
  }

  @Test
  void aCellTheFloorDropsIsReadByNoOutput() {
    assertThat(PROBE.at("size=6&stride=2&padding=0").pick("in/5,5").caption())
        .endsWith("is read by no output: no window covers it.");
  }

  @Test
  void aDenseLayerHasALineForEveryPairOfCells() {
    String svg = PROBE.at("dense=on").svg();
    int lines = 0;
    for (String path : svg.split("data-k=\"dense/")) {
      lines +=
          path.startsWith("<svg") ? 0 : path.replaceAll("\".*", "").length() > 0 ? count(path) : 0;
    }
    assertThat(lines).isEqualTo(49 * 16);
    assertThat(PROBE.at("dense=on").caption())
        .contains("784 weights, 49 into each of 16 outputs; here 100 connections remain");
  }

  private static int count(String path) {
    String d = path.substring(path.indexOf("d=\"") + 3);
    return d.substring(0, d.indexOf('"')).split("M").length - 1;
  }

  @Test
  void choosingCustomKeepsTheNumbersThatWereThere() {
    SlidingWindow before = PROBE.result();
    assertThat(changed("", "input", "custom").input().x().data())
        .isEqualTo(before.input().x().data());
    assertThat(changed("", "preset", "custom").kernel().data()).isEqualTo(before.kernel().data());
  }

  @Test
  void resizingACustomInputKeepsWhatFitsAndAddsZeros() {
    assertThat(changed("input=custom&x=1,2;3,4&kernel=1", "size", "3x1").input().x().data())
        .containsExactly(1, 3, 0);
  }

  private static SlidingWindow changed(String query, String key, String text) {
    Probe<SlidingWindow> probe = PROBE.at(query);
    Values values = PROBE.topic().change(probe.values(), probe.result(), key, text);
    return PROBE.topic().compute(values, Given.NOTHING);
  }

  @Test
  void onAPhotographThePickedPixelsWindowIsShown() {
    Picture picture = new Picture(100, 80, new byte[4 * 8000], "scaled down from 4000 × 3200");
    Probe<SlidingWindow> probe =
        PROBE.at("input=own").with(new Given().picture("own", picture)).pick("in/50,40");
    assertThat(probe.caption())
        .startsWith("The 3 × 3 window reads rows 49 to 51 and columns 39 to 41 of the input")
        .endsWith("Your image was scaled down from 4000 × 3200.");
    assertThat(probe.figure().scene().rasters()).hasSize(2);
  }
}
