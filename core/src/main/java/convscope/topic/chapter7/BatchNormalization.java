package convscope.topic.chapter7;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.BatchNorm2d;
import convscope.op.GroupNorm;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Listing;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 7.4: which numbers share a mean and a variance, and where these come from once training ends. */
public final class BatchNormalization implements Topic<Normalized> {
  private static final int FIRST = 5; // the batch at which the figure begins

  private static final Head HEAD =
      Head.of(
              "batch-normalization",
              "Which numbers share a mean",
              Param.choice("norm", "batch")
                  .option("batch", "Batch")
                  .option("layer", "Layer")
                  .option("group", "Group")
                  .option("instance", "Instance")
                  .label("Norm")
                  .symbol("μ")
                  .group("Layer"),
              Param.choice("mode", "train")
                  .option("train", "Training")
                  .option("eval", "Evaluation")
                  .label("Mode")
                  .onlyWith("norm", "batch"),
              Param.integer("batch", 3).range(1, 4).label("Images N").symbol("N").group("Batch"),
              Param.integer("channels", 2).range(1, 4).label("Channels C").symbol("C"),
              Param.pair("size", 2, 2).range(1, 3).label("Map size").symbol("x"),
              Param.integer("groups", 2)
                  .range(1, 4)
                  .label("Groups G")
                  .symbol("G")
                  .onlyWith("norm", "group"),
              Param.number("gamma", 1)
                  .range(-3, 3)
                  .label("Scale γ")
                  .symbol("γ")
                  .help("One for all channels here.")
                  .group("Learned and chosen"),
              Param.number("beta", 0).range(-5, 5).label("Shift β").symbol("β"),
              Param.choice("epsilon", "0.00001")
                  .option("0.00001", "1e−5")
                  .option("0.001", "0.001")
                  .option("0.1", "0.1")
                  .option("1", "1")
                  .label("ε")
                  .symbol("ε"),
              Param.number("momentum", 0.1)
                  .range(0, 1)
                  .step(0.05)
                  .label("Momentum m")
                  .symbol("m")
                  .help("The share of the newest batch.")
                  .onlyWith("norm", "batch"),
              Param.choice("show", "output")
                  .option("output", "Output y")
                  .option("gradient", "Gradient")
                  .label("Shown")
                  .group("Show"),
              Param.flag("mistake")
                  .label("Forget model.eval()")
                  .help("The common mistake: test images in training mode.")
                  .onlyWith("norm", "batch")
                  .onlyWith("mode", "eval"))
          .stage(430, 390);

  @Override
  public Head head() {
    return HEAD;
  }

  private static final String[] SYMBOLS = {
    "γ:neutral", "β:neutral", "ε:neutral", "μ:neutral", "m:neutral"
  };

  private static Formula standardized() {
    return Formula.sym("x̂", "y", Role.OUTPUT);
  }

  @Override
  public Formula relation() {
    return Formula.row(
        standardized(),
        Formula.of("= frac{x−μ_c}{sqrt{σ_c^2+ε}}, y = γ", SYMBOLS),
        standardized(),
        Formula.of("+ β", SYMBOLS));
  }

  private static Shape shape(Values values) {
    Pair size = values.pair("size");
    return Shape.of(
        values.integer("batch"), values.integer("channels"), size.height(), size.width());
  }

  private static boolean isBatch(Values values) {
    return values.choice("norm").equals("batch");
  }

  private static boolean evaluating(Values values) {
    return values.choice("mode").equals("eval");
  }

  private static int groups(Values values) {
    return switch (values.choice("norm")) {
      case "layer" -> 1;
      case "group" -> values.integer("groups");
      default -> values.integer("channels");
    };
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    boolean own = !evaluating(values) || values.flag("mistake");
    return isBatch(values)
        ? Problem.of("batch", BatchNorm2d.problem(shape(values), null, null, 0, own))
        : Problem.of("groups", GroupNorm.problem(shape(values), groups(values), null, null, 0));
  }

  @Override
  public Normalized compute(Values values, Given given) {
    Shape x = shape(values);
    boolean training = isBatch(values) && !evaluating(values);
    int c = x.dim(1);
    int h = x.dim(2);
    int w = x.dim(3);
    double momentum = values.number("momentum");
    List<Tensor> batches = Normalized.batches(training, x.dim(0), c, h, w);
    List<Tensor> means = new ArrayList<>();
    List<Tensor> variances = new ArrayList<>();
    List<Tensor> learnt =
        training ? batches : Normalized.batches(true, Normalized.TRAINED_ON, c, h, w);
    Normalized.run(learnt, momentum, means, variances);
    if (!training) { // they rest
      Collections.fill(means, means.get(Normalized.BATCHES - 1));
      Collections.fill(variances, variances.get(Normalized.BATCHES - 1));
    }
    return new Normalized(
        values.choice("norm"),
        evaluating(values),
        isBatch(values) && evaluating(values) && values.flag("mistake"),
        values.choice("show").equals("gradient"),
        groups(values),
        values.number("gamma"),
        values.number("beta"),
        Num.parse(values.choice("epsilon")),
        momentum,
        batches,
        means,
        variances);
  }

  @Override
  public Steps steps(Normalized result) {
    return Steps.of(Normalized.BATCHES, FIRST);
  }

  @Override
  public Figure figure(Normalized result, View view) {
    return new BatchNormalizationFigure(result, view).figure();
  }

  @Override
  public Answers answers(Normalized result) {
    Normalized.Moments of = result.moments(result.batches().get(FIRST));
    return Answers.of("depends", result.company(FIRST) > 0)
        .and("count", of.count())
        .and("means", of.mean().length);
  }

  @Override
  public Map<String, String> facts() {
    Normalized shown = shown();
    Tensor first = shown.batches().get(0);
    BatchNorm2d.Statistics own = BatchNorm2d.statistics(first);
    int last = Normalized.BATCHES - 1;
    Normalized.Moments all = shown.overall();
    Normalized forgotten =
        compute(schema().defaults().with("mode", "eval").with("mistake", "on"), Given.NOTHING);
    Values one = schema().defaults().with("batch", "1").with("size", "1");
    Problem problem = check(one, Given.NOTHING);
    Formula running = Formula.of("r ← (1−m)·r + m·'batch’s own'", SYMBOLS);
    Formula back =
        Formula.row(
            Formula.of("frac{∂L}{∂x} = frac{γ}{sqrt{σ_c^2+ε}} (g − 'mean'_c(g) −", SYMBOLS),
            standardized(),
            Formula.of("· 'mean'_c(g·"),
            standardized(),
            Formula.of("))"));
    return Map.ofEntries(
        Map.entry("example", figure(shown, new View(0, "", head().wide())).equation()),
        Map.entry("running", running.display()),
        Map.entry("backward", back.display()),
        Map.entry("x", Listing.tensor("x", first)),
        Map.entry("images", Num.count(shown.images())),
        Map.entry("channels", Num.count(shown.channels())),
        Map.entry("maps", Num.size(shown.height(), shown.width())),
        Map.entry("count", Num.count(shown.moments(first).count())),
        Map.entry("mean", Num.value(own.mean().data()[0])),
        Map.entry("biased", Num.value(own.variance().data()[0])),
        Map.entry("unbiased", Num.value(own.unbiased().data()[0])),
        Map.entry("batches", Num.count(Normalized.BATCHES)),
        Map.entry("lastMean", Num.value(shown.means().get(last).data()[0])),
        Map.entry("lastVariance", Num.value(shown.variances().get(last).data()[0])),
        Map.entry("allMean", Num.value(all.mean()[0])),
        Map.entry("allVariance", Num.value(all.unbiased(0))),
        Map.entry("company", Num.value(forgotten.company(FIRST))),
        Map.entry("one", problem == null ? "" : problem.text()));
  }
}
