package convscope.topic.chapter4;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.BlurPool2d;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** 4.5: what is too fine for the smaller grid does not vanish, it turns up as something coarse. */
public final class Aliasing implements Topic<Aliased> {
  private static final Head HEAD =
      Head.of(
          "aliasing",
          "Every S-th sample",
          signals().label("Signal").symbol("x"),
          Param.integer("stride", 2).range(2, 4).label("Stride S").symbol("S"),
          filters().label("Blur").symbol("K").help("Binomial filter along each axis."),
          Param.flag("mistake")
              .label("Blur afterwards")
              .help("The common mistake: subsample first, smooth what comes out."));

  private static ChoiceParam signals() {
    ChoiceParam signals =
        Param.choice("signal", "sine")
            .option("sine", "Sine wave", "Waves")
            .option("zone", "Zone plate", "Waves");
    for (ChoiceParam.Option option : Inputs.choice("", "").options()) {
      if (!option.value().equals("custom")) {
        signals.option(option.value(), option.label(), option.group());
      }
    }
    return signals;
  }

  private static ChoiceParam filters() {
    ChoiceParam filters = Param.choice("filter", "3");
    for (int size = 3; size <= 7; size += 2) {
      filters.option(String.valueOf(size), size + " taps: " + binomial(size));
    }
    return filters;
  }

  /** {@code 1 2 1}. */
  private static String binomial(int size) {
    StringBuilder out = new StringBuilder();
    for (double share : BlurPool2d.binomial(size)) {
      out.append(out.isEmpty() ? "" : " ").append(Num.decimal(share * (1 << size - 1), 0));
    }
    return out.toString();
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula f = sym("f", Role.INPUT);
    return row(folded(f, sym("S", Role.NEUTRAL)), op("≤"), half(sym("S", Role.NEUTRAL)));
  }

  private static Formula folded(Formula f, Formula stride) {
    return row(
        alias(),
        op("="),
        Formula.abs(
            row(
                f,
                op("−"),
                Formula.frac(
                    row(Formula.word("round"), Formula.paren(row(f, op("·"), stride))), stride))));
  }

  private static Formula alias() {
    return sym("f′", "f′", Role.OUTPUT);
  }

  private static Formula half(Formula stride) {
    return Formula.frac(num("1"), row(num("2"), stride));
  }

  /** The relation with a frequency in it, as {@code k/N}. */
  static String equation(Aliased result, int k) {
    double f = (double) k / Aliased.SAMPLES;
    Formula numbers =
        row(
            folded(num(Num.decimal(f, 3)), num(String.valueOf(result.stride()))),
            op("="),
            num(Num.decimal((double) result.alias(k) / Aliased.SAMPLES, 3)));
    return numbers.line();
  }

  private static Formula response() {
    Formula f = sym("f", Role.INPUT);
    return row(
        index("H"),
        Formula.paren(f),
        op("="),
        Formula.sup(Formula.word("cos"), row(sym("K", Role.KERNEL), op("−"), num("1"))),
        Formula.paren(row(op("π"), f)));
  }

  /** The score: how far two ways round are from each other. */
  private static Formula score() {
    Formula x = sym("x", Role.INPUT);
    Formula t = index("t");
    Formula moved = row(index("D"), Formula.sub(index("T"), t), x);
    Formula small =
        row(Formula.sub(index("T"), row(t, op("/"), sym("S", Role.NEUTRAL))), index("D"), x);
    return row(
        Formula.word("score"),
        op("="),
        num("1"),
        op("−"),
        Formula.sub(Formula.word("mean"), row(t, op("≠"), num("0"))),
        Formula.frac(
            Formula.sup(row(op("‖"), moved, op("−"), small, op("‖")), num("2")),
            row(num("2"), index("M"), Formula.word(" Var "), x)));
  }

  @Override
  public List<String> needs(Values values) {
    String signal = values.choice("signal");
    return Inputs.isPicture(signal) ? List.of(signal) : List.of();
  }

  @Override
  public Aliased compute(Values values, Given given) {
    return Aliased.of(values, given.picture(values.choice("signal")));
  }

  @Override
  public Steps steps(Aliased result) {
    return new Steps(
        result.isSine() ? Aliased.SAMPLES / 2 + 1 : result.stride() + 1,
        result.isSine() ? 20 : 0,
        1);
  }

  @Override
  public Figure figure(Aliased result, View view) {
    return new AliasingFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    Aliased shown = compute(schema().defaults(), Given.NOTHING);
    int k = steps(shown).first();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("response", response().display());
    facts.put("score", score().display());
    facts.put("example", equation(shown, k));
    facts.put("samples", Num.count(Aliased.SAMPLES));
    facts.put("k", Num.count(k));
    facts.put("fold", Num.decimal(0.5 / shown.stride(), 3));
    facts.put("fast", Num.decimal((double) k / Aliased.SAMPLES, 3));
    facts.put("alias", Num.count(shown.alias(k)));
    facts.put("stride", Num.count(shown.stride()));
    facts.put("kept", Num.count(Aliased.SAMPLES / shown.stride()));
    facts.put("passes", Num.percent(shown.response((double) k / Aliased.SAMPLES), 1));
    facts.put("plain", Num.percent(shown.score(k, Aliased.PLAIN), 1));
    facts.put("blurred", Num.percent(shown.score(k, Aliased.BLURRED), 1));
    facts.put("after", Num.percent(shown.score(k, Aliased.AFTER), 1));
    facts.put("binomial", binomial(shown.taps()));
    return facts;
  }
}
