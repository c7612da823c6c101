package convscope.net.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.net.graph.Graph;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Files that are cut off, altered or made to do harm end in a sentence, within a second. */
class BrokenOnnxTest {
  private static byte[] file() throws IOException {
    return Files.readAllBytes(OnnxReferencesTest.FOLDER.resolve("mobilenet_v3.onnx"));
  }

  private static void survives(byte[] bytes) {
    Assertions.assertTimeout(
        Duration.ofSeconds(1),
        () -> {
          try {
            OnnxGraph.read(Source.of(bytes), new long[] {1, 3, 48, 48});
          } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }

  @Test
  void aFileThatIsCutOffAnywhereIsRefusedOrRead() throws IOException {
    byte[] whole = file();
    for (int length = 0; length < whole.length; length += 97) {
      survives(Arrays.copyOf(whole, length));
    }
    assertThatThrownBy(
            () -> OnnxGraph.read(Source.of(Arrays.copyOf(whole, whole.length / 2)), null))
        .hasMessageContaining("cut off");
  }

  @Test
  void alteredBytesDoNoHarm() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = file();
      for (int k = 0; k <= i % 5; k++) {
        // the structure lies between the weights; most of it at the beginning
        bytes[random.nextInt(i % 2 == 0 ? 4000 : bytes.length)] = (byte) random.nextInt(256);
      }
      survives(bytes);
    }
  }

  @Test
  void nodesInACircleAreRefused() {
    byte[] a = node("Relu", "b", "a");
    byte[] b = node("Relu", "a", "b");
    assertThatThrownBy(() -> OnnxGraph.read(Source.of(model(a, b)), new long[] {1}))
        .hasMessageContaining("circle");
  }

  @Test
  void nodesInAnyOrderAreSorted() {
    Graph graph =
        OnnxGraph.read(
            Source.of(model(node("Relu", "a", "b"), node("Tanh", "x", "a"))), new long[] {2, 3});
    assertThat(graph.layers()).extracting(Graph.Layer::type).containsExactly("Tanh", "Relu");
  }

  @Test
  void anUnknownOperatorIsNamedAndTheRestIsRead() {
    Graph graph =
        OnnxGraph.read(
            Source.of(model(node("Wobble", "x", "a"), node("Relu", "a", "b"))), new long[] {2, 3});
    assertThat(graph.fault()).isNull();
    assertThat(graph.remarks().get(0).text()).contains("Wobble is not known here");
    assertThat(graph.layers()).hasSize(2);
  }

  @Test
  void openSizesAreAskedFor() {
    assertThatThrownBy(() -> OnnxGraph.read(Source.of(model(node("Relu", "x", "y"))), null))
        .hasMessageContaining("give its shape");
  }

  // ---- files by hand: field numbers of onnx.proto3

  private static byte[] model(byte[]... nodes) {
    ByteArrayOutputStream graph = new ByteArrayOutputStream();
    for (byte[] node : nodes) {
      graph.writeBytes(field(1, node));
    }
    graph.writeBytes(field(11, field(1, text("x"))));
    return field(7, graph.toByteArray());
  }

  private static byte[] node(String operator, String in, String out) {
    ByteArrayOutputStream node = new ByteArrayOutputStream();
    node.writeBytes(field(1, text(in)));
    node.writeBytes(field(2, text(out)));
    node.writeBytes(field(4, text(operator)));
    return node.toByteArray();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] field(int number, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(number << 3 | 2);
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }
}
