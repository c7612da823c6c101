package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.op.PaddingMode;
import convscope.param.Values;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LocalReceptiveFieldTest {
  private final LocalReceptiveField topic = new LocalReceptiveField();

  private SlidingWindow compute(Values values) {
    return topic.compute(values, Given.NOTHING);
  }

  /** Random values that pass the topic's check. */
  private Values random(SplittableRandom random) {
    while (true) {
      Values values =
          topic
              .schema()
              .defaults()
              .with("input", "noise")
              .with("preset", "emboss")
              .with("size", (1 + random.nextInt(6)) + "x" + (1 + random.nextInt(6)))
              .with("kernel", (1 + random.nextInt(4)) + "x" + (1 + random.nextInt(4)))
              .with("stride", String.valueOf(1 + random.nextInt(4)))
              .with("padding", String.valueOf(random.nextInt(4)))
              .with("dilation", String.valueOf(1 + random.nextInt(3)))
              .with("mode", PaddingMode.values()[random.nextInt(4)].text())
              .with("bias", String.valueOf(random.nextInt(5)));
      if (topic.check(values, Given.NOTHING) == null) {
        return values;
      }
    }
  }

  @Test
  void theTermsWrittenOutAndTheBiasAddUpToTheOutput() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 300; trial++) {
      SlidingWindow window = compute(random(random));
      for (int i = 0; i < window.outHeight(); i++) {
        for (int j = 0; j < window.outWidth(); j++) {
          double sum = window.bias();
          for (int u = 0; u < window.spec().kernelHeight(); u++) {
            for (int v = 0; v < window.spec().kernelWidth(); v++) {
              sum += window.term(i, j, u, v);
            }
          }
          assertThat(sum).isEqualTo(window.out(i, j), within(1e-4));
        }
      }
    }
  }

  /** The oracle changes one input and looks which outputs move. */
  @Test
  void anOutputReadsExactlyTheInputsWhoseChangeMovesIt() {
    SplittableRandom random = new SplittableRandom(2);
    int moved = 0;
    for (int trial = 0; trial < 60; trial++) {
      Values values = random(random).with("preset", "custom");
      SlidingWindow shape = compute(values);
      StringBuilder primes = new StringBuilder(); // positive weights: no two changes cancel
      for (int u = 0; u < shape.spec().kernelHeight(); u++) {
        primes.append(u == 0 ? "" : ";");
        for (int v = 0; v < shape.spec().kernelWidth(); v++) {
          primes.append(v == 0 ? "" : ",").append(1 + u * 3 + v);
        }
      }
      values = values.with("w", primes.toString());
      SlidingWindow before = compute(values);
      for (int row = 0; row < before.height(); row++) {
        for (int column = 0; column < before.width(); column++) {
          Values changed = topic.change(values, before, "in/" + row + "," + column, "100");
          SlidingWindow after = compute(changed);
          for (int i = 0; i < before.outHeight(); i++) {
            for (int j = 0; j < before.outWidth(); j++) {
              boolean differs = before.out(i, j) != after.out(i, j);
              assertThat(before.reads(i, j, row, column)).isEqualTo(differs);
              moved += differs ? 1 : 0;
            }
          }
        }
      }
    }
    assertThat(moved).isGreaterThan(1000);
  }

  @Test
  void connectionsCountEveryTapThatReadsARealInput() {
    SplittableRandom random = new SplittableRandom(3);
    for (int trial = 0; trial < 300; trial++) {
      SlidingWindow window = compute(random(random));
      long count = 0;
      for (int i = 0; i < window.outHeight(); i++) {
        for (int j = 0; j < window.outWidth(); j++) {
          for (int u = 0; u < window.spec().kernelHeight(); u++) {
            for (int v = 0; v < window.spec().kernelWidth(); v++) {
              int row = window.windowRow(i) + u * window.spec().dilationH();
              int column = window.windowColumn(j) + v * window.spec().dilationW();
              boolean padding =
                  row < 0 || column < 0 || row >= window.height() || column >= window.width();
              count += padding && window.spec().mode() == PaddingMode.ZEROS ? 0 : 1;
            }
          }
        }
      }
      assertThat(window.connections()).isEqualTo(count);
    }
  }

  @Test
  void forgettingTheStrideGivesWhatStrideOneWouldGiveAtTheSamePlace() {
    Values values = topic.schema().defaults().with("input", "noise");
    SlidingWindow strided = compute(values);
    SlidingWindow dense = compute(values.with("stride", "1"));
    for (int i = 0; i < strided.outHeight(); i++) {
      for (int j = 0; j < strided.outWidth(); j++) {
        assertThat(strided.withoutStride(i, j)).isEqualTo(dense.out(i, j));
      }
    }
  }

  @Test
  void pointingAtAnInputCellNamesItsReaders() {
    SlidingWindow window =
        compute(topic.schema().defaults().with("stride", "1").with("padding", "0"));
    Figure corner =
        topic.figure(window, new View(0, "in/0,0", new LocalReceptiveField().head().wide()));
    assertThat(corner.alt())
        .isEqualTo(
            "x[0, 0] = 0 is read by 1 of the 25 outputs (y[0, 0]); it can change only this one.");
    Figure middle =
        topic.figure(window, new View(0, "in/3,3", new LocalReceptiveField().head().wide()));
    assertThat(middle.alt()).contains("is read by 9 of the 25 outputs");
    assertThat(middle.scene().height()).isEqualTo(corner.scene().height());
  }

  @Test
  void aCellTheFloorDropsIsReadByNoOutput() {
    Values values =
        topic.schema().defaults().with("size", "6").with("stride", "2").with("padding", "0");
    Figure last =
        topic.figure(
            compute(values), new View(0, "in/5,5", new LocalReceptiveField().head().wide()));
    assertThat(last.alt()).endsWith("is read by no output: no window covers it.");
  }

  @Test
  void choosingCustomKeepsTheNumbersThatWereThere() {
    SlidingWindow before = compute(topic.schema().defaults());
    Values custom = topic.change(before.values(), before, "input", "custom");
    assertThat(compute(custom).input().data()).isEqualTo(before.input().data());
    Values kernel = topic.change(before.values(), before, "preset", "custom");
    assertThat(compute(kernel).kernel().data()).isEqualTo(before.kernel().data());
  }

  @Test
  void resizingACustomInputKeepsWhatFitsAndAddsZeros() {
    SlidingWindow before =
        compute(topic.schema().defaults().with("input", "custom").with("x", "1,2;3,4"));
    Values larger = topic.change(before.values(), before, "size", "3x1");
    assertThat(compute(larger).input().data()).containsExactly(1, 3, 0);
  }

  @Test
  void onAPhotographThePickedPixelsWindowIsShown() {
    Picture picture = new Picture(100, 80, new byte[4 * 8000], "scaled down from 4000 × 3200");
    SlidingWindow window =
        topic.compute(
            topic.schema().defaults().with("input", "own"), new Given().picture("own", picture));
    Figure figure = topic.figure(window, new View(0, "in/50,40", topic.head().wide()));
    assertThat(figure.alt())
        .startsWith("The window reads rows 49 to 51 and columns 39 to 41 of the input")
        .endsWith("Your image was scaled down from 4000 × 3200.");
    assertThat(figure.scene().rasters()).hasSize(2);
  }
}
