package convscope.topic.chapter4;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.BlurPool2d;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;

/** 4.5: what is too fine for the smaller grid does not vanish, it turns up as something coarse. */
public final class Aliasing implements Topic<Aliased> {
  private static final Head HEAD =
      Head.of(
              "aliasing",
              "Every S-th sample",
              signals().label("Signal").symbol("x").group("Input"),
              Param.integer("stride", 2).range(2, 4).label("Stride S").symbol("S").group("Window"),
              filters().label("Blur").symbol("K").help("Binomial filter along each axis."),
              Param.flag("mistake")
                  .label("Blur afterwards")
                  .help("The common mistake: too late.")
                  .group("Show"))
          .stage(430, 400);

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
    return folded("= abs{f − frac{'round'(f·S)}{S}} <= frac{1}{2S}");
  }

  /** A formula whose left side is the folded frequency. */
  private static Formula folded(String rest) {
    return Formula.row(Formula.sym("f′", Role.OUTPUT), Formula.of(rest, "f:input"));
  }

  /** The relation with the frequency k/N in it. */
  static Formula equation(Aliased result, int k) {
    String f = Num.decimal((double) k / Aliased.SAMPLES, 3);
    String alias = Num.decimal((double) result.alias(k) / Aliased.SAMPLES, 3);
    int stride = result.stride();
    return folded(
        "= abs{" + f + "−frac{'round'(" + f + "·" + stride + ")}{" + stride + "}} = " + alias);
  }

  @Override
  public Aliased compute(Values values, Given given) {
    return Aliased.of(values, given.picture(values.choice("signal")));
  }

  @Override
  public Steps steps(Aliased result) {
    return result.isSine()
        ? Steps.of(Aliased.SAMPLES / 2 + 1, 20)
        : Steps.of(result.stride() + 1, 0);
  }

  @Override
  public Figure figure(Aliased result, View view) {
    return new AliasingFigure(result, view).figure();
  }

  @Override
  public Answers answers(Aliased result) {
    Answers answers = Answers.of("kept", Aliased.SAMPLES / result.stride());
    for (int k = Aliased.SAMPLES / 2; result.isSine() && k >= 0; k--) {
      double[] amplitudes = Aliased.amplitudes(result.down(Aliased.sine(k), Aliased.PLAIN));
      int peak = Aliased.peak(amplitudes);
      answers.and("alias" + k, peak);
      if (k > 0 && peak == 0) {
        answers.and("silent", k); // the lowest of them is the last
      }
    }
    return answers;
  }

  @Override
  public Map<String, String> facts() {
    Aliased shown = shown();
    Aliased zone =
        compute(schema().defaults().with("signal", "zone").with("stride", "4"), Given.NOTHING);
    int k = steps(shown).first();
    double[] after = Aliased.amplitudes(shown.down(shown.at(k), Aliased.AFTER));
    Formula response = Formula.of("H(f) = 'cos'^{K−1}(πf)", "f:input", "K:kernel");
    Formula score =
        Formula.of(
            "'score' = 1 − 'mean'_{t≠0} frac{‖R 'shift'_t x − 'shift'_{t/S} R x‖^2}{2M ' Var' R x}",
            "R:neutral:");
    return Map.ofEntries(
        Map.entry("response", response.display()),
        Map.entry("score", score.display()),
        Map.entry("example", equation(shown, k).line()),
        Map.entry("samples", Num.count(Aliased.SAMPLES)),
        Map.entry("k", Num.count(k)),
        Map.entry("fold", Num.decimal(0.5 / shown.stride(), 3)),
        Map.entry("fast", Num.decimal((double) k / Aliased.SAMPLES, 3)),
        Map.entry("alias", Num.count(shown.alias(k))),
        Map.entry("stride", Num.count(shown.stride())),
        Map.entry("kept", Num.count(Aliased.SAMPLES / shown.stride())),
        Map.entry("passes", Num.percent(shown.response((double) k / Aliased.SAMPLES), 1)),
        Map.entry("left", Num.percent(2 * after[shown.alias(k)], 1)),
        Map.entry("zoneStride", Num.count(zone.stride())),
        Map.entry("plain", Num.percent(zone.scores()[Aliased.PLAIN], 1)),
        Map.entry("blurred", Num.percent(zone.scores()[Aliased.BLURRED], 1)),
        Map.entry("after", Num.percent(zone.scores()[Aliased.AFTER], 1)),
        Map.entry("binomial", binomial(shown.taps())));
  }
}
