package convscope.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.net.graph.Graph;
import convscope.net.onnx.Source;
import convscope.net.text.Dialects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkbenchServiceTest {
  private static final Path NETWORKS = Path.of("src/test/resources/networks");
  private final WorkbenchService service = new WorkbenchService(() -> 0);

  private JsonObject ask(JsonObject request, byte[] bytes) {
    return Json.parse(service.handle(request.toString(), Source.of(bytes)).json()).asObject();
  }

  private JsonObject ask(String op, String text, String input) {
    return ask(Json.object().add("op", op).add("text", text).add("input", input), new byte[0]);
  }

  private static Analysis analysis(String example) {
    Examples.Example found = Examples.named(example);
    return new Analysis(Reading.text(found.text(), found.input()).graph(), Analysis.Counting.MACS);
  }

  /**
   * Parameters as torchvision states them (LeNet-5: the usual dense form); MACs as PyTorch's
   * FlopCounterMode has them, halved.
   */
  @ParameterizedTest
  @CsvSource({
    "digit-reader, 5994, 322560",
    "lenet-5, 61706, 416520",
    "alexnet, 61100840, 714188480",
    "vgg-16, 138357544, 15470264320",
    "resnet-18, 11689512, 1814073344",
    "resnet-34, 21797672, 3663761408",
    "resnet-50, 25557032, 4089184256",
    "mobilenet-v2, 3504872, 300774272",
    "vit-b-16, 86567656, 17563828224",
  })
  void knownNetworksHaveTheirPublishedCounts(String name, long parameters, long macs) {
    Analysis analysis = analysis(name);
    assertThat(analysis.graph.fault()).isNull();
    assertThat(analysis.graph.parameters()).isEqualTo(parameters);
    assertThat(analysis.operations()).isEqualTo(macs);
  }

  /**
   * Araujo, Norris &amp; Sim 2019; ResNet-50 with the stride in the 3 × 3, as torchvision has it.
   */
  @ParameterizedTest
  @CsvSource({
    "alexnet, MaxPool2d, 195, 32",
    "vgg-16, MaxPool2d, 212, 32",
    "resnet-50, BatchNorm2d, 427, 32"
  })
  void receptiveFieldsAreThePublishedOnes(String name, String type, String field, String jump) {
    Analysis.Row last = null;
    for (Analysis.Row row : analysis(name).rows) {
      last = row.type().equals(type) ? row : last;
    }
    assertThat(last).isNotNull();
    assertThat(last.field()).isEqualTo(field);
    assertThat(last.jump()).isEqualTo(jump);
  }

  /** Two 3 × 3 beside the input itself: the union sees 5; the pooling over all sees all. */
  @Test
  void aFieldIsTheUnionOverAllPathsAndAGlobalPoolingSeesAll() {
    String text =
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.a = nn.Conv2d(3, 3, 3, padding=1)
                self.b = nn.Conv2d(3, 3, (3, 5), padding=(1, 2))
                self.last = nn.Conv2d(6, 8, 1)
                self.pool = nn.AdaptiveAvgPool2d(1)
            def forward(self, x):
                return self.pool(self.last(torch.cat([x, self.b(self.a(x))], 1)))
        """;
    List<Analysis.Row> rows =
        new Analysis(Reading.text(text, "1,3,16,16").graph(), Analysis.Counting.MACS).rows;
    assertThat(rows).extracting(Analysis.Row::field).containsExactly("3", "5×7", "5×7", "all");
  }

  @Test
  void memoryIsThatOfTheMapsAtTheWorstMomentAndOfAllThatTrainingKeeps() {
    String text = "nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.Flatten(), nn.Linear(256, 10))";
    Analysis analysis = new Analysis(Reading.text(text, "1,1,8,8").graph(), Analysis.Counting.MACS);
    assertThat(analysis.peak()).isEqualTo(4 * (64 + 256)); // the flattening is a view
    assertThat(analysis.kept()).isEqualTo(4 * (64 + 256 + 10));
    int weights = 4 * 9 + 4 + 2570;
    assertThat(analysis.training(2)).isEqualTo(4L * (4 * weights + 64 + 256 + 10));
  }

  /** Forward twice the MACs; backward as much for the weights, and for inputs but the first's. */
  @Test
  void operationsFollowTheConventionChosen() {
    String text = "nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 2, 1))";
    Graph graph = Reading.text(text, "2,3,6,6").graph();
    long first = 2 * 4 * 16 * 27;
    long second = 2 * 2 * 16 * 4;
    assertThat(new Analysis(graph, Analysis.Counting.FLOPS).operations())
        .isEqualTo(2 * (first + second));
    assertThat(new Analysis(graph, Analysis.Counting.TRAINING).operations())
        .isEqualTo(4 * first + 6 * second);
    assertThat(new Analysis(graph, Analysis.Counting.TORCHINFO).operations())
        .isEqualTo(2 * 16 * (27 * 4 + 4) + 2 * 8 + 2 * 16 * (8 + 2));
  }

  @Test
  void aClassWhoseLinearLayerDoesNotFitIsNamedAndMended() {
    Examples.Example broken = Examples.named("broken");
    JsonObject answer = ask("read", broken.text(), broken.input());
    assertThat(answer.getBoolean("runs", true)).isFalse();
    assertThat(answer.getInt("made", 0)).isEqualTo(11);
    assertThat(answer.getInt("line", 0)).isEqualTo(18);
    assertThat(answer.getString("fault", ""))
        .contains("fc1", "in_features is 400", "has 256 in its last axis, from 1×16×4×4");
    JsonArray fixes = ask("fixes", broken.text(), broken.input()).get("fixes").asArray();
    List<String> labels = new ArrayList<>();
    for (JsonValue fix : fixes) {
      labels.add(fix.asObject().getString("label", ""));
      assertThat(
              ask(
                      "read",
                      fix.asObject().getString("text", ""),
                      fix.asObject().getString("input", ""))
                  .getBoolean("runs", false))
          .as(fix.toString())
          .isTrue();
    }
    assertThat(labels.get(0)).isEqualTo("Line 11: 16 * 5 * 5 → 16 * 4 * 4");
    assertThat(labels).contains("Input: 1×1×28×28 → 1×1×32×32");
  }

  /** Every broken stack and class of the references, which break as people break them. */
  @Test
  void brokenReferencesGetAChangeAfterWhichTheyRunOrRunFurther() throws IOException {
    List<String> without = new ArrayList<>();
    int broken = 0;
    for (String file : List.of("sequential.json", "modules.json")) {
      for (JsonValue each :
          Json.parse(Files.readString(NETWORKS.resolve(file))).asObject().get("cases").asArray()) {
        JsonObject reference = each.asObject();
        if (reference.get("error") == null) {
          continue;
        }
        broken++;
        String text = reference.getString("text", "");
        Reading reading = Reading.text(text, reference.get("input").toString());
        List<Fixes.Fix> fixes = Fixes.of(text, reading, () -> 0);
        if (fixes.isEmpty()) {
          without.add(reference.getString("id", "") + ": " + reading.graph().fault());
        }
        for (Fixes.Fix fix : fixes) {
          Graph graph = Dialects.read(fix.text(), Reading.sizes(fix.input()));
          assertThat(fix.next().isEmpty() ? graph.fault() == null : graph.fault() != null)
              .as(reference.getString("id", "") + " " + fix.label())
              .isTrue();
          if (System.getProperty("show") != null) {
            System.out.println(
                reference.getString("id", "")
                    + " "
                    + fix.label()
                    + " | "
                    + fix.code()
                    + " | "
                    + fix.next());
          }
        }
      }
    }
    assertThat(broken).isGreaterThan(20);
    assertThat(without).isEmpty();
  }

  @Test
  void aTextThatCannotBeReadIsToldByLineAndColumn() {
    JsonObject answer = ask("read", "nn.Sequential(\n    nn.Conv2d(3, 8, 3\n)", "1,3,8,8");
    assertThat(answer.getBoolean("read", true)).isFalse();
    assertThat(answer.getInt("line", 0)).isPositive();
    assertThat(answer.getInt("column", 0)).isPositive();
    assertThat(answer.getString("fault", "")).startsWith("<h2>Line ");
  }

  @Test
  void anInputIsTakenFromTheReaderTheTextOrAGuess() {
    String stack = "nn.Sequential(nn.Conv2d(1, 8, 3), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))";
    assertThat(ask("read", stack, "").getString("input", "")).isEqualTo("1×1×28×28");
    assertThat(ask("read", stack, "").getString("note", "")).contains("guess");
    assertThat(ask("read", stack, "1, 28, 28").getString("input", "")).isEqualTo("1×1×28×28");
    String own = "net = " + stack + "\nprint(net(torch.randn(7, 1, 28, 28)).shape)";
    assertThat(ask("read", own, "").getString("input", "")).isEqualTo("7×1×28×28");
    assertThat(ask("read", stack, "one").getString("fault", "")).contains("“one” has “o”");
  }

  @Test
  void anOnnxFileIsReadWithItsOwnInputOrAnother() throws IOException {
    byte[] file = Files.readAllBytes(NETWORKS.resolve("full_resnet18.onnx"));
    JsonObject request = Json.object().add("op", "read").add("file", true).add("input", "");
    JsonObject answer = ask(request, file);
    assertThat(answer.getBoolean("runs", false)).isTrue();
    assertThat(answer.getString("totals", "")).contains("1,814,073,344");
    assertThat(answer.getString("input", "")).isEqualTo("1×3×224×224");
    byte[] half = java.util.Arrays.copyOf(file, file.length / 2);
    assertThat(ask(request, half).getString("fault", "")).contains("ONNX");
  }

  @Test
  void theTableIsCopiedAsMarkdownCsvAndLatex() {
    String text = "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())";
    JsonObject request =
        Json.object().add("op", "export").add("text", text).add("input", "1,3,34,34");
    String markdown = ask(request.set("kind", "markdown"), new byte[0]).getString("text", "");
    assertThat(markdown.split("\n")[2])
        .isEqualTo("| 0 | Conv2d | 1×8×32×32 | 224 | 221,184 | 3 | 1 | 32,768 |");
    String csv = ask(request.set("kind", "csv"), new byte[0]).getString("text", "");
    assertThat(csv.split("\r\n")[1]).isEqualTo("0,Conv2d,1x8x32x32,224,221184,3,1,32768");
    String latex = ask(request.set("kind", "latex"), new byte[0]).getString("text", "");
    assertThat(latex).contains("0 & Conv2d & 1$\\times$8$\\times$32$\\times$32 & 224 & 221,184");
  }

  /** A line from each step to each that reads it; those of a sum past its body swing out. */
  @Test
  void theDiagramDrawsEveryStepAndEveryLineBetweenThem() {
    Graph graph = analysis("resnet-18").graph;
    String svg = Diagram.svg(graph);
    int lines = 0;
    for (Graph.Node node : graph.nodes()) {
      lines += node.inputs().length;
    }
    assertThat(svg.split("<rect ", -1)).hasSize(graph.nodes().size() + 1);
    assertThat(svg.split("<path ", -1)).hasSize(lines + 1);
    assertThat(lines).isEqualTo(graph.nodes().size() - 1 + 8); // eight sums of two branches
  }

  @Test
  void aTextOfAThousandLayersIsReadAndAHostileOneRefused() {
    String many = "nn.Sequential(*[nn.Conv2d(8, 8, 3, padding=1) for _ in range(1000)])";
    JsonObject answer = ask("read", many, "1,8,16,16");
    assertThat(answer.getBoolean("runs", false)).isTrue();
    assertThat(answer.getString("said", "")).startsWith("1000 layers, 584 thousand parameters");
    String endless = "def f(n):\n    return f(n + 1)\n\nmodel = f(0)\n";
    assertThat(ask("read", endless, "1,2").getString("fault", "")).startsWith("<h2>Line ");
  }
}
