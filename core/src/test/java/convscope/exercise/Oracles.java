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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    ALL.put("cross-correlation-1d", Oracles::crossCorrelation1d);
    ALL.put("conv-parameters", Oracles::convParameters);
    ALL.put("dense-vs-conv", Oracles::denseVsConv);
    ALL.put("pooling", Oracles::pooling);
    ALL.put("receptive-field", Oracles::receptiveField);
    ALL.put("depthwise-separable-parameters", Oracles::separable);
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

    /** The same with another number or matrix under a name. */
    Given with(String name, Answer value) {
      Map<String, Answer> taken = new LinkedHashMap<>(all);
      taken.put(name, value);
      return new Given(taken);
    }

    Answer matrix(String name) {
      return Objects.requireNonNull(all.get(name), name);
    }
  }

  static Map<String, String> answers(Exercise exercise, Question question) {
    return answers(exercise, new Given(question.given()));
  }

  /** What is right for numbers that somebody takes for those of the question. */
  static Map<String, String> answers(Exercise exercise, Given given) {
    return Objects.requireNonNull(ALL.get(exercise.slug()), "an oracle").apply(given);
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

  private static Map<String, String> crossCorrelation1d(Given given) {
    Answer x = given.matrix("x");
    Answer w = given.matrix("w");
    int zeros = given.whole("P");
    StringBuilder row = new StringBuilder();
    int count = 0;
    for (int at = -zeros; at + w.columns() <= x.columns() + zeros; at += given.whole("S")) {
      double sum = given.whole("b");
      for (int u = 0; u < w.columns(); u++) {
        boolean inside = at + u >= 0 && at + u < x.columns();
        sum += inside ? w.at(0, u) * x.at(0, at + u) : 0;
      }
      row.append(count++ == 0 ? "" : ", ").append(sum);
    }
    return Map.of("length", count + "", "y", row.toString());
  }

  /** Counts the weights of a layer one by one: those (o, c, u, v) whose o and c share a group. */
  private static long weights(int out, int in, int groups, int high, int wide) {
    long count = 0;
    for (int o = 0; o < out; o++) {
      for (int c = 0; c < in; c++) {
        boolean tied = (long) o * groups / out == (long) c * groups / in;
        for (int tap = 0; tied && tap < high * wide; tap++) {
          count++;
        }
      }
    }
    return count;
  }

  private static Map<String, String> convParameters(Given given) {
    int out = given.whole("C_out");
    int groups = given.whole("g");
    long weights =
        weights(out, given.whole("C_in"), groups, given.whole("K_h"), given.whole("K_w"));
    return Map.of("weights", weights + "", "parameters", weights + out + "");
  }

  private static Map<String, String> denseVsConv(Given given) {
    int in = given.whole("C_in");
    int out = given.whole("C_out");
    int bias = given.whole("bias");
    Map<String, String> answers = new LinkedHashMap<>();
    long conv = weights(out, in, 1, given.whole("K"), given.whole("K")) + (bias == 1 ? out : 0);
    for (int times = 1; times <= (given.has("twice") ? 2 : 1); times++) {
      int pixels = given.whole("H") * times * given.whole("H") * times;
      long dense = 0;
      for (int unit = 0; unit < out * pixels; unit++) {
        dense += (long) in * pixels + bias;
      }
      answers.put(times == 1 ? "dense" : "dense2", dense + "");
      answers.put(times == 1 ? "conv" : "conv2", conv + "");
      answers.put("ratio", (double) dense / conv + "");
    }
    return answers;
  }

  private static Map<String, String> pooling(Given given) {
    Answer x = given.matrix("x");
    int kernel = given.whole("K");
    int zeros = given.whole("P");
    int step = given.whole("S");
    StringBuilder out = new StringBuilder();
    int rows = 0;
    int columns = 0;
    for (int top = -zeros; top + kernel <= x.rows() + zeros; top += step, rows++) {
      columns = 0;
      for (int left = -zeros; left + kernel <= x.columns() + zeros; left += step, columns++) {
        double most = Double.NEGATIVE_INFINITY;
        double sum = 0;
        int count = 0;
        for (int i = Math.max(0, top); i < Math.min(x.rows(), top + kernel); i++) {
          for (int j = Math.max(0, left); j < Math.min(x.columns(), left + kernel); j++) {
            most = Math.max(most, x.at(i, j));
            sum += x.at(i, j);
            count++;
          }
        }
        double mean = sum / (given.whole("counts") == 1 ? kernel * kernel : count);
        out.append(columns > 0 ? " " : rows > 0 ? ";" : "");
        out.append(given.whole("max") == 1 ? most : mean);
      }
    }
    return Map.of("size", rows + "x" + columns, "y", out.toString());
  }

  /** Follows two neighbouring units back to the input, position by position. */
  private static Map<String, String> receptiveField(Given given) {
    Answer layers = given.matrix("layers");
    Map<String, String> answers = new LinkedHashMap<>();
    for (int depth = 1; depth <= layers.rows(); depth++) {
      TreeSet<Integer> one = seen(layers, depth, 0);
      TreeSet<Integer> next = seen(layers, depth, 1);
      answers.put("r" + depth, one.last() - one.first() + 1 + "");
      answers.put("j" + depth, next.first() - one.first() + "");
    }
    return answers;
  }

  private static TreeSet<Integer> seen(Answer layers, int depth, int unit) {
    TreeSet<Integer> units = new TreeSet<>(Set.of(unit));
    for (int l = depth - 1; l >= 0; l--) {
      TreeSet<Integer> before = new TreeSet<>();
      for (int i : units) {
        for (int tap = 0; tap < layers.at(l, 1); tap++) {
          before.add(i * (int) layers.at(l, 2) + tap * (int) layers.at(l, 3));
        }
      }
      units = before;
    }
    return units;
  }

  private static Map<String, String> separable(Given given) {
    int in = given.whole("C_in");
    int out = given.whole("C_out");
    int kernel = given.whole("K");
    long uses = given.whole("work") == 1 ? (long) given.whole("H") * given.whole("H") : 1;
    long depthwise = weights(in, in, in, kernel, kernel) * uses;
    long pointwise = weights(out, in, 1, 1, 1) * uses;
    long plain = weights(out, in, 1, kernel, kernel);
    return Map.of(
        "depthwise", depthwise + "",
        "pointwise", pointwise + "",
        "both", depthwise + pointwise + "",
        "plain", plain + "",
        "factor", plain / (double) (depthwise + pointwise) + "",
        "flops", depthwise + pointwise + depthwise + pointwise + "");
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
