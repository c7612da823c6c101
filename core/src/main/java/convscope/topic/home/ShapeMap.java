package convscope.topic.home;

import static convscope.scene.Formula.num;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Pair;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape map of the home page: a batch of images, a kernel bank, their feature maps, and the two
 * kinds of answers. It is a topic in all but its place: the course does not list it.
 */
public final class ShapeMap implements Topic<Shapes> {
  private static final Head HEAD =
      Head.of(
          "shape-map",
          "From images to answers",
          Param.integer("batch", 2).range(1, 3).label("Images N").symbol("N"),
          Param.integer("channels", 3).range(1, 4).label("Channels C").symbol("C"),
          Param.pair("size", 8, 10).range(4, 12).label("Size H × W").symbol("H"),
          Param.integer("kernel", 3).range(1, 5).label("Kernel K").symbol("K"),
          Param.integer("stride", 2).range(1, 3).label("Stride S"),
          Param.integer("padding", 1).range(0, 2).label("Padding P"),
          Param.integer("out-channels", 4).range(1, 6).label("Kernels C_out").symbol("C_out"),
          Param.integer("classes", 3).range(2, 5).label("Classes").symbol("classes"));

  @Override
  public String title() {
    return "The shapes of a network";
  }

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    Formula out = word("out");
    return row(
        sym("x", Role.INPUT),
        tuple(letter("N"), letter("C", "C", Role.INPUT), letter("H", "H", Role.INPUT), letter("W")),
        op("★"),
        sym("w", Role.KERNEL),
        tuple(
            sub(letter("C", "C_out", Role.KERNEL), out),
            letter("C"),
            letter("K", "K", Role.KERNEL),
            letter("K", "K", Role.KERNEL)),
        op("="),
        sym("y", Role.OUTPUT),
        tuple(
            letter("N"),
            sub(letter("C", "C_out", Role.OUTPUT), out),
            sub(letter("H", "y", Role.OUTPUT), out),
            sub(letter("W", "y", Role.OUTPUT), out)));
  }

  private static Formula letter(String name) {
    return Formula.index(name);
  }

  private static Formula letter(String name, String part, Role role) {
    return sym(name, part, role);
  }

  /** {@code (a, b, c)}. */
  static Formula tuple(Formula... items) {
    Formula[] row = new Formula[2 * items.length + 1];
    for (int i = 0; i < items.length; i++) {
      row[2 * i] = op(i == 0 ? "(" : ",");
      row[2 * i + 1] = items[i];
    }
    row[2 * items.length] = op(")");
    return row(row);
  }

  /** An output side with live numbers: {@code H_out = ⌊(8 + 2·1 − 3)/2⌋ + 1 = 4}. */
  static Formula side(String letter, int in, Conv2d.Spec spec, int out) {
    Formula above =
        row(
            num(Num.count(in)),
            op("+"),
            num("2"),
            op("·"),
            num(Num.count(spec.padTop())),
            op("−"),
            num(Num.count(spec.kernelHeight())));
    return row(
        sub(sym(letter, "y", Role.OUTPUT), word("out")),
        op("="),
        Formula.floor(Formula.frac(above, num(Num.count(spec.strideH())))),
        op("+"),
        num("1"),
        op("="),
        num(Num.count(out)));
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    Pair size = values.pair("size");
    String text = Conv2d.problem(size.height(), size.width(), Shapes.spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public Shapes compute(Values values, Given given) {
    return Shapes.of(values);
  }

  @Override
  public Steps steps(Shapes result) {
    return new Steps(ShapeMapFigure.STAGES, 2, 1);
  }

  @Override
  public Figure figure(Shapes result, View view) {
    return new ShapeMapFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    return Map.of("maps", Shapes.shape(Shapes.of(schema().defaults()).maps()));
  }
}
