package convscope.topic.chapter5;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Prose;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.1: the receptive field of one layer, by formula and by changing every input cell. */
public final class SingleLayer implements Topic<OneLayer> {
  private static final Head HEAD =
      Head.of(
          "single-layer",
          "Change a cell, watch the output",
          Param.integer("kernel", 3).range(1, 7).label("Kernel K").symbol("w").group("Layer"),
          Param.integer("dilation", 2).range(1, 3).label("Dilation D").symbol("D"),
          Param.integer("stride", 2).range(1, 4).label("Stride S"),
          Param.integer("padding", 1).range(0, 3).label("Padding P"),
          Param.choice("weights", "varied")
              .option("varied", "All nonzero")
              .option("gaussian", "Gaussian blur")
              .option("sobel-x", "Sobel x")
              .option("laplacian", "Laplacian")
              .option("identity", "Identity")
              .label("Weights")
              .symbol("w"),
          Param.choice("view", "1d")
              .option("1d", "One dimension")
              .option("2d", "Two dimensions")
              .option("image", "On an image")
              .label("Seen in")
              .group("Input"),
          Inputs.pictures(Param.choice("picture", "photo-camera"))
              .label("Image")
              .symbol("x")
              .onlyWith("view", "image"),
          input("length", 13, 16).label("Input length").onlyWith("view", "1d"),
          input("side", 9, 11).label("Input side").onlyWith("view", "2d"),
          Param.mistake("A well-known slip; the same test shows which of its cells do nothing.")
              .option("stride", "Times the stride")
              .option("padding", "Plus the padding")
              .option("dilation", "D·K")
              .group("Show"));

  private static IntParam input(String name, int cells, int most) {
    return Param.integer(name, cells).range(5, most).symbol("x");
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return relation("\u2062");
  }

  /** The relation with an invisible times for letters or a dot for numbers. */
  static Formula relation(String times) {
    return Formula.of("r = D" + times + "(K−1) + 1", "r:kernel", "K:kernel:w");
  }

  @Override
  public List<String> needs(Values values) {
    return values.choice("view").equals("image") ? List.of(values.choice("picture")) : List.of();
  }

  private static Conv2d.Spec spec(Values values) {
    boolean flat = values.choice("view").equals("1d");
    int kernel = values.integer("kernel");
    int padding = values.integer("padding");
    return Conv2d.Spec.of(flat ? 1 : kernel, kernel)
        .stride(flat ? 1 : values.integer("stride"), values.integer("stride"))
        .padding(flat ? 0 : padding, padding)
        .dilation(flat ? 1 : values.integer("dilation"), values.integer("dilation"));
  }

  private static ImageInput input(Values values, Given given) {
    String view = values.choice("view");
    Picture picture = view.equals("image") ? given.picture(values.choice("picture")) : null;
    if (picture != null) {
      return new ImageInput(SmallPicture.of(picture), picture);
    }
    int columns = values.integer(view.equals("1d") ? "length" : "side");
    int rows = view.equals("1d") ? 1 : columns;
    return new ImageInput(
        Tensor.of(Inputs.values("noise", rows, columns), 1, 1, rows, columns), null);
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = input(values, given);
    return Problem.of("kernel", Conv2d.problem(input.height(), input.width(), spec(values)));
  }

  @Override
  public OneLayer compute(Values values, Given given) {
    Conv2d.Spec spec = spec(values);
    float[] weights = weights(values.choice("weights"), spec.kernelHeight(), spec.kernelWidth());
    return OneLayer.of(
        values.choice("view").equals("1d"),
        values.choice("mistake"),
        spec,
        input(values, given),
        Tensor.of(weights, 1, 1, spec.kernelHeight(), spec.kernelWidth()));
  }

  /** A named kernel, or whole numbers from −4 to 4 of which none is zero. */
  private static float[] weights(String name, int rows, int columns) {
    if (!name.equals("varied")) {
      return Kernels.values(name, rows, columns);
    }
    Rng rng = new Rng(2);
    float[] weights = new float[rows * columns];
    for (int n = 0; n < weights.length; n++) {
      int size = 1 + rng.nextInt(4);
      weights[n] = rng.nextInt(3) == 0 ? -size : size;
    }
    return weights;
  }

  @Override
  public Steps steps(OneLayer layer) {
    return layer.input().picture() != null
        ? Steps.of(3, 1)
        : new Steps(layer.cells(), layer.cells() * 2 / 3, Math.max(1, layer.cells() / 60));
  }

  @Override
  public Figure figure(OneLayer layer, View view) {
    return new SingleLayerFigure(layer, view).figure();
  }

  @Override
  public Answers answers(OneLayer layer) {
    return layer.claimed() == 0
        ? Answers.of("field", layer.field())
        : new Answers().wrong("field", layer.claimed());
  }

  @Override
  public Map<String, String> facts() {
    OneLayer shown = shown();
    OneLayer slip = compute(schema().defaults().with("mistake", "stride"), Given.NOTHING);
    int j = (shown.output().dim(3) - 1) / 2;
    OneLayer.Measured measured = shown.measured(0, j);
    Conv2d.Spec spec = shown.spec();
    int reach = spec.kernelWidth() - 1;
    int[] reads = new int[reach + 1];
    for (int v = 0; v < reads.length; v++) {
      reads[v] = spec.horizontal().place(j, v);
    }
    return Map.ofEntries(
        Map.entry("K", Num.count(spec.kernelWidth())),
        Map.entry("D", Num.count(spec.dilationW())),
        Map.entry("S", Num.count(spec.strideW())),
        Map.entry("P", Num.count(spec.padLeft())),
        Map.entry("r", Num.count(shown.field())),
        Map.entry("length", Num.count(shown.input().width())),
        Map.entry("j", Num.count(j)),
        Map.entry("output", "y[" + j + "]"),
        Map.entry("reads", Prose.list(" and ", reads)),
        Map.entry("moving", Num.count(measured.moving())),
        Map.entry("still", Num.count(shown.input().width() - measured.moving())),
        Map.entry("span", Num.count(measured.span())),
        Map.entry("example", example()),
        Map.entry("claimed", Num.count(slip.claimed())),
        Map.entry("claimedFew", Num.count(slip.claimedInVain(0, j))),
        Map.entry("atrous6", Num.count(6 * reach + 1)),
        Map.entry("atrous12", Num.count(12 * reach + 1)),
        Map.entry("atrous18", Num.count(18 * reach + 1)));
  }
}
