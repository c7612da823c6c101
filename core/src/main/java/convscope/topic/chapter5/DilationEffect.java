package convscope.topic.chapter5;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Stack;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Prose;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Stacks;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.4: dilations that double give an exponential field; ones that share a factor leave holes. */
public final class DilationEffect implements Topic<DilatedStack> {
  /** The widest field that is drawn cell by cell. */
  private static final int WIDEST = 81;

  private static final String[] SYMBOLS = {"r:input", "L:neutral", "K:kernel:w"};

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
                  .symbol("D")
                  .group("Layers"),
              Param.integer("layers", 4).range(1, 6).label("Layers L").symbol("L"),
              Param.integer("kernel", 2).range(2, 4).label("Kernel K").symbol("w"),
              Param.choice("side", "causal")
                  .option("causal", "Causal")
                  .option("centred", "Centred")
                  .label("Reads"),
              Param.mistake("A well-known slip, dashed over the input.")
                  .option("dilation", "Forget the dilation")
                  .option("sum", "Add up the spans")
                  .group("Show"))
          .stage(440, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("r_L = 1 + sum_{l<=L} D_l(K−1)", SYMBOLS);
  }

  private static int[] dilations(Values values) {
    return DilatedStack.dilations(
        values.choice("dilations"), values.integer("kernel"), values.integer("layers"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int[] dilations = dilations(values);
    Stack stack = DilatedStack.stack(values.integer("kernel"), dilations);
    long field = Stacks.fields(stack).get(dilations.length).size();
    String words =
        "layers: {layer} see {} cells, and the figure has room for {}; use fewer layers, a smaller"
            + " kernel or other dilations";
    return field <= WIDEST
        ? null
        : new Problem("layers", Prose.of(words, dilations.length, field, WIDEST).plain());
  }

  @Override
  public DilatedStack compute(Values values, Given given) {
    return DilatedStack.of(
        values.choice("mistake"),
        values.choice("side").equals("causal"),
        values.integer("kernel"),
        dilations(values));
  }

  @Override
  public Steps steps(DilatedStack stack) {
    return Steps.of(stack.layers() + 1, Math.min(stack.layers() / 2 + 1, stack.layers() - 1));
  }

  @Override
  public Figure figure(DilatedStack stack, View view) {
    return new DilationEffectFigure(stack, view).figure();
  }

  @Override
  public Answers answers(DilatedStack stack) {
    int most = 0;
    for (int cell = 0; cell < stack.field(); cell++) {
      most = Math.max(most, stack.paths(0, cell));
    }
    return stack.claimed() == 0
        ? Answers.of("field", stack.field()).and("paths", most)
        : new Answers().wrong("field", stack.claimed());
  }

  @Override
  public Map<String, String> facts() {
    DilatedStack shown = shown();
    DilatedStack twos = DilatedStack.of("none", true, 3, new int[] {2, 2, 2});
    Stack wave = DilatedStack.stack(2, DilatedStack.dilations("doubling", 2, 10));
    long block = Stacks.fields(wave).get(10).size();
    DilatedStack slip = compute(schema().defaults().with("mistake", "dilation"), Given.NOTHING);
    View end = new View(shown.layers(), "", head().wide());
    Formula doubling = Formula.of("D_l = 2^{l−1} ⇒ r_L = 1 + (K−1)(2^L−1)", SYMBOLS);
    return Map.ofEntries(
        Map.entry("K", Num.count(shown.kernel())),
        Map.entry("L", Num.count(shown.layers())),
        Map.entry("weights", Num.count(shown.weights())),
        Map.entry("r", Num.count(shown.field())),
        Map.entry("read", Num.count(shown.read())),
        Map.entry("plain", Num.count(shown.plain()[shown.layers()])),
        Map.entry("example", figure(shown, end).equation()),
        Map.entry("doubling", doubling.display()),
        Map.entry("rates", Arrays.toString(shown.dilations())),
        Map.entry("length", Num.count(shown.field() + 4)),
        Map.entry("twosField", Num.count(twos.field())),
        Map.entry("twosRead", Num.count(twos.read())),
        Map.entry("twosSquare", Num.count(twos.square())),
        Map.entry("twosPlane", Num.count(twos.readPlane())),
        Map.entry("wavenet", Num.count(block)),
        // layers of K = 2 and D = 1 for that field
        Map.entry("wavenetPlain", Num.count(block - 1)),
        Map.entry("forgotten", Num.count(slip.claimed())));
  }
}
