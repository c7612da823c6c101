package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.net.ReceptiveField;
import convscope.param.Answer;
import convscope.param.Stack;
import convscope.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Layer by layer: {@code r_l = r_(l−1) + D_l(K_l − 1)·j_(l−1)}, {@code j_l = j_(l−1)·S_l}. */
final class StackField implements Exercise {

  private enum Mistake {
    SUM("adding up the kernels"),
    JUMP("forgetting the jump"),
    EARLY("using the stride one layer early"),
    DILATION("not dilating the kernel"),
    ZERO("starting from 0 instead of 1"),
    TAPS("adding K instead of K − 1");

    final String name;

    Mistake(String name) {
      this.name = name;
    }
  }

  @Override
  public String slug() {
    return "receptive-field";
  }

  @Override
  public String title() {
    return "Receptive field through a stack";
  }

  @Override
  public String about() {
    return "Follow the receptive field and the jump from layer to layer through a stack.";
  }

  @Override
  public String topic() {
    return "stacked-layers";
  }

  @Override
  public List<String> levels() {
    return List.of("Two layers", "Three layers", "Four layers, with dilation");
  }

  @Override
  public Question question(Rng random, int level) {
    List<Stack.Layer> layers = new ArrayList<>();
    int strided = random.nextInt(level); // at least this one of all but the last
    int spread = (strided + 1 + random.nextInt(level)) % (level + 1); // and this one
    int jump = 1;
    for (int l = 0; l <= level; l++) {
      int kernel = level < 3 ? 2 + random.nextInt(8 - 2 * level) : 3 + random.nextInt(3);
      int stride = l == strided ? 2 + random.nextInt(level < 3 ? 2 : 1) : 1 + random.nextInt(2);
      boolean dilated = level == 3 && (l == spread || l != strided && random.nextInt(3) == 0);
      int dilation = !dilated ? 1 : jump == 2 ? 3 : 2; // so that neither is taken for the other
      int padding = dilation * (kernel - 1) / 2;
      layers.add(new Stack.Layer(Stack.Kind.CONV, kernel, stride, padding, dilation));
      jump *= stride;
    }
    return question(layers);
  }

  /** The fields after each layer, the input's first, by the network's own tracing. */
  private static List<ReceptiveField> fields(List<Stack.Layer> layers) {
    List<ReceptiveField> fields = new ArrayList<>();
    fields.add(ReceptiveField.INPUT);
    for (Stack.Layer layer : layers) {
      fields.add(
          fields
              .get(fields.size() - 1)
              .window(layer.kernel(), layer.stride(), layer.dilation(), layer.padding()));
    }
    return fields;
  }

  private static Question question(List<Stack.Layer> layers) {
    Question question = new Question();
    List<ReceptiveField> fields = fields(layers);
    int depth = layers.size();
    float[] table = new float[4 * depth];
    for (int l = 1; l <= depth; l++) {
      Stack.Layer layer = layers.get(l - 1);
      int[] row = {l, layer.kernel(), layer.stride(), layer.dilation()};
      for (int n = 0; n < row.length; n++) {
        table[4 * (l - 1) + n] = row[n];
      }
    }
    question.say(
        "{layer} follow one another; the table has their kernel K, stride S and dilation D along one axis. How many positions of the [input input] does a unit see after each layer (its receptive field r), and how far apart are the fields of two neighbours (the jump j)?",
        depth);
    question.table(
        "layers",
        words("[kernel Layers], from the input on"),
        "kernel",
        Answer.grid(depth, 4, table),
        "Layer",
        "K",
        "S",
        "D");
    for (int l = 1; l <= depth; l++) {
      question.ask(size(layers, fields, l)).ask(jump(layers, fields, l));
      Stack.Layer layer = layers.get(l - 1);
      question.solve(
          "Layer {}: r = {} + {} · ({} − 1) · {} = [output {}], j = {} · {} = [output {}]",
          l,
          fields.get(l - 1).size(),
          layer.dilation(),
          layer.kernel(),
          fields.get(l - 1).jumpText(),
          fields.get(l).size(),
          fields.get(l - 1).jumpText(),
          layer.stride(),
          fields.get(l).jumpText());
    }
    Stack.Layer first = layers.get(0);
    question.hints(
        words(
            "Begin at the input, where a unit sees itself: r = 1, j = 1. Each layer widens the field by what its kernel reaches over, measured in positions of the input."),
        words("r_new = r + D(K − 1) · j with the jump before the layer; only then j_new = j · S."),
        words(
            "Layer 1: r = 1 + {} · ({} − 1) · 1 and j = 1 · {}.",
            first.dilation(),
            first.kernel(),
            first.stride()));
    int widest = (int) (fields.get(depth).size() + 2 * fields.get(depth).jump());
    question.plays("stack", new Stack(layers).plain());
    question.plays("size", Math.max(20, Math.min(256, widest)));
    return question.plays("step", depth - 1);
  }

  private static Part size(List<Stack.Layer> layers, List<ReceptiveField> fields, int l) {
    Stack.Layer layer = layers.get(l - 1);
    ReceptiveField before = fields.get(l - 1);
    return Part.number("r" + l, "Layer " + l + ": receptive field r", fields.get(l).size())
        .slips(
            Slip.of(
                Mistake.values(),
                made -> wrong(layers.subList(0, l), made),
                mistake -> mistake.name,
                (mistake, answer) -> why(mistake, layer, before)))
        .working(
            "The kernel reaches over {} · ({} − 1) of the units before it, which are {position} apart. Those see {} to begin with.",
            layer.dilation(),
            layer.kernel(),
            (long) before.jump(),
            before.size())
        .follows(
            earlier ->
                before(earlier, 0) + layer.dilation() * (layer.kernel() - 1) * before(earlier, 1),
            names(l, "r", "j"));
  }

  private static Part jump(List<Stack.Layer> layers, List<ReceptiveField> fields, int l) {
    int stride = layers.get(l - 1).stride();
    long before = (long) fields.get(l - 1).jump();
    int sum = 0;
    for (Stack.Layer layer : layers.subList(0, l)) {
      sum += layer.stride();
    }
    Part part = Part.number("j" + l, "Layer " + l + ": jump j", fields.get(l).jump());
    if (before > 1) {
      part.slip(
          "taking the stride for the jump",
          stride,
          "You took the layer’s stride, {}. It counts units of the layer before, which are {position} apart: multiply.",
          stride,
          before);
    }
    if (stride > 1) {
      part.slip(
          "multiplying by the stride one layer late",
          before,
          "You left out this layer’s own stride: its units are {} · {} apart.",
          before,
          stride);
    }
    if (l > 1) {
      part.slip(
          "adding up the strides",
          sum,
          "You added the strides up to {}. Each one multiplies the jump before it: {} · {}.",
          sum,
          before,
          stride);
    }
    return part.working(
            "Neighbours are {unit} of the layer before apart, and those are {position} apart.",
            stride,
            before)
        .follows(earlier -> before(earlier, 0) * stride, names(l, "j"));
  }

  /** The parts of the layer before; none for the first layer, before which r and j are 1. */
  private static String[] names(int l, String... letters) {
    for (int n = 0; n < letters.length; n++) {
      letters[n] += l - 1;
    }
    return l == 1 ? new String[0] : letters;
  }

  private static double before(double[] earlier, int n) {
    return earlier.length == 0 ? 1 : earlier[n];
  }

  /** The field of somebody who makes these mistakes in all of these layers. */
  private static @Nullable Answer wrong(List<Stack.Layer> layers, Set<Mistake> made) {
    boolean sum = made.contains(Mistake.SUM);
    boolean flat = made.contains(Mistake.DILATION);
    boolean unjumped = made.contains(Mistake.JUMP);
    boolean early = made.contains(Mistake.EARLY);
    boolean taps = made.contains(Mistake.TAPS);
    boolean zero = made.contains(Mistake.ZERO);
    long r = sum || zero ? 0 : 1;
    long j = 1;
    for (Stack.Layer layer : layers) {
      int reach = (flat ? 1 : layer.dilation()) * (layer.kernel() - (taps ? 0 : 1));
      r += sum ? layer.kernel() : reach * (unjumped ? 1 : early ? j * layer.stride() : j);
      j *= layer.stride();
    }
    Stack.Layer last = layers.get(layers.size() - 1);
    boolean idle = // before its own layer a slip is an earlier part's
        sum && (made.size() > 1 || layers.size() == 1)
            || flat && last.dilation() == 1
            || unjumped && (j == last.stride() || early)
            || early && last.stride() == 1
            || zero && taps;
    return idle ? null : Answer.of(r);
  }

  private static String why(Mistake mistake, Stack.Layer layer, ReceptiveField before) {
    int reach = layer.dilation() * (layer.kernel() - 1);
    return switch (mistake) {
      case SUM ->
          words(
              "You added up the kernels. This layer widens the field of {} by {} · ({} − 1) steps of {}.",
              before.size(),
              layer.dilation(),
              layer.kernel(),
              before.jumpText());
      case JUMP ->
          words(
              "You counted the kernel’s reach in units of the layer before. They are {position} of the input apart, so it is {} · {}.",
              (long) before.jump(),
              reach,
              before.jumpText());
      case EARLY ->
          words(
              "You used the layer’s own stride, {}, for its own kernel. The stride spreads only what comes after; this kernel’s taps are {} apart.",
              layer.stride(),
              before.jumpText());
      case DILATION ->
          words(
              "You took the kernel to reach over {}. With dilation {} it is {} · ({} − 1) = {}.",
              layer.kernel() - 1,
              layer.dilation(),
              layer.dilation(),
              layer.kernel(),
              reach);
      case ZERO ->
          words("You began with 0. A unit of the input sees itself: r = 1 before the first layer.");
      case TAPS ->
          words(
              "You added K = {} taps. One of them is where the field is already, which leaves K − 1 = {}.",
              layer.kernel(),
              layer.kernel() - 1);
    };
  }
}
