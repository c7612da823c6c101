package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.1: the weights of a layer are counted kernel by kernel; the image has no part in it. */
public final class ParameterCount implements Topic<KernelBank> {
  static final int MAX_IMAGE = 224;

  private static final int MOST = 256;
  private static final Head HEAD =
      Head.of(
              "parameter-count",
              "The kernel bank",
              LayerParams.kernels(8, MOST).group("Layer"),
              LayerParams.channels(3, MOST),
              Param.integer("image", 32)
                  .range(1, MAX_IMAGE)
                  .doubling()
                  .label("Image size")
                  .symbol("image")
                  .help("Watch which dot moves.")
                  .group("Input"),
              Param.pair("kernel", 3, 3)
                  .range(1, 7)
                  .label("Kernel size")
                  .symbol("K")
                  .group("Weights"),
              LayerParams.groups(MOST),
              LayerParams.bias().symbol("b"),
              LayerParams.miscount("as a third dot")
                  .group("Show")
                  .option("flat", "Flat kernels")
                  .option("groups", "Groups forgotten")
                  .option("positions", "Kernel per place"))
          .stage(400, 384);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("'parameters' = {" + COUNT + "}", SYMBOLS);
  }

  private static final String COUNT = "C_out·({frac{C_in}{g}·K_h·K_w} + 1_bias)";
  private static final String[] SYMBOLS = {
    "C_out:output", "C_in:input", "g:neutral", "K_h:kernel", "K_w:kernel", "1_bias:neutral:b"
  };

  /** The relation with the numbers of a bank and what comes out. */
  static String live(KernelBank bank) {
    return Formula.row(
            Formula.of(COUNT, SYMBOLS)
                .with(
                    "C_out", bank.outChannels(),
                    "C_in", bank.inChannels(),
                    "g", bank.groups(),
                    "K_h", bank.kernel().height(),
                    "K_w", bank.kernel().width(),
                    "b", bank.bias() ? 1 : 0),
            Formula.op("="),
            Formula.num(Num.count(bank.parameters())))
        .line();
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    return Problem.of(
        "groups",
        Conv2d.problem(
            values.integer("in-channels"),
            values.integer("out-channels"),
            values.integer("groups")));
  }

  @Override
  public KernelBank compute(Values values, Given given) {
    return new KernelBank(
        values.integer("in-channels"),
        values.integer("out-channels"),
        values.pair("kernel"),
        values.integer("groups"),
        values.choice("bias").equals("on"),
        values.integer("image"),
        values.choice("mistake"));
  }

  @Override
  public Steps steps(KernelBank result) {
    int kernels = result.outChannels();
    return new Steps(kernels, kernels / 2, Math.max(1, kernels / 64));
  }

  @Override
  public Figure figure(KernelBank result, View view) {
    return new ParameterCountFigure(result, view).figure();
  }

  @Override
  public Answers answers(KernelBank bank) {
    return Answers.of("parameters", bank.parameters())
        .wrong("parameters", bank.miscounted())
        .and("depth", bank.depth())
        .and("kernels", bank.outChannels());
  }

  @Override
  public Map<String, String> facts() {
    KernelBank bank = shown();
    KernelBank larger = bank.at(2 * bank.image());
    KernelBank flat = compute(schema().defaults().with("mistake", "flat"), Given.NOTHING);
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("each", Num.count(bank.perKernel() + 1)),
        Map.entry("count", Num.count(bank.parameters())),
        Map.entry("side", Num.count(bank.image())),
        Map.entry("largerSide", Num.count(larger.image())),
        Map.entry("dense", Num.count(bank.dense())),
        Map.entry("largerDense", Num.count(larger.dense())),
        Map.entry("flat", Num.count(flat.miscounted())),
        Map.entry("vgg", Num.count(layer(512, 512, 1).parameters())),
        Map.entry("vggFirst", Num.count(layer(3, 64, 1).parameters())),
        Map.entry("resnext", Num.count(128 * layer(128, 128, 32).perKernel())),
        Map.entry("resnextWhole", Num.count(128 * layer(128, 128, 1).perKernel())));
  }

  private static KernelBank layer(int in, int out, int groups) {
    return new KernelBank(in, out, new Pair(3, 3), groups, true, 1, "none");
  }
}
