package convscope.topic.chapter2;

import static convscope.scene.Formula.frac;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sym;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 2.5: the padding that keeps the size, and the half cell by which an even kernel misses. */
public final class SameConvolution implements Topic<Same> {
  private static final Head HEAD =
      Head.of(
          "same-convolution",
          "Where the output sits",
          Param.integer("kernel", 4).range(1, 7).label("Kernel K").symbol("w"),
          Param.integer("size", 9).range(1, 12).label("Input height H").symbol("x"),
          Param.integer("stride", 1).range(1, 4).label("Stride S").symbol("S"),
          Param.integer("dilation", 1).range(1, 2).label("Dilation D").symbol("D"),
          Param.choice("convention", "same-upper")
              .option("same-upper", "At the end: SAME_UPPER, Keras")
              .option("same-lower", "At the beginning: SAME_LOWER")
              .label("Odd cell goes")
              .symbol("P"),
          Param.integer("layers", 1)
              .range(1, 4)
              .label("Layers")
              .help("How often the same layer is applied, one after the other.")
              .onlyWith("stride", "1"),
          Param.flag("mistake")
              .label("Pad ⌊K/2⌋ on both sides")
              .help("The common mistake: the same padding on both sides, whatever K, S and H."));

  @Override
  public Head head() {
    return HEAD;
  }

  /** {@code P = D(K − 1)/2}. */
  @Override
  public Formula relation() {
    return relation("\u2062");
  }

  static Formula relation(String times) {
    return row(
        sym("P", Role.PADDING),
        op("="),
        frac(
            row(
                sym("D", Role.NEUTRAL),
                op(times),
                paren(row(sym("K", "w", Role.KERNEL), op("−"), num("1")))),
            num("2")));
  }

  @Override
  public Same compute(Values values, Given given) {
    int stride = values.integer("stride");
    return new Same(
        new Axis(
            Convention.of(values.choice("convention")),
            values.integer("size"),
            values.integer("kernel"),
            stride,
            0,
            values.integer("dilation"),
            0),
        stride == 1 ? values.integer("layers") : 1,
        values.flag("mistake"));
  }

  @Override
  public Steps steps(Same result) {
    return new Steps(result.axis().in(), (result.axis().in() - 1) / 2, 1);
  }

  @Override
  public Figure figure(Same result, View view) {
    return new SameFigure(result, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return Notes.notEditable();
  }

  @Override
  public Map<String, String> facts() {
    Same shown = compute(schema().defaults(), Given.NOTHING);
    int impulse = steps(shown).first();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("size", Notes.number(shown.axis().in()));
    facts.put("kernel", Notes.number(shown.axis().kernel()));
    facts.put("example", Derivation.same(shown.axis(), SameFigure.padding(shown.axis())));
    facts.put("before", Notes.number(shown.axis().before()));
    facts.put("after", Notes.number(shown.axis().after()));
    facts.put("impulse", Notes.number(impulse));
    facts.put("centre", Num.decimal(shown.centroid(impulse), 2));
    facts.put("stacked", Num.decimal(-new Same(shown.axis(), 4, false).shift(), 2));
    facts.put("outRelation", Derivation.relation(Convention.SAME).inline());
    Axis even = new Axis(Convention.SAME_UPPER, 8, 3, 2, 0, 1, 0);
    Axis odd = new Axis(Convention.SAME_UPPER, 9, 3, 2, 0, 1, 0);
    facts.put("evenPads", even.before() + " + " + even.after());
    facts.put("oddPads", odd.before() + " + " + odd.after());
    Axis stem = new Axis(Convention.SAME_UPPER, 224, 7, 2, 0, 1, 0);
    facts.put("stemBefore", Notes.number(stem.before()));
    facts.put("stemAfter", Notes.number(stem.after()));
    facts.put("wrongOut", Notes.number(new Same(shown.axis(), 1, true).wrong().size()));
    facts.put("code", code(shown));
    return facts;
  }

  private static String code(Same shown) {
    Axis axis = shown.axis();
    return "conv = torch.nn.Conv1d(1, 1, kernel_size="
        + axis.kernel()
        + ", padding=\"same\", bias=False)\ny = conv(torch.zeros(1, 1, "
        + axis.in()
        + "))\nassert y.shape[2] == "
        + axis.out()
        + "\np = torch.nn.functional.pad(torch.zeros(1, 1, "
        + axis.in()
        + "), ("
        + axis.before()
        + ", "
        + axis.after()
        + "))\nassert torch.equal(y, torch.nn.functional.conv1d(p, conv.weight))\n"
        + "# with stride > 1, padding=\"same\" raises a ValueError";
  }
}
