package convscope.topic.chapter3;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.NumberGrid;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.4: a 1 × 1 convolution is one matrix, applied to the channels of every pixel. */
public final class OneByOne implements Topic<Mixed> {
  static final int MAX_CHANNELS = 4;

  private static final int MAX_SIZE = 8;
  private static final double MAX_WEIGHT = 999;
  private static final Head HEAD =
      Head.of(
          "one-by-one",
          "Mixing channels",
          Inputs.pictures(Inputs.patterns("input", "ring")).label("Input").symbol("X"),
          Param.pair("size", 5, 5)
              .range(1, MAX_SIZE)
              .label("Input size")
              .symbol("X")
              .onlyWith("input", numbers()),
          Param.integer("in-channels", 3)
              .range(1, MAX_CHANNELS)
              .label("Channels C_in")
              .symbol("X")
              .onlyWith("input", numbers()),
          Param.integer("out-channels", 2)
              .range(1, MAX_CHANNELS)
              .label("Kernels C_out")
              .symbol("W"),
          Param.choice("mix", "difference")
              .option("difference", "Sum and differences")
              .option("identity", "Identity")
              .option("reverse", "Channels reversed")
              .option("luma", "Grey of red, green, blue")
              .option("custom", "Custom")
              .label("Weights")
              .symbol("W"),
          Param.flag("mistake")
              .label("Transpose W")
              .help("The common mistake: also multiplies by the transposed matrix."),
          Param.grid("w")
              .atMost(MAX_CHANNELS, MAX_CHANNELS)
              .label("Weight numbers")
              .symbol("W")
              .onlyWith("mix", "custom"));

  private static String[] numbers() {
    List<ChoiceParam.Option> options = Inputs.patterns("input", "").options();
    String[] names = new String[options.size()];
    for (int n = 0; n < names.length; n++) {
      names[n] = options.get(n).value();
    }
    return names;
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        sym("Y", Role.OUTPUT),
        op("["),
        op(":"),
        op(","),
        index("p"),
        op("]"),
        op("="),
        sym("W", Role.KERNEL),
        op("·"),
        sym("X", Role.INPUT),
        op("["),
        op(":"),
        op(","),
        index("p"),
        op("]"));
  }

  @Override
  public List<String> needs(Values values) {
    String input = values.choice("input");
    return Inputs.isPicture(input) ? List.of(input) : List.of();
  }

  @Override
  public Mixed compute(Values values, Given given) {
    return Mixed.of(values, given);
  }

  @Override
  public Steps steps(Mixed result) {
    return new Steps(result.pixels(), result.pixels() * 2 / 5, Math.max(1, result.pixels() / 200));
  }

  @Override
  public Figure figure(Mixed result, View view) {
    return new OneByOneFigure(result, view).figure();
  }

  @Override
  public Values change(Values values, @Nullable Mixed result, String key, String text) {
    Cell cell = Cell.parse(key);
    if (cell != null) {
      return result == null || !cell.within("w", result.outChannels(), result.inChannels())
          ? values
          : custom(
              values,
              result.weights().with(cell.row(), cell.column(), (float) Num.parse(text.trim())));
    }
    Values changed = values.with(key, text);
    return result != null && key.equals("mix") && text.equals("custom")
        ? custom(changed, result.weights())
        : changed;
  }

  private static Values custom(Values values, NumberGrid weights) {
    return values.with("mix", "custom").with("w", weights.plain());
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    if (!key.startsWith("w/")) {
      return new Problem("", "Only the weights can be edited; the outputs follow from them");
    }
    return Math.abs(Num.parse(text.trim())) <= MAX_WEIGHT
        ? null
        : new Problem("", "That is not a number from −999 to 999; the weight keeps its value");
  }

  @Override
  public Map<String, String> facts() {
    Mixed mixed = Mixed.of(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("in", Num.count(mixed.inChannels()));
    facts.put("out", Num.count(mixed.outChannels()));
    facts.put("weights", Num.count(mixed.w().size()));
    facts.put("pixels", Num.count(mixed.pixels()));
    int p = steps(mixed).first();
    facts.put("row", Num.count(p / mixed.width()));
    facts.put("column", Num.count(p % mixed.width()));
    facts.put("example", new OneByOneFigure(mixed, new View(p, "", head().wide())).equation());
    facts.put("apart", mixed.apart() == 0 ? "0" : Num.scientific(mixed.apart(), 1));
    facts.put("code", mixed.pytorch());
    facts.put("squeeze", Num.count(256 * 64)); // the first 1 × 1 of ResNet-50's bottleneck
    facts.put("three", Num.count(256 * 64 * 9)); // the same with a 3 × 3 kernel
    return facts;
  }
}
