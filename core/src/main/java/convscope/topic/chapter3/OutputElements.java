package convscope.topic.chapter3;

import convscope.data.Given;
import convscope.num.Bytes;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.2: how many numbers a layer puts out, and which of them training keeps. */
public final class OutputElements implements Topic<Activations> {
  private static final int MOST = 512;
  private static final Head HEAD =
      Head.of(
              "output-elements",
              "What is in memory",
              LayerParams.batch(32, 256).group("Layer"),
              Param.choice("block", "bn-relu")
                  .option("conv", "Convolution")
                  .option("relu", "Conv, ReLU")
                  .option("bn-relu", "Conv, BN, ReLU")
                  .label("Layers"),
              LayerParams.kernels(64, MOST),
              Param.choice("format", "fp32")
                  .option("fp32", "fp32, 4 bytes")
                  .option("fp16", "fp16, 2 bytes")
                  .option("int8", "int8, 1 byte")
                  .label("Format"),
              LayerParams.size().symbol("x").group("Input"),
              LayerParams.channels(3, MOST).symbol("x"),
              Param.integer("kernel", 7).range(1, 7).label("Kernel K").group("Window"),
              Param.integer("stride", 2).range(1, 4).label("Stride S"),
              Param.integer("padding", 3).range(0, 3).label("Padding P"),
              Param.choice("show", "when")
                  .option("when", "In memory when")
                  .option("amounts", "Amounts")
                  .label("Show")
                  .group("Show"),
              LayerParams.miscount("in Amounts")
                  .option("batch", "Batch forgotten")
                  .option("stride", "Stride forgotten")
                  .option("parameters", "Parameters alone"))
          .stage(340, 396);

  static final Formula COUNT =
      Formula.of(
          "N·C_out·H_out·W_out", "N:neutral", "C_out:output", "H_out:output", "W_out:output");

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.row(Formula.word("elements"), Formula.op("="), COUNT);
  }

  private static Conv2d.Spec spec(Values values) {
    return Conv2d.Spec.of(values.integer("kernel"), values.integer("kernel"))
        .stride(values.integer("stride"))
        .padding(values.integer("padding"));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    return Problem.of("kernel", Conv2d.problem(size.height(), size.width(), spec(values)));
  }

  @Override
  public Activations compute(Values values, Given given) {
    return new Activations(
        values.integer("batch"),
        values.integer("in-channels"),
        values.integer("out-channels"),
        values.pair("size"),
        spec(values),
        switch (values.choice("block")) {
          case "conv" -> List.of("conv");
          case "relu" -> List.of("conv", "ReLU");
          default -> List.of("conv", "BN", "ReLU");
        },
        values.choice("format"),
        values.choice("mistake"),
        values.choice("show").equals("amounts"));
  }

  @Override
  public Steps steps(Activations result) {
    return result.amounts() ? Steps.NONE : Steps.of(result.last() + 1, result.last() / 2);
  }

  @Override
  public Figure figure(Activations result, View view) {
    return new OutputElementsFigure(result, view).figure();
  }

  private Activations with(String param, String value) {
    return compute(schema().defaults().with(param, value), Given.NOTHING);
  }

  @Override
  public Answers answers(Activations found) {
    return Answers.of("elements", found.elements())
        .and("saving", 1e12 / found.kept())
        .and("kept", found.kept() / 1048576.0); // MiB
  }

  @Override
  public Map<String, String> facts() {
    Activations found = shown();
    return Map.ofEntries(
        Map.entry("example", example()),
        Map.entry("out", found.out().toString()),
        Map.entry("elements", Num.count(found.elements())),
        Map.entry("product", Num.decimal(found.elements(), 0)),
        Map.entry("parameters", Bytes.text(found.parameterBytes())),
        Map.entry("once", Bytes.text(found.peak())),
        Map.entry("kept", Bytes.text(found.kept())),
        Map.entry("keptOne", Bytes.text(with("batch", "1").kept())),
        Map.entry("without", Bytes.text(with("block", "relu").kept())),
        Map.entry("half", Bytes.text(with("format", "fp16").kept())));
  }
}
