package convscope.topic.chapter5;

import static convscope.scene.Formula.abs;
import static convscope.scene.Formula.frac;
import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sup;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.5: how much of its field a unit really uses, by backpropagation through random networks. */
public final class EffectiveReceptiveField implements Topic<EffectiveField> {
  /** The widest field that is measured; larger ones take too long in a browser. */
  private static final int WIDEST = 49;

  private static final Head HEAD =
      Head.of(
          "effective-receptive-field",
          "What the unit in the centre really uses",
          Param.choice("weights", "random")
              .option("random", "Random")
              .option("equal", "All equal")
              .label("Weights")
              .symbol("w"),
          Param.choice("nonlinearity", "linear")
              .option("linear", "None")
              .option("relu", "ReLU")
              .label("Nonlinearity"),
          Param.integer("layers", 10).range(1, 20).label("Layers n").symbol("n"),
          Param.integer("kernel", 3).range(2, 7).label("Kernel K").symbol("w"),
          Param.choice("dilation", "one")
              .option("one", "1")
              .option("two", "2")
              .option("cycle", "1, 2, 4, 1, 2, …")
              .label("Dilation D")
              .symbol("D"),
          Inputs.pictures(Param.choice("picture", "none").option("none", "No"))
              .label("On an image"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("even", "Every cell counts alike")
              .label("Mistake")
              .help("Draws what it would look like if the whole field counted alike."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        word("ERF"),
        op("["),
        index("p"),
        op("]"),
        op("="),
        op("𝔼"),
        abs(
            frac(
                row(op("∂"), sub(sym("y", Role.OUTPUT), word("centre"))),
                row(op("∂"), sym("x", Role.INPUT), op("["), index("p"), op("]")))));
  }

  /** {@code σ² = n · D²(K² − 1)/12}. */
  private static Formula variance() {
    return row(
        sup(sym("σ", "sigma", Role.GRADIENT), num("2")),
        op("="),
        sym("n", Role.NEUTRAL),
        frac(
            row(
                sup(sym("D", Role.NEUTRAL), num("2")),
                op("("),
                sup(sym("K", "w", Role.KERNEL), num("2")),
                op("−"),
                num("1"),
                op(")")),
            num("12")));
  }

  private static int[] dilations(Values values) {
    int[] dilations = new int[values.integer("layers")];
    for (int l = 0; l < dilations.length; l++) {
      dilations[l] =
          switch (values.choice("dilation")) {
            case "two" -> 2;
            case "cycle" -> 1 << l % 3;
            default -> 1;
          };
    }
    return dilations;
  }

  @Override
  public List<String> needs(Values values) {
    String picture = values.choice("picture");
    return Inputs.isPicture(picture) ? List.of(picture) : List.of();
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int side = field(values, null).side();
    return side <= WIDEST
        ? null
        : new Problem(
            "layers",
            "layers: the field of these layers is "
                + side
                + " cells wide, and up to "
                + WIDEST
                + " are measured here; use fewer layers, a smaller kernel or less dilation");
  }

  private static EffectiveField field(Values values, @Nullable Picture picture) {
    return new EffectiveField(values, values.integer("kernel"), dilations(values), picture);
  }

  @Override
  public EffectiveField compute(Values values, Given given) {
    return field(values, given.picture(values.choice("picture")));
  }

  @Override
  public Steps steps(EffectiveField field) {
    return new Steps(EffectiveField.SEEDS, EffectiveField.SEEDS - 1, 1);
  }

  @Override
  public Figure figure(EffectiveField field, View view) {
    return new EffectiveFieldFigure(field, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    EffectiveField shown = compute(HEAD.schema().defaults(), Given.NOTHING);
    EffectiveFieldFigure figure =
        new EffectiveFieldFigure(shown, new View(steps(shown).first(), "", head().wide()));
    facts.put("n", Num.decimal(shown.layers(), 0));
    facts.put("K", Num.decimal(shown.kernel(), 0));
    facts.put("seeds", Num.decimal(EffectiveField.SEEDS, 0));
    facts.put("r", Num.decimal(shown.side(), 0));
    facts.put("area", Num.count((long) shown.side() * shown.side()));
    facts.put("heart", Num.count(figure.held()));
    facts.put("percent", figure.percent());
    facts.put("sigma", figure.deviation());
    EffectiveField equal =
        compute(HEAD.schema().defaults().with("weights", "equal"), Given.NOTHING);
    facts.put("equalSigma", Num.decimal(equal.expected(shown.layers()), 3));
    facts.put("variance", variance().display());
    facts.put("random", Num.decimal(shown.expected(shown.layers()), 2));
    EffectiveField four = many(4 * shown.layers());
    facts.put("fourTimes", Num.decimal(four.layers(), 0));
    facts.put("fourSigma", Num.decimal(four.expected(four.layers()), 2));
    facts.put("fourField", Num.decimal(four.side(), 0));
    facts.put("oneLarge", Num.decimal(one(31).expected(1), 1));
    facts.put("manySmall", Num.decimal(many(15).expected(15), 1));
    facts.put("manyField", Num.decimal(many(15).side(), 0));
    facts.put(
        "code",
        "net = torch.nn.Sequential(*[torch.nn.Conv2d(1, 1, "
            + shown.kernel()
            + ", bias=False) for _ in range("
            + shown.layers()
            + ")])\nfor p in net.parameters(): torch.nn.init.constant_(p, 1 / "
            + shown.kernel() * shown.kernel()
            + ")\nx = torch.zeros(1, 1, "
            + shown.side()
            + ", "
            + shown.side()
            + ", requires_grad=True)\nnet(x).sum().backward()  # one output\n"
            + "profile = x.grad[0, 0].sum(0)\nat = torch.arange("
            + shown.side()
            + ") - "
            + shown.side() / 2
            + "\nassert torch.isclose((profile * at**2).sum().sqrt(), torch.tensor("
            + Num.decimal(equal.expected(shown.layers()), 3)
            + "), atol=1e-3)");
    return facts;
  }

  private static EffectiveField one(int kernel) {
    return new EffectiveField(
        HEAD.schema().defaults().with("weights", "equal"), kernel, new int[] {1}, null);
  }

  private static EffectiveField many(int layers) {
    int[] dilations = new int[layers];
    Arrays.fill(dilations, 1);
    return new EffectiveField(
        HEAD.schema().defaults().with("weights", "equal"), 3, dilations, null);
  }
}
