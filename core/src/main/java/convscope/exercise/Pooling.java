package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.exercise.PoolTask.Mistake;
import convscope.num.Num;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The largest value or the mean of each window, with and without padding. */
final class Pooling implements Exercise {
  private static final int TRIES = 40; // to find numbers in which no slip is right by luck

  @Override
  public String slug() {
    return "pooling";
  }

  @Override
  public String title() {
    return "Max and average pooling";
  }

  @Override
  public String about() {
    return "Pool a small map by maximum or by average: first the size of the result, then its numbers.";
  }

  @Override
  public String topic() {
    return "max-pooling";
  }

  @Override
  public List<String> levels() {
    return List.of("Maximum", "Average", "Maximum with padding", "Average with padding");
  }

  @Override
  public Question question(Rng random, int level) {
    boolean max = level % 2 == 1;
    boolean padded = level > 2;
    PoolTask pool;
    int tries = 0;
    do {
      int kernel = padded ? 3 : 2 + random.nextInt(2);
      Window window =
          Window.of(kernel).stride(padded || kernel == 3 ? 2 : 3).padding(padded ? 1 : 0);
      int height = (padded ? 3 : 5) + random.nextInt(2); // two or three windows a side
      int width = (padded ? 3 : 5) + random.nextInt(3);
      int least = !max ? 0 : padded ? -12 : -9;
      float[] x = Draw.whole(random, height * width, least, !max ? 9 : padded ? 3 : 20);
      pool =
          new PoolTask(
              Tensor.of(x, 1, 1, height, width),
              window,
              max,
              !max && padded && random.nextInt(2) == 1);
    } while (lucky(pool) && ++tries < TRIES);
    return question(pool);
  }

  private static boolean lucky(PoolTask pool) {
    Answer right = grid(pool.right());
    for (Mistake mistake : Mistake.values()) {
      Tensor wrong = pool.with(Set.of(mistake));
      boolean same = wrong != null && size(wrong).agrees(size(pool.right()));
      if (wrong != null && same && (!mistake.values || right.agrees(grid(wrong)))) {
        return true;
      }
    }
    return right.values()[0] == right.values()[1]
        || pool.window().dropped(pool.height()) + pool.window().dropped(pool.width()) == 0;
  }

  private static Question question(PoolTask pool) {
    Window window = pool.window();
    boolean padded = window.padBefore() > 0;
    Question question = new Question();
    question.say(
        "The [input input x] of {} goes through {max|average} pooling with windows of {}, stride S = {} and padding P = {}. What is the size of the [output output y], and what is in it?",
        Num.size(pool.height(), pool.width()),
        pool.max(),
        Num.size(window.kernel(), window.kernel()),
        window.stride(),
        window.padBefore());
    if (padded && !pool.max()) {
      question.say(
          "The zeros of the padding {count|do not count} in the divisor (count_include_pad = {True|False}).",
          pool.counts(),
          pool.counts());
    }
    question.table("x", words("[input x]"), "input", grid(pool.x()));
    question.given("K", window.kernel()).given("S", window.stride()).given("P", window.padBefore());
    question.given("max", pool.max() ? 1 : 0).given("counts", pool.counts() ? 1 : 0);
    Part size =
        new Part(
            Param.answer("size", Form.SHAPE).sides(2).label("Size of the output"),
            size(pool.right()));
    size.slips(
        slips(pool, Pooling::size, Mistake.STRIDE, Mistake.WINDOW, Mistake.CEIL, Mistake.PADDING));
    size.working(
        (entry, given) ->
            words(
                "The window covers {} of the {} {rows|columns}"
                    + (padded ? ", padding included," : "")
                    + " and moves by {}. Count the places where it fits.",
                window.kernel(),
                window.padded(entry == 0 ? pool.height() : pool.width()),
                entry == 0,
                window.stride()));
    Part output =
        new Part(
            Param.answer("y", Form.GRID).sizedBy("size").label("Output y"), grid(pool.right()));
    output.slips(slips(pool, Pooling::grid, Mistake.values()));
    output.working((entry, given) -> words("Its window gives {}.", pool.rule(entry)));
    Answer right = size.right();
    output.sized(
        words("The windows stand in {} rows and {} columns.", right.at(0, 0), right.at(0, 1)));
    output.followsSlip(size);
    question.ask(size).ask(output);
    hints(question, pool);
    solve(question, pool);
    return question;
  }

  private static List<Slip> slips(PoolTask pool, Function<Tensor, Answer> asked, Mistake... kinds) {
    return Slip.of(
        kinds,
        made -> {
          Tensor wrong = pool.with(made);
          return wrong == null ? null : asked.apply(wrong);
        },
        mistake -> mistake.name,
        (mistake, answer) -> why(mistake, pool));
  }

  private static void hints(Question question, PoolTask pool) {
    Window window = pool.window();
    question.hints(
        words(
            "Count the places of the window, row by row, as for a convolution. There are no weights: each place gives {the largest number|the mean of the numbers} under the window.",
            pool.max()),
        pool.max()
            ? words(
                "Size: ⌊(H + 2P − K) / S⌋ + 1, and the same for W. Padding holds no value: it never wins.")
            : words(
                "Size: ⌊(H + 2P − K) / S⌋ + 1, and the same for W. Divide the sum by {the K² places of the window|the numbers of the input that are under it}.",
                window.padBefore() == 0 || pool.counts()),
        words(
            "The first entry is {}. Then the window moves by {}.", pool.rule(0), window.stride()));
  }

  private static void solve(Question question, PoolTask pool) {
    Window window = pool.window();
    for (boolean rows : new boolean[] {true, false}) {
      int side = rows ? pool.height() : pool.width();
      question.solve(
          "{Rows|Columns}: ⌊({} + 2 · {} − {}) / {}⌋ + 1 = [output {}]",
          rows,
          side,
          window.padBefore(),
          window.kernel(),
          window.stride(),
          window.out(side));
    }
    Tensor y = pool.right();
    for (int n = 0; n < y.size(); n++) {
      question.solve(
          "y[{}, {}] = {} = [output {}]", n / y.dim(3), n % y.dim(3), pool.rule(n), y.data()[n]);
    }
    question.playedBy(pool.max() ? "max-pooling" : "average-pooling");
    question.plays("input", "custom").plays("x", grid(pool.x()).plain());
    question.plays("kernel", window.kernel());
    question.plays("stride", window.stride());
    question.plays("padding", window.padBefore()).plays("step", "0");
  }

  private static Answer size(Tensor y) {
    return Answer.row(y.dim(2), y.dim(3));
  }

  private static Answer grid(Tensor y) {
    return Answer.grid(y.dim(2), y.dim(3), y.data());
  }

  private static String why(Mistake mistake, PoolTask pool) {
    Window window = pool.window();
    return switch (mistake) {
      case STRIDE ->
          words("You moved the window by 1; the stride moves it by {}.", window.stride());
      case WINDOW ->
          words(
              "You moved the window by its own {}; the stride moves it by {}.",
              window.kernel(),
              window.stride());
      case CEIL ->
          words(
              "You rounded up, so the last window hangs over the end of {} × {}. Round down: what is left over is dropped.",
              window.padded(pool.height()),
              window.padded(pool.width()));
      case PADDING ->
          words(
              "You left out the padding: with it the window slides over {} × {}.",
              window.padded(pool.height()),
              window.padded(pool.width()));
      case MEAN -> words("You took averages. The first entry is {}.", pool.rule(0));
      case MAX -> words("You took the largest. The first entry is {}.", pool.rule(0));
      case ZEROS ->
          words(
              "You let zeros of the padding compete, and 0 is more than any negative number. In max pooling padding holds no value: the first entry is {}.",
              pool.rule(0));
      case COUNTED ->
          words(
              "You divided by {} everywhere. The zeros do not count here: the first entry is {}.",
              window.kernel() * window.kernel(),
              pool.rule(0));
      case UNCOUNTED ->
          words(
              "You divided by the numbers of the input alone. The zeros count here: the first entry is {}.",
              pool.rule(0));
      case SIDE ->
          words(
              "You divided by {}. A window has {} rows of {}: the first entry is {}.",
              window.kernel(),
              window.kernel(),
              window.kernel(),
              pool.rule(0));
    };
  }
}
