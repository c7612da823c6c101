package convscope.topic.chapter6;

import convscope.num.Maths;
import java.util.ArrayList;
import java.util.List;

/**
 * A gradient held against central differences of many widths ε.
 *
 * @param backward the gradient by backward, of each parameter
 * @param single the losses above and below each number in float32: [ε][parameter][above, below]
 * @param twice the same in float64, or empty
 * @param shown those by which the check is judged
 * @param tolerance the relative error at which a parameter fails
 */
record Checked(
    CheckedModel model,
    String mistake,
    double[] epsilons,
    double[][] backward,
    double[][][][] single,
    double[][][][] twice,
    double[][][][] shown,
    double tolerance) {

  static Checked of(
      CheckedModel model,
      String mistake,
      int perDecade,
      boolean doubles,
      boolean judge64,
      double tolerance) {
    double[] epsilons = new double[7 * perDecade + 1];
    for (int e = 0; e < epsilons.length; e++) {
      epsilons[e] = Maths.pow(10, (double) e / perDecade - 8);
    }
    double[][] backward = model.gradient();
    double[][][][] single = losses(model, epsilons, backward, true);
    double[][][][] twice = doubles ? losses(model, epsilons, backward, false) : new double[0][][][];
    return new Checked(
        model, mistake, epsilons, backward, single, twice, judge64 ? twice : single, tolerance);
  }

  private static double[][][][] losses(
      CheckedModel model, double[] epsilons, double[][] backward, boolean single) {
    double[][][][] losses = new double[epsilons.length][backward.length][2][];
    for (int e = 0; e < epsilons.length; e++) {
      for (int p = 0; p < backward.length; p++) {
        for (int side = 0; side < 2; side++) {
          losses[e][p][side] = new double[backward[p].length];
          for (int n = 0; n < backward[p].length; n++) {
            double step = side == 0 ? epsilons[e] : -epsilons[e];
            losses[e][p][side][n] = model.loss(p, n, step, single);
          }
        }
      }
    }
    return losses;
  }

  /** {@code (L(θ+ε) − L(θ−ε)) / 2ε} of one number. */
  double numeric(double[][][][] losses, int e, int parameter, int element) {
    double[][] sides = losses[e][parameter];
    return (sides[0][element] - sides[1][element]) / (2 * epsilons[e]);
  }

  /** The largest size of a gradient, which errors are measured by. */
  double scale(double[][][][] losses, int e, int parameter) {
    double most = 0;
    for (int n = 0; n < backward[parameter].length; n++) {
      double numeric = Math.abs(numeric(losses, e, parameter, n));
      most = Math.max(most, Math.max(numeric, Math.abs(backward[parameter][n])));
    }
    return most;
  }

  /** {@code |backward − numeric| / max |∂L/∂θ|}; 0 where both are. */
  double error(double[][][][] losses, int e, int parameter, int element) {
    double apart = Math.abs(backward[parameter][element] - numeric(losses, e, parameter, element));
    return apart == 0 ? 0 : apart / scale(losses, e, parameter);
  }

  /** The element of a parameter with the largest error. */
  int worst(double[][][][] losses, int e, int parameter) {
    int worst = 0;
    double most = 0;
    for (int n = 0; n < backward[parameter].length; n++) {
      double error = error(losses, e, parameter, n);
      worst = error > most ? n : worst;
      most = Math.max(error, most);
    }
    return worst;
  }

  double error(double[][][][] losses, int e, int parameter) {
    return error(losses, e, parameter, worst(losses, e, parameter));
  }

  /** The largest error of all parameters. */
  double error(double[][][][] losses, int e) {
    double most = 0;
    for (int p = 0; p < backward.length; p++) {
      most = Math.max(most, error(losses, e, p));
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
  int best(double[][][][] losses) {
    int best = 0;
    for (int e = 0; e < epsilons.length; e++) {
      best = error(losses, e) < error(losses, best) ? e : best;
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
        double apart = numeric(twice, at(-2), p, n) - numeric(twice, at(-3), p, n);
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
