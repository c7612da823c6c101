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
import convscope.param.ChoiceParam;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.3: the multiplications of a layer, counted by formula, by running it and by other tools. */
public final class Flops implements Topic<Work> {
  private static final int MAX_CHANNELS = 512;
  private static final Head HEAD =
      Head.of(
          "flops",
          "Counting the work",
          countLike(),
          Param.integer("batch", 1).range(1, 64).label("Batch N").symbol("N"),
          Param.integer("in-channels", 3)
              .range(1, MAX_CHANNELS)
              .label("Channels C_in")
              .symbol("C_in"),
          Param.integer("out-channels", 64)
              .range(1, MAX_CHANNELS)
              .label("Kernels C_out")
              .symbol("C_out"),
          Param.pair("size", 224, 224).range(1, 256).label("Input size"),
          Param.pair("kernel", 3, 3).range(1, 7).label("Kernel size").symbol("K"),
          Param.integer("stride", 1).range(1, 4).label("Stride S"),
          Param.integer("padding", 1).range(0, 3).label("Padding P"),
          Param.integer("groups", 1).range(1, MAX_CHANNELS).label("Groups g").symbol("g"),
          Param.choice("bias", "on").option("on", "On").option("off", "Off").label("Bias"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("macs", "MACs for FLOPs")
              .option("size", "Input size for output size")
              .option("groups", "Groups forgotten")
              .label("Miscount")
              .help("The common mistakes, as a dashed bar."));

  private static ChoiceParam countLike() {
    ChoiceParam choice = Param.choice("count", "macs").label("Count like");
    for (Way way : Way.values()) {
      choice.option(way.value(), way.label());
    }
    return choice;
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        word("MACs"),
        op("="),
        count(),
        op(","),
        word(" FLOPs"),
        op("="),
        num("2"),
        op("·"),
        word("MACs"));
  }

  private static Formula count() {
    return row(
        sym("N", Role.NEUTRAL),
        op("·"),
        sub(sym("C", "C_out", Role.OUTPUT), word("out")),
        op("·"),
        sub(sym("H", "H_out", Role.OUTPUT), word("out")),
        op("·"),
        sub(sym("W", "W_out", Role.OUTPUT), word("out")),
        op("·"),
        Formula.frac(sub(sym("C", "C_in", Role.INPUT), word("in")), sym("g", Role.NEUTRAL)),
        op("·"),
        sub(sym("K", "K_h", Role.KERNEL), Formula.index("h")),
        op("·"),
        sub(sym("K", "K_w", Role.KERNEL), Formula.index("w")));
  }

  /** The relation with live numbers. */
  static String live(Work work) {
    Formula numbers =
        count()
            .with(
                Map.of(
                    "N", Num.count(work.batch()),
                    "C_out", Num.count(work.outChannels()),
                    "H_out", Num.count(work.out().height()),
                    "W_out", Num.count(work.out().width()),
                    "C_in", Num.count(work.inChannels()),
                    "g", Num.count(work.groups()),
                    "K_h", Num.count(work.spec().kernelHeight()),
                    "K_w", Num.count(work.spec().kernelWidth())));
    return numbers.line() + " " + row(op("="), num(Num.count(work.macs()))).line() + " MACs";
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    Conv2d.Spec spec = Work.spec(values);
    String text = Conv2d.problem(size.height(), size.width(), spec);
    if (text != null) {
      return new Problem("kernel", text);
    }
    text =
        Conv2d.problem(
            values.integer("in-channels"), values.integer("out-channels"), spec.groups());
    return text == null ? null : new Problem("groups", text);
  }

  @Override
  public Work compute(Values values, Given given) {
    return Work.of(values);
  }

  @Override
  public Steps steps(Work result) {
    return new Steps(Work.FACTORS, Work.FACTORS - 1, 1);
  }

  @Override
  public Figure figure(Work result, View view) {
    return new FlopsFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Values values = schema().defaults();
    Work work = Work.of(values);
    Values resnet = values.with("stride", "2").with("kernel", "7").with("padding", "3");
    Values vgg = values.with("in-channels", "64");
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("example", live(work));
    facts.put("each", Num.count(work.upTo(1)));
    facts.put("padding", Num.count(work.ran() - work.real()));
    facts.put("products", Num.count(work.ran()));
    facts.put("share", Num.decimal(100.0 * (work.ran() - work.real()) / work.ran(), 1));
    Work small = Work.of(values.with("size", "7"));
    facts.put("smallShare", Num.decimal(100.0 * (small.ran() - small.real()) / small.ran(), 0));
    facts.put("outputs", Num.count(work.outputs()));
    facts.put("macs", Num.count(work.macs()));
    facts.put("flops", Num.count(2 * work.macs()));
    facts.put("torchinfo", Num.count(Way.TORCHINFO.count(work)));
    facts.put("code", work.pytorch());
    facts.put("second", Num.decimal(Work.of(vgg).macs() / 1e9, 2));
    facts.put("first", Num.decimal(work.macs() / 1e9, 2));
    facts.put("stem", Num.decimal(Work.of(resnet).macs() / 1e6, 0));
    facts.put("wrongStem", Num.decimal(Work.of(resnet).counted("size") / 1e6, 0));
    return facts;
  }
}
