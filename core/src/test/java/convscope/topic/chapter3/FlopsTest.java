package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.Counts.Convention;
import convscope.param.Values;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class FlopsTest {
  private final Flops topic = new Flops();

  private Values values(String... pairs) {
    Values values = topic.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  /** The oracle runs the whole layer, groups and all, with an addition and a product at a time. */
  @Test
  void macsAndOperationsAreThoseOfANaiveRunOfTheWholeLayer() {
    for (String bias : new String[] {"on", "off"}) {
      for (String groups : new String[] {"1", "2"}) {
        Work work =
            Work.of(
                values(
                    "batch",
                    "2",
                    "in-channels",
                    "4",
                    "out-channels",
                    "6",
                    "size",
                    "5x7",
                    "kernel",
                    "3x2",
                    "stride",
                    "2",
                    "padding",
                    "1",
                    "groups",
                    groups,
                    "bias",
                    bias));
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
        assertThat(work.check()).endsWith("as the formula says.");
        assertThat(work.apart()).isLessThan(1e-6);
      }
    }
  }

  @Test
  void productsWithPaddingAreToldApart() {
    Work padded = Work.of(values("size", "3", "kernel", "3", "padding", "1"));
    assertThat(padded.ran()).isEqualTo(81);
    assertThat(padded.real()).isEqualTo(49); // (2 + 3 + 2)²
    Work bare = Work.of(values("size", "3", "kernel", "3", "padding", "0"));
    assertThat(bare.real()).isEqualTo(bare.ran()).isEqualTo(9);
    assertThat(bare.check()).contains("none of them with padding");
  }

  /** The numbers that the tools print for conv1_1 of VGG-16 on one image of 224 × 224. */
  @Test
  void conventionsGiveWhatTheToolsPrint() {
    Work vgg = Work.of(values());
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
      Work work = Work.of(values("count", way.value()));
      String caption = topic.figure(work, new View(4, "", new Flops().head().wide())).alt();
      assertThat(caption).contains("counted like " + way.label()).contains(way.reason());
    }
  }

  @Test
  void miscountsAreWrongByTheirFactor() {
    Work strided = Work.of(values("stride", "2", "mistake", "size"));
    assertThat(strided.counted("size")).isEqualTo(4 * strided.macs());
    Work grouped = Work.of(values("in-channels", "64", "groups", "32", "mistake", "groups"));
    assertThat(grouped.counted("groups")).isEqualTo(32 * grouped.macs());
    Work lucky = Work.of(values("mistake", "groups"));
    assertThat(topic.figure(lucky, new View(4, "", new Flops().head().wide())).caption())
        .contains("right by luck");
  }
}
