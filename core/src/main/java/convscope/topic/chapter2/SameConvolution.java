package convscope.topic.chapter2;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Window;
import convscope.param.Param;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;

/** 2.5: the padding that keeps the size, and the half cell by which an even kernel misses. */
public final class SameConvolution implements Topic<Same> {
  private static final Head HEAD =
      Head.of(
              "same-convolution",
              "Where the output sits",
              Param.integer("kernel", 4).range(1, 7).label("Kernel K").symbol("w").group("Window"),
              Param.integer("stride", 1).range(1, 4).label("Stride S").symbol("S"),
              Param.choice("convention", "same-upper")
                  .option("same-upper", "At the end: SAME_UPPER, Keras")
                  .option("same-lower", "At the beginning: SAME_LOWER")
                  .label("Odd cell goes")
                  .symbol("P"),
              Param.integer("dilation", 1).range(1, 2).label("Dilation D").symbol("D"),
              Param.integer("layers", 1)
                  .range(1, 4)
                  .label("Layers")
                  .help("How often the same layer is applied, one after the other.")
                  .onlyWith("stride", "1"),
              Param.integer("size", 9)
                  .range(1, 12)
                  .label("Input height H")
                  .symbol("x")
                  .group("Input"),
              Param.flag("mistake")
                  .label("Pad ⌊K/2⌋ on both sides")
                  .help("The common mistake: the same padding on both sides, whatever K, S and H.")
                  .group("Show"))
          .stage(360, 390);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("P = frac{D(K − 1)}{2}", "K:kernel:w");
  }

  @Override
  public Same compute(Values values, Given given) {
    int stride = values.integer("stride");
    Window window =
        Window.of(values.integer("kernel")).stride(stride).dilation(values.integer("dilation"));
    Convention convention = values.constant("convention", Convention.values());
    return new Same(
        Axis.of(convention, true, values.integer("size"), window),
        stride == 1 ? values.integer("layers") : 1,
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Same result) {
    return Steps.of(result.axis().in(), (result.axis().in() - 1) / 2);
  }

  @Override
  public Figure figure(Same result, View view) {
    return new SameFigure(result, view).figure();
  }

  @Override
  public Answers answers(Same result) {
    Window window = result.window();
    return Answers.of("pads", window.padBefore() + window.padAfter())
        .wrong("pads", 2 * result.wrong().padBefore())
        .and("centred", result.shift() == 0)
        .and("span", window.span());
  }

  @Override
  public Map<String, String> facts() {
    Same shown = shown();
    Axis axis = shown.axis();
    int impulse = steps(shown).first();
    Window stem = Window.of(7).stride(2).same(224, true);
    return Map.ofEntries(
        Map.entry("size", Num.count(axis.in())),
        Map.entry("kernel", Num.count(axis.window().kernel())),
        Map.entry("example", SameFigure.equation(axis)),
        Map.entry("before", Num.count(axis.window().padBefore())),
        Map.entry("after", Num.count(axis.window().padAfter())),
        Map.entry("impulse", Num.count(impulse)),
        Map.entry("centre", Num.value(shown.centroid(impulse))),
        Map.entry("stacked", Num.value(impulse - new Same(axis, 2, false).centroid(impulse))),
        Map.entry("outRelation", Derivation.relation(Convention.SAME).inline()),
        Map.entry("evenPads", strided(8).pads()),
        Map.entry("oddPads", strided(9).pads()),
        Map.entry("stemBefore", Num.count(stem.padBefore())),
        Map.entry("stemAfter", Num.count(stem.padAfter())),
        Map.entry("wrongOut", Num.count(shown.wrongOut())));
  }

  /** A kernel of 3 at stride 2. */
  private static Axis strided(int size) {
    return Axis.of(Convention.SAME_UPPER, true, size, Window.of(3).stride(2));
  }
}
