package convscope.topic.chapter1;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Cell;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Kernels;
import convscope.topic.Steps;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.2: a convolution is a matrix that repeats the kernel's few weights and is zero elsewhere. */
public final class WeightSharing implements EditableTopic<SharedWeights> {
  private static final int MAX_INPUT = 5; // 25 columns still fit beside one another
  private static final int MAX_KERNEL = 3;

  private static final Head HEAD =
      Head.of(
          "weight-sharing",
          "The convolution as a matrix",
          Inputs.patterns("input", "noise")
              .option("custom", "Custom numbers", "Yours")
              .label("Input")
              .symbol("x"),
          Kernels.choice("preset", "count").label("Kernel values").symbol("w"),
          Param.pair("size", 4, 4).range(1, MAX_INPUT).label("Input size").symbol("x"),
          Param.pair("kernel", 3, 3).range(1, MAX_KERNEL).label("Kernel size").symbol("w"),
          Param.integer("stride", 1).range(1, 3).label("Stride S").symbol("S"),
          Param.integer("padding", 0).range(0, 1).label("Padding P").symbol("P"),
          Param.choice("show", "numbers")
              .option("numbers", "Weights")
              .option("names", "Names of taps")
              .label("Cells show")
              .symbol("T"),
          Param.integer("in-channels", 1)
              .range(1, 512)
              .label("Channels in")
              .help("For the counts; the matrix drawn is that of one pair of channels."),
          Param.integer("out-channels", 1).range(1, 512).label("Channels out"),
          Param.flag("mistake")
              .label("Change one entry alone")
              .help("The common mistake: an entry of T as a weight of its own."),
          Param.grid("x")
              .atMost(MAX_INPUT, MAX_INPUT)
              .label("Input numbers")
              .symbol("x")
              .onlyWith("input", "custom"),
          Param.grid("w")
              .atMost(MAX_KERNEL, MAX_KERNEL)
              .label("Kernel numbers")
              .symbol("w")
              .onlyWith("preset", "custom"));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula pOfT = row(index("p"), op(","), index("q"));
    return row(
        sym("y", Role.OUTPUT),
        op("="),
        sym("T", Role.KERNEL),
        op("("),
        sym("w", Role.KERNEL),
        op(")"),
        sym("x", Role.INPUT),
        op(",  "),
        sym("T", Role.KERNEL),
        op("["),
        pOfT,
        op("]"),
        op("="),
        sym("w", Role.KERNEL),
        op("["),
        index("u"),
        op(","),
        index("v"),
        op("]"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    String text = Conv2d.problem(size.height(), size.width(), spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public SharedWeights compute(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    return SharedWeights.of(
        values, spec(values), size, Editing.input(values), Editing.kernel(values));
  }

  @Override
  public Steps steps(SharedWeights result) {
    return new Steps(result.outputs(), result.outputs() / 4, 1);
  }

  @Override
  public Figure figure(SharedWeights result, View view) {
    return new WeightSharingFigure(result, view).figure();
  }

  @Override
  public Values change(Values values, @Nullable SharedWeights result, String key, String text) {
    Cell cell = Cell.parse(key);
    if (cell != null && cell.grid().equals("t")) {
      if (result == null || !cell.within("t", result.outputs(), result.inputs())) {
        return values;
      }
      int tap = result.tap(cell.row(), cell.column());
      return tap < 0
          ? values
          : EditableTopic.super.change(values, result, "k/" + result.place(tap), text);
    }
    return EditableTopic.super.change(values, result, key, text);
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return EditableTopic.super.checkCell(key.startsWith("t/") ? "k" + key.substring(1) : key, text);
  }

  @Override
  public Map<String, String> facts() {
    SharedWeights shown = compute(schema().defaults(), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("in", shown.height() + " × " + shown.width());
    facts.put("out", shown.outHeight() + " × " + shown.outWidth());
    facts.put("matrix", shown.outputs() + " × " + shown.inputs());
    facts.put("entries", Num.count(shown.matrix().size()));
    facts.put("taps", Num.count(shown.taps()));
    facts.put("nonzero", Num.count(shown.tied()));
    facts.put("zero", Num.count(shown.matrix().size() - shown.tied()));
    facts.put("difference", Num.cell(shown.difference()));
    facts.put("relationCounts", WeightSharingFigure.counts().display());
    facts.put("layer", Num.count(SharedWeights.layerWeights(64, 128, 3)));
    for (int side : new int[] {8, 32, 224}) {
      facts.put(
          "dense" + side, Num.count(SharedWeights.denseWeights(64, side, side, 128, side, side)));
    }
    facts.put("vgg", Num.count(SharedWeights.layerWeights(3, 64, 3)));
    facts.put("vggDense", Num.count(SharedWeights.denseWeights(3, 224, 224, 64, 224, 224)));
    facts.put(
        "code",
        "conv = torch.nn.Conv2d(64, 128, 3, padding=1, bias=False)\nassert conv.weight.numel() == "
            + SharedWeights.layerWeights(64, 128, 3)
            + "\nfor size in (8, 32, 224):\n"
            + "    assert conv(torch.zeros(1, 64, size, size)).shape == (1, 128, size, size)\n\n"
            + "# T itself, one column for each input cell: the answers to one-hot images\n"
            + "w = torch.arange(1., "
            + (shown.taps() + 1)
            + ").reshape(1, 1, 3, 3)\n"
            + "T = torch.nn.functional.conv2d(torch.eye("
            + shown.inputs()
            + ").reshape(-1, 1, 4, 4), w).flatten(1).T\nassert T.shape == ("
            + shown.outputs()
            + ", "
            + shown.inputs()
            + ") and len(T.unique()) == "
            + (shown.taps() + 1)
            + "  # the weights and 0");
    return facts;
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }
}
