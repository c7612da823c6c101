package convscope.topic.chapter7;

import convscope.data.Given;
import convscope.net.Costs;
import convscope.net.Counts;
import convscope.net.Pool;
import convscope.net.Presets;
import convscope.net.ShapeTrace;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Shape;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 7.3: a 3 × 3 convolution between two of 1 × 1, and what that saves. */
public final class BottleneckBlock implements Topic<Bottleneck> {
  private static final Head HEAD =
      Head.of(
              "bottleneck-block",
              "Three stages for two",
              Param.integer("channels", 256)
                  .range(8, 1024)
                  .doubling()
                  .label("Channels C")
                  .symbol("C")
                  .group("Block"),
              Param.integer("ratio", 4)
                  .range(1, 8)
                  .label("Ratio r")
                  .symbol("r")
                  .help("The middle has C/r channels, or C·r if it is wide."),
              Param.mistake("Dashed.")
                  .option("middle", "The 3 × 3 alone")
                  .option("flops", "FLOPs for MACs")
                  .label("Miscount"),
              Param.choice("middle", "narrow")
                  .option("narrow", "Narrow: bottleneck")
                  .option("wide", "Wide: inverted residual")
                  .label("Middle"),
              Param.flag("depthwise").label("Depthwise 3 × 3"),
              Param.integer("size", 56).range(1, 112).label("Map size").group("Input"))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("2·frac{C^2}{r} + 9·frac{C^2}{r^2} ' instead of ' 2·9·C^2");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int channels = values.integer("channels");
    int ratio = values.integer("ratio");
    return values.choice("middle").equals("wide") || channels % ratio == 0
        ? null
        : new Problem(
            "ratio",
            "Bottleneck: "
                + channels
                + " channels divided by "
                + ratio
                + " is no whole number; use a ratio that divides them, such as 2, 4 or 8");
  }

  @Override
  public Bottleneck compute(Values values, Given given) {
    int channels = values.integer("channels");
    int ratio = values.integer("ratio");
    return new Bottleneck(
        channels,
        values.choice("middle").equals("wide") ? channels * ratio : channels / ratio,
        values.flag("depthwise"),
        values.integer("size"),
        values.choice("mistake"));
  }

  @Override
  public Steps steps(Bottleneck result) {
    return Steps.of(4, 0);
  }

  @Override
  public Figure figure(Bottleneck result, View view) {
    return new BottleneckFigure(result, view).figure();
  }

  @Override
  public Answers answers(Bottleneck found) {
    return Answers.of("times", Num.round(1 / found.share()))
        .and("weights", found.weights())
        .wrong("weights", found.miscounted())
        .and("plain", found.plain())
        .and("percent", Num.round(1000 * found.share()) / 10.0);
  }

  @Override
  public Map<String, String> facts() {
    Bottleneck found = shown();
    Bottleneck inverted = new Bottleneck(32, 192, true, 28, "none");
    Costs net = Costs.of(ShapeTrace.of(Presets.resNet50Torchvision(), Shape.of(1, 3, 224, 224)));
    long stage = 0; // of the first three blocks, which follow a pooling
    int blocks = 0;
    for (Costs.Row row : net.rows()) {
      stage = row.layer() instanceof Pool ? 0 : stage + (blocks < 3 ? row.parameters() : 0);
      blocks += row.layer() instanceof convscope.net.Residual ? 1 : 0;
    }
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("reduce", Num.count(found.weights(0))),
        Map.entry("middle", Num.count(found.weights(1))),
        Map.entry("weights", Num.count(found.weights())),
        Map.entry("plain", Num.count(found.plain())),
        Map.entry("weightsCode", Num.decimal(found.weights(), 0)),
        Map.entry("plainCode", Num.decimal(found.plain(), 0)),
        Map.entry("share", Num.percent(found.share(), 1)),
        Map.entry("macs", BottleneckFigure.millions(found.macs())),
        Map.entry("plainMacs", BottleneckFigure.millions(found.plainMacs())),
        Map.entry("ones", Num.percent(1 - found.weights(1) / (double) found.weights(), 0)),
        Map.entry("blocks", Num.count(blocks)),
        Map.entry("stage", Num.count(stage)),
        Map.entry("net", Num.count(net.parameters())),
        Map.entry("netMacs", BottleneckFigure.millions(net.operations(Counts.Convention.MACS))),
        Map.entry("inverted", Num.count(inverted.weights())),
        Map.entry(
            "invertedMiddle", Num.percent(inverted.weights(1) / (double) inverted.weights(), 0)));
  }
}
