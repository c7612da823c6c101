package convscope.topic.chapter1;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Cell;
import convscope.topic.EditableTopic;
import convscope.topic.Editing;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.ImageInput;
import convscope.topic.Kernels;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.View;
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
              Kernels.size(3, MAX_KERNEL).group("Window"),
              Param.integer("stride", 1).range(1, 3).label("Stride S").symbol("S"),
              Param.integer("padding", 0).range(0, 1).label("Padding P").symbol("P"),
              ImageInput.size(4, MAX_INPUT).group("Input"),
              ImageInput.patterns("noise"),
              Kernels.choice("preset", "count").group("Kernel"),
              Param.choice("show", "numbers")
                  .option("numbers", "Weights")
                  .option("names", "Names of taps")
                  .label("Cells show")
                  .symbol("T")
                  .group("Show"),
              Param.integer("in-channels", 1)
                  .range(1, 512)
                  .doubling()
                  .label("Channels in")
                  .help("For the counts alone."),
              Param.integer("out-channels", 1).range(1, 512).doubling().label("Filters"),
              Param.flag("mistake")
                  .label("Change one entry alone")
                  .help("The common mistake: its own weight."),
              ImageInput.numbers(MAX_INPUT),
              Kernels.numbers(MAX_KERNEL))
          .stage(440, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y = T(w)x,  T[p,q] = w[u,v]", "T:kernel");
  }

  /** Weights of a dense layer and of a convolution. */
  private static Formula counts() {
    return Formula.row(
        Formula.of("'dense: '(C_'in'·H·W)·", "C:input:x", "H:input:x", "W:input:x"),
        Formula.of("(C_'out'·H_'out'·W_'out')", "C:output:y", "H:output:y", "W:output:y"),
        Formula.of("'   shared: 'C_'out'·", "C:output:y"),
        Formula.of("C_'in'·K_'h'·K_'w'", "C:input:x", "K:kernel:w"));
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = Editing.kernelSize(values);
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = Editing.inputSize(values);
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  @Override
  public SharedWeights compute(Values values, Given given) {
    return SharedWeights.of(values, ImageInput.of(values, given), spec(values));
  }

  @Override
  public Steps steps(SharedWeights result) {
    return Steps.of(result.outputs(), result.outputs() / 4);
  }

  @Override
  public Figure figure(SharedWeights result, View view) {
    return new WeightSharingFigure(result, view).figure();
  }

  /**
   * An entry of T that holds a weight is the weight itself: all entries that it is tied to move.
   */
  @Override
  public Values change(Values values, @Nullable SharedWeights result, String key, String text) {
    if (!key.startsWith("t/")) {
      return EditableTopic.super.change(values, result, key, text);
    }
    if (result == null) {
      return values;
    }
    int at = Cell.index(key, "t", result.outputs(), result.inputs());
    int tap = at < 0 ? -1 : result.ties()[at];
    return tap < 0
        ? values // a zero of the matrix is no weight
        : change(values, result, Cell.key("k", tap, result.spec().kernelWidth()), text);
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return EditableTopic.super.checkCell(key.startsWith("t/") ? "k" + key.substring(1) : key, text);
  }

  @Override
  public Answers answers(SharedWeights result) {
    return Answers.of("outputs", result.outputs())
        .and("corner", result.uses(0))
        .and("middle", result.uses(result.kernel().size() / 2))
        .and("nonzero", result.matrix().size() - result.uses(-1));
  }

  @Override
  public Map<String, String> facts() {
    SharedWeights shown = shown();
    int tied = shown.matrix().size() - shown.uses(-1);
    return Map.ofEntries(
        Map.entry("in", shown.input().size()),
        Map.entry("out", Num.size(shown.output().dim(2), shown.output().dim(3))),
        Map.entry("matrix", Num.size(shown.outputs(), shown.inputs())),
        Map.entry("shape", Listing.shape(shown.matrix())),
        Map.entry("entries", Num.count(shown.matrix().size())),
        Map.entry("taps", Num.count(shown.kernel().size())),
        Map.entry("nonzero", Num.count(tied)),
        Map.entry("zero", Num.count(shown.uses(-1))),
        Map.entry("agreement", Num.agreement(shown.difference())),
        Map.entry("relationCounts", counts().display()),
        Map.entry("x", Listing.tensor("x", shown.input().x())),
        Map.entry("w", Listing.tensor("w", shown.kernel())),
        Map.entry("side", Num.count(shown.input().width())),
        Map.entry("inputs", Num.count(shown.inputs())),
        Map.entry("layer", Num.count(SharedWeights.layerWeights(64, 128, 3))),
        Map.entry("layerCode", String.valueOf(SharedWeights.layerWeights(64, 128, 3))),
        Map.entry("dense8", dense(64, 8, 128)),
        Map.entry("dense32", dense(64, 32, 128)),
        Map.entry("dense224", dense(64, 224, 128)),
        Map.entry("vgg", Num.count(SharedWeights.layerWeights(3, 64, 3))),
        Map.entry("vggDense", dense(3, 224, 64)));
  }

  private static String dense(int in, int side, int out) {
    return Num.count(SharedWeights.denseWeights(in, side, side, out, side, side));
  }
}
