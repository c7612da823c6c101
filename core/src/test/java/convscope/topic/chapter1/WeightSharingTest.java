package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightSharingTest {
  private static final Probe<SharedWeights> PROBE = Probe.of(new WeightSharing());

  private static Probe<SharedWeights> random(SplittableRandom random) {
    while (true) {
      Probe<SharedWeights> probe =
          PROBE.at(
              ("size=" + (1 + random.nextInt(5)) + "x" + (1 + random.nextInt(5)))
                  + ("&kernel=" + (1 + random.nextInt(3)) + "x" + (1 + random.nextInt(3)))
                  + ("&stride=" + (1 + random.nextInt(3)) + "&padding=" + random.nextInt(2)));
      if (probe.problem() == null) {
        return probe;
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
      SharedWeights shared = random(random).result();
      for (int q = 0; q < shared.inputs(); q++) {
        Tensor unit = Tensor.zeros(shared.input().x().shape());
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
    Tensor matrix = PROBE.at("size=5&padding=1").result().matrix(); // 25 × 25
    int checked = 0;
    for (int p = 0; p < 20; p++) {
      for (int q = 0; q < 20; q++) {
        float here = matrix.at(p, q);
        assertThat(matrix.at(p + 5, q + 5)).isEqualTo(here);
        if (p % 5 < 4 && q % 5 < 4) {
          assertThat(matrix.at(p + 1, q + 1)).isEqualTo(here);
          checked++;
        }
      }
    }
    assertThat(checked).isEqualTo(256);
  }

  @Test
  void typingIntoOneEntryMovesEveryEntryOfItsTapAndNoOther() {
    SharedWeights before = PROBE.result();
    Values values = PROBE.topic().change(PROBE.values(), before, "t/1,2", "-7.5"); // w[0, 1]
    SharedWeights after = PROBE.topic().compute(values, Given.NOTHING);
    int moved = 0;
    for (int n = 0; n < before.matrix().size(); n++) {
      boolean tied = before.ties()[n] == 1;
      assertThat(after.matrix().data()[n]).isEqualTo(tied ? -7.5f : before.matrix().data()[n]);
      moved += tied ? 1 : 0;
    }
    assertThat(moved).isEqualTo(4);
    assertThat(after.kernel().at(0, 0, 0, 1)).isEqualTo(-7.5f);
    assertThat(PROBE.topic().change(PROBE.values(), before, "t/0,3", "5"))
        .as("a zero of the matrix is no weight")
        .isEqualTo(PROBE.values());
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
    assertThat(PROBE.topic().facts()).containsEntry("layer", "73,728");
    assertThat(PROBE.topic().facts()).containsEntry("dense32", "8,589,934,592"); // 65,536 · 131,072
    for (String size : new String[] {"3", "4", "5x3"}) {
      assertThat(PROBE.at("in-channels=64&out-channels=128&size=" + size).equation())
          .endsWith(" = 73,728");
    }
  }

  @Test
  void anEntryChangedAloneSpoilsExactlyItsOwnOutput() {
    SharedWeights shared = PROBE.at("mistake=on").result();
    int off = 0;
    for (float difference : shared.product().minus(shared.output()).data()) {
      off += difference != 0 ? 1 : 0;
    }
    assertThat(off).isEqualTo(1);
    assertThat(shared.difference()).isEqualTo(shared.input().x().data()[0], within(1e-6));
    assertThat(PROBE.at("mistake=on&input=custom&x=0,0,0;0,0,0;0,0,0").caption())
        .contains("would not show");
  }

  @Test
  void rowWindowAndOutputAreLinkedBothWays() {
    Probe<SharedWeights> first = PROBE.step(0);
    assertThat(first.pick("t/3,0").caption())
        .isEqualTo("This entry is zero for every kernel: y[1, 1] does not read x[0, 0].");
    assertThat(first.pick("y/3,0").caption())
        .isEqualTo(first.pick("out/1,1").caption())
        .startsWith("Row 3 of T makes y[1, 1]: 9 of its 16 entries are weights");
    assertThat(first.pick("in/1,1").caption())
        .isEqualTo(first.pick("x/0,5").caption())
        .isEqualTo(
            "x[1, 1] multiplies column 5 of T: 4 outputs read it, each with another weight.");
    assertThat(first.pick("k/2,2").caption())
        .isEqualTo(first.pick("t/0,10").caption())
        .startsWith("w[2, 2] = 9 stands in 4 entries of T");
  }
}
