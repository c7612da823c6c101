package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.num.Num;
import convscope.op.AveragePool2d;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The largest value or the mean of each window, with and without padding. */
final class Pooling implements Exercise {
  private static final int TRIES = 40; // to find numbers in which no slip is right by luck

  private enum Mistake {
    STRIDE("leaving out the stride"),
    WINDOW("moving by the window instead of the stride"),
    CEIL("rounding up"),
    PADDING("leaving out the padding"),
    MEAN("taking the average"),
    MAX("taking the maximum"),
    ZEROS("letting the zeros of the padding win"),
    COUNTED("counting the zeros of the padding in the divisor"),
    UNCOUNTED("leaving the zeros of the padding out of the divisor"),
    SIDE("dividing by K instead of K²");

    final String name;

    Mistake(String name) {
      this.name = name;
    }
  }

  /**
   * The numbers of a question.
   *
   * @param x (1, 1, H, W)
   * @param counts whether a mean divides by the zeros too
   */
  private record Pool(Tensor x, Window window, boolean max, boolean counts) {
    int height() {
      return x.dim(2);
    }

    int width() {
      return x.dim(3);
    }

    PoolSpec spec() {
      return spec(window.stride(), window.padBefore());
    }

    private PoolSpec spec(int stride, int padding) {
      return PoolSpec.of(window.kernel(), window.kernel()).stride(stride).padding(padding);
    }

    Tensor right() {
      return max ? MaxPool2d.forward(x, spec()).y() : AveragePool2d.forward(x, spec(), counts);
    }

    /** The matrix of somebody who makes these mistakes; null where one has nothing to act on. */
    @Nullable Tensor with(Set<Mistake> made) {
      boolean stride = made.contains(Mistake.STRIDE);
      boolean windows = made.contains(Mistake.WINDOW);
      boolean bare = made.contains(Mistake.PADDING);
      boolean zeros = made.contains(Mistake.ZEROS);
      boolean counted = made.contains(Mistake.COUNTED);
      boolean uncounted = made.contains(Mistake.UNCOUNTED);
      boolean side = made.contains(Mistake.SIDE);
      boolean other = made.contains(max ? Mistake.MEAN : Mistake.MAX);
      int padding = window.padBefore();
      boolean idle =
          made.contains(max ? Mistake.MAX : Mistake.MEAN)
              || stride && (window.stride() == 1 || windows)
              || windows && window.stride() == window.kernel()
              || made.contains(Mistake.CEIL)
                  && window.dropped(height()) + window.dropped(width()) == 0
              || (bare || zeros || counted || uncounted) && padding == 0
              || bare && (zeros || counted || uncounted)
              || zeros && (!max || other)
              || counted && (max || counts || other)
              || uncounted && (max || !counts || other)
              || side && (max || other);
      if (idle) {
        return null;
      }
      PoolSpec spec =
          spec(
                  stride ? 1 : windows ? window.kernel() : window.stride(),
                  bare || zeros ? 0 : padding)
              .ceil(made.contains(Mistake.CEIL));
      Tensor read = zeros ? padded(padding) : x;
      if (read.dim(2) < window.kernel() || read.dim(3) < window.kernel()) {
        return null;
      }
      if (max != other) {
        return MaxPool2d.forward(read, spec).y();
      }
      Tensor mean =
          AveragePool2d.forward(read, spec, side || counted || !uncounted && (max || counts));
      for (int i = 0; side && i < mean.size(); i++) {
        mean.data()[i] *= window.kernel();
      }
      return mean;
    }

    private Tensor padded(int zeros) {
      Tensor wide = Tensor.zeros(1, 1, height() + 2 * zeros, width() + 2 * zeros);
      for (int i = 0; i < height(); i++) {
        for (int j = 0; j < width(); j++) {
          wide.set(x.at(0, 0, i, j), 0, 0, i + zeros, j + zeros);
        }
      }
      return wide;
    }

    /** The numbers under the window of an entry, apart by that; padding holds none. */
    String under(int entry, String between) {
      int columns = window.out(width());
      StringBuilder out = new StringBuilder();
      for (int n = 0; n < window.kernel() * window.kernel(); n++) {
        int i = window.place(entry / columns, n / window.kernel());
        int j = window.place(entry % columns, n % window.kernel());
        if (i >= 0 && i < height() && j >= 0 && j < width()) {
          out.append(out.isEmpty() ? "" : between).append(Num.decimal(x.at(0, 0, i, j), 0));
        }
      }
      return out.toString();
    }

    int divisor(int entry) {
      int columns = window.out(width());
      return AveragePool2d.divisor(
          entry / columns, entry % columns, height(), width(), spec(), counts);
    }

    /** How an entry comes about: {@code (3 + 5) / 4}, {@code max(3, 5)}. */
    String rule(int entry) {
      return max
          ? "max(" + under(entry, ", ") + ")"
          : "(" + under(entry, " + ") + ") / " + divisor(entry);
    }
  }

  @Override
  public String slug() {
    return "pooling";
  }

  @Override
  public String title() {
    return "Max and average pooling";
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
    Pool pool;
    int tries = 0;
    do {
      int kernel = padded ? 3 : 2 + random.nextInt(2);
      int stride = padded ? 2 : kernel == 2 ? 3 : 2;
      Window window = Window.of(kernel).stride(stride).padding(padded ? 1 : 0);
      int height = (padded ? 3 : 4) + random.nextInt(3);
      int width = (padded ? 3 : 5) + random.nextInt(3);
      float[] x = Draw.whole(random, height * width, max && padded ? -9 : 0, max && padded ? 2 : 9);
      pool =
          new Pool(
              Tensor.of(x, 1, 1, height, width), window, max, padded && random.nextInt(2) == 1);
    } while (lucky(pool) && ++tries < TRIES);
    return question(pool);
  }

  private static boolean lucky(Pool pool) {
    Answer right = grid(pool.right());
    for (Mistake mistake : Mistake.values()) {
      Tensor wrong = pool.with(Set.of(mistake));
      if (wrong != null && right.agrees(grid(wrong))) {
        return true;
      }
    }
    return pool.window().dropped(pool.height()) + pool.window().dropped(pool.width()) == 0;
  }

  private static Question question(Pool pool) {
    Window window = pool.window();
    boolean padded = window.padBefore() > 0;
    Question question = new Question();
    question.say(
        "The [input input x] of {} goes through {max|average} pooling with windows of {} at stride S = {}"
            + (padded
                ? ", with {row} of zeros around it"
                    + (pool.max()
                        ? "."
                        : pool.counts()
                            ? ". The zeros count in the divisor (count_include_pad = True)."
                            : ". The zeros do not count in the divisor (count_include_pad = False).")
                : "{}.")
            + " What is the size of the [output output y], and what is in it?",
        Num.size(pool.height(), pool.width()),
        pool.max(),
        Num.size(window.kernel(), window.kernel()),
        window.stride(),
        padded ? window.padBefore() : "");
    question.table("x", words("[input x]"), "input", grid(pool.x()));
    question.given("K", window.kernel()).given("S", window.stride()).given("P", window.padBefore());
    question.given("max", pool.max() ? 1 : 0).given("counts", pool.counts() ? 1 : 0);
    Part size =
        new Part(
            Param.answer("size", Form.SHAPE).sides(2).label("Size of the output"),
            size(pool.right()));
    size.slips(
        Slip.of(
            new Mistake[] {Mistake.STRIDE, Mistake.WINDOW, Mistake.CEIL, Mistake.PADDING},
            made -> {
              Tensor wrong = pool.with(made);
              return wrong == null ? null : size(wrong);
            },
            mistake -> mistake.name,
            (mistake, answer) -> why(mistake, pool)));
    size.working(
        (entry, given) ->
            words(
                "The window covers {} of the {} {rows|columns}"
                    + (padded ? ", zeros included," : "")
                    + " and moves by {}. Count the places where it fits.",
                window.kernel(),
                window.padded(entry == 0 ? pool.height() : pool.width()),
                entry == 0,
                window.stride()));
    Part output =
        new Part(
            Param.answer("y", Form.GRID).sizedBy("size").label("Output y"), grid(pool.right()));
    output.slips(
        Slip.of(
            Mistake.values(),
            made -> {
              Tensor wrong = pool.with(made);
              return wrong == null ? null : grid(wrong);
            },
            mistake -> mistake.name,
            (mistake, answer) -> why(mistake, pool)));
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

  private static void hints(Question question, Pool pool) {
    Window window = pool.window();
    question.hints(
        words(
            "Count the places of the window, row by row, as for a convolution. There are no weights: each place gives {the largest number|the mean} under the window.",
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

  private static void solve(Question question, Pool pool) {
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
    question.plays("kernel", String.valueOf(window.kernel()));
    question.plays("stride", String.valueOf(window.stride()));
    question.plays("padding", String.valueOf(window.padBefore())).plays("step", "0");
  }

  private static Answer size(Tensor y) {
    return Answer.row(y.dim(2), y.dim(3));
  }

  private static Answer grid(Tensor y) {
    return Answer.grid(y.dim(2), y.dim(3), y.data());
  }

  private static String why(Mistake mistake, Pool pool) {
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
              "Your last window hangs over the end: moves of {} do not fill {} × {}. What is left over is dropped.",
              window.stride(),
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
              "You let the zeros of the padding compete, and 0 is more than a negative number. Padding holds no value in max pooling: the first entry is {}.",
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
