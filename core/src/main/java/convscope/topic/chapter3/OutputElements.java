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
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 3.2: how many numbers a layer puts out, and which of them training keeps. */
public final class OutputElements implements Topic<Activations> {
  private static final int MAX_CHANNELS = 512;
  private static final Head HEAD =
      Head.of(
          "output-elements",
          "What is in memory",
          Param.integer("batch", 32).range(1, 256).label("Batch N").symbol("N"),
          Param.integer("in-channels", 3).range(1, MAX_CHANNELS).label("Channels C_in").symbol("x"),
          Param.integer("out-channels", 64)
              .range(1, MAX_CHANNELS)
              .label("Kernels C_out")
              .symbol("C_out"),
          Param.pair("size", 224, 224).range(1, 256).label("Input size").symbol("x"),
          Param.integer("kernel", 7).range(1, 7).label("Kernel K"),
          Param.integer("stride", 2).range(1, 4).label("Stride S"),
          Param.integer("padding", 3).range(0, 3).label("Padding P"),
          Param.choice("block", "bn-relu")
              .option("conv", "Convolution")
              .option("relu", "Convolution, ReLU")
              .option("bn-relu", "Convolution, batch norm, ReLU")
              .label("Layers"),
          Param.choice("format", "fp32")
              .option("fp32", "fp32, 4 bytes")
              .option("fp16", "fp16, 2 bytes")
              .option("int8", "int8, 1 byte")
              .label("Number format"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("batch", "Batch forgotten")
              .option("stride", "Stride forgotten")
              .option("parameters", "Parameters for the whole")
              .label("Miscount")
              .help("The common mistakes, as a dashed bar."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(word("elements"), op("="), count());
  }

  private static Formula count() {
    return row(
        sym("N", Role.NEUTRAL),
        op("·"),
        sub(sym("C", "C_out", Role.OUTPUT), word("out")),
        op("·"),
        sub(sym("H", "H_out", Role.OUTPUT), word("out")),
        op("·"),
        sub(sym("W", "W_out", Role.OUTPUT), word("out")));
  }

  /** The relation with live numbers, and the bytes. */
  String live(Activations found) {
    Formula elements =
        row(
            count()
                .with(
                    Map.of(
                        "N", Num.count(found.batch()),
                        "C_out", Num.count(found.outChannels()),
                        "H_out", Num.count(found.out().height()),
                        "W_out", Num.count(found.out().width()))),
            op("="),
            num(Num.count(found.elements())));
    int each = found.bytesEach();
    return elements.line()
        + " elements of "
        + (each == 1 ? "1 byte" : each + " bytes")
        + ": "
        + new Prose().say(Role.OUTPUT, Bytes.text(found.bytes(found.elements()))).html();
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    String text = Conv2d.problem(size.height(), size.width(), Activations.spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public Activations compute(Values values, Given given) {
    return Activations.of(values);
  }

  @Override
  public Steps steps(Activations result) {
    return new Steps(result.layers().size() + 1, result.layers().size(), 1);
  }

  @Override
  public Figure figure(Activations result, View view) {
    return new OutputElementsFigure(this, result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Values values = schema().defaults();
    Activations found = Activations.of(values);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("out", found.out().toString());
    facts.put("example", live(found));
    facts.put("elements", Num.count(found.elements()));
    facts.put("code", found.pytorch());
    facts.put("parameters", Bytes.text(found.bytes(found.parameters())));
    facts.put("once", Bytes.text(found.peak()));
    facts.put("kept", Bytes.text(found.bytes(found.kept())));
    facts.put("keptOne", Bytes.text(Activations.of(values.with("batch", "1")).keptBytes()));
    facts.put("without", Bytes.text(Activations.of(values.with("block", "relu")).keptBytes()));
    facts.put("half", Bytes.text(Activations.of(values.with("format", "fp16")).keptBytes()));
    return facts;
  }
}
