package convscope.topic.chapter7;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.topic.Probe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BottleneckBlockTest {
  private final Probe<Bottleneck> probe = Probe.of(new BottleneckBlock());

  @Test
  void resNetsBlockHasTheKnownCounts() {
    Bottleneck block = probe.result();
    assertThat(block.weights()).isEqualTo(69_632);
    assertThat(block.plain()).isEqualTo(1_179_648);
    assertThat(block.macs()).isEqualTo(69_632L * 56 * 56);
    assertThat(block.plainMacs()).isEqualTo(1_179_648L * 56 * 56);
  }

  /** Of one weight after the other: each is listed, and used once at every position. */
  @ParameterizedTest
  @CsvSource({"32,4,narrow,off,7", "16,2,narrow,on,5", "8,6,wide,on,3", "8,3,wide,off,2"})
  void countsAreThoseOfListingEveryWeight(
      int channels, int ratio, String middle, String depthwise, int size) {
    String query =
        "channels=%d&ratio=%d&middle=%s&depthwise=%s&size=%d"
            .formatted(channels, ratio, middle, depthwise, size);
    Bottleneck block = probe.at(query).result();
    int mid = middle.equals("wide") ? channels * ratio : channels / ratio;
    long[] counted = new long[3];
    for (int out = 0; out < Math.max(channels, mid); out++) {
      for (int in = 0; in < Math.max(channels, mid); in++) {
        counted[0] += out < mid && in < channels ? 1 : 0;
        counted[2] += out < channels && in < mid ? 1 : 0;
        for (int tap = 0; tap < 9 && out < mid && in < mid; tap++) {
          counted[1] += depthwise.equals("off") || in == out ? 1 : 0;
        }
      }
    }
    for (int stage = 0; stage < 3; stage++) {
      assertThat(block.weights(stage)).isEqualTo(counted[stage]);
      assertThat(block.macs(stage)).isEqualTo(counted[stage] * size * size);
    }
  }

  /** The numbers that torchvision documents for resnet50, and those of its layer1. */
  @Test
  void theFactsOfResNet50AreTorchvisions() {
    assertThat(probe.topic().facts())
        .containsEntry("net", "25,557,032")
        .containsEntry("netMacs", "4,089 M")
        .containsEntry("stage", "215,808")
        .containsEntry("blocks", "16");
  }

  @Test
  void aMiscountIsNamed() {
    assertThat(probe.at("mistake=middle").caption()).contains("36,864").contains("32,768 more");
    assertThat(probe.at("mistake=flops").caption()).contains("218 M MACs are 437 M FLOPs");
  }

  @Test
  void aRatioThatDoesNotDivideTheChannelsIsRefused() {
    assertThat(probe.at("channels=64&ratio=3").problem())
        .isEqualTo(
            "Bottleneck: 64 channels divided by 3 is no whole number; use a ratio that divides"
                + " them, such as 2, 4 or 8");
    assertThat(probe.at("channels=64&ratio=3&middle=wide").problem()).isNull();
  }
}
