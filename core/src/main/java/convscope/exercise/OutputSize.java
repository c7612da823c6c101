package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.num.Num;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.tensor.Rng;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Output size from K, P, S and D: {@code ⌊(H + 2P − D(K−1) − 1)/S⌋ + 1}. */
final class OutputSize implements Exercise {
  private static final int LARGEST = 16; // what the figure draws
  private static final int TRIES = 40; // to find numbers in which rounding down matters

  private enum Mistake {
    STRIDE("leaving out the stride"),
    WINDOW("moving by the kernel instead of the stride"),
    FLOOR("not rounding down"),
    CEIL("rounding up"),
    ONE("leaving out the + 1"),
    DILATION("not dilating the kernel"),
    ONCE("counting the padding once instead of twice");

    final String name;

    Mistake(String name) {
      this.name = name;
    }
  }

  @Override
  public String slug() {
    return "output-size";
  }

  @Override
  public String title() {
    return "Output size";
  }

  @Override
  public String about() {
    return "Find how many places a window has, from the sizes of input and kernel, the stride, the padding and the dilation.";
  }

  @Override
  public String topic() {
    return "output-height";
  }

  @Override
  public List<String> levels() {
    return List.of("Stride", "Stride and padding", "Dilation, height and width");
  }

  @Override
  public Question question(Rng random, int level) {
    Window rows;
    int height;
    int tries = 0;
    do {
      rows =
          Window.of(2 + random.nextInt(4))
              .stride(2 + random.nextInt(2))
              .padding(level == 1 ? 0 : 1 + random.nextInt(2))
              .dilation(level == 3 ? 2 + random.nextInt(2) : 1);
      height = rows.span() + 1 + random.nextInt(LARGEST - 4);
    } while (height > LARGEST
        || ++tries < TRIES && (rows.dropped(height) == 0 || rows.kernel() == rows.stride()));
    Window columns =
        level < 3
            ? rows
            : Window.of(1 + random.nextInt(5))
                .stride(rows.stride())
                .padding(rows.padBefore())
                .dilation(rows.dilation());
    int width =
        level < 3
            ? height
            : Math.max(columns.span(), Math.min(LARGEST, height - 3 + random.nextInt(7)));
    return question(rows, columns, height, width, level);
  }

  private Question question(Window rows, Window columns, int height, int width, int level) {
    boolean both = level == 3;
    Question question = new Question();
    question.given("H", height).given("K", rows.kernel()).given("S", rows.stride());
    question.given("P", rows.padBefore()).given("D", rows.dilation());
    if (both) {
      question.given("W", width).given("K_w", columns.kernel());
      question.say(
          "An [input input of {}] is convolved with a [kernel kernel of {}] at stride S = {}, with P = {} zeros of padding on each side and dilation D = {}. What is the size of the [output output]?",
          Num.size(height, width),
          Num.size(rows.kernel(), columns.kernel()),
          rows.stride(),
          rows.padBefore(),
          rows.dilation());
    } else {
      question.say(
          "An [input input of H = {} rows] is convolved with a [kernel kernel of K = {} rows] at stride S = {}, {}. How many rows has the [output output]?",
          height,
          rows.kernel(),
          rows.stride(),
          level == 1
              ? "without padding"
              : "with P = " + rows.padBefore() + " of padding above and below");
    }
    Part part;
    if (both) {
      part =
          new Part(
              Param.answer("out", Form.SHAPE).sides(2).label("Output, height × width"),
              Answer.row(rows.out(height), columns.out(width)));
    } else {
      part =
          new Part(
              Param.answer("out", Form.NUMBER).label("Rows of the output"),
              Answer.of(rows.out(height)));
    }
    part.slips(
        Slip.of(
            Mistake.values(),
            made -> {
              Double high = wrong(rows, height, made);
              if (high == null || !both) {
                return high == null ? null : Answer.of(high);
              }
              Double wide = wrong(columns, width, made);
              return wide == null ? null : Answer.row(high, wide);
            },
            mistake -> mistake.name,
            (mistake, answer) -> why(mistake, rows, height)));
    part.working(
        (entry, given) ->
            entry == 0
                ? means(rows, height, given, "row")
                : means(columns, width, given, "column"));
    question.ask(part);
    int rest = rows.padded(height) - rows.span();
    question.hints(
        words(
            "Count the places where the window can stand: the first one, and how many moves fit after it."),
        rows.dilation() > 1
            ? words(
                "A kernel with dilation covers D(K − 1) + 1 rows. Padding adds rows on both sides.")
            : words("⌊(H + 2P − K) / S⌋ + 1: padding adds rows on both sides."),
        words(
            "The padded input has {row} and the kernel covers {}. How many moves of {} fit into the other {}?",
            rows.padded(height),
            rows.span(),
            rows.stride(),
            rest));
    solve(question, "Rows", rows, height);
    if (both) {
      solve(question, "Columns", columns, width);
    }
    question.plays("size", height + "x" + width);
    question.plays("kernel", rows.kernel() + "x" + columns.kernel());
    question.plays("stride", String.valueOf(rows.stride()));
    question.plays("padding", String.valueOf(rows.padBefore()));
    question.plays("dilation", String.valueOf(rows.dilation()));
    return question;
  }

  /** The output of somebody who makes these mistakes; null where one has nothing to act on. */
  private static @Nullable Double wrong(Window window, int size, Set<Mistake> made) {
    boolean idle =
        made.contains(Mistake.STRIDE) && window.stride() == 1
            || made.contains(Mistake.DILATION) && window.dilation() == 1
            || made.contains(Mistake.ONCE) && window.padBefore() == 0
            || made.contains(Mistake.STRIDE) && made.contains(Mistake.WINDOW)
            || made.contains(Mistake.FLOOR) && made.contains(Mistake.CEIL);
    if (idle) {
      return null;
    }
    int padding = window.padBefore() * (made.contains(Mistake.ONCE) ? 1 : 2);
    int span = made.contains(Mistake.DILATION) ? window.kernel() : window.span();
    int stride =
        made.contains(Mistake.STRIDE)
            ? 1
            : made.contains(Mistake.WINDOW) ? window.kernel() : window.stride();
    double moves = (double) (size + padding - span) / stride;
    double whole =
        made.contains(Mistake.FLOOR)
            ? moves
            : made.contains(Mistake.CEIL) ? Math.ceil(moves) : Math.floor(moves);
    return made.contains(Mistake.ONE) ? whole : whole + 1;
  }

  private static String why(Mistake mistake, Window rows, int height) {
    int rest = rows.padded(height) - rows.span();
    int stride = rows.stride();
    return switch (mistake) {
      case STRIDE -> words("You moved the window one row at a time; the stride is {}.", stride);
      case WINDOW ->
          words(
              "You moved the window by its own {row}; the stride says {}.", rows.kernel(), stride);
      case FLOOR ->
          words(
              "{} / {} is not whole, and no window stands partly outside: round down to {}.",
              rest,
              stride,
              rest / stride);
      case CEIL ->
          words(
              "You rounded {} / {} up, but the last window would stand partly outside: round down to {}.",
              rest,
              stride,
              rest / stride);
      case ONE ->
          words(
              "You counted the {move}. The window also stands where it begins: add 1.",
              rest / stride);
      case DILATION ->
          words(
              "You took the kernel to be {row} high. With dilation {} its taps cover {} · ({} − 1) + 1 = {}.",
              rows.kernel(),
              rows.dilation(),
              rows.dilation(),
              rows.kernel(),
              rows.span());
      case ONCE ->
          words(
              "You added {} for the padding. It stands on both sides: add {}.",
              rows.padBefore(),
              2 * rows.padBefore());
    };
  }

  /** What so many windows would need, against what there is. */
  private static String means(Window window, int size, double given, String unit) {
    if (given < 1 || given != (int) given || given > 1000) {
      return words("The output counts windows, so it is a whole number from 1 on.");
    }
    int count = (int) given;
    int last = (count - 1) * window.stride() + window.span();
    int padded = window.padded(size);
    return words("{window}, {} apart, would end at {} {}", count, window.stride(), unit, last)
        + words(" of the padded input, which has {}. ", padded)
        + (last > padded
            ? words("That is too many.")
            : words("There is room for {} more.", window.out(size) - count));
  }

  private static void solve(Question question, String axis, Window window, int size) {
    int rest = window.padded(size) - window.span();
    question.solve(
        axis + ": ⌊({} + 2 · {} − {}) / {}⌋ + 1 = ⌊{} / {}⌋ + 1 = {} + 1 = [output {}]",
        size,
        window.padBefore(),
        window.span(),
        window.stride(),
        rest,
        window.stride(),
        rest / window.stride(),
        window.out(size));
  }
}
