package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Im2col;
import convscope.op.Window;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.NumberGrid;
import convscope.param.Param;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The windows of a tiny input as the columns of a matrix, its size before its entries. */
final class Im2colMatrix implements Exercise {
  private static final int MOST = 48; // entries that somebody has to write

  private enum Mistake {
    SWAPPED("swapping rows and columns"),
    STRIDE("leaving out the stride"),
    PADDING("leaving out the padding"),
    CHANNELS("leaving out the second channel"),
    PIXELS("having a column for each cell of the input"),
    MIXED("going through the channels at each tap"),
    DOWN("taking the windows column by column"),
    TAPS("reading each window column by column"),
    FLIP("reading each window backwards");

    final String name;

    Mistake(String name) {
      this.name = name;
    }

    /** Whether it can be seen in the size of the matrix. */
    boolean sizes() {
      return compareTo(PIXELS) <= 0;
    }
  }

  /**
   * The numbers of a question.
   *
   * @param x (1, C, H, W)
   */
  private record Numbers(Tensor x, Window rows, Window columns) {
    int channels() {
      return x.dim(1);
    }

    int height() {
      return x.dim(2);
    }

    int width() {
      return x.dim(3);
    }

    int high() {
      return rows.out(height());
    }

    int wide() {
      return columns.out(width());
    }

    int taps() {
      return rows.kernel() * columns.kernel();
    }

    Conv2d.Spec spec() {
      return Conv2d.Spec.of(rows.kernel(), columns.kernel())
          .stride(rows.stride())
          .padding(rows.padBefore());
    }
  }

  @Override
  public String slug() {
    return "im2col-matrix";
  }

  @Override
  public String title() {
    return "im2col matrix";
  }

  @Override
  public String about() {
    return "Write down the matrix that turns a convolution into one product: its size, then its entries.";
  }

  @Override
  public String topic() {
    return "im2col";
  }

  @Override
  public List<String> levels() {
    return List.of("Stride 1", "A larger stride", "Two channels and padding");
  }

  @Override
  public Question question(Rng random, int level) {
    Numbers numbers;
    do {
      int stride = level == 1 ? 1 : 2;
      int padding = level == 3 ? 1 : 0;
      int least = level == 3 ? 2 : 3;
      Window rows = Window.of(2 + random.nextInt(2)).stride(stride).padding(padding);
      Window columns = Window.of(2 + random.nextInt(2)).stride(stride).padding(padding);
      int height = least + random.nextInt(level == 2 ? 5 : 3);
      int width = least + random.nextInt(level == 2 ? 5 : 3);
      numbers = new Numbers(input(random, level == 3 ? 2 : 1, height, width), rows, columns);
    } while (!suits(numbers, level == 1 ? MOST / 2 : MOST));
    return question(numbers);
  }

  /** Whole numbers that all differ, so that each entry tells where it was read. */
  private static Tensor input(Rng random, int channels, int height, int width) {
    int[] order = random.permutation(channels * height * width);
    Tensor x = Tensor.zeros(1, channels, height, width);
    for (int i = 0; i < order.length; i++) {
      x.data()[i] = order[i] + 1;
    }
    return x;
  }

  /** Whether rows and columns, of windows and of the matrix, can be told apart. */
  private static boolean suits(Numbers n, int most) {
    if (n.rows.padded(n.height()) < n.rows.kernel()
        || n.columns.padded(n.width()) < n.columns.kernel()) {
      return false;
    }
    int high = n.channels() * n.taps();
    int wide = n.high() * n.wide();
    return n.high() > 1 && n.wide() > 1 && high != wide && high * wide <= most;
  }

  private Question question(Numbers n) {
    Question question = new Question();
    int high = n.channels() * n.taps();
    int wide = n.high() * n.wide();
    boolean two = n.channels() == 2;
    int padding = n.rows.padBefore();
    question.given("K_h", n.rows.kernel()).given("K_w", n.columns.kernel());
    question.given("S", n.rows.stride()).given("P", padding).given("C", n.channels());
    question.say(
        "im2col copies every window of the [input input] into a column of a matrix, so that a convolution becomes one product, [output Y] = [kernel W] · cols. Here the [kernel kernel has {} taps]{} and moves at stride S = {}, {}.",
        Num.size(n.rows.kernel(), n.columns.kernel()),
        two ? " in each of two channels" : "",
        n.rows.stride(),
        padding == 0 ? "without padding" : "with padding P = " + padding);
    question.say(
        "The rows of cols go through the taps of a window, row by row"
            + (two ? ": first those of x[0], then those of x[1]" : "")
            + ". The columns go through the windows in the order of the outputs, also row by row. How large is cols, and what does it hold?");
    for (int c = 0; c < n.channels(); c++) {
      Answer plane = Answer.grid(n.height(), n.width(), n.x.plane(c).data());
      String name = two ? "x[" + c + "]" : "x";
      question.table("x" + c, words("[input {}]", name), "input", plane);
    }
    Part size =
        new Part(
            Param.answer("size", Form.SHAPE).sides(2).label("Size of cols, rows × columns"),
            Answer.row(high, wide));
    size.slips(
        Slip.of(
            Mistake.values(),
            made -> made.stream().allMatch(Mistake::sizes) ? size(n, made) : null,
            mistake -> mistake.name,
            (mistake, answer) -> why(mistake, n)));
    size.working((entry, given) -> entry == 0 ? rowCount(n) : columnCount(n));
    question.ask(size);
    Part cols =
        new Part(
            Param.answer("cols", Form.GRID).sizedBy("size").label("cols"),
            Answer.grid(high, wide, Im2col.forward(n.x, n.spec()).data()));
    cols.slips(
        Slip.of(
            Mistake.values(),
            made -> matrix(n, made),
            mistake -> mistake.name,
            (mistake, answer) -> why(mistake, n)));
    cols.sized(rowCount(n) + " " + columnCount(n));
    cols.working((entry, given) -> read(n, entry / wide, entry % wide));
    cols.follows(earlier -> follows(n, earlier));
    question.ask(cols);
    question.hints(
        words(
            "First count: one row for each number that a window reads, one column for each place where a window stands."),
        words(
            "A row for each tap of each channel, a column for each output. A column is one window, written from its top left tap to its bottom right one"
                + (two ? ", first in x[0], then in x[1]." : ".")),
        words(
            "cols is {}, and its first column is {}.",
            Num.size(high, wide),
            column(question.parts().get(1).right(), 0)));
    question.solve(
        "Rows: {channel} · {} · {} taps = {}",
        n.channels(),
        n.rows.kernel(),
        n.columns.kernel(),
        high);
    question.solve("Columns: {} · {} outputs = {}", n.high(), n.wide(), wide);
    for (int k = 0; k < wide; k++) {
      question.solve(
          "Column {}, the window of [output {}]: {}",
          k + 1,
          Num.at("y", k / n.wide(), k % n.wide()),
          column(cols.right(), k));
    }
    question.plays("input", "custom");
    question.plays("x", new NumberGrid(n.height(), n.width(), n.x.plane(0).data()).plain());
    question.plays("size", n.height() + "x" + n.width());
    question.plays("channels", String.valueOf(n.channels()));
    if (two) {
      question.plays("second", new NumberGrid(n.height(), n.width(), n.x.plane(1).data()).plain());
    }
    question.plays("kernel", n.rows.kernel() + "x" + n.columns.kernel());
    question.plays("stride", String.valueOf(n.rows.stride()));
    question.plays("padding", String.valueOf(padding));
    question.plays("step", "0");
    return question;
  }

  private static String column(Answer matrix, int column) {
    StringBuilder out = new StringBuilder();
    for (int row = 0; row < matrix.rows(); row++) {
      out.append(row == 0 ? "" : ", ").append(matrix.shown(row * matrix.columns() + column));
    }
    return out.toString();
  }

  private static String rowCount(Numbers n) {
    return words(
        "A row for each tap of each channel: {} · {} · {} = {}.",
        n.channels(),
        n.rows.kernel(),
        n.columns.kernel(),
        n.channels() * n.taps());
  }

  private static String columnCount(Numbers n) {
    return words(
        "A column for each place of the window: {} · {} = {}.",
        n.high(),
        n.wide(),
        n.high() * n.wide());
  }

  /** Where an entry of the matrix was read. */
  private static String read(Numbers n, int row, int column) {
    int tap = row % n.taps();
    int channel = row / n.taps();
    int u = tap / n.columns.kernel();
    int v = tap % n.columns.kernel();
    int i = column / n.wide();
    int j = column % n.wide();
    int y = n.rows.place(i, u);
    int x = n.columns.place(j, v);
    boolean inside = y >= 0 && y < n.height() && x >= 0 && x < n.width();
    String plane = n.channels() == 1 ? "x" : "x[" + channel + "]";
    return words(
            "This row is tap {} on {}, this column the window of {}: row {}, column {} of {}, counted from 0, ",
            Num.at("w", u, v),
            plane,
            Num.at("y", i, j),
            y,
            x,
            plane)
        + (inside ? words("is {}.", n.x.at(0, channel, y, x)) : "is padding, 0.");
  }

  private static boolean idle(Numbers n, Set<Mistake> made) {
    boolean one = n.channels() == 1;
    return made.contains(Mistake.STRIDE) && n.rows.stride() == 1
        || made.contains(Mistake.PADDING) && n.rows.padBefore() == 0
        || made.contains(Mistake.CHANNELS) && one
        || made.contains(Mistake.MIXED) && (one || made.contains(Mistake.CHANNELS))
        || made.contains(Mistake.PIXELS)
            && (made.contains(Mistake.STRIDE) || made.contains(Mistake.PADDING));
  }

  private static @Nullable Window moved(Window window, int size, Set<Mistake> made) {
    Window other =
        Window.of(window.kernel())
            .stride(made.contains(Mistake.STRIDE) ? 1 : window.stride())
            .padding(made.contains(Mistake.PADDING) ? 0 : window.padBefore());
    return other.padded(size) < other.kernel() ? null : other;
  }

  private static @Nullable Answer size(Numbers n, Set<Mistake> made) {
    Window rows = moved(n.rows, n.height(), made);
    Window columns = moved(n.columns, n.width(), made);
    if (rows == null || columns == null || idle(n, made)) {
      return null;
    }
    int high = (made.contains(Mistake.CHANNELS) ? 1 : n.channels()) * n.taps();
    int wide =
        made.contains(Mistake.PIXELS)
            ? n.height() * n.width()
            : rows.out(n.height()) * columns.out(n.width());
    return made.contains(Mistake.SWAPPED) ? Answer.row(wide, high) : Answer.row(high, wide);
  }

  /** The matrix of somebody who makes these mistakes; null where one has nothing to act on. */
  private static @Nullable Answer matrix(Numbers n, Set<Mistake> made) {
    Answer size = size(n, made);
    Window rows = moved(n.rows, n.height(), made);
    Window columns = moved(n.columns, n.width(), made);
    if (size == null || rows == null || columns == null || made.contains(Mistake.PIXELS)) {
      return null;
    }
    int outHigh = rows.out(n.height());
    int outWide = columns.out(n.width());
    int channels = made.contains(Mistake.CHANNELS) ? 1 : n.channels();
    float[] values = new float[channels * n.taps() * outHigh * outWide];
    int next = 0;
    for (int row = 0; row < channels * n.taps(); row++) {
      boolean mixed = made.contains(Mistake.MIXED);
      int channel = mixed ? row % channels : row / n.taps();
      int tap = mixed ? row / channels : row % n.taps();
      tap = made.contains(Mistake.FLIP) ? n.taps() - 1 - tap : tap;
      boolean down = made.contains(Mistake.TAPS);
      int u = down ? tap % rows.kernel() : tap / columns.kernel();
      int v = down ? tap / rows.kernel() : tap % columns.kernel();
      for (int k = 0; k < outHigh * outWide; k++) {
        boolean turned = made.contains(Mistake.DOWN);
        int y = rows.place(turned ? k % outHigh : k / outWide, u);
        int x = columns.place(turned ? k / outHigh : k % outWide, v);
        boolean inside = y >= 0 && y < n.height() && x >= 0 && x < n.width();
        values[next++] = inside ? n.x.at(0, channel, y, x) : 0;
      }
    }
    Answer matrix = Answer.grid(channels * n.taps(), outHigh * outWide, values);
    return made.contains(Mistake.SWAPPED) ? matrix.transposed() : matrix;
  }

  /** Somebody whose size is that of a slip means the matrix of this slip. */
  private static @Nullable Answer follows(Numbers n, Map<String, Answer> earlier) {
    Answer size = earlier.get("size");
    if (size == null) {
      return null;
    }
    for (Mistake mistake : Mistake.values()) {
      Answer slip = mistake.sizes() ? size(n, Set.of(mistake)) : null;
      if (slip != null && slip.agrees(size)) {
        return matrix(n, Set.of(mistake));
      }
    }
    return null;
  }

  private static String why(Mistake mistake, Numbers n) {
    int wide = n.high() * n.wide();
    return switch (mistake) {
      case SWAPPED ->
          words(
              "Your rows are windows. In Y = W · cols, W has {weight} for each output, so cols has the {tap} as rows and the {window} as columns.",
              n.channels() * n.taps(),
              n.channels() * n.taps(),
              wide);
      case STRIDE ->
          words(
              "You moved the window one cell at a time. At stride {} it stands in {} · {} = {place}.",
              n.rows.stride(),
              n.high(),
              n.wide(),
              wide);
      case PADDING ->
          words(
              "You slid the window over the input alone. With its frame of zeros the input is {}, and the window stands in {place}.",
              Num.size(n.rows.padded(n.height()), n.columns.padded(n.width())),
              wide);
      case CHANNELS ->
          words(
              "You have the {tap} of one channel. A window reads both: {} · {} = {row}.",
              n.taps(),
              n.channels(),
              n.taps(),
              n.channels() * n.taps());
      case PIXELS ->
          words(
              "You have a column for each of the {cell} of the input. A column is a window, and the window stands in {} · {} = {place}.",
              n.height() * n.width(),
              n.high(),
              n.wide(),
              wide);
      case MIXED ->
          words(
              "You wrote both channels of a tap one below the other. All {tap} of x[0] come first, then those of x[1].",
              n.taps());
      case DOWN ->
          words(
              "You took the windows column by column. The first {} columns are the windows of the first row of outputs, from left to right.",
              n.wide());
      case TAPS ->
          words(
              "You read each window column by column. The first {} rows of cols hold the window’s first row, from left to right.",
              n.columns.kernel());
      case FLIP ->
          words(
              "You read each window from its last tap to its first. The first row of cols holds what lies under w[0, 0], the top left tap: {} in the first window.",
              Num.cell(under(n)));
    };
  }

  /** What the first tap reads in the first window. */
  private static double under(Numbers n) {
    return n.rows.padBefore() > 0 ? 0 : n.x.data()[0];
  }
}
