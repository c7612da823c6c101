package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.exercise.Part;
import convscope.exercise.Question;
import convscope.net.Model;
import convscope.net.ReceptiveField;
import convscope.net.text.PyTorch;
import convscope.op.AveragePool2d;
import convscope.op.Conv2d;
import convscope.op.Im2col;
import convscope.op.MaxPool2d;
import convscope.op.PatchEmbedding;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.ChoiceParam;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Listing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The two companion notebooks, as Jupyter reads them (nbformat 4.5). {@code static/notebooks} holds
 * them as Python in cells ({@code # %%}, {@code # %% [markdown]}); their gaps take numbers that the
 * core computes here.
 */
final class Notebooks {
  private static final String SEED = "1";
  private static final int LEVEL = 1;

  private final Path source;
  private final Assets assets;

  Notebooks(Path source, Assets assets) {
    this.source = source;
    this.assets = assets;
  }

  void writeAll() throws IOException {
    write("theory", theory());
    write("exercises", Map.of("problems", problems(), "right", right()));
  }

  private void write(String name, Map<String, String> values) throws IOException {
    String file = "notebooks/" + name + ".py";
    String text = Template.fill(file, Files.readString(source.resolve(file)), values);
    assets.put("notebooks/" + name + ".ipynb", notebook(text));
  }

  // ---- theory

  private static Map<String, String> theory() {
    Tensor x = numbers(5, 0, 1, 1, 6, 5);
    Tensor w = numbers(3, 2, 1, 1, 3, 3);
    Tensor w2 = numbers(2, 1, 1, 1, 3, 3);
    Conv2d.Spec strided = Conv2d.Spec.of(3, 3).stride(2).padding(1);
    Conv2d.Spec same = Conv2d.Spec.of(3, 3).padding(1);
    Tensor y = Conv2d.forward(x, w, null, strided);
    PoolSpec pool = PoolSpec.of(3, 3).stride(2).padding(1);
    Tensor inner = Unary.RELU.forward(Conv2d.forward(x, w, null, same));
    Tensor sum = Conv2d.forward(inner, w2, null, same);
    for (int n = 0; n < sum.size(); n++) {
      sum.data()[n] += x.data()[n];
    }
    Tensor image = numbers(7, 3, 1, 1, 6, 6);
    Tensor projection = numbers(3, 1, 4, 1, 2, 2);
    Map<String, String> values = new HashMap<>();
    values.put("x", array("x", x, "6, 5"));
    values.put("w", array("w", w, "3, 3"));
    values.put("y", array("y", y, y.dim(2) + ", " + y.dim(3)));
    values.put("sizes", sizes());
    values.put("layers", layers());
    String pooled = y.dim(2) + ", " + y.dim(3);
    values.put("largest", array("largest", MaxPool2d.forward(x, pool).y(), pooled));
    values.put("counted", array("counted", AveragePool2d.forward(x, pool, true), pooled));
    values.put("real", array("real", AveragePool2d.forward(x, pool, false), pooled));
    int[][] vgg = vgg16();
    int[][] reader = {{5, 1}, {2, 2}, {5, 1}, {2, 2}};
    values.put("vgg", pairs(vgg));
    values.put("reader", pairs(reader));
    values.put("vggField", field(vgg));
    values.put("readerField", field(reader));
    Tensor cols = Im2col.forward(x, strided);
    values.put("cols", array("cols", cols, "9, " + cols.size() / 9));
    values.put(
        "dw", array("weight_gradient", Conv2d.weightGradient(y, x, w.shape(), strided), "3, 3"));
    values.put(
        "dx", array("input_gradient", Conv2d.inputGradient(y, w, x.shape(), strided), "6, 5"));
    values.put("w2", array("w2", w2, "3, 3"));
    values.put("block", array("residual_output", Unary.RELU.forward(sum), "6, 5"));
    values.put("image", array("image", image, "6, 6"));
    values.put("projection", array("projection", projection, "4, 2, 2"));
    values.put(
        "tokens", array("embedding", PatchEmbedding.unfolded(image, projection, null), "9, 4"));
    return values;
  }

  /** Small whole numbers of both signs that repeat late. */
  private static Tensor numbers(int spread, int shift, int... dims) {
    Tensor made = Tensor.zeros(dims);
    for (int n = 0; n < made.size(); n++) {
      made.data()[n] = (n * 7 + n * n % 5 + shift) % (2 * spread + 1) - spread;
    }
    return made;
  }

  private static String array(String name, Tensor values, String shape) {
    Tensor flat = Tensor.of(values.data(), values.size());
    return Listing.tensor(name, flat)
            .replace("torch.tensor(", "np.array(")
            .replace("torch.float32", "np.float32")
        + ".reshape("
        + shape
        + ")";
  }

  private static String sizes() {
    StringJoiner rows = new StringJoiner("\n");
    for (int[] c :
        new int[][] {
          {8, 3, 1, 0, 1}, {8, 3, 2, 1, 1}, {7, 3, 2, 1, 1}, {224, 7, 2, 3, 1}, {224, 11, 4, 2, 1},
          {5, 1, 3, 0, 1}, {9, 3, 1, 2, 2}, {4, 4, 2, 0, 1}, {28, 5, 1, 0, 1}, {10, 2, 3, 1, 3}
        }) {
      int out = new Window(c[1], c[2], c[3], c[3], c[4]).out(c[0]);
      rows.add("    (%d, %d, %d, %d, %d, %d),".formatted(c[0], c[1], c[2], c[3], c[4], out));
    }
    return rows.toString();
  }

  private static String layers() {
    StringJoiner rows = new StringJoiner("\n");
    for (int[] c :
        new int[][] {
          {3, 8, 3, 1, 1},
          {64, 128, 3, 1, 0},
          {3, 64, 7, 1, 0},
          {8, 8, 3, 8, 1},
          {16, 32, 1, 1, 1},
          {32, 64, 5, 4, 1}
        }) {
      String text =
          "nn.Conv2d(%d, %d, %d, groups=%d, bias=%s)"
              .formatted(c[0], c[1], c[2], c[3], c[4] == 1 ? "True" : "False");
      Model model = new Model(PyTorch.read(text), Shape.of(c[0], 16, 16));
      int count = model.parameters().size();
      rows.add(
          "    (%d, %d, %d, %d, %s, %d),"
              .formatted(c[0], c[1], c[2], c[3], c[4] == 1 ? "True" : "False", count));
    }
    return rows.toString();
  }

  private static int[][] vgg16() {
    List<int[]> layers = new ArrayList<>();
    for (int convolutions : new int[] {2, 2, 3, 3, 3}) {
      for (int n = 0; n < convolutions; n++) {
        layers.add(new int[] {3, 1});
      }
      layers.add(new int[] {2, 2});
    }
    return layers.toArray(int[][]::new);
  }

  private static String pairs(int[][] layers) {
    StringJoiner text = new StringJoiner(", ");
    for (int[] layer : layers) {
      text.add("(" + layer[0] + ", " + layer[1] + ")");
    }
    return text.toString();
  }

  private static String field(int[][] layers) {
    ReceptiveField field = ReceptiveField.INPUT;
    for (int[] layer : layers) {
      field = field.window(layer[0], layer[1], 1, 0);
    }
    return "(" + field.size() + ", " + field.jumpText() + ")";
  }

  // ---- exercises

  private static String problems() {
    StringBuilder out = new StringBuilder();
    int number = 0;
    for (Exercise exercise : Exercises.all()) {
      Question question = exercise.question(SEED, LEVEL);
      out.append("# %% [markdown]\n# ## ").append(++number).append(' ');
      out.append(exercise.title()).append("\n#\n");
      for (String paragraph : question.text()) {
        comment(out, Prose.plain(paragraph));
      }
      for (Question.Table table : question.tables()) {
        comment(out, "**" + table.title() + "**: `" + table.numbers().plain() + "`");
      }
      comment(out, "[The same exercise, live](../exercises/" + exercise.slug() + "/index.html)");
      out.append("\n# %%\n");
      for (Part part : question.parts()) {
        out.append("# ").append(Prose.plain(part.param().label())).append('\n');
        for (ChoiceParam.Option option : part.param().options()) {
          out.append("#   ")
              .append(option.value())
              .append(": ")
              .append(Prose.plain(option.label()));
          out.append('\n');
        }
        out.append(variable(exercise, part)).append(" = None\n");
      }
      for (Part part : question.parts()) {
        String name = variable(exercise, part);
        out.append("check(\"").append(name).append("\", ").append(name).append(")\n");
      }
      out.append('\n');
    }
    return out.toString().stripTrailing();
  }

  private static void comment(StringBuilder out, String paragraph) {
    for (String line : paragraph.split("\n", -1)) {
      out.append(line.isBlank() ? "#" : "# " + line).append('\n');
    }
    out.append("#\n");
  }

  private static String variable(Exercise exercise, Part part) {
    return (exercise.slug() + "_" + part.param().name()).replace('-', '_');
  }

  /** The right answers by their variables, as JSON in base64, which nobody reads by accident. */
  private static String right() {
    JsonObject answers = Json.object();
    for (Exercise exercise : Exercises.all()) {
      for (Part part : exercise.question(SEED, LEVEL).parts()) {
        JsonArray values = Json.array();
        Answer right = part.right();
        List<ChoiceParam.Option> options = part.param().options();
        for (double value : right.values()) {
          values.add(
              options.isEmpty() ? Json.value(value) : Json.value(options.get((int) value).value()));
        }
        answers.add(variable(exercise, part), values);
      }
    }
    byte[] bytes = answers.toString().getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(bytes);
  }

  // ---- the file

  private static String notebook(String text) {
    JsonArray cells = Json.array();
    int number = 0;
    for (String cell : text.split("(?m)^# %%", -1)) {
      if (cell.isBlank()) {
        continue;
      }
      boolean words = cell.startsWith(" [markdown]");
      String body = cell.substring(cell.indexOf('\n') + 1).strip();
      JsonObject made = Json.object();
      made.add("cell_type", words ? "markdown" : "code");
      made.add("id", "cell-" + ++number);
      made.add("metadata", Json.object());
      if (!words) {
        made.add("execution_count", Json.NULL).add("outputs", Json.array());
      }
      JsonArray lines = Json.array();
      String[] all = body.split("\n", -1);
      for (int n = 0; n < all.length; n++) {
        String line = words ? all[n].replaceFirst("^# ?", "") : all[n];
        lines.add(n + 1 < all.length ? line + "\n" : line);
      }
      cells.add(made.add("source", lines));
    }
    JsonObject kernel =
        Json.object()
            .add("name", "python3")
            .add("display_name", "Python 3")
            .add("language", "python");
    return Json.object()
        .add("cells", cells)
        .add("metadata", Json.object().add("kernelspec", kernel))
        .add("nbformat", 4)
        .add("nbformat_minor", 5)
        .toString();
  }
}
