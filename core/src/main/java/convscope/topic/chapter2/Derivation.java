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
    String symbols = right(convention).replace("·", "").replace("K", "K_h");
    return Formula.row(left("H"), Formula.of(symbols, "H:input:x", "K:kernel:w", "O:padding:OP"));
  }

  private static Formula left(String letter) {
    return Formula.of(letter + "_{'out'} =", letter + ":output:y");
  }

  private static String right(Convention convention) {
    String quotient = "{frac{" + above(convention) + "}{S}}";
    return switch (convention) {
      case FLOOR -> "floor" + quotient + " + 1";
      case CEIL -> "ceil" + quotient + " + 1";
      case TRANSPOSED -> "(H − 1)·S − 2·P + D·(K − 1) + O + 1";
      default -> "ceil" + quotient;
    };
  }

  private static String above(Convention convention) {
    return convention.same()
        ? "H"
        : convention == Convention.VALID ? "H − D·(K − 1)" : "H + 2·P − D·(K − 1) − 1";
  }

  /** A formula in the letters of the relation, with numbers for those that are not unknown. */
  private static Formula live(Axis axis, String text, String unknown) {
    Window window = axis.window();
    String[] symbols = {
      "H:input:x:" + axis.in(),
      "K:kernel:w:" + window.kernel(),
      "S:neutral:S:" + window.stride(),
      "P:padding:P:" + window.padBefore(),
      "D:neutral:D:" + window.dilation(),
      "O:padding:OP:" + axis.outputPadding(),
      "y:output:y:" + axis.out()
    };
    for (int n = 0; n < symbols.length; n++) {
      boolean asked = unknown.contains(symbols[n].substring(0, 1));
      symbols[n] = asked ? symbols[n].substring(0, symbols[n].lastIndexOf(':')) : symbols[n];
    }
    return Formula.of(text, symbols);
  }

  /** The formula with numbers, and what follows from it step by step. */
  static List<Formula> steps(Axis axis) {
    List<String> steps = new ArrayList<>();
    Convention rule = axis.convention();
    Window window = axis.window();
    int spread = window.span() - 1;
    int out = axis.out();
    boolean chosen = rule.choosesPadding();
    int above = chosen ? axis.room() : rule.same() ? axis.in() : axis.in() - spread;
    String round = rule == Convention.FLOOR ? "= floor{" : "= ceil{";
    if (rule == Convention.TRANSPOSED) {
      int hops = (axis.in() - 1) * window.stride();
      steps.add("= " + hops + " − " + 2 * window.padBefore() + " + " + spread + " + O + 1 = y");
    } else {
      if (!rule.same()) {
        steps.add(round + "frac{" + above + "}{S}}" + (chosen ? " + 1" : ""));
      }
      String quotient = Num.value((double) above / window.stride());
      steps.add(round + quotient + (chosen ? "} + 1" : "} = y"));
      if (axis.dropsLast()) {
        String start = axis.unit() + " " + window.start(out);
        steps.add("= " + out + " + 1 = " + (out + 1));
        steps.add("= " + (out + 1) + " − 1 = y': " + start + " is past the input'");
      } else if (chosen) {
        steps.add("= " + (out - 1) + " + 1 = y");
      }
    }
    if (rule.same()) {
      int pads = window.padBefore() + window.padAfter();
      steps.add("'pads = max'((y − 1)·S + " + (spread + 1) + " − H, 0) = " + pads);
      steps.add(window.padBefore() + "' before + '" + window.padAfter() + "' after'");
    }
    List<Formula> formulas = new ArrayList<>();
    formulas.add(Formula.row(left(axis.height() ? "H" : "W"), live(axis, right(rule), "")));
    for (String step : steps) {
      formulas.add(live(axis, step, ""));
    }
    return formulas;
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
   * What a wanted size asks of the unknown, and the solution that is drawn step by step. A floor or
   * a ceiling is a number exactly where its inside lies between two bounds.
   */
  static String solved(Axis axis, Search search) {
    int wanted = axis.height() ? search.wanted().height() : search.wanted().width();
    String unknown = search.unknown().letters;
    Convention rule = axis.convention();
    String above = above(rule);
    String below = (wanted - 1) + "·S";
    String asked =
        switch (rule) {
          case TRANSPOSED -> wanted + " = " + right(rule);
          case FLOOR -> below + " <= " + above + " < " + wanted + "·S";
          case CEIL -> Num.value(wanted - 2) + "·S < " + above + " <= " + below;
          default -> below + " < " + above + " <= " + wanted + "·S";
        };
    return Equation.lines(false, List.of(List.of(live(axis, asked, unknown)), steps(axis)));
  }
}
