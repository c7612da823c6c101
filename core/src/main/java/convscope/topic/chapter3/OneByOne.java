package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.MatMul;
import convscope.op.Transpose;
import convscope.param.NumberGrid;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.4: a 1 × 1 convolution is one matrix, applied to the channels of every pixel. */
public final class OneByOne implements Topic<Mixed> {
  private static final int MOST = 4; // channels
  private static final double MAX_WEIGHT = 999;
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f, 0};
  private static final String[] PATTERNS = {"", "ramp", "checker", "edge"};
  private static final Head HEAD =
      Head.of(
              "one-by-one",
              "Mixing channels",
              Param.choice("mix", "difference")
                  .option("difference", "Sum, difference")
                  .option("identity", "Identity")
                  .option("reverse", "Reversed")
                  .option("luma", "Grey of RGB")
                  .option("custom", "Custom")
                  .label("Weights")
                  .symbol("W")
                  .group("Weights"),
              Param.integer("out-channels", 2).range(1, MOST).label("Kernels").symbol("Y"),
              Inputs.pictures(Inputs.patterns("input", "ring"))
                  .label("Input")
                  .symbol("X")
                  .group("Input"),
              Param.integer("in-channels", 3)
                  .range(1, MOST)
                  .label("Channels in")
                  .symbol("X")
                  .onlyWith("input", Inputs.numbers()),
              Param.pair("size", 5, 5)
                  .range(1, 8)
                  .label("Input size")
                  .symbol("X")
                  .onlyWith("input", Inputs.numbers()),
              Param.flag("mistake").label("Transpose W").help("The common mistake.").group("Show"),
              Param.grid("w")
                  .atMost(MOST, MOST)
                  .label("Weight numbers")
                  .symbol("W")
                  .onlyWith("mix", "custom"))
          .stage(380, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("Y[:,p] = W·X[:,p]", "Y:output", "W:kernel", "X:input");
  }

  @Override
  public Mixed compute(Values values, Given given) {
    Picture picture = given.picture(values.choice("input"));
    Tensor x = input(values, picture);
    int in = x.dim(1);
    Tensor w = weights(values, in);
    Tensor kernels = w.reshaped(w.dim(0), in, 1, 1);
    Tensor columns = x.reshaped(in, x.dim(2) * x.dim(3)); // a pixel a column
    boolean transposes = values.flag("mistake");
    return new Mixed(
        x,
        w,
        Conv2d.forward(x, kernels, null, Conv2d.Spec.of(1, 1)),
        MatMul.forward(w, columns),
        transposes,
        transposes && w.dim(0) == in ? MatMul.forward(Transpose.forward(w, 1, 0), columns) : null,
        picture);
  }

  /** The colours of a picture, or the chosen pattern and others beside it: (1, C_in, H, W). */
  private static Tensor input(Values values, @Nullable Picture picture) {
    Pair size = values.pair("size");
    int channels = picture == null ? values.integer("in-channels") : 3;
    int height = picture == null ? size.height() : picture.height();
    int width = picture == null ? size.width() : picture.width();
    Tensor x = Tensor.zeros(1, channels, height, width);
    for (int c = 0; c < channels; c++) {
      String pattern = c == 0 ? values.choice("input") : PATTERNS[c];
      float[] map = picture == null ? Inputs.values(pattern, height, width) : picture.channel(c);
      System.arraycopy(map, 0, x.data(), c * map.length, map.length);
    }
    return x;
  }

  /** The chosen matrix, (C_out, C_in); rows and columns that a custom one lacks are zeros. */
  private static Tensor weights(Values values, int in) {
    String mix = values.choice("mix");
    NumberGrid custom = mix.equals("custom") ? values.grid("w").orElse(null) : null;
    Tensor w = Tensor.zeros(values.integer("out-channels"), in);
    for (int n = 0; n < w.size(); n++) {
      int o = n / in;
      int c = n % in;
      w.data()[n] =
          switch (mix) {
            case "custom" ->
                custom != null && o < custom.rows() && c < custom.columns() ? custom.at(o, c) : 0;
            case "identity" -> o == c ? 1 : 0;
            case "reverse" -> o == in - 1 - c ? 1 : 0;
            case "luma" -> o == 0 ? LUMA[c] : o - 1 == c ? 1 : 0;
            default -> o == 0 || c == o - 1 ? 1 : c == o % in ? -1 : 0;
          };
    }
    return w;
  }

  @Override
  public Steps steps(Mixed result) {
    return Steps.of(result.pixels(), result.pixels() * 2 / 5);
  }

  @Override
  public Figure figure(Mixed result, View view) {
    return new OneByOneFigure(result, view).figure();
  }

  @Override
  public Values change(Values values, @Nullable Mixed result, String key, String text) {
    Cell cell = Cell.parse(key);
    if (cell == null) {
      Values changed = values.with(key, text);
      return result != null && key.equals("mix") && text.equals("custom")
          ? custom(changed, result.weights())
          : changed;
    }
    if (result == null || !cell.within("w", result.outChannels(), result.inChannels())) {
      return values;
    }
    float weight = (float) Num.parse(text.trim());
    return custom(values, result.weights().with(cell.row(), cell.column(), weight));
  }

  private static Values custom(Values values, NumberGrid weights) {
    return values.with("mix", "custom").with("w", weights.plain());
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    if (!key.startsWith("w/")) {
      return new Problem("", "Only the weights can be edited; the outputs follow from them");
    }
    return Math.abs(Num.parse(text.trim())) <= MAX_WEIGHT
        ? null
        : new Problem("", "That is not a number from −999 to 999; the weight keeps its value");
  }

  @Override
  public Answers answers(Mixed mixed) {
    int lit = 0;
    for (int p = 0; p < mixed.pixels(); p++) {
      boolean any = false;
      for (float value : mixed.column(mixed.y(), p)) {
        any |= value != 0;
      }
      lit += any ? 1 : 0;
    }
    return Answers.of("lit", lit)
        .and("weights", mixed.w().size())
        .and("macs", (double) mixed.w().size() * mixed.pixels());
  }

  @Override
  public Map<String, String> facts() {
    Mixed mixed = shown();
    int p = steps(mixed).first();
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("in", Num.count(mixed.inChannels())),
        Map.entry("out", Num.count(mixed.outChannels())),
        Map.entry("weights", Num.count(mixed.w().size())),
        Map.entry("pixels", Num.count(mixed.pixels())),
        Map.entry("row", Num.count(p / mixed.width())),
        Map.entry("column", Num.count(p % mixed.width())),
        Map.entry("squeeze", Num.count(256 * 64)), // the first 1 × 1 of ResNet-50's bottleneck
        Map.entry("three", Num.count(256 * 64 * 9))); // the same with a 3 × 3 kernel
  }
}
