package convscope.topic.chapter5;

import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.1: the receptive field of one layer, by formula and by changing every input cell. */
public final class SingleLayer implements Topic<OneLayer> {
  private static final Head HEAD =
      Head.of(
          "single-layer",
          "Change a cell, watch the output",
          Param.choice("view", "1d")
              .option("1d", "One dimension")
              .option("2d", "Two dimensions")
              .option("image", "On an image")
              .label("Seen in"),
          Inputs.pictures(Param.choice("picture", "photo-camera"))
              .label("Image")
              .symbol("x")
              .onlyWith("view", "image"),
          Param.integer("kernel", 3).range(1, 7).label("Kernel K").symbol("w"),
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
          Param.integer("length", 13)
              .range(5, 16)
              .label("Input length")
              .symbol("x")
              .onlyWith("view", "1d"),
          Param.integer("side", 9)
              .range(5, 11)
              .label("Input side")
              .symbol("x")
              .onlyWith("view", "2d"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("stride", "Times the stride")
              .option("padding", "Plus the padding")
              .option("dilation", "D·K")
              .label("Mistake")
              .help("A well-known slip; the same test shows which of its cells do nothing."));

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
    return row(
        sym("r", Role.KERNEL),
        op("="),
        sym("D", Role.NEUTRAL),
        op(times),
        paren(row(sym("K", "w", Role.KERNEL), op("−"), num("1"))),
        op("+"),
        num("1"));
  }

  @Override
  public List<String> needs(Values values) {
    return values.choice("view").equals("image") ? List.of(values.choice("picture")) : List.of();
  }

  private static @Nullable Picture picture(Values values, Given given) {
    return values.choice("view").equals("image") ? given.picture(values.choice("picture")) : null;
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

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Picture picture = picture(values, given);
    String text =
        picture == null
            ? Conv2d.problem(rows(values), columns(values), spec(values))
            : Conv2d.problem(
                SmallPicture.height(picture), SmallPicture.width(picture), spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  private static int rows(Values values) {
    return values.choice("view").equals("1d") ? 1 : values.integer("side");
  }

  private static int columns(Values values) {
    return values.integer(values.choice("view").equals("1d") ? "length" : "side");
  }

  @Override
  public OneLayer compute(Values values, Given given) {
    Conv2d.Spec spec = spec(values);
    Picture picture = picture(values, given);
    Tensor input =
        picture != null
            ? SmallPicture.of(picture)
            : Tensor.of(
                Inputs.values("noise", rows(values), columns(values)),
                1,
                1,
                rows(values),
                columns(values));
    float[] weights = weights(values.choice("weights"), spec.kernelHeight(), spec.kernelWidth());
    Tensor kernel = Tensor.of(weights, 1, 1, spec.kernelHeight(), spec.kernelWidth());
    return OneLayer.of(values, spec, input, kernel, picture);
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
    return new Steps(
        layer.picture() == null ? layer.input().size() : 3,
        layer.picture() == null ? layer.input().size() - 1 : 1,
        layer.picture() == null ? Math.max(1, layer.input().size() / 60) : 1);
  }

  @Override
  public Figure figure(OneLayer layer, View view) {
    return new SingleLayerFigure(layer, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    OneLayer shown = compute(schema().defaults(), Given.NOTHING);
    SingleLayerFigure figure =
        new SingleLayerFigure(shown, new View(steps(shown).first(), "", head().wide()));
    OneLayer.Measured measured = figure.measured();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("K", number(shown.kernelSize()));
    facts.put("D", number(shown.dilation()));
    facts.put("S", number(shown.stride()));
    facts.put("P", number(shown.padding()));
    facts.put("r", number(shown.field()));
    facts.put("length", number(shown.width()));
    facts.put("output", figure.output());
    facts.put("reads", figure.places());
    facts.put("moving", number(measured.moving()));
    facts.put("still", number(shown.width() - measured.moving()));
    facts.put("span", number(measured.span()));
    facts.put("example", relation("·").with(numbers(shown)).inline());
    OneLayer slip = compute(schema().defaults().with("mistake", "stride"), Given.NOTHING);
    facts.put("claimed", number(slip.claimed()));
    facts.put("claimedFew", number(slip.claimedCells(figure.i(), figure.j())[1]));
    facts.put("code", figure.pytorch());
    for (int rate : new int[] {6, 12, 18}) {
      facts.put("atrous" + rate, number(rate * (shown.kernelSize() - 1) + 1));
    }
    return facts;
  }

  /** The numbers in the places of the relation's letters. */
  static Map<String, String> numbers(OneLayer layer) {
    return Map.of("D", number(layer.dilation()), "w", number(layer.kernelSize()));
  }

  private static String number(int value) {
    return Num.decimal(value, 0);
  }
}
