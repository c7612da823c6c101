package convscope.topic.chapter5;

import convscope.net.Layer;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.param.Stack;
import convscope.scene.Prose;
import convscope.tensor.Shape;
import convscope.topic.Stacks;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack on an input, and what its units see. Layer 0 is the input itself.
 *
 * @param fields the field after each layer
 * @param sizes the units of each map, along an axis
 * @param paths by layer: how many ways lead from each input position to its centre unit, from the
 *     gradient of the real operators
 */
record StackedFields(
    Stack stack,
    int size,
    int channels,
    String mistake,
    List<ReceptiveField> fields,
    int[] sizes,
    List<float[]> paths) {

  static StackedFields of(Stack stack, int size, int channels, String mistake) {
    int[] sizes = Stacks.sizes(stack, size);
    List<float[]> paths = new ArrayList<>();
    for (int layer = 0; layer < sizes.length; layer++) {
      paths.add(Stacks.paths(stack, layer, size, centreUnit(sizes[layer])));
    }
    return new StackedFields(stack, size, channels, mistake, Stacks.fields(stack), sizes, paths);
  }

  private static int centreUnit(int units) {
    return (units - 1) / 2;
  }

  int depth() {
    return stack.layers().size();
  }

  Stack.Layer layer(int number) {
    return stack.layers().get(number - 1);
  }

  /** What a layer is called in the drawing. */
  String name(int number) {
    return number == 0 ? "input" : layer(number).plain();
  }

  ReceptiveField field(int number) {
    return fields.get(number);
  }

  /** The unit in the middle of a layer's map. */
  int centre(int number) {
    return centreUnit(sizes[number]);
  }

  /** {@code start} as text, without a false precision. */
  String start(int number) {
    return Num.decimal(field(number).start(), 3);
  }

  /** A number of a layer as text, or its head in the row −1. */
  String number(String head, int number) {
    if (number < 0) {
      return head;
    }
    return switch (head) {
      case "r" -> Num.count(field(number).size());
      case "j" -> field(number).jumpText();
      case "start" -> start(number);
      case "S" -> number == 0 ? "" : Num.count(layer(number).stride());
      case "map" -> Num.count(sizes[number]);
      default -> span(number, centre(number));
    };
  }

  /** What a unit of layer {@code of} sees of the units of layer {@code number} below it. */
  ReceptiveField within(int number, int of) {
    ReceptiveField field = ReceptiveField.INPUT;
    for (int layer = number + 1; layer <= of; layer++) {
      field = Stacks.after(field, layer(layer));
    }
    return field;
  }

  /** How many input positions reach a layer's centre unit. */
  int reached(int number) {
    return reached(number, 0, size - 1);
  }

  private int reached(int number, long from, long to) {
    int count = 0;
    for (long at = Math.max(0, from); at <= Math.min(size - 1, to); at++) {
      count += paths.get(number)[(int) at] != 0 ? 1 : 0;
    }
    return count;
  }

  /** Whether no position outside the field of a layer's centre unit reaches it. */
  boolean noneOutside(int number) {
    ReceptiveField field = field(number);
    int unit = centre(number);
    return reached(number) == reached(number, field.first(unit), field.last(unit));
  }

  /** Whether a mistake is shown. */
  boolean slips() {
    return !mistake.equals("none");
  }

  /** How many positions of the field of a unit lie in the input. */
  long inInput(int number, int unit) {
    ReceptiveField field = field(number);
    return field.sees(unit)
        ? Math.max(0, Math.min(field.last(unit), size - 1) - Math.max(field.first(unit), 0) + 1)
        : 0;
  }

  /** The size that a well-known slip gives for a layer's field. */
  long wrong(int number, String slip) {
    boolean sum = slip.equals("sum");
    long size = sum && number > 0 ? 0 : 1;
    for (Stack.Layer layer : stack.layers().subList(0, number)) {
      size += sum ? layer.kernel() : layer.dilation() * (layer.kernel() - 1L);
    }
    return size;
  }

  /** Where a slip puts a unit of the last map: without the start, or with strides added up. */
  double misplaced(long unit, String slip) {
    ReceptiveField field = field(depth());
    if (slip.equals("offset")) {
      return unit * field.jump();
    }
    long sum = 0;
    for (Stack.Layer layer : stack.layers()) {
      sum += layer.stride();
    }
    return field.start() + (double) unit * sum;
  }

  /**
   * The largest difference between the paths to the middle unit of the last map, moved by the jump,
   * and those to the unit after next period; −1 if there is none.
   */
  double shiftDifference() {
    ReceptiveField field = field(depth());
    int one = centre(depth());
    int other = one + field.period();
    if (other >= sizes[depth()]) {
      return -1;
    }
    float[] from = paths.get(depth());
    float[] to = Stacks.paths(stack, depth(), size, other);
    double most = 0;
    for (int at = 0; at + field.advance() < size; at++) {
      most = Math.max(most, Math.abs(from[at] - to[at + (int) field.advance()]));
    }
    return most;
  }

  /** Weights of the stack between maps of {@link #channels}, counted from its layers' tensors. */
  long weights() {
    long count = 0;
    Shape x = Shape.of(1, channels, 1, 1);
    for (Layer layer : Stacks.layers(stack, channels)) {
      for (Shape weight : layer.parameters(x)) {
        count += weight.size();
      }
    }
    return count;
  }

  /** Weights of one convolution whose kernel is as large as the field. */
  long oneLayer() {
    long side = field(depth()).size();
    return side * side * channels * channels;
  }

  /** The first position that the drawing shows: of the input, of a unit or of a centre field. */
  long first() {
    return (long) Math.floor(ends()[0]);
  }

  /** The last position that the drawing shows. */
  long last() {
    return (long) Math.ceil(ends()[1]);
  }

  private double[] ends() {
    double[] ends = {0, size - 1};
    for (int l = 1; l <= depth(); l++) {
      ReceptiveField field = field(l);
      boolean sees = field.sees(centre(l));
      double first = sees ? field.first(centre(l)) : 0;
      double last = sees ? field.last(centre(l)) : 0;
      ends[0] = Math.min(ends[0], Math.min(first, field.place(0)));
      ends[1] = Math.max(ends[1], Math.max(last, field.place(sizes[l] - 1)));
    }
    return ends;
  }

  /** {@code positions 3 to 12}, or what there is instead. */
  String span(int number, long unit) {
    ReceptiveField field = field(number);
    String first = Num.decimal(field.first(unit), 0);
    String last = Num.decimal(field.last(unit), 0);
    return !field.sees(unit)
        ? "nothing"
        : first.equals(last) ? "position " + first : "positions " + first + " to " + last;
  }

  /** The stack against one layer that sees as much, as a sentence. */
  String comparison() {
    long side = field(depth()).size();
    Prose prose = Prose.of("One convolution of {} sees as much ", side + " × " + side);
    if (weights() == 0 || depth() == 1) {
      return prose.add("and has {} weights.", oneLayer()).plain();
    }
    double ratio = oneLayer() / (double) weights();
    String times = Num.decimal(ratio, ratio < 10 ? 2 : 0);
    return prose
        .add(
            ratio > 1
                ? "with {} times the weights of this stack."
                : "with fewer weights: {} times this stack’s.",
            times)
        .plain();
  }

  /** What the gradient says of a layer's centre unit, as a sentence. */
  String check(int number) {
    long inside = inInput(number, centre(number));
    return Prose.of(
            "Backpropagation from the middle unit of layer {} reaches {} of the {} input positions in"
                + " its field{ and none outside|, and others outside it}{: the field has holes|}.",
            number,
            reached(number),
            inside,
            noneOutside(number),
            reached(number) < inside)
        .plain();
  }
}
