package convscope.topic.chapter2;

import convscope.num.Num;
import convscope.op.Window;
import convscope.scene.Equation;
import convscope.scene.Formula;
import java.util.ArrayList;
import java.util.List;

/** Writes an output size step by step: symbols, numbers, numerator, quotient, result. */
final class Derivation {
  private Derivation() {}

  /** The relation of a convention in symbols. */
  static Formula relation(Convention convention) {
    return Formula.row(
        left("H"),
        Formula.of(
            right(convention, "D(K_h − 1)", "2P", "(H − 1)S"),
            "H:input:x",
            "K:kernel:w",
            "O:padding:OP"));
  }

  private static Formula left(String letter) {
    return Formula.of(letter + "_{'out'} =", letter + ":output:y");
  }

  /**
   * The right side of the relation.
   *
   * @param spread {@code D(K − 1)}
   * @param pads {@code 2P}
   * @param hops {@code (H − 1)S}
   */
  private static String right(Convention convention, String spread, String pads, String hops) {
    String above = above(convention, spread, pads);
    return switch (convention) {
      case FLOOR -> "floor{frac{" + above + "}{S}} + 1";
      case CEIL -> "ceil{frac{" + above + "}{S}} + 1";
      case TRANSPOSED -> hops + " − " + pads + " + " + spread + " + O + 1";
      default -> "ceil{frac{" + above + "}{S}}";
    };
  }

  private static String above(Convention convention, String spread, String pads) {
    return convention.same()
        ? "H"
        : convention == Convention.VALID
            ? "H − " + spread
            : "H + " + pads + " − " + spread + " − 1";
  }

  /** A formula in the letters of the relation, with numbers for those that are not unknown. */
  private static Formula live(Axis axis, String text, String unknown) {
    Window window = axis.window();
    String[][] letters = {
      {"H:input:x", Num.value(axis.in())},
      {"K:kernel:w", Num.value(window.kernel())},
      {"S:neutral:S", Num.value(window.stride())},
      {"P:padding:P", Num.value(window.padBefore())},
      {"D:neutral:D", Num.value(window.dilation())},
      {"O:padding:OP", Num.value(axis.outputPadding())},
      {"y:output:y", Num.value(axis.out())}
    };
    String[] symbols = new String[letters.length];
    for (int n = 0; n < symbols.length; n++) {
      boolean asked = unknown.contains(letters[n][0].substring(0, 1));
      symbols[n] = letters[n][0] + (asked ? "" : ":" + letters[n][1]);
    }
    return Formula.of(text, symbols);
  }

  private static final String SPREAD = "D·(K − 1)";

  private static Formula substituted(Axis axis, String unknown) {
    return live(axis, right(axis.convention(), SPREAD, "2·P", "(H − 1)·S"), unknown);
  }

  /** The formula with numbers, and what follows from it step by step. */
  static List<Formula> steps(Axis axis) {
    List<String> steps = new ArrayList<>();
    Window window = axis.window();
    int stride = window.stride();
    boolean ceil = axis.convention() != Convention.FLOOR;
    String round = ceil ? "= ceil{" : "= floor{";
    int above = axis.convention().choosesPadding() ? axis.room() : above(axis);
    String one = axis.convention().choosesPadding() ? " + 1" : "";
    if (axis.convention() == Convention.TRANSPOSED) {
      String hops = Num.value((axis.in() - 1) * stride) + " − " + 2 * window.padBefore();
      int spread = window.span() - 1;
      steps.add("= " + hops + " + " + spread + " + " + axis.outputPadding() + " + 1 = y");
    } else {
      if (!axis.convention().same()) {
        steps.add(round + "frac{" + Num.value(above) + "}{" + stride + "}}" + one);
      }
      String quotient = Num.value((double) above / stride);
      steps.add(round + quotient + "}" + one + (one.isEmpty() ? " = y" : ""));
    }
    if (axis.dropsLast()) {
      int windows = axis.out() + 1;
      String start = Num.value(window.start(axis.out()));
      steps.add("= " + axis.out() + " + 1 = " + windows);
      steps.add("= " + windows + " − 1 = y': " + axis.unit() + " " + start + " is past the input'");
    } else if (axis.convention() == Convention.FLOOR || axis.convention() == Convention.CEIL) {
      steps.add("= " + Num.value(axis.out() - 1) + " + 1 = y");
    }
    if (axis.convention().same()) {
      int pads = window.padBefore() + window.padAfter();
      steps.add(
          "'pads = max'((y − 1)·"
              + stride
              + " + "
              + window.span()
              + " − "
              + axis.in()
              + ", 0) = "
              + pads);
      steps.add(window.padBefore() + "' before + '" + window.padAfter() + "' after'");
    }
    List<Formula> formulas = new ArrayList<>();
    formulas.add(Formula.row(left(axis.height() ? "H" : "W"), substituted(axis, "")));
    for (String step : steps) {
      formulas.add(live(axis, step, ""));
    }
    return formulas;
  }

  /** The numerator of ⌈…/S⌉ without a + 1 behind it. */
  private static int above(Axis axis) {
    return axis.convention().same() ? axis.in() : axis.in() - axis.window().span() + 1;
  }

  /** The height alone, with a line for each step. */
  static String height(Axis axis) {
    return Equation.lines(true, List.of(steps(axis)));
  }

  /** Both axes, each in a line. */
  static String both(Axis height, Axis width) {
    return Equation.lines(false, List.of(steps(height), steps(width)));
  }

  /**
   * What a wanted size asks of the unknown: a floor or a ceiling is a number exactly where its
   * inside lies between two bounds.
   *
   * @param unknown the letters of what is asked for
   */
  static Formula asked(Axis axis, int wanted, String unknown) {
    String above = above(axis.convention(), SPREAD, "2·P");
    String below = (wanted - 1) + "·S";
    return switch (axis.convention()) {
      case TRANSPOSED ->
          Formula.row(live(axis, wanted + " =", unknown), substituted(axis, unknown));
      case FLOOR -> live(axis, below + " <= " + above + " < " + wanted + "·S", unknown);
      case CEIL -> live(axis, Num.value(wanted - 2) + "·S < " + above + " <= " + below, unknown);
      default -> live(axis, below + " < " + above + " <= " + wanted + "·S", unknown);
    };
  }

  /** What a search asks along one axis, and the solution that is drawn step by step. */
  static String solved(Axis axis, int wanted, Search search) {
    Formula asked = asked(axis, wanted, search.unknown().letters);
    return Equation.lines(false, List.of(List.of(asked), steps(axis)));
  }
}
