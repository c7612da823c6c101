package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.ChoiceParam;
import convscope.param.Pair;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Prose;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.3: the multiplications of a layer, counted by formula, by running it and by other tools. */
public final class Flops implements Topic<Work> {
  private static final int MOST = 512;
  private static final Head HEAD =
      Head.of(
              "flops",
              "Counting the work",
              LayerParams.channels(3, MOST).group("Layer"),
              LayerParams.kernels(64, MOST),
              Param.pair("kernel", 3, 3).range(1, 7).label("Kernel size").symbol("K"),
              Param.integer("stride", 1).range(1, 4).label("Stride S"),
              Param.integer("padding", 1).range(0, 3).label("Padding P"),
              LayerParams.groups(MOST),
              LayerParams.bias(),
              LayerParams.size().group("Input"),
              LayerParams.batch(1, 64),
              Param.choice("show", "factors")
                  .option("factors", "Factor by factor")
                  .option("ways", "Ways to count")
                  .label("Show")
                  .group("Show"),
              countLike(),
              LayerParams.miscount("dashed")
                  .option("macs", "MACs for FLOPs")
                  .option("size", "Input’s size")
                  .option("groups", "Groups forgotten"))
          .stage(400, 400);

  private static final String COUNT = "N·C_out·H_out·W_out·frac{C_in}{g}·K_h·K_w";
  private static final String[] SYMBOLS = {
    "N:neutral",
    "C_out:output",
    "H_out:output",
    "W_out:output",
    "C_in:input",
    "g:neutral",
    "K_h:kernel",
    "K_w:kernel"
  };

  private static ChoiceParam countLike() {
    ChoiceParam choice = Param.choice("count", "macs").label("Count like");
    for (Way way : Way.values()) {
      choice.option(way.value, way.label);
    }
    return choice;
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("'MACs' = {" + COUNT + "}, ' FLOPs' = 2·'MACs'", SYMBOLS);
  }

  /** The relation with live numbers. */
  static String live(Work work) {
    String numbers =
        Formula.of(COUNT, SYMBOLS)
            .with(
                "N", work.batch(),
                "C_out", work.outChannels(),
                "H_out", work.out().height(),
                "W_out", work.out().width(),
                "C_in", work.inChannels(),
                "g", work.spec().groups(),
                "K_h", work.spec().kernelHeight(),
                "K_w", work.spec().kernelWidth())
            .line();
    Prose result = Prose.of(" = {} MACs", work.macs());
    if (work.way() != Way.MACS) {
      result.add("; {}: [output {}]", work.way().label, work.way().count(work));
    }
    return numbers + result.html();
  }

  private static Conv2d.Spec spec(Values values) {
    Pair kernel = values.pair("kernel");
    return Conv2d.Spec.of(kernel.height(), kernel.width())
        .stride(values.integer("stride"))
        .padding(values.integer("padding"))
        .groups(values.integer("groups"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    int in = values.integer("in-channels");
    String text = Conv2d.problem(size.height(), size.width(), spec(values));
    return text != null
        ? new Problem("kernel", text)
        : Problem.of(
            "groups", Conv2d.problem(in, values.integer("out-channels"), values.integer("groups")));
  }

  @Override
  public Work compute(Values values, Given given) {
    return new Work(
        values.integer("batch"),
        values.integer("in-channels"),
        values.integer("out-channels"),
        values.pair("size"),
        spec(values),
        values.choice("bias").equals("on"),
        Way.of(values.choice("count")),
        values.choice("mistake"),
        values.choice("show").equals("ways"));
  }

  @Override
  public Steps steps(Work result) {
    return result.ways() ? Steps.NONE : Steps.of(Work.FACTORS, 2);
  }

  @Override
  public Figure figure(Work result, View view) {
    return new FlopsFigure(result, view).figure();
  }

  private Work with(String... pairs) {
    Values values = schema().defaults();
    for (int n = 0; n < pairs.length; n += 2) {
      values = values.with(pairs[n], pairs[n + 1]);
    }
    return compute(values, Given.NOTHING);
  }

  @Override
  public Answers answers(Work work) {
    boolean about = !work.mistake().equals("macs"); // that one is about FLOPs
    return Answers.of("macs", work.macs())
        .wrong((about ? "macs" : "flops"), work.miscounted())
        .and("saving", 1e12 / work.macs());
  }

  @Override
  public Map<String, String> facts() {
    Work work = shown();
    Work stem = with("stride", "2", "kernel", "7", "padding", "3", "mistake", "size");
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("each", Num.count(work.parts().get(1).macs())),
        Map.entry("padding", Num.count(work.padding())),
        Map.entry("products", Num.count(work.products())),
        Map.entry("share", share(work, 1)),
        Map.entry("smallShare", share(with("size", "7"), 0)),
        Map.entry("outputs", Num.count(work.outputs())),
        Map.entry("macs", Num.count(work.macs())),
        Map.entry("product", Num.decimal(work.macs(), 0)),
        Map.entry("flops", Num.count(2 * work.macs())),
        Map.entry("torchinfo", Num.count(Way.TORCHINFO.count(work))),
        Map.entry("first", Num.decimal(work.macs() / 1e9, 2)),
        Map.entry("second", Num.decimal(with("in-channels", "64").macs() / 1e9, 2)),
        Map.entry("stem", Num.decimal(stem.macs() / 1e6, 0)),
        Map.entry("wrongStem", Num.decimal(stem.miscounted() / 1e6, 0)));
  }

  private static String share(Work work, int decimals) {
    return Num.decimal(100.0 * work.padding() / work.products(), decimals);
  }
}
