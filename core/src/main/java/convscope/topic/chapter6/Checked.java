package convscope.topic.chapter6;

import convscope.num.Maths;
import java.util.ArrayList;
import java.util.List;

/**
 * A gradient held against central differences of many widths ε.
 *
 * @param backward the gradient by backward, of each parameter
 * @param single what the differences give in float32: [ε][parameter][element]
 * @param twice the same in float64, or empty
 * @param shown those by which the check is judged
 * @param tolerance the relative error at which a parameter fails
 */
record Checked(
    CheckedModel model,
    String mistake,
    double[] epsilons,
    double[][] backward,
    double[][][] single,
    double[][][] twice,
    double[][][] shown,
    double tolerance) {

  /**
   * Checks a gradient.
   *
   * @param doubles whether in float64 too, at twice as many ε
   * @param judge64 whether the float64 differences are those that count
   */
  static Checked of(
      CheckedModel model, String mistake, boolean doubles, boolean judge64, double tolerance) {
    int perDecade = doubles ? 2 : 1;
    double[] epsilons = new double[7 * perDecade + 1];
    for (int e = 0; e < epsilons.length; e++) {
      epsilons[e] = Maths.pow(10, (double) e / perDecade - 8);
    }
    double[][] backward = model.gradient();
    double[][][] single = numeric(model, epsilons, backward, true);
    double[][][] twice = doubles ? numeric(model, epsilons, backward, false) : new double[0][][];
    return new Checked(
        model, mistake, epsilons, backward, single, twice, judge64 ? twice : single, tolerance);
  }

  /** {@code (L(θ+ε) − L(θ−ε)) / 2ε} of each number. */
  private static double[][][] numeric(
      CheckedModel model, double[] epsilons, double[][] backward, boolean single) {
    double[][][] numeric = new double[epsilons.length][backward.length][];
    for (int e = 0; e < epsilons.length; e++) {
      for (int p = 0; p < backward.length; p++) {
        numeric[e][p] = new double[backward[p].length];
        for (int n = 0; n < backward[p].length; n++) {
          double above = model.loss(p, n, epsilons[e], single);
          double below = model.loss(p, n, -epsilons[e], single);
          numeric[e][p][n] = (above - below) / (2 * epsilons[e]);
        }
      }
    }
    return numeric;
  }

  /** The largest size of a gradient, which errors are measured by. */
  double scale(double[][][] numeric, int e, int parameter) {
    double most = 0;
    for (int n = 0; n < backward[parameter].length; n++) {
      double size = Math.max(Math.abs(numeric[e][parameter][n]), Math.abs(backward[parameter][n]));
      most = Math.max(most, size);
    }
    return most;
  }

  /** {@code |backward − numeric| / max |∂L/∂θ|}; 0 where both are. */
  double error(double[][][] numeric, int e, int parameter, int element) {
    double apart = Math.abs(backward[parameter][element] - numeric[e][parameter][element]);
    return apart == 0 ? 0 : apart / scale(numeric, e, parameter);
  }

  /** The element of a parameter with the largest error. */
  int worst(double[][][] numeric, int e, int parameter) {
    int worst = 0;
    double most = 0;
    for (int n = 0; n < backward[parameter].length; n++) {
      double error = error(numeric, e, parameter, n);
      worst = error > most ? n : worst;
      most = Math.max(error, most);
    }
    return worst;
  }

  double error(double[][][] numeric, int e, int parameter) {
    return error(numeric, e, parameter, worst(numeric, e, parameter));
  }

  /** The largest error of all parameters. */
  double error(double[][][] numeric, int e) {
    double most = 0;
    for (int p = 0; p < backward.length; p++) {
      most = Math.max(most, error(numeric, e, p));
    }
    return most;
  }

  boolean passes(int e, int parameter) {
    return error(shown, e, parameter) <= tolerance;
  }

  /** The parameters that fail. */
  List<Integer> failing(int e) {
    List<Integer> failing = new ArrayList<>();
    for (int p = 0; p < backward.length; p++) {
      if (!passes(e, p)) {
        failing.add(p);
      }
    }
    return failing;
  }

  /** The ε with the smallest error. */
  int best(double[][][] numeric) {
    int best = 0;
    for (int e = 0; e < epsilons.length; e++) {
      best = error(numeric, e) < error(numeric, best) ? e : best;
    }
    return best;
  }

  /** The number of the ε nearest to a power of ten. */
  int at(int exponent) {
    return (exponent + 8) * (epsilons.length - 1) / 7;
  }

  double loss() {
    return model.loss(0, 0, 0, false);
  }

  /** The smallest of the parameters' largest gradients: where rounding weighs most. */
  private double weakest() {
    double least = Double.POSITIVE_INFINITY;
    for (int p = 0; p < backward.length; p++) {
      least = Math.min(least, scale(single, at(-2), p));
    }
    return least;
  }

  /** {@code u·L/ε}, with u = 2⁻²⁴: what a loss rounded to float32 does to the quotient. */
  double rounding(int e) {
    return 0x1p-24 * loss() / epsilons[e] / weakest();
  }

  /**
   * {@code T·ε²}, with T from how far the float64 quotients of ε = 10⁻² and 10⁻³ are apart: what
   * the third derivative does to it.
   */
  double truncation(int e) {
    double most = 0;
    for (int p = 0; p < backward.length; p++) {
      for (int n = 0; n < backward[p].length; n++) {
        double apart = twice[at(-2)][p][n] - twice[at(-3)][p][n];
        most = Math.max(most, Math.abs(apart) / scale(twice, at(-2), p));
      }
    }
    return most / (1e-4 - 1e-6) * epsilons[e] * epsilons[e];
  }

  /** Whether an activation lies so that the loss has no derivative, or a bend nearby. */
  boolean kinked() {
    return mistake.equals("kink") || mistake.equals("near");
  }

  @Override
  public String toString() {
    return "Checked " + mistake;
  }
}
