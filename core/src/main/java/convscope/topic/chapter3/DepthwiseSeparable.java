package convscope.topic.chapter3;

import static convscope.scene.Formula.frac;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sup;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.FastConv2d;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Measurement;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;

/** 3.5: a convolution taken apart into one per channel and a mixing of channels. */
public final class DepthwiseSeparable implements Topic<Separable> {
  private static final int NUMBERS = 6; // what was measured, and two times
  private static final Head HEAD =
      Head.of(
          "depthwise-separable",
          "One convolution, two stages",
          Param.integer("in-channels", 32).range(1, 64).label("Channels C_in").symbol("C_in"),
          Param.integer("out-channels", 64).range(1, 64).label("Kernels C_out").symbol("C_out"),
          Param.integer("kernel", 3).range(1, 7).label("Kernel K").symbol("K"),
          Param.integer("size", 28).range(1, 56).label("Image size"),
          Param.grid("measured").atMost(1, NUMBERS).measured().label("Time"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("pointwise", "Mixing forgotten")
              .option("depthwise", "Kernels forgotten")
              .label("Miscount")
              .help("The common mistakes, as a dashed bar."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula in = sub(sym("C", "C_in", Role.INPUT), word("in"));
    Formula out = sub(sym("C", "C_out", Role.OUTPUT), word("out"));
    return row(ratio(in, out), op("="), terms(out));
  }

  private static Formula square() {
    return sup(sym("K", Role.KERNEL), num("2"));
  }

  private static Formula ratio(Formula in, Formula out) {
    return frac(
        row(square(), in, op("+"), in, op("·"), out), row(square(), op("·"), in, op("·"), out));
  }

  private static Formula terms(Formula out) {
    return row(frac(num("1"), out), op("+"), frac(num("1"), square()));
  }

  /** Both sides of the relation with live numbers. */
  static Formula live(Separable found) {
    Map<String, String> numbers =
        Map.of(
            "C_in", Num.count(found.in()),
            "C_out", Num.count(found.out()),
            "K", Num.count(found.kernel()));
    Formula out = sub(sym("C", "C_out", Role.OUTPUT), word("out"));
    return row(
        frac(num(Num.count(found.separableParameters())), num(Num.count(found.parameters()))),
        op("="),
        terms(out).with(numbers),
        op("="),
        num(Num.decimal(found.ratio(), 4)));
  }

  @Override
  public Separable compute(Values values, Given given) {
    return Separable.of(values);
  }

  @Override
  public Measurement measurement(Values values, FastConv2d conv2d) {
    return Separable.measurement(values, conv2d);
  }

  @Override
  public Steps steps(Separable result) {
    return new Steps(3, 2, 1);
  }

  @Override
  public Figure figure(Separable result, View view) {
    return new DepthwiseSeparableFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Values values = schema().defaults();
    Separable found = Separable.of(values);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("example", live(found).line());
    facts.put("code", found.pytorch());
    facts.put("parameters", Num.count(found.parameters()));
    facts.put("depthwise", Num.count(found.depthwise()));
    facts.put("pointwise", Num.count(found.pointwise()));
    facts.put("separable", Num.count(found.separableParameters()));
    facts.put("share", Num.decimal(100 * found.ratio(), 1));
    facts.put("limit", Num.decimal(100.0 / 9, 1)); // of a 3 × 3 kernel and many channels
    facts.put("depthwiseShare", percent(found.depthwise(), found.separableParameters()));
    facts.put("wrong", Num.decimal(100 * found.counted("pointwise"), 1));
    return facts;
  }

  private static String percent(long part, long whole) {
    return Num.decimal(100.0 * part / whole, 0);
  }
}
