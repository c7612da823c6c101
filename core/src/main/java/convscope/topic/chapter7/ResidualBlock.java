package convscope.topic.chapter7;

import convscope.data.Given;
import convscope.num.Maths;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.op.Unary;
import convscope.param.NumberGrid;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.EditableTopic;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 7.2: a sum of what came in and what was made of it, and what it does for gradients. */
public final class ResidualBlock implements EditableTopic<Residual> {
  private static final int MOST = 6; // rows and columns
  private static final float[] X = {3, -2, 1, 0, 4, -1, 2, 1, -3};
  private static final float[] W1 = {0, 1, 0, 0, -1, 1, 0, 0, 0};
  private static final float[] W2 = {0, 1, 0, 0, -1, 0, 0, 0, 0};

  private static final Head HEAD =
      Head.of(
              "residual-block",
              "One sum, and the gradient through many",
              Param.integer("blocks", DeepNet.MOST)
                  .range(1, DeepNet.MOST)
                  .label("Blocks of two layers")
                  .symbol("B")
                  .group("Depth"),
              Param.choice("weights", "pytorch")
                  .option("pytorch", "PyTorch’s default")
                  .option("he", "He et al.")
                  .label("First weights"),
              Param.mistake("Dashed: adds x after the activation.")
                  .option("after", "x + ReLU(F(x))"),
              Param.flag("norm").label("Batch norm").help("One behind each layer of the stack."),
              Param.choice("shortcut", "identity")
                  .option("identity", "x itself")
                  .option("projection", "Projection wₛ ★ x")
                  .label("Shortcut")
                  .symbol("s")
                  .group("The block"),
              Param.number("weight", 1)
                  .range(-9, 9)
                  .label("Weight wₛ")
                  .onlyWith("shortcut", "projection"),
              Param.integer("stride", 1).range(1, 2).label("Stride S"),
              Param.grid("first").atMost(3, 3).label("Kernel w₁").symbol("w_1"),
              Param.grid("second").atMost(3, 3).label("Kernel w₂").symbol("w_2"),
              Param.grid("f")
                  .atMost(MOST, MOST)
                  .label("F(x), if given")
                  .help("Replaces both convolutions."),
              ImageInput.patterns("block").option("block", "Both signs").group("Input"),
              Param.pair("size", 3, 3).range(1, MOST).label("Input size").symbol("x"),
              ImageInput.numbers(MOST))
          .stage(440, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y = 'ReLU'(x + F(x)), F(x) = w_2 ★ 'ReLU'(w_1 ★ x)");
  }

  /** The kernel of that name, (1, 1, kH, kW). */
  private static Tensor kernel(Values values, String name, float[] fallback) {
    return tensor(values.grid(name).orElse(new NumberGrid(3, 3, fallback)));
  }

  private static Tensor tensor(NumberGrid grid) {
    return Tensor.of(grid.values().clone(), 1, 1, grid.rows(), grid.columns());
  }

  private static ImageInput input(Values values, Given given) {
    ImageInput input = ImageInput.of(values, given);
    if (!values.choice("input").equals("block")) {
      return input;
    }
    Tensor x = Tensor.zeros(1, 1, input.height(), input.width());
    for (int n = 0; n < x.size(); n++) {
      x.data()[n] = X[n % input.width() % 3 + n / input.width() % 3 * 3];
    }
    return input.with(x);
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    ImageInput input = input(values, given);
    int stride = values.integer("stride");
    NumberGrid f = values.grid("f").orElse(null);
    for (String name : new String[] {"first", "second"}) {
      NumberGrid w = values.grid(name).orElse(null);
      if (f == null && w != null && (w.rows() % 2 == 0 || w.columns() % 2 == 0)) {
        String size = Num.size(w.rows(), w.columns());
        return new Problem(
            name, name + ": a kernel of " + size + " has no middle cell; use odd sides");
      }
    }
    boolean projected = values.choice("shortcut").equals("projection");
    int step = projected ? stride : 1;
    int high = (input.height() + step - 1) / step;
    int wide = (input.width() + step - 1) / step;
    int outHigh = f == null ? (input.height() + stride - 1) / stride : f.rows();
    int outWide = f == null ? (input.width() + stride - 1) / stride : f.columns();
    return high == outHigh && wide == outWide
        ? null
        : new Problem(
            f == null ? "shortcut" : "f",
            "Add: the shortcut is "
                + Num.size(high, wide)
                + " and F(x) "
                + Num.size(outHigh, outWide)
                + (f != null
                    ? "; give F(x) the shortcut’s size"
                    : "; project x with the same stride (shortcut=projection), or use stride 1"));
  }

  @Override
  public Residual compute(Values values, Given given) {
    ImageInput input = input(values, given);
    int stride = values.integer("stride");
    NumberGrid f = values.grid("f").orElse(null);
    Tensor first = kernel(values, "first", W1);
    Tensor second = kernel(values, "second", W2);
    Tensor hidden = null;
    Tensor body;
    if (f == null) {
      hidden = Unary.RELU.forward(same(input.x(), first, stride));
      body = same(hidden, second, 1);
    } else {
      body = tensor(f);
    }
    double weight =
        values.choice("shortcut").equals("projection") ? values.number("weight") : Double.NaN;
    boolean projected = !Double.isNaN(weight);
    Tensor shortcut =
        projected ? same(input.x(), Tensor.full((float) weight, 1, 1, 1, 1), stride) : input.x();
    int blocks = values.integer("blocks");
    boolean norm = values.flag("norm");
    boolean he = values.choice("weights").equals("he");
    DeepNet deep = new DeepNet(blocks, true, norm, he);
    return new Residual(
        input,
        f == null ? first : null,
        f == null ? second : null,
        hidden,
        body,
        shortcut,
        weight,
        values.choice("mistake").equals("after"),
        deep,
        new DeepNet(blocks, false, norm, he).norms(),
        deep.norms());
  }

  private static Tensor same(Tensor x, Tensor w, int stride) {
    return Conv2d.forward(x, w, null, Residual.spec(w.dim(2), w.dim(3), stride));
  }

  @Override
  public Steps steps(Residual result) {
    return Steps.of(4, result.after() ? 3 : 2);
  }

  @Override
  public Figure figure(Residual result, View view) {
    return new ResidualFigure(result, view).figure();
  }

  /** The nearest power of ten. */
  private static double decade(double value) {
    return value > 0 ? Num.round(Maths.log(value) / Maths.log(10)) : Double.NaN;
  }

  @Override
  public Answers answers(Residual result) {
    return Answers.of("y", result.output().data()[0])
        .wrong("y", result.mistaken().data()[0])
        .and("plain", decade(result.plain()[0]))
        .and("layers", result.plain().length)
        .and("first", result.plain()[0])
        .and("held", result.residual()[0]);
  }

  private static String first(boolean identity, boolean norm, boolean he) {
    return Num.magnitude(new DeepNet(DeepNet.MOST, identity, norm, he).norms()[0]);
  }

  @Override
  public Map<String, String> facts() {
    Residual shown = shown();
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry(
            "gradient", Formula.of("frac{∂L}{∂x} = frac{∂L}{∂s}·(1 + frac{∂F}{∂x})").display()),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("w1", Listing.tensor("w1", kernel(schema().defaults(), "first", W1))),
        Map.entry("w2", Listing.tensor("w2", kernel(schema().defaults(), "second", W2))),
        Map.entry("y", Listing.tensor("y", shown.output())),
        Map.entry("layers", Num.count(shown.plain().length)),
        Map.entry("plain", Num.magnitude(shown.plain()[0])),
        Map.entry("residual", Num.magnitude(shown.residual()[0])),
        Map.entry("hePlain", first(false, false, true)),
        Map.entry("heResidual", first(true, false, true)),
        Map.entry("normPlain", first(false, true, false)),
        Map.entry("normResidual", first(true, true, false)),
        Map.entry("wrong", Num.count(shown.wrong())),
        Map.entry("cells", Num.count(shown.body().size())),
        Map.entry("least", Num.value(shown.mistaken().smallest())));
  }
}
