package convscope.topic.chapter5;

import convscope.data.Given;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Stack;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Stacks;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.3: where neighbouring units of a deep map sit in the image, and how far apart. */
public final class Jump implements Topic<StackedFields> {
  private static final Head HEAD =
      Head.of(
          "jump",
          "Neighbours, projected to the input",
          StackedLayers.stack("conv3,pool2,conv3p0,pool2").symbol("S"),
          Param.integer("size", 20).range(4, 256).label("Input size").group("Input").more(),
          Param.mistake("A well-known slip, and where it would put the unit.")
              .option("offset", "Forget the start")
              .option("add", "Add up the strides")
              .group("Show"));

  private static final String[] SYMBOLS = {
    "j:output", "i:output:j0:j", "s:input:start:start", "t:input:start0:start", "K:kernel"
  };
  private static final Formula JUMP = Formula.of("j_l = i_{l−1}·S_l", SYMBOLS);
  private static final Formula START =
      Formula.of("s_l = t_{l−1} + (frac{D_l(K_l−1)}{2} − P_l)·i_{l−1}", SYMBOLS);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.row(JUMP, Formula.op(","), Formula.word("  "), START);
  }

  /** Both relations with the numbers of one layer. */
  static String live(StackedFields fields, int number) {
    ReceptiveField before = fields.field(number - 1);
    ReceptiveField after = fields.field(number);
    Stack.Layer layer = fields.layer(number);
    boolean up = layer.kind() == Stack.Kind.UP;
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
    Formula jump = JUMP.with(numbers);
    Formula start = START.with(numbers);
    if (up || before.period() > 1) { // it divides; from there on the taps are followed one by one
      String parts = before.jumpText() + (up ? "/" : "·") + layer.stride() + " =";
      Formula from = Formula.of(parts.replace('/', '∕'));
      jump = Formula.row(from, Formula.num(after.jumpText()));
      start = Formula.num(fields.start(number));
    }
    return Formula.row(Formula.of("j_{" + number + "} =", SYMBOLS), jump).line()
        + "\u2003"
        + Formula.row(Formula.of("s_{" + number + "} =", SYMBOLS), start).line();
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    return Problem.of("stack", Stacks.problem(values.stack("stack"), values.integer("size")));
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
  public Answers answers(StackedFields result) {
    ReceptiveField field = result.field(result.depth());
    double added = result.misplaced(1, "add") - result.misplaced(0, "add");
    Answers answers =
        Answers.of("jump", (double) field.advance() / field.period())
            .and("added", added)
            .and("start", field.centre(0))
            .and("centred", field.start() == 0);
    return result.mistake().equals("add") ? answers.wrong("jump", added) : answers;
  }

  @Override
  public Map<String, String> facts() {
    StackedFields shown = shown();
    ReceptiveField field = shown.field(shown.depth());
    int unit = steps(shown).first();
    StringBuilder steps = new StringBuilder();
    for (int layer = 1; layer <= shown.depth(); layer++) {
      steps.append("<p>").append(live(shown, layer)).append("</p>");
    }
    StackedFields vgg = StackedLayers.named(StackedLayers.VGG, StackedLayers.PHOTO);
    StackedFields resnet = StackedLayers.named(StackedLayers.RESNET, StackedLayers.PHOTO);
    return Map.ofEntries(
        Map.entry("steps", steps.toString()),
        Map.entry("stack", shown.stack().plain()),
        Map.entry("net", StackedLayers.pytorch(shown.stack())),
        Map.entry("size", Num.count(shown.size())),
        Map.entry("unit", Num.count(unit)),
        Map.entry("next", Num.count(unit + 1)),
        Map.entry("centre", Num.value(field.centre(unit))),
        Map.entry("nextCentre", Num.value(field.centre(unit + 1))),
        Map.entry("jump", field.jumpText()),
        Map.entry("start", shown.start(shown.depth())),
        Map.entry("wrong", Num.value(shown.misplaced(unit, "offset"))),
        Map.entry("added", Num.value(shown.misplaced(unit, "add"))),
        Map.entry("vggStack", StackedLayers.VGG),
        Map.entry("vggJump", vgg.field(vgg.depth()).jumpText()),
        Map.entry("vggStart", vgg.start(vgg.depth())),
        Map.entry("resnetStack", StackedLayers.RESNET),
        Map.entry("resnetJump", resnet.field(resnet.depth()).jumpText()),
        Map.entry("resnetStart", resnet.start(resnet.depth())));
  }
}
