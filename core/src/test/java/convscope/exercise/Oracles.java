package convscope.exercise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.param.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The right answers, from what a question gives and nothing else: naive counting and loops that
 * share no code with the exercises. Texts by part.
 */
final class Oracles {
  private static final Map<String, Function<Given, Map<String, String>>> ALL =
      new LinkedHashMap<>();

  static {
    ALL.put("output-size", Oracles::outputSize);
    ALL.put("im2col-matrix", Oracles::im2col);
    ALL.put("residual-output", Oracles::residual);
    ALL.put("debugging-checklist", Oracles::debugging);
  }

  private Oracles() {}

  /** What a question gives, by name. */
  record Given(Map<String, Answer> all) {
    int whole(String name) {
      return (int) matrix(name).number();
    }

    boolean has(String name) {
      return all.containsKey(name);
    }

    Answer matrix(String name) {
      return Objects.requireNonNull(all.get(name), name);
    }
  }

  static Map<String, String> answers(Exercise exercise, Question question) {
    return Objects.requireNonNull(ALL.get(exercise.slug()), "an oracle")
        .apply(new Given(question.given()));
  }

  /** Walks the window over the padded input and counts where it fits. */
  private static Map<String, String> outputSize(Given given) {
    int rows = stops(given, "H", "K");
    return Map.of(
        "out", given.has("W") ? "(" + rows + ", " + stops(given, "W", "K_w") + ")" : rows + "");
  }

  private static int stops(Given given, String size, String kernel) {
    int count = 0;
    int padded = given.whole(size) + given.whole("P") + given.whole("P");
    for (int at = 0; at < padded; at += given.whole("S")) {
      int last = at;
      for (int tap = 1; tap < given.whole(kernel); tap++) {
        last += given.whole("D");
      }
      count += last < padded ? 1 : 0;
    }
    return count;
  }

  /** Pads, then cuts out one window after the other and writes it down as a list. */
  private static Map<String, String> im2col(Given given) {
    int padding = given.whole("P");
    List<double[][]> padded = new ArrayList<>();
    for (int c = 0; c < given.whole("C"); c++) {
      Answer x = given.matrix("x" + c);
      double[][] plane = new double[x.rows() + 2 * padding][x.columns() + 2 * padding];
      for (int i = 0; i < x.rows(); i++) {
        for (int j = 0; j < x.columns(); j++) {
          plane[i + padding][j + padding] = x.at(i, j);
        }
      }
      padded.add(plane);
    }
    List<List<Double>> windows = new ArrayList<>();
    for (int top = 0; top + given.whole("K_h") <= padded.get(0).length; top += given.whole("S")) {
      int width = padded.get(0)[0].length;
      for (int left = 0; left + given.whole("K_w") <= width; left += given.whole("S")) {
        List<Double> window = new ArrayList<>();
        for (double[][] plane : padded) {
          for (int u = 0; u < given.whole("K_h"); u++) {
            for (int v = 0; v < given.whole("K_w"); v++) {
              window.add(plane[top + u][left + v]);
            }
          }
        }
        windows.add(window);
      }
    }
    StringBuilder lines = new StringBuilder();
    for (int row = 0; row < windows.get(0).size(); row++) {
      for (List<Double> window : windows) {
        lines.append(window.get(row)).append(' ');
      }
      lines.append('\n');
    }
    return Map.of("size", windows.get(0).size() + " x " + windows.size(), "cols", lines.toString());
  }

  /** Follows the block entry by entry, on plain lists. */
  private static Map<String, String> residual(Given given) {
    Map<String, String> answers = new LinkedHashMap<>();
    Answer x = given.matrix("x");
    double[] shortcut = x.values();
    double[] body;
    if (given.has("F")) {
      body = given.matrix("F").values();
      double[] sum = new double[body.length];
      for (int i = 0; i < body.length; i++) {
        sum[i] = shortcut[i] + body[i];
      }
      answers.put("sum", lines(sum, 3));
    } else {
      double[] hidden = positive(slid(x.values(), given.matrix("w1").values(), given.whole("S")));
      body = slid(hidden, given.matrix("w2").values(), 1);
      if (given.has("ws")) {
        shortcut = new double[body.length];
        for (int i = 0; i < body.length; i++) {
          shortcut[i] = given.matrix("ws").number() * x.values()[given.whole("S") * i];
        }
        answers.put("s", lines(shortcut, body.length));
      }
      answers.put("h", lines(hidden, body.length));
      answers.put("f", lines(body, body.length));
    }
    double[] y = new double[body.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = shortcut[i] + body[i];
    }
    answers.put("y", lines(positive(y), given.has("F") ? 3 : y.length));
    return answers;
  }

  /** Spreads each cell of a row over the outputs that read it. */
  private static double[] slid(double[] row, double[] kernel, int stride) {
    double[] out = new double[(row.length - 1) / stride + 1];
    for (int cell = 0; cell < row.length; cell++) {
      for (int tap = 0; tap < 3; tap++) {
        int start = cell + 1 - tap; // of the window, on the row with a zero in front
        if (start >= 0 && start % stride == 0 && start / stride < out.length) {
          out[start / stride] += kernel[tap] * row[cell];
        }
      }
    }
    return out;
  }

  private static double[] positive(double[] values) {
    double[] out = new double[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = values[i] > 0 ? values[i] : 0;
    }
    return out;
  }

  private static String lines(double[] values, int columns) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      out.append(i > 0 && i % columns == 0 ? "\n" : "").append(values[i]).append(' ');
    }
    return out.toString();
  }

  /**
   * Takes the checks off a list of those that are ready, and reads the bug from the findings alone,
   * which must leave just one.
   */
  private static Map<String, String> debugging(Given given) {
    Map<String, Integer> cost = new TreeMap<>();
    int images = given.whole("images");
    cost.put("shapes", 0);
    cost.put("statistics", images + images + images);
    cost.put("gradient", given.whole("numbers") * 4);
    cost.put("overfit", given.whole("steps") * given.whole("batch") * 6);
    cost.put("gap", given.whole("epochs") * images * 6 + 3 * images * 3);
    List<String> order = new ArrayList<>(List.of("shapes"));
    List<String> ready = new ArrayList<>(List.of("statistics", "gradient", "overfit"));
    while (!ready.isEmpty()) {
      ready.sort(Comparator.comparing(cost::get));
      String next = ready.remove(0);
      order.add(next);
      if (next.equals("overfit")) {
        ready.add("gap");
      }
    }
    String[] bug = bug(given);
    return Map.of("order", String.join(",", order), "fault", bug[0], "layer", bug[1]);
  }

  /** The bug that the findings show, and its layer. */
  private static String[] bug(Given given) {
    List<String> layers = List.of("conv1", "conv2", "linear");
    if (given.has("stops at")) {
      return new String[] {"features", layers.get(given.whole("stops at"))};
    }
    List<String[]> bugs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      double backward = given.matrix("backward").at(0, i);
      double numeric = given.matrix("differences").at(0, i);
      if (Math.abs(backward - numeric) > 0.01 * Math.abs(numeric)) {
        bugs.add(new String[] {"sign", layers.get(i)});
        assertThat(backward).isCloseTo(-numeric, within(0.01 * Math.abs(numeric)));
      }
    }
    for (int i = 1; i >= 0; i--) {
      if (given.matrix("dead").at(0, i) == given.whole("maps")) {
        bugs.clear(); // of a dead layer follow dead ones behind it
        bugs.add(new String[] {"bias", layers.get(i)});
      }
    }
    double fastest = 0;
    for (int i = 0; i < 3; i++) {
      double moved = given.matrix("moved").at(0, i);
      fastest = Math.max(fastest, moved);
      if (moved == 0 && (bugs.isEmpty() || !bugs.get(0)[0].equals("bias"))) {
        bugs.add(new String[] {"frozen", layers.get(i)});
      }
    }
    if (fastest > 2) {
      bugs.add(new String[] {"rate", "none"});
    }
    if (given.matrix("repeated").number() > 1.9) {
      bugs.add(new String[] {"zero-grad", "none"});
    }
    if (given.matrix("perfect").number() > 0.5) {
      bugs.add(new String[] {"softmax", "none"});
    }
    if (given.has("loss")) {
      double shifted = 0;
      for (int c = 0; c < 3; c++) {
        shifted += given.matrix("taken" + c).at(0, (c + 1) % 3);
      }
      if (shifted > given.whole("images") / 2.0) {
        bugs.add(new String[] {"labels", "none"});
      }
      if (given.matrix("loss").number() != given.matrix("again").number()) {
        bugs.add(new String[] {"mode", "none"});
      }
    }
    assertThat(bugs).hasSize(1);
    return bugs.get(0);
  }
}
