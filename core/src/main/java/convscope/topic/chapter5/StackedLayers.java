package convscope.topic.chapter5;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.net.Layer;
import convscope.net.Presets;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Stack;
import convscope.param.StackParam;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.tensor.Tensor;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Stacks;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 5.2: each layer widens the field by its own reach times the jump so far. */
public final class StackedLayers implements Topic<StackedLayers.Shown> {
  static final String VGG =
      "conv3,conv3,pool2,conv3,conv3,pool2,conv3,conv3,conv3,pool2,conv3,conv3,conv3,pool2,"
          + "conv3,conv3,conv3,pool2";
  static final String RESNET =
      "conv7s2,pool3s2p1,conv3,conv3,conv3,conv1s2,conv3,conv3,conv3,conv3,"
          + "conv1s2,conv3,conv3,conv3,conv3,conv3,conv3,conv1s2,conv3,conv3,conv3";
  static final int PHOTO = 224; // what networks for photographs take
  private static final Formula GROWTH =
      Formula.of(
          "r_l = q_{l−1} + D_l(K_l−1)·j_{l−1}",
          "r:output",
          "q:output:before:r",
          "K:kernel",
          "j:neutral");

  private static final Head HEAD =
      Head.of(
              "stacked-layers",
              "A stack and what it sees",
              stack("conv3,conv3,pool2,conv3,conv3").symbol("K"),
              Param.integer("channels", 64).range(1, 512).label("Channels C").more(),
              Param.integer("size", 20).range(4, 256).label("Input size").group("Input"),
              Inputs.pictures(Inputs.patterns("input", "ring")).label("Image"),
              Param.mistake("A well-known slip, and where its field would end.")
                  .option("jump", "Forget the jump")
                  .option("sum", "Add up the kernels")
                  .group("Show"))
          .stage(440, 390);

  /** The stack of this chapter's figures, and what is on offer for it. */
  static StackParam stack(String fallback) {
    return Param.stack("stack", fallback)
        .label("Stack")
        .group("Layers")
        .help(
            "Drag a layer or press Shift and an arrow key to move it; Delete removes it. As text:"
                + " kernel, then s stride, p padding, d dilation.")
        .preset("Two 3 × 3", "conv3,conv3")
        .preset("One 5 × 5", "conv5")
        .preset("Dilations 1, 2, 4", "conv3,conv3d2,conv3d4")
        .preset("Down and up", "conv3,conv3s2,conv3s2,up4s2p1,up4s2p1")
        .preset("AlexNet", "conv11s4p2,pool3s2,conv5,pool3s2,conv3,conv3,conv3,pool3s2")
        .preset("VGG-16", VGG)
        .preset("ResNet-50 without its 1 × 1", RESNET);
  }

  /**
   * What the figure shows.
   *
   * @param levels the image, 0 to 255, of {@code fields.size()} rows and columns
   */
  record Shown(StackedFields fields, byte[] levels) {}

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return GROWTH;
  }

  /** The relation with the numbers of one layer. */
  static Formula live(StackedFields fields, int number) {
    ReceptiveField before = fields.field(number - 1);
    ReceptiveField after = fields.field(number);
    Stack.Layer layer = fields.layer(number);
    long size = before.size() + layer.dilation() * (layer.kernel() - 1L) * before.advance();
    boolean follows = before.period() == 1 && layer.kind() != Stack.Kind.UP && size == after.size();
    Formula right =
        !follows // behind a transposed convolution the taps are followed one by one
            ? Formula.num(Num.count(after.size()))
            : GROWTH.with(
                Map.of(
                    "r", Num.count(after.size()),
                    "before", Num.count(before.size()),
                    "D", Num.count(layer.dilation()),
                    "K", Num.count(layer.kernel()),
                    "j", before.jumpText()));
    return Formula.row(Formula.of("r_{" + number + "} =", "r:output"), right);
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    return Problem.of("stack", Stacks.problem(values.stack("stack"), values.integer("size")));
  }

  /** A stack that is too deep for the input gets the input that photographs have. */
  @Override
  public Values change(Values values, @Nullable Shown result, String key, String text) {
    return fitted(values.with(key, text), key);
  }

  /** These values, with a larger input if the stack that was just chosen is too deep for it. */
  static Values fitted(Values values, String key) {
    boolean fits = Stacks.problem(values.stack("stack"), values.integer("size")) == null;
    return key.equals("stack") && !fits && values.integer("size") < PHOTO
        ? values.with("size", Integer.toString(PHOTO))
        : values;
  }

  @Override
  public Shown compute(Values values, Given given) {
    int size = values.integer("size");
    Picture picture = given.picture(values.choice("input"));
    return new Shown(
        StackedFields.of(
            values.stack("stack"), size, values.integer("channels"), values.choice("mistake")),
        levels(values.choice("input"), picture, size));
  }

  /**
   * A pattern as grey on white, so that outlines show, or the middle square of a photograph, the
   * nearest pixel for each.
   */
  private static byte[] levels(String name, @Nullable Picture picture, int size) {
    byte[] levels = new byte[size * size];
    float[] from = picture == null ? Inputs.values(name, size, size) : picture.grey();
    int wide = picture == null ? size : picture.width();
    int high = picture == null ? size : picture.height();
    int side = Math.min(wide, high);
    double most = picture == null ? Math.max(1, Tensor.of(from, from.length).largestSize()) : 0;
    for (int n = 0; n < levels.length; n++) {
      int row = (high - side) / 2 + n / size * side / size;
      float value = from[row * wide + (wide - side) / 2 + n % size * side / size];
      levels[n] = (byte) (picture == null ? 250 - 110 * value / most : value);
    }
    return levels;
  }

  @Override
  public Steps steps(Shown result) {
    return Steps.of(result.fields().depth(), (result.fields().depth() - 1) * 2 / 3);
  }

  @Override
  public Figure figure(Shown result, View view) {
    return new StackedLayersFigure(result, view).figure();
  }

  @Override
  public Answers answers(Shown result) {
    StackedFields fields = result.fields();
    int depth = fields.depth();
    return Answers.of("field", fields.field(depth).size())
        .wrong("field", fields.wrong(depth, fields.mistake()));
  }

  @Override
  public Map<String, String> facts() {
    StackedFields shown = shown().fields();
    int depth = shown.depth();
    int unit = shown.centre(depth);
    StackedFields two = named("conv3,conv3", shown.size());
    StackedFields one = named("conv5", shown.size());
    StackedFields three = named("conv3,conv3,conv3", shown.size());
    StringBuilder steps = new StringBuilder();
    for (int layer = 1; layer <= depth; layer++) {
      steps.append("<p>").append(live(shown, layer).line()).append("</p>");
    }
    return Map.ofEntries(
        Map.entry("steps", steps.toString()),
        Map.entry("stack", shown.stack().plain()),
        Map.entry("r", size(shown, depth)),
        Map.entry("unit", Num.count(unit)),
        Map.entry("span", shown.span(depth, unit)),
        Map.entry("size", Num.count(shown.size())),
        Map.entry("first", Num.decimal(shown.field(depth).first(unit), 0)),
        Map.entry("last", Num.decimal(shown.field(depth).last(unit), 0)),
        Map.entry("net", pytorch(shown.stack())),
        Map.entry("twoField", size(two, 2)),
        Map.entry("oneField", size(one, 1)),
        Map.entry("twoWeights", Num.count(two.weights())),
        Map.entry("oneWeights", Num.count(one.weights())),
        Map.entry("channels", Num.count(shown.channels())),
        Map.entry("threeField", size(three, 3)),
        Map.entry("threeShare", Num.value(three.oneLayer() / (double) three.weights())),
        Map.entry("without", Num.count(shown.wrong(depth, "jump"))),
        Map.entry("sum", Num.count(two.wrong(2, "sum"))),
        Map.entry("before", added(shown, 2)),
        Map.entry("after", added(shown, depth)),
        Map.entry("vggStep", added(named(VGG, PHOTO), 17)),
        Map.entry("vgg", Num.count(last(Presets.vgg16()).size())),
        Map.entry("vggStack", VGG),
        Map.entry("resnet", Num.count(last(Presets.resNet50()).size())),
        Map.entry("resnetStack", RESNET),
        Map.entry("torchvision", Num.count(last(Presets.resNet50Torchvision()).size())),
        Map.entry("photo", Num.count(PHOTO)));
  }

  private static String size(StackedFields fields, int layer) {
    return Num.count(fields.field(layer).size());
  }

  static StackedFields named(String text, int size) {
    Stack stack = Param.stack("stack", text).fallback();
    return StackedFields.of(stack, size, HEAD.schema().defaults().integer("channels"), "none");
  }

  private static String added(StackedFields fields, int layer) {
    return Num.count(fields.field(layer).size() - fields.field(layer - 1).size());
  }

  /** The field where a network stops being local. */
  private static ReceptiveField last(List<Layer> layers) {
    ReceptiveField field = ReceptiveField.INPUT;
    for (Layer layer : layers) {
      ReceptiveField next = layer.field(field, true);
      if (next == null) {
        return field;
      }
      field = next;
    }
    return field;
  }

  /**
   * A stack as PyTorch with one channel, a layer a line; average pooling in the place of maximum
   * pooling, which passes only one gradient.
   */
  static String pytorch(Stack stack) {
    StringBuilder code = new StringBuilder("net = nn.Sequential(\n");
    for (Stack.Layer layer : stack.layers()) {
      boolean conv = layer.kind() == Stack.Kind.CONV;
      code.append("    nn.").append(conv ? "Conv2d(1, 1, " : "AvgPool2d(").append(layer.kernel());
      code.append(layer.stride() > 1 ? ", stride=" + layer.stride() : "");
      code.append(layer.padding() > 0 ? ", padding=" + layer.padding() : "");
      code.append(layer.dilation() > 1 ? ", dilation=" + layer.dilation() : "");
      code.append(conv ? ", bias=False),\n" : "),\n");
    }
    return code.append(')').toString();
  }
}
