package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightSharingTest {
  private final WeightSharing topic = new WeightSharing();

  private SharedWeights compute(Values values) {
    return topic.compute(values, Given.NOTHING);
  }

  private Values random(SplittableRandom random) {
    while (true) {
      Values values =
          topic
              .schema()
              .defaults()
              .with("size", (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5)))
              .with("kernel", (1 + random.nextInt(3)) + "x" + (1 + random.nextInt(3)))
              .with("stride", String.valueOf(1 + random.nextInt(3)))
              .with("padding", String.valueOf(random.nextInt(2)));
      if (topic.check(values, Given.NOTHING) == null) {
        return values;
      }
    }
  }

  /**
   * The oracle needs no formula: column q of T is what the operator makes of the q-th unit image.
   */
  @Test
  void everyColumnOfTheMatrixIsTheAnswerToAUnitImage() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 100; trial++) {
      SharedWeights shared = compute(random(random));
      for (int q = 0; q < shared.inputs(); q++) {
        Tensor unit = Tensor.zeros(1, 1, shared.height(), shared.width());
        unit.data()[q] = 1;
        Tensor answer = Conv2d.forward(unit, shared.kernel(), null, shared.spec());
        for (int p = 0; p < shared.outputs(); p++) {
          assertThat(shared.matrix().at(p, q)).isEqualTo(answer.data()[p]);
        }
      }
      assertThat(shared.difference()).isLessThan(1e-4);
    }
  }

  @Test
  void theMatrixIsToeplitzInBlocksOfToeplitzBlocksAtStrideOne() {
    SharedWeights shared =
        compute(topic.schema().defaults().with("size", "5").with("padding", "1"));
    int width = shared.width();
    int checked = 0;
    for (int i = 0; i + 1 < shared.outHeight(); i++) {
      for (int j = 0; j + 1 < shared.outWidth(); j++) {
        for (int r = 0; r + 1 < shared.height(); r++) {
          for (int c = 0; c + 1 < width; c++) {
            float here = shared.matrix().at(i * shared.outWidth() + j, r * width + c);
            assertThat(shared.matrix().at(i * shared.outWidth() + j + 1, r * width + c + 1))
                .isEqualTo(here);
            assertThat(shared.matrix().at((i + 1) * shared.outWidth() + j, (r + 1) * width + c))
                .isEqualTo(here);
            checked++;
          }
        }
      }
    }
    assertThat(checked).isEqualTo(256);
  }

  @Test
  void typingIntoOneEntryMovesEveryEntryOfItsTapAndNoOther() {
    SharedWeights before = compute(topic.schema().defaults());
    Values values = topic.change(before.values(), before, "t/1,2", "-7.5"); // holds w[0, 1]
    SharedWeights after = compute(values);
    int moved = 0;
    for (int n = 0; n < before.matrix().size(); n++) {
      boolean tied = before.ties()[n] == 1;
      assertThat(after.matrix().data()[n]).isEqualTo(tied ? -7.5f : before.matrix().data()[n]);
      moved += tied ? 1 : 0;
    }
    assertThat(moved).isEqualTo(4);
    assertThat(after.kernel().at(0, 0, 0, 1)).isEqualTo(-7.5f);
    assertThat(topic.change(before.values(), before, "t/0,3", "5"))
        .as("a zero of the matrix is no weight")
        .isEqualTo(before.values());
  }

  @Test
  void sixtyFourToOneHundredTwentyEightChannelsHaveTheSameWeightsAtAnyImageSize() {
    Tensor weight = Tensor.zeros(128, 64, 3, 3);
    assertThat(weight.size()).isEqualTo(73_728);
    assertThat(SharedWeights.layerWeights(64, 128, 3)).isEqualTo(weight.size());
    for (int side : new int[] {4, 7}) {
      Tensor x = Tensor.zeros(1, 64, side, side);
      Tensor y = Conv2d.forward(x, weight, null, Conv2d.Spec.of(3, 3).padding(1));
      assertThat(SharedWeights.denseWeights(64, side, side, 128, side, side))
          .isEqualTo((long) x.size() * y.size());
    }
    assertThat(topic.facts()).containsEntry("layer", "73,728");
    assertThat(topic.facts()).containsEntry("dense32", "8,589,934,592"); // 65,536 · 131,072
    Values values = topic.schema().defaults().with("in-channels", "64").with("out-channels", "128");
    for (String size : new String[] {"3", "4", "5x3"}) {
      SharedWeights shared = compute(values.with("size", size));
      String equation =
          topic.figure(shared, new View(0, "", new WeightSharing().head().wide())).equation();
      assertThat(equation).endsWith(" = 73,728</div>");
    }
  }

  @Test
  void anEntryChangedAloneSpoilsExactlyItsOwnOutput() {
    SharedWeights shared = compute(topic.schema().defaults().with("mistake", "on"));
    int off = 0;
    for (int p = 0; p < shared.outputs(); p++) {
      off += shared.product().data()[p] != shared.output().data()[p] ? 1 : 0;
    }
    assertThat(off).isEqualTo(1);
    assertThat(shared.difference()).isEqualTo(shared.input().data()[0], within(1e-6));
    SharedWeights blank =
        compute(shared.values().with("input", "custom").with("x", "0,0,0;0,0,0;0,0,0"));
    assertThat(topic.figure(blank, new View(0, "", new WeightSharing().head().wide())).alt())
        .contains("would not show");
  }

  @Test
  void rowWindowAndOutputAreLinkedBothWays() {
    SharedWeights shared = compute(topic.schema().defaults());
    Figure byRow = topic.figure(shared, new View(0, "t/3,0", new WeightSharing().head().wide()));
    assertThat(byRow.alt())
        .isEqualTo("This entry is zero for every kernel: y[1, 1] does not read x[0, 0].");
    assertThat(topic.figure(shared, new View(0, "y/3,0", new WeightSharing().head().wide())).alt())
        .isEqualTo(
            topic.figure(shared, new View(0, "out/1,1", new WeightSharing().head().wide())).alt())
        .startsWith("Row 3 of T makes y[1, 1]: 9 of its 16 entries are weights");
    assertThat(topic.figure(shared, new View(0, "in/1,1", new WeightSharing().head().wide())).alt())
        .isEqualTo(
            topic.figure(shared, new View(0, "x/0,5", new WeightSharing().head().wide())).alt())
        .isEqualTo(
            "x[1, 1] multiplies column 5 of T: 4 outputs read it, each with another weight.");
    assertThat(topic.figure(shared, new View(0, "k/2,2", new WeightSharing().head().wide())).alt())
        .startsWith("w[2, 2] = 9 stands in 4 entries of T");
  }
}
