package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.num.Num;
import convscope.op.Binary;
import convscope.op.Conv1d;
import convscope.op.Unary;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.NumberGrid;
import convscope.param.Param;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a residual block gives: {@code y = ReLU(x + F(x))}, with {@code W_s x} for x where shapes
 * differ (He et al. 2016).
 */
final class ResidualOutput implements Exercise {
  private static final int LARGEST = 20; // what may come up on the way
  private static final Conv1d.Spec SAME = Conv1d.Spec.of(3).padding(1);
  private static final Conv1d.Spec HALVED = SAME.stride(2);
  private static final Conv1d.Spec EVERY_SECOND = Conv1d.Spec.of(1).stride(2);

  private enum Mistake {
    AFTER("adding the shortcut after the activation"),
    NONE("leaving out the last activation"),
    ALONE("leaving out the shortcut"),
    TIMES("multiplying by the shortcut instead of adding it"),
    BOTH("activating both paths before adding them");

    final String name;

    Mistake(String name) {
      this.name = name;
    }
  }

  /**
   * A block and what it computes.
   *
   * @param x its input
   * @param first the kernel of its first convolution, and so on; null where F(x) is given
   * @param hidden after the first convolution and its ReLU
   * @param body F(x)
   * @param shortcut x, or its projection
   */
  private record Block(
      Tensor x,
      @Nullable Tensor first,
      @Nullable Tensor second,
      @Nullable Tensor projection,
      @Nullable Tensor hidden,
      Tensor body,
      Tensor shortcut) {

    /** What the shortcut is called. */
    String path() {
      return projection == null ? "x" : "wₛ ⋆ x";
    }

    Tensor sum() {
      return Binary.ADD.forward(shortcut, body);
    }
  }

  @Override
  public String slug() {
    return "residual-output";
  }

  @Override
  public String title() {
    return "Residual block output";
  }

  @Override
  public String about() {
    return "Compute what a residual block gives, path by path, in the order in which the block adds and activates.";
  }

  @Override
  public String topic() {
    return "residual-block";
  }

  @Override
  public List<String> levels() {
    return List.of("F(x) given", "F(x) computed", "A projection on the shortcut");
  }

  @Override
  public Question question(Rng random, int level) {
    Block block;
    do {
      block = level == 1 ? given(random) : computed(random, level == 3);
    } while (!tells(block));
    return level == 1 ? sums(block) : rows(block);
  }

  private static Block given(Rng random) {
    Tensor x = whole(random, 5, 1, 1, 2, 3);
    return new Block(x, null, null, null, null, whole(random, 5, 1, 1, 2, 3), x);
  }

  private static Block computed(Rng random, boolean halved) {
    Tensor x = whole(random, 4, 1, 1, halved ? 6 : 5);
    Tensor first = whole(random, 2, 1, 1, 3);
    Tensor second = whole(random, 2, 1, 1, 3);
    Tensor projection = halved ? whole(random, 3, 1, 1, 1) : null;
    Tensor hidden = hidden(x, first, halved);
    return new Block(
        x,
        first,
        second,
        projection,
        hidden,
        Conv1d.forward(hidden, second, null, SAME),
        projection == null ? x : Conv1d.forward(x, projection, null, EVERY_SECOND));
  }

  private static Tensor hidden(Tensor x, Tensor first, boolean halved) {
    return Unary.RELU.forward(Conv1d.forward(x, first, null, halved ? HALVED : SAME));
  }

  private static Tensor whole(Rng random, int most, int... dims) {
    Tensor out = Tensor.zeros(dims);
    for (int i = 0; i < out.size(); i++) {
      out.data()[i] = random.nextInt(2 * most + 1) - most;
    }
    return out;
  }

  /** Whether each mistake leads elsewhere, and no number on the way is large. */
  private static boolean tells(Block block) {
    List<Tensor> all = new ArrayList<>(List.of(block.sum(), block.body, block.shortcut));
    if (block.hidden != null && block.first != null && block.second != null) {
      boolean halved = block.projection != null;
      float weight = block.projection == null ? 2 : block.projection.data()[0];
      Tensor raw = Conv1d.forward(block.x, block.first, null, halved ? HALVED : SAME);
      all.add(raw);
      if (raw.smallest() >= 0
          || block.hidden.largestSize() == 0
          || weight == 0
          || weight == 1
          || block.first.data()[0] == block.first.data()[2]
          || block.second.data()[0] == block.second.data()[2]) {
        return false;
      }
    }
    List<Answer> answers = new ArrayList<>(List.of(grid(Unary.RELU.forward(block.sum()))));
    for (Mistake mistake : Mistake.values()) {
      answers.add(made(block, Set.of(mistake)));
    }
    for (int a = 0; a < answers.size(); a++) {
      for (int b = 0; b < a; b++) {
        if (answers.get(a).agrees(answers.get(b))) {
          return false;
        }
      }
    }
    return all.stream().allMatch(tensor -> tensor.largestSize() <= LARGEST);
  }

  /** Level 1: two small matrices. */
  private static Question sums(Block block) {
    Question question = new Question();
    question.say(
        "A residual block computes [output y] = ReLU([input x] + [kernel F(x)]). Its input and what its convolutions make of it are given. What are the sum and the output?");
    question.table("x", words("[input x]"), "input", grid(block.x));
    question.table("F", words("[kernel F(x)]"), "kernel", grid(block.body));
    Part sum =
        new Part(
            Param.answer("sum", Form.GRID).size(2, 3).label("x + F(x), before the activation"),
            grid(block.sum()));
    sum.slip(
        "activating the sum already",
        grid(Unary.RELU.forward(block.sum())),
        words(
            "You set negative sums to 0 already. This line asks for the sum as it is: here its smallest entry is {}.",
            block.sum().smallest()));
    sum.slip(Mistake.AFTER.name, made(block, Set.of(Mistake.AFTER)), why(Mistake.AFTER, block));
    sum.slip(Mistake.ALONE.name, grid(block.body), why(Mistake.ALONE, block));
    sum.slip(
        Mistake.TIMES.name,
        grid(Binary.MUL.forward(block.shortcut, block.body)),
        why(Mistake.TIMES, block));
    sum.working((entry, given) -> added(block, entry));
    question.ask(sum);
    Part y = output(block, 2, 3);
    y.follows(earlier -> relu(earlier.get("sum"), Answer.grid(2, 3, new float[6])));
    question.ask(y);
    hints(question, block);
    for (int i = 0; i < block.x.size(); i++) {
      question.solve("{} {}", place(i), added(block, i) + " " + activated(block, i));
    }
    return plays(question, block).plays("f", matrix(block.body).plain());
  }

  /** Levels 2 and 3: a row and two convolutions. */
  private static Question rows(Block block) {
    Question question = new Question();
    boolean halved = block.projection != null;
    int length = block.body.size();
    question.say(
        "A residual block computes [output y] = ReLU({} + F([input x])) with F([input x]) = [kernel w₂] ⋆ ReLU([kernel w₁] ⋆ [input x]): convolution, ReLU, convolution, without biases. Both kernels are applied as they stand (not flipped), with one zero of padding at each end"
            + (halved ? "." : " and stride 1."),
        block.path());
    if (halved) {
      question.say(
          "The first convolution has stride 2 and halves the row, the second has stride 1. So the shortcut needs a projection: a kernel [kernel wₛ] of one tap, also with stride 2.");
    }
    question.table("x", words("[input x]"), "input", grid(block.x));
    Tensor first = kernel(question, "w1", "w₁", block.first);
    Tensor second = kernel(question, "w2", "w₂", block.second);
    if (block.projection != null) {
      projection(question, block, kernel(question, "ws", "wₛ", block.projection));
    }
    question.given("S", halved ? 2 : 1);
    Conv1d.Spec spec = halved ? HALVED : SAME;
    Tensor raw = Conv1d.forward(block.x, first, null, spec);
    Tensor hidden = Unary.RELU.forward(raw);
    Part h =
        new Part(
            Param.answer("h", Form.GRID).size(1, length).label("h = ReLU(w₁ ⋆ x)"), grid(hidden));
    h.slip(
        "leaving out the ReLU between the convolutions",
        grid(raw),
        words(
            "You left the sums as they are. The ReLU behind the first convolution makes 0 of each negative one, such as {}.",
            raw.smallest()));
    h.slip(
        "flipping the first kernel",
        grid(hidden(block.x, flipped(first), halved)),
        words(
            "You ran w₁ backwards. Its first tap, {}, goes with the left cell of each window.",
            first.data()[0]));
    h.working(
        (entry, given) ->
            words(
                "{} = {}{}.",
                terms(first, block.x, spec.window().start(entry)),
                raw.data()[entry],
                raw.data()[entry] < 0 ? ", which the ReLU makes 0" : ""));
    question.ask(h);
    Part f =
        new Part(
            Param.answer("f", Form.GRID).size(1, length).label("F(x) = w₂ ⋆ h"), grid(block.body));
    f.slip(
        "flipping the second kernel",
        grid(Conv1d.forward(hidden, flipped(second), null, SAME)),
        words(
            "You ran w₂ backwards. Its first tap, {}, goes with the left cell of each window.",
            second.data()[0]));
    f.slip(
        "activating F(x) before adding",
        grid(Unary.RELU.forward(block.body)),
        words(
            "You activated F(x). The block’s last ReLU comes after the shortcut is added, so F(x) keeps its negative entries."));
    f.slip(
        "using the first kernel again",
        grid(Conv1d.forward(hidden, first, null, SAME)),
        words(
            "You convolved with w₁ twice. The second convolution has weights of its own, {}.",
            listed(second)));
    f.working(
        (entry, given) ->
            words("{} = {}.", terms(second, hidden, entry - 1), block.body.data()[entry]));
    f.follows(earlier -> convolved(earlier.get("h"), second));
    question.ask(f);
    Part y = output(block, 1, length);
    y.follows(earlier -> relu(earlier.get("f"), halved ? earlier.get("s") : grid(block.shortcut)));
    question.ask(y);
    hints(question, block);
    question.solve("h = ReLU{} = {}, F(x) = {}", listed(raw), listed(hidden), listed(block.body));
    for (int i = 0; i < length; i++) {
      question.solve("{} {}", place(i), added(block, i) + " " + activated(block, i));
    }
    plays(question, block)
        .plays("first", matrix(first).plain())
        .plays("second", matrix(second).plain());
    if (block.projection != null) {
      question.plays("stride", 2).plays("shortcut", "projection");
      question.plays("weight", (int) block.projection.data()[0]);
    }
    return question;
  }

  /** The figure with this input, from the beginning. */
  private static Question plays(Question question, Block block) {
    return question.plays("input", "custom").plays("x", matrix(block.x).plain()).plays("step", "0");
  }

  private static NumberGrid matrix(Tensor tensor) {
    int columns = tensor.dim(-1);
    return new NumberGrid(tensor.size() / columns, columns, tensor.data().clone());
  }

  private static Tensor kernel(
      Question question, String name, String shown, @Nullable Tensor kernel) {
    if (kernel == null) {
      throw new IllegalStateException("a block without " + name);
    }
    question.table(name, words("[kernel {}]", shown), "kernel", grid(kernel));
    return kernel;
  }

  private static void projection(Question question, Block block, Tensor weight) {
    float w = weight.data()[0];
    int length = block.shortcut.size();
    Part part =
        new Part(
            Param.answer("s", Form.GRID).size(1, length).label("Shortcut: wₛ ⋆ x, stride 2"),
            grid(block.shortcut));
    part.slip(
        "taking neighbouring cells in spite of the stride",
        projected(block.x, w, 0, 1, length),
        words(
            "You took neighbouring cells of x. At stride 2 the projection reads every second one: {}, {}, {}.",
            block.x.data()[0],
            block.x.data()[2],
            block.x.data()[4]));
    part.slip(
        "leaving out the projection’s weight",
        projected(block.x, 1, 0, 2, length),
        words("You took every second cell as it is. Each is multiplied by wₛ = {}.", w));
    part.slip(
        "beginning at the second cell",
        projected(block.x, w, 1, 2, length),
        words(
            "You began at the second cell. The first window stands on the first one, {}.",
            block.x.data()[0]));
    part.working(
        (entry, given) ->
            words(
                "{} · {} = {}.",
                bracketed(w),
                bracketed(block.x.data()[2 * entry]),
                block.shortcut.data()[entry]));
    question.ask(part);
    question.solve("Shortcut: every second cell of x times {} is {}", w, listed(block.shortcut));
  }

  private static Answer projected(Tensor x, float weight, int from, int step, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = weight * x.data()[from + i * step];
    }
    return Answer.grid(1, length, values);
  }

  private static Part output(Block block, int rows, int columns) {
    return new Part(
            Param.answer("y", Form.GRID)
                .size(rows, columns)
                .label("y = ReLU(" + block.path() + " + F(x))"),
            grid(Unary.RELU.forward(block.sum())))
        .slips(
            Slip.of(
                Mistake.values(),
                made -> contradict(made) ? null : made(block, made),
                mistake -> mistake.name,
                (mistake, answer) -> why(mistake, block)))
        .working((entry, given) -> added(block, entry) + " " + activated(block, entry));
  }

  private static boolean contradict(Set<Mistake> made) {
    boolean after = made.contains(Mistake.AFTER);
    boolean alone = made.contains(Mistake.ALONE);
    return made.size() > 1
        && (made.contains(Mistake.BOTH)
            || after && (alone || made.contains(Mistake.NONE))
            || alone && made.contains(Mistake.TIMES));
  }

  /** The output of somebody who makes these mistakes. */
  private static Answer made(Block block, Set<Mistake> made) {
    boolean both = made.contains(Mistake.BOTH);
    boolean after = made.contains(Mistake.AFTER);
    Tensor body = both || after ? Unary.RELU.forward(block.body) : block.body;
    Tensor shortcut = both ? Unary.RELU.forward(block.shortcut) : block.shortcut;
    Tensor joined =
        made.contains(Mistake.ALONE)
            ? body
            : (made.contains(Mistake.TIMES) ? Binary.MUL : Binary.ADD).forward(shortcut, body);
    boolean open = after || made.contains(Mistake.NONE);
    return grid(open ? joined : Unary.RELU.forward(joined));
  }

  private static String why(Mistake mistake, Block block) {
    String path = block.path();
    return switch (mistake) {
      case AFTER ->
          words(
              "You activated F(x) and added {} afterwards. The block adds first and activates the sum, so no output is negative.",
              path);
      case NONE ->
          words(
              "You left the sums as they are. The block ends in a ReLU, which makes 0 of each negative one, such as {}.",
              block.sum().smallest());
      case ALONE ->
          words(
              "You have what comes out of F alone. The shortcut carries {} past the convolutions, and it is added.",
              path);
      case TIMES -> words("You multiplied {} and F(x). A residual block adds them.", path);
      case BOTH ->
          words(
              "You activated both paths and then added. ReLU(a) + ReLU(b) is not ReLU(a + b): add first.");
    };
  }

  private static String added(Block block, int entry) {
    return words(
        "{} + {} = {}.",
        block.shortcut.data()[entry],
        bracketed(block.body.data()[entry]),
        block.sum().data()[entry]);
  }

  private static String activated(Block block, int entry) {
    float sum = block.sum().data()[entry];
    return words("The ReLU {keeps it|makes it 0}.", sum >= 0);
  }

  private static void hints(Question question, Block block) {
    boolean given = block.hidden == null;
    float first = block.sum().data()[0];
    question.hints(
        words(
            "Two paths meet in the sum: {}, and F(x). What happens last?",
            block.projection == null ? "x as it is" : "x through the projection"),
        words(
            given
                ? "Add entry by entry, keep the signs, and activate at the very end."
                : "Work along the main path first: convolve, activate, convolve. Then add the shortcut, and activate the sum."),
        words(
            "The first sum is {} + {} = {}, so y begins with {}.",
            block.shortcut.data()[0],
            bracketed(block.body.data()[0]),
            first,
            Math.max(0, first)));
  }

  private static String place(int entry) {
    return "Entry " + (entry + 1) + ":";
  }

  /** {@code (−2) · 3 + 1 · 0 + …}: a kernel on a row, zeros beyond its ends. */
  private static String terms(Tensor kernel, Tensor row, int start) {
    StringBuilder out = new StringBuilder();
    for (int v = 0; v < kernel.size(); v++) {
      int at = start + v;
      float cell = at < 0 || at >= row.size() ? 0 : row.data()[at];
      out.append(v == 0 ? "" : " + ").append(bracketed(kernel.data()[v])).append(" · ");
      out.append(bracketed(cell));
    }
    return out.toString();
  }

  private static String bracketed(float value) {
    String shown = Num.value(value);
    return value < 0 ? "(" + shown + ")" : shown;
  }

  private static String listed(Tensor row) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      out.append(i == 0 ? "(" : ", ").append(Num.value(row.data()[i]));
    }
    return out.append(')').toString();
  }

  private static Tensor flipped(Tensor kernel) {
    float[] w = kernel.data();
    return Tensor.of(new float[] {w[2], w[1], w[0]}, 1, 1, 3);
  }

  /** F(x) from a learner’s own row. */
  private static @Nullable Answer convolved(@Nullable Answer hidden, Tensor second) {
    return hidden == null ? null : grid(Conv1d.forward(row(hidden), second, null, SAME));
  }

  /** The output from a learner’s own numbers. */
  private static @Nullable Answer relu(@Nullable Answer body, @Nullable Answer shortcut) {
    if (body == null || shortcut == null) {
      return null;
    }
    double[] y = new double[body.values().length];
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.max(0, body.values()[i] + shortcut.values()[i]);
    }
    return new Answer(body.rows(), body.columns(), y);
  }

  private static Tensor row(Answer answer) {
    return Tensor.rounded(answer.values(), Shape.of(1, 1, answer.columns()));
  }

  private static Answer grid(Tensor tensor) {
    int columns = tensor.dim(-1);
    return Answer.grid(tensor.size() / columns, columns, tensor.data());
  }
}
