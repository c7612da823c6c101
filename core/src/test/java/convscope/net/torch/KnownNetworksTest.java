package convscope.net.torch;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.text.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published networks, written as their authors and torchvision write them. */
class KnownNetworksTest {
  /**
   * Parameters as torchvision states them; MACs as PyTorch's FlopCounterMode counts, halved, of the
   * transformer as the sum over its products: 196·768² + 12·(197·768·2304 + 2·197²·768 + 197·768² +
   * 2·197·768·3072) + 768·1000.
   */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512, 1814073344, 1×1000",
    "mobilenet_v2, 3504872, 300774272, 1×1000",
    "densenet121, 7978856, 2834161664, 1×1000",
    "convnext_tiny, 28589128, 4455531264, 1×1000",
    "googlenet, 6624904, 1498376192, 1×1000",
    "vit, 86567656, 17563828224, 1×1000",
  })
  void countsAreThosePublished(String name, long parameters, long macs, String output)
      throws IOException {
    String text = Files.readString(Path.of("src/test/resources/networks/code/" + name + ".py"));
    Graph graph = Dialects.read(text, new long[] {1, 3, 224, 224});
    assertThat(graph.fault()).isNull();
    assertThat(graph.parameters()).isEqualTo(parameters);
    assertThat(graph.macs()).isEqualTo(macs);
    assertThat(Sizes.text(graph.nodes().get(graph.outputs().get(0)).shape())).isEqualTo(output);
  }
}
