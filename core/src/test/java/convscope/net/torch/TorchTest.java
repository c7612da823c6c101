package convscope.net.torch;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.text.Dialects;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Code as people paste it; sizes are worked out by hand beside. */
class TorchTest {
  private static Graph read(String text, long... input) {
    return Dialects.read(text, input.length == 0 ? null : input);
  }

  private static String output(Graph graph) {
    assertThat(graph.fault()).isNull();
    return Sizes.text(graph.nodes().get(graph.outputs().get(0)).shape());
  }

  private static String message(Graph graph) {
    Graph.Fault fault = graph.fault();
    return fault == null ? "" : fault.line() + ": " + fault.message();
  }

  @Test
  void theInputIsThatOfTheTextWhereNoneIsGiven() {
    Graph graph =
        read(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.body = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
                def forward(self, x):
                    return self.body(x).flatten(1)

            model = Net()
            y = model(torch.randn(2, 3, 8, 8))
            """);
    assertThat(output(graph)).isEqualTo("2×144"); // 4 · 6 · 6
    assertThat(graph.remarks()).isEmpty();
  }

  @Test
  void recurrentLayersOnTheColumnsOfAnImage() {
    Graph graph =
        read(
            """
            class CRNN(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.cnn = nn.Sequential(nn.Conv2d(1, 16, 3, 1, 1), nn.ReLU(), nn.MaxPool2d((2, 1)))
                    self.rnn = nn.LSTM(256, 64, num_layers=2, bidirectional=True, batch_first=True)
                    self.fc = nn.Linear(128, 11)

                def forward(self, x):
                    x = self.cnn(x)
                    b, c, h, w = x.size()
                    x = x.permute(0, 3, 1, 2).contiguous().view(b, w, c * h)
                    out, (h, c) = self.rnn(x)
                    return self.fc(out)
            """,
            2,
            1,
            32,
            100);
    assertThat(output(graph)).isEqualTo("2×100×11");
    // 16·9 + 16; two layers of two ways, 4·64·(in + 64 + 2), in = 256, then 128; 128·11 + 11
    assertThat(graph.parameters()).isEqualTo(160 + 512L * 322 + 512L * 194 + 1419);
  }

  @Test
  void sharedLayersCountOnceAndAreListedEachTimeTheyRun() {
    Graph graph =
        read(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.enc = nn.Conv2d(3, 8, 3)
                def forward(self, a):
                    return torch.stack([self.enc(a), self.enc(a.flip(-1))]).sum(0)
            """,
            2,
            3,
            8,
            8);
    assertThat(output(graph)).isEqualTo("2×8×6×6");
    assertThat(graph.layers()).extracting(Graph.Layer::path).containsExactly("enc", "enc");
    assertThat(graph.parameters()).isEqualTo(224);
    assertThat(graph.macs()).isEqualTo(2L * 2 * 8 * 36 * 27);
  }

  @Test
  void aLayerThatIsNotKnownIsNamedAndTheRestIsCounted() {
    Graph graph =
        read(
            """
            from mmcv.ops import DeformConv2d
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.a = nn.Conv2d(3, 8, 3)
                    self.b = DeformConv2d(8, 8, 3)
                    self.c = nn.Conv2d(8, 4, 1)
                def forward(self, x):
                    return self.c(self.b(self.a(x)))
            """,
            1,
            3,
            8,
            8);
    assertThat(graph.fault()).isNull();
    assertThat(graph.remarks())
        .containsExactly(
            new Graph.Remark(
                6, "DeformConv2d is not known here; the shape that it gives is not either"));
    assertThat(graph.layers()).extracting(Graph.Layer::type).contains("DeformConv2d", "Conv2d");
    assertThat(graph.parameters()).isEqualTo(224 + 36);
  }

  @Test
  void layersInAPlainListAreNotTrainedWhichIsSaid() {
    Graph graph =
        read(
            """
            class Net(nn.Module):
                def __init__(self):
                    super().__init__()
                    self.convs = [nn.Conv2d(3, 3, 3, padding=1) for _ in range(2)]
                def forward(self, x):
                    for conv in self.convs:
                        x = conv(x)
                    return x
            """,
            1,
            3,
            8,
            8);
    assertThat(output(graph)).isEqualTo("1×3×8×8");
    assertThat(graph.parameters()).isZero();
    assertThat(graph.remarks().get(0).text()).contains("nn.ModuleList");
  }

  @Test
  void faultsNameOperationValuesAndRemedyWithTheLine() {
    String start =
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Conv2d(3, 8, 3)
                self.fc = nn.Linear(100, 10)
            def forward(self, x):
        """;
    assertThat(message(read(start + "        return self.fc(self.a(x).flatten(1))\n", 2, 3, 8, 8)))
        .isEqualTo(
            "7: Linear: in_features is 100, but the input 2×288 has 288 in its last axis, from"
                + " 2×8×6×6; use in_features=288, or change what comes before");
    assertThat(message(read(start + "        return x + self.a(x)\n", 2, 3, 8, 8)))
        .isEqualTo(
            "7: +: 2×3×8×8 and 2×8×6×6 differ in dimension 1: 3 against 8; give both the same"
                + " channels, as with a 1×1 convolution in front of one");
    assertThat(message(read(start + "        return self.a(x).view(-1, 7)\n", 2, 3, 8, 8)))
        .isEqualTo(
            "7: view: 2×8×6×6 has 576 numbers, which do not fill ?×7, not being a multiple of 7;"
                + " use 288 in place of 7, or x.flatten(1)");
    assertThat(message(read(start + "        return self.b(x)\n", 2, 3, 8, 8)))
        .isEqualTo("7: Net has no “b”; look how it is spelled, or define it");
    assertThat(message(read("class Net(nn.Module)\n    pass\n", 1, 3, 8, 8)))
        .isEqualTo("1: “end of line” where “:” should be; add it");
  }

  @Test
  void codeThatNeverEndsIsStopped() {
    String loop =
        """
        class Net(nn.Module):
            def forward(self, x):
                while True:
                    pass
        """;
    assertThat(message(read(loop, 1, 3, 8, 8))).contains("more than 3000000 steps");
    String recursion =
        """
        def f(x):
            return f(x)
        class Net(nn.Module):
            def forward(self, x):
                return f(x)
        """;
    assertThat(message(read(recursion, 1, 3, 8, 8))).contains("more than 80 calls");
    assertThat(message(read("m = nn.Sequential(nn.ReLU())\nm.append(m)\nmodel = m", 1, 3, 8, 8)))
        .contains("modules inside each other");
    String deep = "m = nn.ReLU()\nfor i in range(300):\n    m = nn.Sequential(m)\nmodel = m";
    assertThat(message(read(deep, 1, 3, 8, 8))).contains("modules inside each other");
    assertThat(message(read("model = " + "(".repeat(5000) + "nn.ReLU()", 1, 3, 8, 8)))
        .contains("levels inside each other");
    assertThat(message(read("nn.Sequential(nn.Conv2d(10**9, 10**9, 10**9))", 1, 3, 8, 8)))
        .isNotEmpty();
  }

  @Test
  void whatPrintShowsIsTriedInItsOrderAndSaysSo() {
    Graph graph =
        read(
            """
            Net(
              (features): Sequential(
                (0): Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
                (1): ReLU(inplace=True)
                (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
              )
              (classifier): Linear(in_features=512, out_features=10, bias=True)
            )
            """,
            2,
            3,
            16,
            16);
    assertThat(output(graph)).isEqualTo("2×10");
    assertThat(graph.remarks())
        .extracting(Graph.Remark::line)
        .isEqualTo(List.of(1, 7)); // the order, and the flattening
  }

  @Test
  void printedBlocksOfResNetAreKnownAndRepeatedOnesWrittenOut() {
    Graph graph =
        read(
            """
            Sequential(
              (0): BasicBlock(
                (conv1): Conv2d(4, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), bias=False)
                (bn1): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                (relu): ReLU(inplace=True)
                (conv2): Conv2d(8, 8, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)
                (bn2): BatchNorm2d(8, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                (downsample): Sequential(
                  (0): Conv2d(4, 8, kernel_size=(1, 1), stride=(2, 2), bias=False)
                )
              )
              (1-2): 2 x Conv2d(8, 8, kernel_size=(1, 1), stride=(1, 1))
              (3): Strange(gamma=3)
            )
            """,
            1,
            4,
            8,
            8);
    assertThat(graph.fault()).isNull();
    assertThat(graph.layers())
        .extracting(Graph.Layer::path)
        .containsExactly(
            "0.conv1",
            "0.bn1",
            "0.relu",
            "0.conv2",
            "0.bn2",
            "0.downsample.0",
            "0.relu",
            "1",
            "2",
            "3");
    assertThat(graph.layers().get(8).output()).containsExactly(1, 8, 4, 4);
    assertThat(graph.remarks())
        .extracting(Graph.Remark::text)
        .containsExactly("Strange is not known here; the shape that it gives is not either");
  }

  @Test
  void kerasModelsOfFunctionsHaveBranches() {
    Graph graph =
        read(
            """
            inputs = keras.Input(shape=(32, 32, 3))
            x = layers.Conv2D(16, 3, strides=2, padding='same', use_bias=False)(inputs)
            y = layers.BatchNormalization()(x)
            x = layers.Add()([x, y])
            x = layers.concatenate([layers.UpSampling2D(2)(x), inputs])
            outputs = layers.Dense(10)(layers.GlobalAveragePooling2D()(x))
            model = keras.Model(inputs, outputs)
            """);
    assertThat(output(graph)).isEqualTo("1×10");
    assertThat(graph.parameters()).isEqualTo(432 + 64 + 200); // 3·9·16, 4·16, (16 + 3)·10 + 10
  }
}
