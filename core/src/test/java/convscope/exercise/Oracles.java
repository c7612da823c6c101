package convscope.exercise;

import convscope.param.Answer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
}
