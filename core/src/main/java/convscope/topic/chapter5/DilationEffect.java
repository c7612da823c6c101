package convscope.topic.chapter5;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sum;
import static convscope.scene.Formula.sup;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.4: dilations that double give an exponential field; ones that share a factor leave holes. */
public final class DilationEffect implements Topic<DilatedStack> {
  /** The widest field that is drawn cell by cell. */
  private static final int WIDEST = 81;

  private static final Head HEAD =
      Head.of(
          "dilation-effect",
          "What one output depends on",
          Param.choice("dilations", "doubling")
              .option("doubling", "1, 2, 4, 8, …")
              .option("ones", "1, 1, 1, …")
              .option("twos", "2, 2, 2, …")
              .option("powers", "1, K, K², …")
              .option("hybrid", "1, 2, 5, 1, 2, 5")
              .label("Dilations D")
              .symbol("D"),
          Param.integer("kernel", 2).range(2, 4).label("Kernel K").symbol("w"),
          Param.integer("layers", 4).range(1, 6).label("Layers L").symbol("L"),
          Param.choice("side", "causal")
              .option("causal", "Causal")
              .option("centred", "Centred")
              .label("Reads"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("dilation", "Forget the dilation")
              .option("sum", "Add up the spans")
              .label("Mistake")
              .help("A well-known slip, dashed over the input."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        sub(sym("r", Role.INPUT), index("L")),
        op("="),
        num("1"),
        op("+"),
        sum(row(index("l"), op("≤"), sym("L", Role.NEUTRAL))),
        sub(sym("D", Role.NEUTRAL), index("l")),
        paren(row(sym("K", "w", Role.KERNEL), op("−"), num("1"))));
  }

  /** {@code D_l = 2^(l−1) ⇒ r_L = (K − 1)(2^L − 1) + 1}. */
  private static Formula doubling() {
    return row(
        sub(sym("D", Role.NEUTRAL), index("l")),
        op("="),
        sup(num("2"), row(index("l"), op("−"), num("1"))),
        op("⇒"),
        sub(sym("r", Role.INPUT), index("L")),
        op("="),
        num("1"),
        op("+"),
        paren(row(sym("K", "w", Role.KERNEL), op("−"), num("1"))),
        paren(row(sup(num("2"), index("L")), op("−"), num("1"))));
  }

  private static int[] dilations(Values values) {
    return DilatedStack.dilations(
        values.choice("dilations"), values.integer("kernel"), values.integer("layers"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int[] dilations = dilations(values);
    long field =
        DilatedStack.fields(values.integer("kernel"), dilations).get(dilations.length).size();
    return field <= WIDEST
        ? null
        : new Problem(
            "layers",
            "layers: "
                + dilations.length
                + " layers see "
                + field
                + " cells, and the figure has room for "
                + WIDEST
                + "; use fewer layers, a smaller kernel or other dilations");
  }

  @Override
  public DilatedStack compute(Values values, Given given) {
    return DilatedStack.of(values, values.integer("kernel"), dilations(values));
  }

  @Override
  public Steps steps(DilatedStack stack) {
    return new Steps(stack.layers() + 1, stack.layers(), 1);
  }

  @Override
  public Figure figure(DilatedStack stack, View view) {
    return new DilationEffectFigure(stack, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    DilatedStack shown = compute(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("K", number(shown.kernel()));
    facts.put("L", number(shown.layers()));
    facts.put("weights", number(shown.weights()));
    facts.put("r", number(shown.field()));
    facts.put("plain", number(shown.plain()[shown.layers()]));
    facts.put(
        "example", new DilationEffectFigure(shown, new View(4, "", head().wide())).terms(" + "));
    facts.put("doubling", doubling().display());
    DilatedStack twos = DilatedStack.of(schema().defaults(), 3, new int[] {2, 2, 2});
    facts.put("twosField", number(twos.field()));
    facts.put("twosRead", number(twos.read()));
    facts.put("twosSquare", number(twos.field() * twos.field()));
    facts.put("twosPlane", number(twos.readPlane()));
    int[] wave = DilatedStack.dilations("doubling", 2, 10);
    int block = (int) DilatedStack.fields(2, wave).get(10).size();
    facts.put("wavenet", Num.count(block));
    facts.put("wavenetPlain", Num.count(block - 1)); // layers of K = 2 and D = 1 for that field
    Values slip = schema().defaults().with("mistake", "dilation");
    facts.put("forgotten", number(compute(slip, Given.NOTHING).claimed()));
    facts.put("code", code(shown));
    return facts;
  }

  private static String code(DilatedStack stack) {
    StringBuilder rates = new StringBuilder();
    for (int dilation : stack.dilations()) {
      rates.append(rates.isEmpty() ? "" : ", ").append(dilation);
    }
    return "net = torch.nn.Sequential(*[torch.nn.Conv1d(1, 1, "
        + stack.kernel()
        + ", dilation=d) for d in ("
        + rates
        + ")])\nfor p in net.parameters(): torch.nn.init.ones_(p)  # nothing cancels\nx = torch.randn(1, 1, "
        + (stack.field() + 4)
        + ", requires_grad=True)\nnet(x)[0, 0, 2].backward()\nread = x.grad[0, 0].nonzero().flatten()\n"
        + "assert read[-1] - read[0] + 1 == "
        + stack.field()
        + " and len(read) == "
        + stack.read();
  }

  private static String number(int value) {
    return Num.decimal(value, 0);
  }
}
