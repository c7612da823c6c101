package convscope.topic.chapter3;

import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.1: the weights of a layer are counted kernel by kernel; the image has no part in it. */
public final class ParameterCount implements Topic<KernelBank> {
  static final int MAX_IMAGE = 224;

  private static final int MAX_CHANNELS = 256;
  private static final Head HEAD =
      Head.of(
          "parameter-count",
          "The kernel bank",
          Param.integer("in-channels", 3)
              .range(1, MAX_CHANNELS)
              .label("Channels C_in")
              .symbol("C_in"),
          Param.integer("out-channels", 8)
              .range(1, MAX_CHANNELS)
              .label("Kernels C_out")
              .symbol("C_out"),
          Param.pair("kernel", 3, 3).range(1, 7).label("Kernel size").symbol("K"),
          Param.integer("groups", 1).range(1, MAX_CHANNELS).label("Groups g").symbol("g"),
          Param.choice("bias", "on")
              .option("on", "On")
              .option("off", "Off")
              .label("Bias")
              .symbol("b"),
          Param.integer("image", 32)
              .range(1, MAX_IMAGE)
              .label("Image size")
              .help("Height and width of the maps; watch which bar moves."),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("flat", "Kernels without depth")
              .option("groups", "Groups forgotten")
              .option("positions", "Every position has its own kernel")
              .label("Miscount")
              .help("The common mistakes: a third bar shows what they count."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(word("parameters"), op("="), count());
  }

  private static Formula count() {
    return row(
        sub(sym("C", "C_out", Role.OUTPUT), word("out")),
        op("·"),
        op("("),
        perKernel(),
        op("+"),
        sub(sym("1", "b", Role.NEUTRAL), word("bias")),
        op(")"));
  }

  /** The weights of one kernel. */
  private static Formula perKernel() {
    return row(
        Formula.frac(sub(sym("C", "C_in", Role.INPUT), word("in")), sym("g", Role.NEUTRAL)),
        op("·"),
        sub(sym("K", "K_h", Role.KERNEL), Formula.index("h")),
        op("·"),
        sub(sym("K", "K_w", Role.KERNEL), Formula.index("w")));
  }

  /** The relation with the numbers of a bank and what comes out. */
  Formula live(KernelBank bank) {
    return row(
        count()
            .with(
                Map.of(
                    "C_out", Num.count(bank.outChannels()),
                    "C_in", Num.count(bank.inChannels()),
                    "g", Num.count(bank.groups()),
                    "K_h", Num.count(bank.kernel().height()),
                    "K_w", Num.count(bank.kernel().width()),
                    "b", bank.bias() ? "1" : "0")),
        op("="),
        num(Num.count(bank.parameters())));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    String text =
        Conv2d.problem(
            values.integer("in-channels"),
            values.integer("out-channels"),
            values.integer("groups"));
    return text == null ? null : new Problem("groups", text);
  }

  @Override
  public KernelBank compute(Values values, Given given) {
    return KernelBank.of(values);
  }

  @Override
  public Steps steps(KernelBank result) {
    return new Steps(
        result.outChannels(), result.outChannels() - 1, Math.max(1, result.outChannels() / 64));
  }

  @Override
  public Figure figure(KernelBank result, View view) {
    return new ParameterCountFigure(this, result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    KernelBank bank = KernelBank.of(schema().defaults());
    KernelBank larger = bank.at(2 * bank.image());
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("example", live(bank).line());
    facts.put("code", bank.pytorch());
    facts.put("each", Num.count(bank.perKernel()));
    facts.put("count", Num.count(bank.parameters()));
    facts.put("image", size(bank));
    facts.put("dense", Num.count(bank.dense()));
    facts.put("larger", size(larger));
    facts.put("largerDense", Num.count(larger.dense()));
    facts.put("flat", Num.count(bank.counted("flat")));
    facts.put("vgg", Num.count(layer(512, 512, 1).parameters()));
    facts.put("vggFirst", Num.count(layer(3, 64, 1).parameters()));
    facts.put("resnext", Num.count(layer(128, 128, 32).weights()));
    facts.put("resnextWhole", Num.count(layer(128, 128, 1).weights()));
    return facts;
  }

  private static String size(KernelBank bank) {
    return bank.image() + " × " + bank.image();
  }

  private static KernelBank layer(int in, int out, int groups) {
    return new KernelBank(in, out, new Pair(3, 3), groups, true, 1, "none", 0, List.of());
  }
}
