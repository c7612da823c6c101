package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.View;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StrideTest {
  private static final Stride TOPIC = new Stride();

  private static Values values(String... pairs) {
    Values values = TOPIC.schema().defaults();
    for (int n = 0; n < pairs.length; n += 2) {
      values = values.with(pairs[n], pairs[n + 1]);
    }
    return values;
  }

  private static Strided run(String... pairs) {
    Values values = values(pairs);
    assertThat(TOPIC.check(values, Given.NOTHING)).isNull();
    return TOPIC.compute(values, Given.NOTHING);
  }

  private static String caption(Strided run, int step, String pick) {
    return TOPIC
        .figure(run, new View(step, pick, TOPIC.head().wide()))
        .caption()
        .replaceAll("<[^>]*>", "");
  }

  /** The gradient of the sum of all outputs, with a kernel of ones: how often each cell is read. */
  @Test
  void aCellIsReadAsOftenAsTheGradientSays() {
    Random random = new Random(6);
    int unread = 0;
    for (int trial = 0; trial < 300; trial++) {
      int kernelHeight = 1 + random.nextInt(5);
      int kernelWidth = 1 + random.nextInt(5);
      Values values =
          values(
              "size", (1 + random.nextInt(12)) + "x" + (1 + random.nextInt(12)),
              "kernel", kernelHeight + "x" + kernelWidth,
              "stride", (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5)),
              "padding", "" + random.nextInt(3),
              "dilation", "" + (1 + random.nextInt(3)));
      if (TOPIC.check(values, Given.NOTHING) != null) {
        continue;
      }
      Strided run = TOPIC.compute(values, Given.NOTHING);
      Tensor ones = Tensor.zeros(1, 1, kernelHeight, kernelWidth);
      Tensor dy = Tensor.zeros(1, 1, run.h().out(), run.w().out());
      Arrays.fill(ones.data(), 1);
      Arrays.fill(dy.data(), 1);
      Tensor reads =
          Conv2d.inputGradient(
              dy,
              ones,
              Shape.of(1, 1, run.h().in(), run.w().in()),
              Conv2d.Spec.of(kernelHeight, kernelWidth)
                  .stride(run.h().stride(), run.w().stride())
                  .padding(run.h().padding())
                  .dilation(run.h().dilation()));
      int none = 0;
      for (int n = 0; n < reads.size(); n++) {
        assertThat((float) run.reads(n / run.w().in(), n % run.w().in()))
            .isEqualTo(reads.data()[n]);
        none += reads.data()[n] == 0 ? 1 : 0;
      }
      assertThat(run.unread()).isEqualTo(none);
      unread += none;
      assertThat(run.difference()).isZero();
      assertThat(run.out().height()).isEqualTo(run.h().out());
      assertThat(run.out().width()).isEqualTo(run.w().out());
    }
    assertThat(unread).isPositive();
  }

  @Test
  void theFloorDropsTheLastRowOfTheFirstFigureAndNoColumn() {
    Strided run = run();
    assertThat(run.unread()).isEqualTo(7);
    for (int column = 0; column < 7; column++) {
      assertThat(run.reads(7, column)).isZero();
    }
    assertThat(caption(run, 0, "in/7,3"))
        .isEqualTo(
            "The cell at row 7, column 3 is dropped by the floor: the next window would need row 8,"
                + " and the last is 7.");
  }

  @Test
  void whatIsSteppedOverBetweenWindowsIsNotCalledDropped() {
    Strided run = run("size", "7", "kernel", "2", "stride", "5");
    assertThat(run.out().toString()).isEqualTo("2 × 2");
    assertThat(caption(run, 0, "in/3,0"))
        .isEqualTo(
            "The cell at row 3, column 0 is stepped over: it lies between the taps of all windows.");
    assertThat(Notes.of(run.h(), "row")).containsExactly("stepped over: rows 2, 3 and 4");
  }

  @Test
  void insideTheInputEveryCellIsReadEquallyOftenExactlyWhenTheStrideDividesTheKernel() {
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 5; stride++) {
        Axis axis = new Axis(Convention.FLOOR, 60, kernel, stride, 0, 1, 0);
        boolean even = true;
        for (int place = 20; place < 40; place++) {
          even &= axis.readers(place) == axis.readers(20);
        }
        assertThat(even).as(kernel + " by " + stride).isEqualTo(kernel % stride == 0);
      }
    }
    // the prose: inner cells count four times as much as others
    Strided run = run("cells", "reads", "size", "11");
    assertThat(run.reads(4, 4)).isEqualTo(4);
    assertThat(run.reads(5, 5)).isEqualTo(1);
  }

  @Test
  void hoppingByTheKernelIsRightByLuckAtTheFirstWindowAndWhereTheStrideIsTheKernel() {
    Strided run = run("mistake", "on");
    assertThat(caption(run, 0, "")).contains("right by luck");
    assertThat(caption(run, 3, ""))
        .contains("would start it at row 3, column 0. It promises 2 × 2 outputs; there are 3 × 3.");
    assertThat(caption(run, 8, "")).contains("row 6, column 6, where it does not fit");
    assertThat(caption(run("mistake", "on", "kernel", "2"), 5, "")).contains("luck, everywhere");
  }

  @Test
  void anOutputThatTheStrideSkipsIsNamed() {
    assertThat(caption(run(), 0, "one/1,0")).endsWith("the stride never computes it.");
    assertThat(caption(run(), 0, "one/2,4")).contains("y[1, 2]");
  }

  @Test
  void aWindowThatDoesNotFitIsRefusedInTheOperatorsWords() {
    Problem problem =
        TOPIC.check(values("size", "3x7", "kernel", "5", "dilation", "2"), Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.text())
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
