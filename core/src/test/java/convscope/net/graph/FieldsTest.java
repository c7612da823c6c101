package convscope.net.graph;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.onnx.OnnxGraph;
import convscope.net.onnx.Source;
import convscope.net.text.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Receptive fields against published ones, and budgets by hand. */
class FieldsTest {
  private static Fields.Field last(Graph graph, String operator) {
    assertThat(graph.fault()).isNull();
    Fields.Field found = null;
    Fields.Field[] fields = Fields.of(graph, 1);
    for (int i = 0; i < fields.length; i++) {
      found = graph.nodes().get(i).operator().equals(operator) ? fields[i] : found;
    }
    assertThat(found).isNotNull();
    return found;
  }

  private static Graph onnx(String name) throws IOException {
    byte[] bytes =
        Files.readAllBytes(Path.of("src/test/resources/networks/full_" + name + ".onnx"));
    return OnnxGraph.read(Source.of(bytes), new long[] {1, 3, 224, 224});
  }

  /** Araujo, Norris, Sim (2019), Distill, table of AlexNet, VGG and others: 195. */
  @Test
  void alexNetSees195Pixels() throws IOException {
    Fields.Field field = last(onnx("alexnet"), "MaxPool");
    assertThat(field.size()).isEqualTo(195);
    assertThat(field.jump()).isEqualTo(32);
  }

  /** 1 + (7−1) + 2·2 + 4·(4·2) + 8·… summed over the longest path: 435. */
  @Test
  void resNet18Sees435PixelsOverItsLongestPath() throws IOException {
    Fields.Field field = last(onnx("resnet18"), "Relu");
    assertThat(field.size()).isEqualTo(435);
    assertThat(field.jump()).isEqualTo(32);
  }

  @Test
  void theSameCodeHasTheSameField() throws IOException {
    String text = Files.readString(Path.of("src/test/resources/networks/code/resnet18.py"));
    Graph graph = Dialects.read(text, new long[] {1, 3, 224, 224});
    assertThat(last(graph, "Relu")).isEqualTo(last(onnx("resnet18"), "Relu"));
  }

  @Test
  void aBranchThatSeesMoreDecides() {
    Graph graph =
        Dialects.read(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a = nn.Conv2d(1, 1, 3, padding=1)
                    self.b = nn.Conv2d(1, 1, 5, padding=(1, 4), dilation=2)
                def forward(self, x):
                    return self.a(x) + F.pad(self.b(x), (0, 0, 3, 3))
            """,
            new long[] {1, 1, 20, 20});
    Fields.Field field = last(graph, "Add");
    assertThat(field).isEqualTo(new Fields.Field(1, -4, 4, false));
    assertThat(Fields.of(graph, 0)[graph.outputs().get(0)])
        .isEqualTo(new Fields.Field(1, -4, 4, false)); // padding 1 + 3 before, 9 rows
  }

  /** TensorFlow pads an even input by 0 before and 1 behind: the window begins at pixel 0. */
  @Test
  void samePaddingOfAnEvenInputBeginsAtItsFirstPixel() {
    Graph graph =
        Dialects.read(
            "keras.Sequential([keras.Input(shape=(224, 224, 3)), layers.Conv2D(32, 3, strides=2,"
                + " padding='same')])",
            null);
    assertThat(last(graph, "Conv")).isEqualTo(new Fields.Field(2, 0, 2, false));
  }

  @Test
  void aTransposedConvolutionHalvesTheJump() {
    Graph graph =
        Dialects.read(
            "nn.Sequential(nn.Conv2d(1, 1, 3, stride=2, padding=1), nn.ConvTranspose2d(1, 1, 2,"
                + " stride=2))",
            new long[] {1, 1, 8, 8});
    assertThat(last(graph, "ConvTranspose").jump()).isEqualTo(1);
  }

  @Test
  void aLinearLayerSeesTheWholeImage() {
    Graph graph =
        Dialects.read(
            "nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 3))",
            new long[] {1, 1, 8, 8});
    assertThat(last(graph, "Gemm").whole()).isTrue();
    Budget budget = Budget.of(graph);
    // 2·36·9 and 72·3 MACs; the convolution reads the input, whose gradient no one needs
    assertThat(budget.forward()).isEqualTo(2 * (648 + 216));
    assertThat(budget.backward()).isEqualTo(2 * 648 + 4 * 216);
    assertThat(budget.activations()).isEqualTo(4 * (72 + 3));
    assertThat(budget.parameters()).isEqualTo(20 + 219);
    assertThat(budget.training(2)).isEqualTo(4 * 4 * 239 + 300);
  }
}
