package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.op.Conv2d;
import convscope.op.Window;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StrideTest {
  private static final Stride TOPIC = new Stride();
  private static final Probe<Strided> PROBE = Probe.of(TOPIC);

  /** The gradient of the sum of all outputs, with a kernel of ones: how often each cell is read. */
  @Test
  void aCellIsReadAsOftenAsTheGradientSays() {
    Random random = new Random(6);
    int unread = 0;
    for (int trial = 0; trial < 300; trial++) {
      String size = (1 + random.nextInt(12)) + "x" + (1 + random.nextInt(12));
      String kernel = (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5));
      String stride = (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5));
      String steps = "&padding=" + random.nextInt(3) + "&dilation=" + (1 + random.nextInt(3));
      Probe<Strided> probe =
          PROBE.at("size=" + size + "&kernel=" + kernel + "&stride=" + stride + steps);
      if (probe.problem() != null) {
        continue;
      }
      Strided run = probe.result();
      int width = run.input().width();
      Tensor reads =
          Conv2d.inputGradient(
              Tensor.full(1, run.y().shape().dims()),
              Tensor.full(1, run.kernel().shape().dims()),
              Shape.of(1, 1, run.input().height(), width),
              run.spec());
      int none = 0;
      for (int n = 0; n < reads.size(); n++) {
        assertThat((float) run.reads(n / width, n % width)).isEqualTo(reads.data()[n]);
        none += reads.data()[n] == 0 ? 1 : 0;
      }
      assertThat(run.unread()).isEqualTo(none);
      unread += none;
      assertThat(run.difference()).isZero();
      assertThat(run.y().dim(2)).isEqualTo(run.h().out());
      assertThat(run.y().dim(3)).isEqualTo(run.w().out());
    }
    assertThat(unread).isPositive();
  }

  @Test
  void theFloorDropsTheLastRowOfTheFirstFigureAndNoColumn() {
    Strided run = PROBE.result();
    assertThat(run.unread()).isEqualTo(7);
    for (int column = 0; column < 7; column++) {
      assertThat(run.reads(7, column)).isZero();
    }
    assertThat(PROBE.caption()).contains("Dropped by the floor: row 7.").doesNotContain("Stepped");
    assertThat(PROBE.pick("in/7,3").caption())
        .isEqualTo(
            "The cell at row 7, column 3 is dropped by the floor: the next window would need row 8,"
                + " and the last is 7.");
  }

  @Test
  void whatIsSteppedOverBetweenWindowsIsNotCalledDropped() {
    Probe<Strided> probe = PROBE.at("size=7&kernel=2&stride=5");
    assertThat(probe.result().out(probe.result().spec())).isEqualTo("2 × 2");
    assertThat(probe.pick("in/3,0").caption())
        .isEqualTo(
            "The cell at row 3, column 0 is stepped over: it lies between the taps of all windows.");
    assertThat(probe.caption())
        .contains("Stepped over: rows 2, 3 and 4. Stepped over: columns 2, 3 and 4.")
        .doesNotContain("Dropped");
  }

  @Test
  void insideTheInputEveryCellIsReadEquallyOftenExactlyWhenTheStrideDividesTheKernel() {
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 5; stride++) {
        Axis axis = Axis.of(Convention.FLOOR, true, 60, Window.of(kernel).stride(stride));
        boolean even = true;
        for (int place = 20; place < 40; place++) {
          even &= axis.readers(place) == axis.readers(20);
        }
        assertThat(even).as(kernel + " by " + stride).isEqualTo(kernel % stride == 0);
      }
    }
    // the prose: inner cells count four times as much as others
    Strided run = PROBE.at("cells=reads&size=11").result();
    assertThat(run.reads(4, 4)).isEqualTo(4);
    assertThat(run.reads(5, 5)).isEqualTo(1);
  }

  @Test
  void hoppingByTheKernelIsRightByLuckAtTheFirstWindowAndWhereTheStrideIsTheKernel() {
    Probe<Strided> probe = PROBE.at("mistake=on");
    assertThat(probe.step(0).caption()).contains("right by luck");
    assertThat(probe.step(3).caption())
        .contains("would start it at row 3, column 0. It promises 2 × 2 outputs; there are 3 × 3.");
    assertThat(probe.step(8).caption()).contains("row 6, column 6, where it does not fit");
    assertThat(PROBE.at("mistake=on&kernel=2").caption()).contains("luck, everywhere");
  }

  @Test
  void anOutputThatTheStrideSkipsIsNamed() {
    assertThat(PROBE.pick("one/1,0").caption()).endsWith("the stride never computes it.");
    assertThat(PROBE.pick("one/2,4").caption()).contains("y[1, 2]");
    assertThat(PROBE.caption())
        .endsWith("The output is every 2nd row and column of that at stride 1, exactly.");
  }

  @Test
  void typingIntoACellMakesItsNumbersTheReadersOwn() {
    Strided run = PROBE.result();
    assertThat(TOPIC.change(PROBE.values(), run, "in/0,0", "5").choice("input"))
        .isEqualTo("custom");
    assertThat(TOPIC.change(PROBE.values(), run, "k/0,0", "5").choice("preset"))
        .isEqualTo("custom");
    assertThat(PROBE.at("cells=reads").result().inputGrid()).as("counts follow").isNull();
  }

  @Test
  void aWindowThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=3x7&kernel=5&dilation=2").problem())
        .isEqualTo(
            "Conv2d: kernel 5 (dilation 2) exceeds padded input 3; raise padding to 3 or use kernel"
                + " ≤ 2");
  }

  @Test
  void theProseTellsWhatTheOperatorsGive() {
    assertThat(TOPIC.facts())
        .containsEntry("shortcutRead", "784")
        .containsEntry("shortcutAll", "3,136")
        .containsEntry("patches", "196")
        .containsEntry("next", "6")
        .containsEntry("needs", "8")
        .containsEntry("dropped", "row 7");
  }
}
