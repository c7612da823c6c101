package convscope.topic.chapter5;

import static convscope.scene.Formula.frac;
import static convscope.scene.Formula.index;
import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.paren;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Stack;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Stacks;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.3: where neighbouring units of a deep map sit in the image, and how far apart. */
public final class Jump implements Topic<StackedFields> {
  private static final Head HEAD =
      Head.of(
          "jump",
          "Neighbours, projected to the input",
          StackedLayers.presets(
              Param.stack("stack", "conv3,pool2,conv3p0,pool2").label("Layers").symbol("S")),
          Param.integer("size", 20).range(4, 256).label("Input size"),
          Param.choice("mistake", "none")
              .option("none", "None")
              .option("offset", "Forget the start")
              .option("add", "Add up the strides")
              .label("Mistake")
              .help("A well-known slip, and where it would put the unit."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(jump(), op(","), word("  "), start());
  }

  private static Formula before() {
    return row(index("l"), op("−"), num("1"));
  }

  private static Formula jump() {
    Formula l = index("l");
    return row(
        sub(sym("j", Role.OUTPUT), l),
        op("="),
        sub(sym("j", "j0", Role.OUTPUT), before()),
        op("·"),
        sub(sym("S", Role.NEUTRAL), l));
  }

  private static Formula start() {
    Formula l = index("l");
    Formula reach =
        row(
            sub(sym("D", Role.NEUTRAL), l),
            paren(row(sub(sym("K", Role.KERNEL), l), op("−"), num("1"))));
    return row(
        sub(sym("start", Role.INPUT), l),
        op("="),
        sub(sym("start", "start0", Role.INPUT), before()),
        op("+"),
        paren(row(frac(reach, num("2")), op("−"), sub(sym("P", Role.PADDING), l))),
        op("·"),
        sub(sym("j", "j0", Role.OUTPUT), before()));
  }

  /** Both relations with the numbers of one layer. */
  static String live(StackedFields fields, int number) {
    ReceptiveField before = fields.field(number - 1);
    ReceptiveField after = fields.field(number);
    Stack.Layer layer = fields.layer(number);
    Formula jump = sub(sym("j", Role.OUTPUT), num(Num.count(number)));
    Formula start = sub(sym("start", Role.INPUT), num(Num.count(number)));
    boolean up = layer.kind() == Stack.Kind.UP;
    if (up || before.period() > 1) { // it divides; from there on the taps are followed one by one
      Formula parts =
          row(num(before.jumpText()), op(up ? "/" : "·"), num(Num.count(layer.stride())), op("="));
      return row(jump, op("="), parts, num(after.jumpText())).line()
          + "\u2003"
          + row(start, op("="), num(fields.start(number))).line();
    }
    Map<String, String> numbers =
        Map.of(
            "j", after.jumpText(),
            "j0", before.jumpText(),
            "S", Num.count(layer.stride()),
            "start", fields.start(number),
            "start0", fields.start(number - 1),
            "D", Num.count(layer.dilation()),
            "K", Num.count(layer.kernel()),
            "P", Num.count(layer.padding()));
    return row(jump, op("="), jump().with(numbers)).line()
        + "\u2003"
        + row(start, op("="), start().with(numbers)).line();
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    String text = Stacks.problem(values.stack("stack"), values.integer("size"));
    return text == null ? null : new Problem("stack", text);
  }

  @Override
  public Values change(Values values, @Nullable StackedFields result, String key, String text) {
    return StackedLayers.fitted(values.with(key, text), key);
  }

  @Override
  public StackedFields compute(Values values, Given given) {
    return StackedFields.of(
        values.stack("stack"), values.integer("size"), 1, values.choice("mistake"));
  }

  /** A step for each unit of the last map that has a next one. */
  @Override
  public Steps steps(StackedFields result) {
    int count = Math.max(1, result.sizes()[result.depth()] - 1);
    return new Steps(count, (count - 1) / 2, Math.max(1, count / 64));
  }

  @Override
  public Figure figure(StackedFields result, View view) {
    return new JumpFigure(result, view).figure();
  }

  @Override
  public @Nullable Problem checkCell(String key, String text) {
    return new Problem("", "Units of this figure follow from the layers; change those instead");
  }

  @Override
  public Map<String, String> facts() {
    StackedFields shown = compute(schema().defaults(), Given.NOTHING);
    ReceptiveField field = shown.field(shown.depth());
    int unit = steps(shown).first();
    StringBuilder steps = new StringBuilder();
    for (int layer = 1; layer <= shown.depth(); layer++) {
      steps.append("<p>").append(live(shown, layer)).append("</p>");
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("steps", steps.toString());
    facts.put("stack", shown.stack().plain());
    facts.put("unit", Num.count(unit));
    facts.put("next", Num.count(unit + 1));
    facts.put("centre", Num.decimal(field.centre(unit), 2));
    facts.put("nextCentre", Num.decimal(field.centre(unit + 1), 2));
    facts.put("jump", field.jumpText());
    facts.put("start", shown.start(shown.depth()));
    facts.put("wrong", Num.decimal(shown.misplaced(unit, "offset"), 2));
    facts.put("added", Num.decimal(shown.misplaced(unit, "add"), 2));
    StackedFields vgg = of(StackedLayers.VGG);
    facts.put("vggStack", StackedLayers.VGG);
    facts.put("vggJump", vgg.field(vgg.depth()).jumpText());
    facts.put("vggStart", vgg.start(vgg.depth()));
    StackedFields resnet = of(StackedLayers.RESNET);
    facts.put("resnetStack", StackedLayers.RESNET);
    facts.put("resnetJump", resnet.field(resnet.depth()).jumpText());
    facts.put("resnetStart", resnet.start(resnet.depth()));
    facts.put("code", code(shown, unit));
    return facts;
  }

  private static StackedFields of(String stack) {
    return StackedFields.of(Param.stack("stack", stack).fallback(), 224, 1, "none");
  }

  private static String code(StackedFields fields, int unit) {
    ReceptiveField field = fields.field(fields.depth());
    return "def rows(i):  # the rows that unit i sees; all weights are 1\n    x.grad = None\n    net(x)[0, 0, i, i].backward()\n"
        + "    return x.grad[0, 0].sum(1).nonzero().flatten()\n"
        + "a, b = rows("
        + unit
        + "), rows("
        + (unit + 1)
        + ")\nassert b[0] - a[0] == "
        + field.jumpText()
        + "\nassert (a[0] + a[-1]) / 2 == "
        + fields.start(fields.depth())
        + " + "
        + unit
        + " * "
        + field.jumpText();
  }
}
