package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.net.Counts.Convention;
import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class FlopsTest {
  private static final Probe<Work> PROBE = Probe.of(new Flops());

  /** The oracle runs the whole layer, groups and all, with an addition and a product at a time. */
  @Test
  void macsAndOperationsAreThoseOfANaiveRunOfTheWholeLayer() {
    for (String bias : new String[] {"on", "off"}) {
      for (String groups : new String[] {"1", "2"}) {
        Work work =
            PROBE
                .at(
                    "batch=2&in-channels=4&out-channels=6&size=5x7&kernel=3x2&stride=2&padding=1"
                        + "&groups="
                        + groups
                        + "&bias="
                        + bias)
                .result();
        long products = 0;
        long additions = 0;
        int depth = 4 / Integer.parseInt(groups);
        for (int n = 0; n < 2; n++) {
          for (int o = 0; o < 6; o++) {
            for (int top = -1; top + 3 <= 6; top += 2) {
              for (int left = -1; left + 2 <= 8; left += 2) {
                boolean empty = true;
                for (int tap = 0; tap < depth * 3 * 2; tap++) {
                  products++;
                  additions += empty ? 0 : 1;
                  empty = false;
                }
                additions += bias.equals("on") ? 1 : 0;
              }
            }
          }
        }
        assertThat(work.macs()).isEqualTo(products);
        assertThat(Way.EXACT.count(work)).isEqualTo(products + additions);
        assertThat(work.products() * 2 * 6 * depth).isEqualTo(products);
      }
    }
  }

  @Test
  void productsWithPaddingAreToldApart() {
    Probe<Work> padded = PROBE.at("size=3");
    assertThat(padded.result().products()).isEqualTo(81);
    assertThat(padded.result().padding()).isEqualTo(81 - 49); // (2 + 3 + 2)²
    assertThat(padded.step(4).caption()).contains("Of the 81 products").contains("32 are with");
    Probe<Work> bare = PROBE.at("size=3&padding=0");
    assertThat(bare.result().products()).isEqualTo(9);
    assertThat(bare.step(4).caption()).contains("Of the 9 products").contains("none is with");
  }

  /** The oracle multiplies, and its results are the operator’s. */
  @Test
  void productsAndThoseWithPaddingAreCountedInANaiveRun() {
    for (String query : new String[] {"size=6x5", "size=7x4&kernel=4x3&stride=3&padding=2"}) {
      Work work = PROBE.at(query).result();
      Conv2d.Spec spec = work.spec();
      int height = work.size().height();
      int width = work.size().width();
      Tensor x = new Rng(33).uniform(-1, 1, 1, 1, height, width);
      Tensor w = new Rng(34).uniform(-1, 1, 1, 1, spec.kernelHeight(), spec.kernelWidth());
      Tensor y = Conv2d.forward(x, w, null, spec);
      long products = 0;
      long padding = 0;
      for (int n = 0; n < y.size(); n++) {
        double sum = 0;
        for (int tap = 0; tap < w.size(); tap++) {
          int row = n / y.dim(3) * spec.strideH() + tap / w.dim(3) - spec.padTop();
          int column = n % y.dim(3) * spec.strideW() + tap % w.dim(3) - spec.padLeft();
          boolean inside = row >= 0 && column >= 0 && row < height && column < width;
          sum += inside ? (double) w.data()[tap] * x.at(0, 0, row, column) : 0;
          products++;
          padding += inside ? 0 : 1;
        }
        assertThat((double) y.data()[n]).isEqualTo(sum, within(1e-6));
      }
      assertThat(work.products()).isEqualTo(products);
      assertThat(work.padding()).isEqualTo(padding);
    }
  }

  /** The numbers that the tools print for conv1_1 of VGG-16 on one image of 224 × 224. */
  @Test
  void conventionsGiveWhatTheToolsPrint() {
    Work vgg = PROBE.result();
    assertThat(Way.MACS.count(vgg)).isEqualTo(86_704_128);
    assertThat(Way.FVCORE.count(vgg)).isEqualTo(86_704_128); // prod(w.shape) · 224 · 224
    assertThat(Way.TORCHINFO.count(vgg)).isEqualTo(89_915_392); // 1,792 parameters · 224 · 224
    assertThat(Way.PYTORCH.count(vgg)).isEqualTo(2 * 86_704_128L);
    assertThat(Way.BIAS.count(vgg)).isEqualTo(2 * 86_704_128L + 64 * 224 * 224);
  }

  @Test
  void withoutABiasOnlyTheOperationsNeededDifferFromTwiceTheMacs() {
    assertThat(Convention.EXACT.count(27, 1, false)).isEqualTo(27 + 26);
    assertThat(Convention.EXACT.count(27, 1, true)).isEqualTo(2 * 27);
    assertThat(Convention.TORCHINFO.count(27, 1, false)).isEqualTo(27);
  }

  @Test
  void everyWayToCountIsChosenByItsValueAndGivesItsReason() {
    for (Way way : Way.values()) {
      Probe<Work> probe = PROBE.at("show=ways&count=" + way.value);
      assertThat(probe.caption()).startsWith(way.label + ": ").contains(way.reason);
      assertThat(PROBE.at("show=ways").pick("way/" + way.ordinal() + ",0").caption())
          .isEqualTo(probe.caption());
    }
    assertThat(PROBE.at("count=torchinfo").equation())
        .endsWith("= 86,704,128 MACs; torchinfo: 89,915,392");
  }

  @Test
  void theWorkGrowsFactorByFactorToAll() {
    assertThat(PROBE.step(0).caption()).contains("; one window takes 9 (3 · 3 taps)");
    assertThat(PROBE.step(2).caption()).contains("; one map takes 1,354,752 (× 224 · 224 places)");
    assertThat(PROBE.step(4).caption())
        .startsWith("The whole layer takes 86,704,128 MACs for 64 kernels and 1 image.");
    assertThat(PROBE.step(4).pick("part/1,0").caption()).contains("; one output takes 27 ");
  }

  @Test
  void miscountsAreWrongByTheirFactor() {
    Work strided = PROBE.at("stride=2&mistake=size").result();
    assertThat(strided.miscounted()).isEqualTo(4 * strided.macs());
    Work grouped = PROBE.at("in-channels=64&groups=32&mistake=groups").result();
    assertThat(grouped.miscounted()).isEqualTo(32 * grouped.macs());
    assertThat(PROBE.at("mistake=groups").caption()).contains("right by luck");
    assertThat(PROBE.at("mistake=size&stride=2").caption()).contains(", 4 times the MACs.");
  }
}
