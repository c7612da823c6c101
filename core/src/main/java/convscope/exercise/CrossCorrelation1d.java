package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.num.Num;
import convscope.op.Conv1d;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One row, one kernel: {@code y[i] = Σ_u w[u]·x[iS + u − P] + b}. */
final class CrossCorrelation1d implements Exercise {
  private static final int TRIES = 40; // to find numbers in which no slip is right by luck

  private enum Mistake {
    FLIP("flipping the kernel"),
    STRIDE("leaving out the stride"),
    PADDING("leaving out the padding"),
    BIAS("forgetting the bias"),
    LATE("starting one entry late"),
    LAST("leaving out the last window");

    final String name;

    Mistake(String name) {
      this.name = name;
    }
  }

  /**
   * The numbers of a question.
   *
   * @param b 0 where there is no bias
   */
  private record Rows(float[] x, float[] w, Window window, int b) {
    int length() {
      return window.out(x.length);
    }

    /** The row of somebody who makes these mistakes; null where one has nothing to act on. */
    float @Nullable [] with(Set<Mistake> made) {
      boolean unpadded = made.contains(Mistake.PADDING);
      if (made.contains(Mistake.STRIDE) && window.stride() == 1
          || unpadded && window.padBefore() == 0
          || made.contains(Mistake.BIAS) && b == 0) {
        return null;
      }
      float[] row = padded(unpadded ? 0 : window.padBefore());
      if (made.contains(Mistake.LATE)) { // what hangs over the end counts nothing
        float[] late = new float[row.length];
        System.arraycopy(row, 1, late, 0, row.length - 1);
        row = late;
      }
      float[] kernel = w.clone();
      for (int i = 0; made.contains(Mistake.FLIP) && i < w.length; i++) {
        kernel[i] = w[w.length - 1 - i];
      }
      Conv1d.Spec spec =
          Conv1d.Spec.of(w.length).stride(made.contains(Mistake.STRIDE) ? 1 : window.stride());
      if (row.length < w.length) {
        return null;
      }
      float[] y =
          Conv1d.forward(
                  Tensor.of(row, 1, 1, row.length),
                  Tensor.of(kernel, 1, 1, w.length),
                  Tensor.full(made.contains(Mistake.BIAS) ? 0 : b, 1),
                  spec)
              .data();
      int count = y.length - (made.contains(Mistake.LAST) ? 1 : 0);
      return count < 1 ? null : Arrays.copyOf(y, count);
    }

    /** The row x between so many zeros on each side. */
    float[] padded(int zeros) {
      float[] row = new float[x.length + 2 * zeros];
      System.arraycopy(x, 0, row, zeros, x.length);
      return row;
    }

    float[] right() {
      Conv1d.Spec spec =
          Conv1d.Spec.of(w.length).stride(window.stride()).padding(window.padBefore());
      Tensor kernel = Tensor.of(w, 1, 1, w.length);
      return Conv1d.forward(Tensor.of(x, 1, 1, x.length), kernel, Tensor.full(b, 1), spec).data();
    }

    /** {@code 2 · 3 + 1 · (−4) + 5}: what entry {@code i} adds up. */
    String sum(int i) {
      float[] row = padded(window.padBefore());
      StringBuilder out = new StringBuilder();
      for (int u = 0; u < w.length; u++) {
        out.append(u == 0 ? "" : " + ").append(factor(w[u])).append(" · ");
        out.append(factor(row[i * window.stride() + u]));
      }
      return b == 0 ? out.toString() : out.append(" + ").append(factor(b)).toString();
    }

    private static String factor(float value) {
      return value < 0 ? "(" + Num.decimal(value, 0) + ")" : Num.decimal(value, 0);
    }
  }

  @Override
  public String slug() {
    return "cross-correlation-1d";
  }

  @Override
  public String title() {
    return "1D cross-correlation";
  }

  @Override
  public String about() {
    return "Slide a kernel along a row of numbers and write down the output; later levels add a bias, a stride and padding.";
  }

  @Override
  public String topic() {
    return "local-receptive-field";
  }

  @Override
  public List<String> levels() {
    return List.of("Stride 1", "Stride and bias", "Stride, padding and bias");
  }

  @Override
  public Question question(Rng random, int level) {
    Rows rows;
    int tries = 0;
    do {
      int kernel = level == 3 ? 3 + random.nextInt(2) : 2 + random.nextInt(2);
      int stride = level == 1 ? 1 : 2 + random.nextInt(2);
      int zeros = level < 3 ? 0 : 1 + random.nextInt(kernel - 2);
      int length = kernel + 2 * stride - 2 * zeros + random.nextInt(Math.max(2, stride));
      float[] w = Draw.whole(random, kernel, -2, 3);
      w[0] = Draw.of(random, -2, -1, 1, 2, 3);
      w[kernel - 1] = Draw.of(random, -2, -1, 1, 2, 3);
      int bias = level == 1 ? 0 : Draw.of(random, -3, -2, -1, 1, 2, 3);
      Window window = Window.of(kernel).stride(stride).padding(zeros);
      rows = new Rows(Draw.whole(random, length, -2, 5), w, window, bias);
    } while (lucky(rows) && ++tries < TRIES);
    return question(rows, level);
  }

  private static boolean lucky(Rows rows) {
    for (Mistake mistake : Mistake.values()) {
      float[] wrong = rows.with(Set.of(mistake));
      if (wrong != null && Arrays.equals(wrong, rows.right())) {
        return true;
      }
    }
    return false;
  }

  private Question question(Rows rows, int level) {
    Window window = rows.window();
    Question question = new Question();
    String slides = "The [kernel kernel w] slides along the [input row x] at stride {}";
    String asked = ". What is the [output cross-correlation y]?";
    if (level == 1) {
      question.say(slides + ", without padding or bias" + asked, window.stride());
    } else if (level == 2) {
      question.say(slides + ", without padding; the bias is {}" + asked, window.stride(), rows.b());
    } else {
      question.say(
          slides + ", with {zero} of padding on each side; the bias is {}" + asked,
          window.stride(),
          window.padBefore(),
          rows.b());
    }
    question.table("x", words("[input x]"), "input", row(rows.x()));
    question.table("w", words("[kernel w]"), "kernel", row(rows.w()));
    question.given("S", window.stride()).given("P", window.padBefore()).given("b", rows.b());
    AnswerParam param = Param.answer("y", Form.GRID).label("Output y");
    Part output =
        new Part(
                level == 1 ? param.size(1, rows.length()) : param.sizedBy("length"),
                row(rows.right()))
            .slips(
                Slip.of(
                    Mistake.values(),
                    made -> level == 1 && made.contains(Mistake.LAST) ? null : row(rows, made),
                    mistake -> mistake.name,
                    (mistake, answer) -> why(mistake, rows)))
            .working(
                (entry, given) ->
                    words("Multiply what lies on top of each other: {}.", rows.sum(entry)))
            .sized(words("There are {place} for the window.", rows.length()));
    if (level > 1) {
      Part length = length(rows);
      question.ask(length);
      output.followsSlip(length);
    }
    question.ask(output);
    question.hints(
        words(
            "{}ay the kernel on the first {} entries, as it stands. Multiply what lies on top of each other and add up.",
            window.padBefore() > 0 ? "Put the zeros around the row and l" : "L",
            window.kernel()),
        words(
            "y[i] = Σ w[u] · x[iS + u − P] + b: for the next entry the window moves by the stride, and w is not flipped."),
        words(
            "The first entry of y is {}. Then move the window by {}.",
            rows.sum(0),
            window.stride()));
    if (level > 1) {
      int rest = window.padded(rows.x().length) - window.span();
      question.solve(
          "Length: ⌊({} − {}) / {}⌋ + 1 = [output {}]",
          window.padded(rows.x().length),
          window.span(),
          window.stride(),
          rest / window.stride() + 1);
    }
    for (int i = 0; i < rows.length(); i++) {
      question.solve("y[{}] = {} = [output {}]", i, rows.sum(i), rows.right()[i]);
    }
    float[] shown = rows.padded(window.padBefore()); // the figure would pad above and below too
    question.plays("input", "custom").plays("x", row(shown).plain());
    question.plays("preset", "custom").plays("w", row(rows.w()).plain());
    question.plays("stride", window.stride()).plays("padding", "0");
    return question.plays("bias", rows.b()).plays("step", "0");
  }

  private static Part length(Rows rows) {
    Window window = rows.window();
    return Part.number("length", "Length of the output", rows.length())
        .slips(
            Slip.of(
                new Mistake[] {Mistake.STRIDE, Mistake.PADDING, Mistake.LAST},
                made -> {
                  float[] wrong = rows.with(made);
                  return wrong == null ? null : Answer.of(wrong.length);
                },
                mistake -> mistake.name,
                (mistake, answer) -> why(mistake, rows)))
        .working(
            "The window covers {} of the {} entries{} and moves by {}. Count the places where it fits.",
            window.kernel(),
            window.padded(rows.x().length),
            window.padBefore() > 0 ? ", zeros included," : "",
            window.stride());
  }

  private static @Nullable Answer row(Rows rows, Set<Mistake> made) {
    float[] wrong = rows.with(made);
    return wrong == null ? null : row(wrong);
  }

  private static Answer row(float[] values) {
    return Answer.grid(1, values.length, values);
  }

  private static String why(Mistake mistake, Rows rows) {
    Window window = rows.window();
    float[] w = rows.w();
    return switch (mistake) {
      case FLIP ->
          words(
              "You read the kernel from its end, as the convolution of mathematics does. Cross-correlation does not flip: the first entry of y is {}.",
              rows.sum(0));
      case STRIDE ->
          words("You moved the window by 1; the stride moves it by {}.", window.stride());
      case PADDING ->
          words(
              "You left out the padding. With {zero} on each side the row has {} entries, and the first entry of y is {}.",
              window.padBefore(),
              window.padded(rows.x().length),
              rows.sum(0));
      case BIAS -> words("You left out the bias: add {} to each entry.", rows.b());
      case LATE ->
          words(
              "Your first window begins on the second entry{}. It begins on the first and gives {}.",
              window.padBefore() > 0 ? ", zeros included" : "",
              rows.sum(0));
      case LAST ->
          words(
              "You left out one place. The window stands where it begins and after {move}: that makes {}.",
              rows.length() - 1,
              rows.length());
    };
  }
}
