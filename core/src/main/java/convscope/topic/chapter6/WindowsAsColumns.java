package convscope.topic.chapter6;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Im2col;
import convscope.op.MatMul;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Cell;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * 6.4: windows copied into columns make a convolution one matrix product; col2im is the way back.
 */
public final class WindowsAsColumns implements EditableTopic<Unrolled> {
  private static final int MOST = 7; // rows and columns of the input
  private static final int MOST_COLUMNS = 36; // of cols, that can be drawn

  private static final Head HEAD =
      Head.of(
              "im2col",
              "Windows, columns and one matrix product",
              Param.choice("show", "im2col")
                  .option("im2col", "im2col")
                  .option("col2im", "col2im, the way back")
                  .label("Direction"),
              Kernels.size(3, 3),
              Param.integer("stride", 1).range(1, 4).label("Stride S").symbol("S"),
              Param.integer("padding", 0).range(0, 2).label("Padding P").symbol("P"),
              Param.integer("dilation", 1).range(1, 3).label("Dilation D").symbol("D"),
              Param.integer("channels", 1).range(1, 2).label("Channels C_in").group("Tensors"),
              Param.integer("filters", 2).range(1, 2).label("Filters C_out"),
              Kernels.named("preset", "count").label("First filter"),
              Inputs.patterns("input", "count")
                  .option("custom", "Custom numbers", "Yours")
                  .label("Input")
                  .symbol("x"),
              ImageInput.size(4, 5, MOST),
              Param.choice("columns", "copies")
                  .option("copies", "Those of x")
                  .option("ones", "All 1")
                  .option("gradient", "Gradient Wᵀ·g")
                  .label("Columns c")
                  .onlyWith("show", "col2im")
                  .group("Show"),
              Param.mistake("Orders the rows of cols otherwise than the weights.")
                  .option("down", "Taps column by column")
                  .option("mixed", "Channels innermost")
                  .onlyWith("show", "im2col"),
              ImageInput.numbers(MOST),
              Param.grid("second")
                  .atMost(MOST, MOST)
                  .label("Numbers of channel 1")
                  .onlyWith("input", "custom")
                  .onlyWith("channels", "2"))
          .stage(430, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of(
        "Y = W·'cols', 'cols'[cK_hK_w+uK_w+v, iW_{out}+j] = x[c, iS+uD−P, jS+vD−P]",
        "Y:output:y",
        "W:kernel:w");
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = values.pair("kernel");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .dilation(values.integer("dilation"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    Conv2d.Spec spec = spec(values);
    Problem window = Problem.of("kernel", Im2col.problem(size.height(), size.width(), spec));
    if (window != null) {
      return window;
    }
    int count = spec.outputHeight(size.height()) * spec.outputWidth(size.width());
    return count <= MOST_COLUMNS
        ? null
        : new Problem(
            "size",
            "size: this window stands at "
                + count
                + " places, and up to "
                + MOST_COLUMNS
                + " columns are drawn; use a smaller input, a larger stride or less padding");
  }

  @Override
  public Unrolled compute(Values values, Given given) {
    Tensor x = input(values);
    Conv2d.Spec spec = spec(values);
    Tensor w = weights(values, x.dim(1), spec);
    Tensor cols = Im2col.forward(x, spec);
    int rows = cols.dim(1);
    int count = cols.dim(2);
    Tensor matrix = w.reshaped(w.dim(0), rows);
    Tensor g = Tensor.zeros(w.dim(0), count);
    for (int n = 0; n < g.size(); n++) {
      g.data()[n] = n * 7 % 5 - 2; // −2 to 2
    }
    String columns = values.choice("columns");
    Tensor c =
        switch (columns) {
          case "ones" -> Tensor.full(1, 1, rows, count);
          case "gradient" ->
              MatMul.backward(g, matrix, cols.reshaped(rows, count)).db().reshaped(1, rows, count);
          default -> cols;
        };
    boolean back = values.choice("show").equals("col2im");
    String mistake = back ? "none" : values.choice("mistake");
    return new Unrolled(
        x,
        w,
        spec,
        cols,
        Conv2d.forward(x, w, null, spec),
        Unrolled.order(mistake, x.dim(1), spec),
        back,
        columns,
        c,
        g);
  }

  /** The chosen pattern, and a second channel that counts on or is noise: (1, C_in, H, W). */
  private static Tensor input(Values values) {
    Pair size = Editing.inputSize(values);
    int plane = size.height() * size.width();
    Tensor x = Tensor.zeros(1, values.integer("channels"), size.height(), size.width());
    System.arraycopy(Editing.input(values), 0, x.data(), 0, plane);
    String first = values.choice("input");
    NumberGrid own = first.equals("custom") ? values.grid("second").orElse(null) : null;
    float[] second =
        Inputs.values(first.equals("count") ? first : "noise", size.height(), size.width());
    for (int n = 0; n < plane && x.dim(1) == 2; n++) {
      int r = n / size.width();
      int c = n % size.width();
      boolean given = own != null && r < own.rows() && c < own.columns();
      x.data()[plane + n] =
          own == null ? second[n] + (first.equals("count") ? plane : 0) : given ? own.at(r, c) : 0;
    }
    return x;
  }

  /** The chosen filter, and one that sharpens: (C_out, C_in, K_h, K_w). */
  private static Tensor weights(Values values, int channels, Conv2d.Spec spec) {
    int taps = spec.kernelHeight() * spec.kernelWidth();
    Tensor w =
        Tensor.zeros(values.integer("filters"), channels, spec.kernelHeight(), spec.kernelWidth());
    String preset = values.choice("preset");
    for (int k = 0; k < w.dim(0) * channels; k++) {
      String name = k < channels ? preset : "sharpen";
      float[] kernel = Kernels.values(name, spec.kernelHeight(), spec.kernelWidth());
      for (int t = 0; t < taps; t++) { // those that count go on in the second channel
        w.data()[k * taps + t] = kernel[t] + (name.equals("count") ? k * taps : 0);
      }
    }
    return w;
  }

  @Override
  public Steps steps(Unrolled result) {
    return Steps.of(result.count(), result.back() ? result.count() - 1 : result.count() / 2);
  }

  @Override
  public Figure figure(Unrolled result, View view) {
    return new WindowsAsColumnsFigure(result, view).figure();
  }

  @Override
  public Values change(Values values, @Nullable Unrolled result, String key, String text) {
    Cell cell = Cell.parse(key);
    if (result == null || cell == null || !cell.grid().equals("in1")) {
      return EditableTopic.super.change(values, result, key, text);
    }
    if (!cell.within("in1", result.height(), result.width()) || result.channels() < 2) {
      return values;
    }
    NumberGrid changed =
        Kernels.grid(result.x().plane(1))
            .with(cell.row(), cell.column(), (float) Num.parse(text.trim()));
    return EditableTopic.super
        .change(values, result, "input", "custom")
        .with("second", changed.plain());
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Editing.problem(schema(), key.startsWith("in1/") ? "in" + key.substring(3) : key, text);
  }

  @Override
  public Answers answers(Unrolled shown) {
    Tensor twice = Im2col.col2im(shown.cols(), shown.x().shape(), shown.spec());
    Tensor read = shown.readers();
    int middle = shown.height() / 2 * shown.width() + shown.width() / 2;
    return Answers.of("entries", shown.cols().size())
        .and("blowup", shown.blowUp())
        .and("middle", twice.data()[middle])
        .and("value", shown.x().data()[middle])
        .and("times", read.data()[middle])
        .and("corner", twice.data()[0]);
  }

  @Override
  public Map<String, String> facts() {
    Unrolled shown = shown();
    Unrolled wrong = compute(schema().defaults().with("mistake", "down"), Given.NOTHING);
    int k = steps(shown).first();
    // VGG-16's second layer: 64 maps of 224 × 224, windows of 3 × 3 at each of their places
    long maps = 64L * 224 * 224;
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("x", Listing.tensor("x", shown.x())),
        Map.entry("w", Listing.tensor("w", shown.w())),
        Map.entry("kernel", Num.count(shown.spec().kernelHeight())),
        Map.entry("in", Num.size(shown.height(), shown.width())),
        Map.entry("rows", Num.count(shown.rows())),
        Map.entry("count", Num.count(shown.count())),
        Map.entry("high", Num.count(shown.y().dim(2))),
        Map.entry("wide", Num.count(shown.y().dim(3))),
        Map.entry("k", Num.count(k)),
        Map.entry("output", shown.name(k)),
        Map.entry("entries", Num.count(shown.cols().size())),
        Map.entry("cells", Num.count(shown.x().size())),
        Map.entry("factor", Num.value(shown.blowUp())),
        Map.entry("right", Num.value(shown.y().data()[k])),
        Map.entry("wrong", Num.value(wrong.product().data()[k])),
        Map.entry("vggX", Num.decimal(4.0 * maps / (1 << 20), 2)),
        Map.entry("vggCols", Num.decimal(36.0 * maps / (1 << 20), 2)));
  }
}
