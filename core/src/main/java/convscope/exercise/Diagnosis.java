package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.autodiff.GradCheck;
import convscope.diagnose.ActivationStatistics;
import convscope.diagnose.Evaluation;
import convscope.diagnose.LayerGradients;
import convscope.diagnose.Training;
import convscope.exercise.BrokenNetwork.Findings;
import convscope.net.Elementwise;
import convscope.num.Num;
import convscope.scene.Prose;
import convscope.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the findings of a broken network say: as a listing, and for and against each suspect. */
final class Diagnosis {
  private static final int SHOWN = 5; // steps between two losses
  private static final int ENOUGH = 8; // of 12 images, to call them known
  private static final List<String> NAMES = BrokenNetwork.NAMES;
  private static final String[] CLASSES = {"stripes across", "stripes down", "checkers"};

  private Diagnosis() {}

  /** A sentence in plain words, for listings. */
  static String line(String sentence, Object... values) {
    return Prose.of(sentence, values).plain();
  }

  /** What its author sees. */
  static String symptom(Findings found) {
    Training overfit = found.overfit();
    Evaluation heldOut = found.heldOut();
    if (overfit == null) {
      return "Training ends with an error before its first step.";
    }
    double[] losses = overfit.losses();
    double last = losses[losses.length - 1];
    if (!finite(last)) {
      int step = 0;
      while (finite(losses[step])) {
        step++;
      }
      return line("After {step} its loss is no longer a number.", step);
    }
    if (!found.learned()) {
      return last > 2 * losses[0]
          ? "Its loss climbs instead of falling."
          : "Its loss does not fall as it should.";
    }
    if (heldOut != null && heldOut.right() < ENOUGH) {
      return "It learns its training images, but new ones it gets wrong.";
    }
    return differs(found)
        ? "It learns, but every evaluation of the same images gives another result."
        : "It learns, but its author does not trust it.";
  }

  private static boolean finite(double value) {
    return Math.abs(value) <= Float.MAX_VALUE;
  }

  private static String number(double value) {
    return finite(value) ? Num.cell(value) : "NaN";
  }

  /** What each check found. */
  static String report(BrokenNetwork network, Findings found) {
    StringBuilder out = new StringBuilder("Shape trace\n");
    for (int i = 0; i < found.trace().good(); i++) {
      if (!(found.trace().layers().get(i) instanceof Elementwise)) {
        out.append("  ").append(found.trace().layers().get(i).name()).append(": ");
        out.append(shape(found.trace().input(i))).append(" → ");
        out.append(shape(found.trace().output(i))).append('\n');
      }
    }
    Training overfit = found.overfit();
    if (overfit == null) {
      return out + "  stops at " + found.trace().sentence() + "\nThe other checks cannot run.";
    }
    out.append(line("\nActivation statistics, before training, {} images\n", BrokenNetwork.IMAGES));
    for (int i = 0; i < found.activations().size(); i++) {
      ActivationStatistics after = found.activations().get(i);
      out.append(
          line(
              "  after {}: {} of {} maps dead, {} of the cells 0\n",
              NAMES.get(i),
              after.dead(),
              after.units(),
              Num.percent(after.flat(), 0)));
    }
    out.append("\nGradient check, where the two differ most\n");
    for (int i = 0; i < found.gradients().size(); i++) {
      GradCheck.Report worst = found.gradients().get(i).report();
      out.append(
          line(
              "  {}: backward {}, differences {}\n",
              NAMES.get(i),
              Num.decimal(worst.backward(), 4),
              Num.decimal(worst.numeric(), 4)));
    }
    out.append("\nOne-batch overfit\n  step: loss\n");
    for (int step = 0; step <= network.steps(); step += SHOWN) {
      String at = "  " + step;
      out.append(" ".repeat(6 - at.length())).append(at).append(": ");
      out.append(number(overfit.losses()[step])).append('\n');
    }
    out.append("  the first step moves the weights by\n    ").append(moves(found)).append('\n');
    out.append("  a second step with the same gradient goes\n    ");
    out.append(Num.decimal(found.repeated(), 2)).append(" × as far\n");
    out.append("  a perfect answer has the loss ").append(Num.decimal(found.perfect(), 2));
    out.append('\n').append("\nTrain/eval gap");
    Evaluation trained = found.trained();
    Evaluation first = found.heldOut();
    Evaluation again = found.again();
    if (trained == null || first == null || again == null) {
      return out
          + "\n  not run, since the loss of one batch did not fall\n  below 30 % of what it was";
    }
    out.append(line(", after {epoch}\n", network.epochs()));
    evaluation(out, "training images", trained);
    evaluation(out, "held-out images", first);
    evaluation(out, "the same again", again);
    out.append("  held-out images are taken for\n");
    for (int c = 0; c < CLASSES.length; c++) {
      String counts = Arrays.toString(first.confusion()[c]);
      out.append("    ").append(CLASSES[c]).append(": ");
      out.append(counts).append(c < CLASSES.length - 1 ? "\n" : "");
    }
    return out.toString();
  }

  private static void evaluation(StringBuilder out, String images, Evaluation evaluation) {
    out.append(
        line(
            "  {}: loss {}, {} of {} right\n",
            images,
            Num.decimal(evaluation.loss(), 2),
            evaluation.right(),
            BrokenNetwork.IMAGES));
  }

  private static String shape(Shape shape) {
    return Num.size(shape.dims());
  }

  private static String moves(Findings found) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < found.moved().length; i++) {
      out.append(i == 0 ? "" : ", ").append(NAMES.get(i)).append(' ').append(moved(found, i));
    }
    return out.toString();
  }

  private static String moved(Findings found, int layer) {
    double share = 100 * found.moved()[layer];
    return share < 1000 ? Num.decimal(share, 1) + " %" : Num.count(Num.round(share)) + " %";
  }

  private static boolean differs(Findings found) {
    Evaluation first = found.heldOut();
    Evaluation again = found.again();
    return first != null && again != null && Math.abs(first.loss() - again.loss()) >= 0.02;
  }

  /**
   * Whether gradients that agree, and those that do not, do so in the decimals that are shown, and
   * a network that was evaluated still has numbers.
   */
  static boolean legible(Findings found) {
    Evaluation heldOut = found.heldOut();
    if (heldOut != null && !finite(heldOut.loss())) {
      return false;
    }
    return found.gradients().stream()
        .map(LayerGradients::report)
        .allMatch(
            g ->
                g.passes()
                    ? Math.abs(g.numeric()) >= 0.02 && Math.abs(g.backward() - g.numeric()) <= 1e-4
                    : Math.abs(g.numeric()) >= 0.05);
  }

  /** Whether a bug that shows by degrees shows clearly. */
  static boolean clear(Fault fault, Findings found) {
    return fault == Fault.RATE
        ? Arrays.stream(found.moved()).max().orElse(0) > 3
        : fault != Fault.LABELS || shifted(found) >= ENOUGH;
  }

  /** How many held-out images are taken for the class after their own. */
  private static int shifted(Findings found) {
    Evaluation heldOut = found.heldOut();
    int count = 0;
    for (int c = 0; heldOut != null && c < CLASSES.length; c++) {
      count += heldOut.confusion()[c][(c + 1) % CLASSES.length];
    }
    return count;
  }

  /** The finding that speaks against a suspect, as HTML; null if none does. */
  static @Nullable String against(Fault fault, Findings found) {
    Training overfit = found.overfit();
    Evaluation heldOut = found.heldOut();
    if (overfit == null) {
      return fault == Fault.FEATURES
          ? null
          : words(
              "No step was ever taken: the shape trace stops at {}, so this bug had no chance to show.",
              NAMES.get(found.bad()));
    }
    double first = overfit.losses()[0];
    double last = overfit.losses()[overfit.losses().length - 1];
    switch (fault) {
      case FEATURES:
        return words(
            "The shape trace passes: every layer gets what it expects, and {} scores come out.",
            shape(found.trace().output()));
      case RATE:
        return Arrays.stream(found.moved()).max().orElse(0) > 1
            ? null
            : words(
                "The first step moves no layer by more than its own size ({}), so the rate is not what breaks it.",
                moves(found));
      case DEAD:
        return found.dead(0) || found.dead(1)
            ? null
            : words(
                "Before training, {} of {} maps are dead after conv1 and {} of {} after conv2: the others pass their gradient on.",
                found.activations().get(0).dead(),
                found.activations().get(0).units(),
                found.activations().get(1).dead(),
                found.activations().get(1).units());
      case FROZEN:
        if (found.dead(0) || found.dead(1)) {
          return words(
              "All three layers stand still, since no gradient gets through dead maps. A rate of 0 in one layer would stop that one alone.");
        }
        return Arrays.stream(found.moved()).anyMatch(share -> share == 0)
            ? null
            : words("The first step moves every layer: {}.", moves(found));
      case SIGN:
        return found.gradients().stream().allMatch(g -> g.report().passes())
            ? words(
                "The gradient check passes: backward and differences agree to {} in every layer, so the gradient is not to blame.",
                Num.difference(furthest(found)))
            : null;
      case LEFTOVER:
        return found.repeated() > 1.5
            ? null
            : words(
                "A second step with the same gradient goes {} × as far as the first. With gradients left over it would go 2 × as far.",
                Num.decimal(found.repeated(), 2));
      case SOFTMAX:
        return found.perfect() > 0.1
            ? null
            : words(
                "A perfect answer has the loss {}. With a second softmax it would be {}.",
                Num.decimal(found.perfect(), 2),
                Num.decimal(BrokenNetwork.floor(), 2));
      case LABELS:
        if (heldOut == null) {
          return words(
              "A batch can be learned by heart whatever its labels say. Here not even that works: its loss goes from {} to {}.",
              number(first),
              number(last));
        }
        return heldOut.right() < ENOUGH
            ? null
            : words(
                "Of the held-out images {} of {} are right. After training on shifted labels nearly all would be wrong.",
                heldOut.right(),
                BrokenNetwork.IMAGES);
      case MODE:
        if (heldOut == null) {
          return words(
              "Evaluation comes after training, and training fails by itself: the loss of one batch goes from {} to {}.",
              number(first),
              number(last));
        }
        return differs(found)
            ? null
            : words(
                "The held-out images have the loss {} both times. With dropout on, they would differ.",
                Num.decimal(heldOut.loss(), 2));
    }
    throw new IllegalArgumentException("no such fault");
  }

  private static double furthest(Findings found) {
    return found.gradients().stream()
        .mapToDouble(g -> Math.abs(g.report().backward() - g.report().numeric()))
        .max()
        .orElse(0);
  }

  /** The finding that tells the bug, and its remedy, as plain words. */
  static String tells(BrokenNetwork network, Findings found) {
    String name = NAMES.get(network.where());
    Evaluation first = found.heldOut();
    Evaluation again = found.again();
    return switch (network.fault()) {
      case FEATURES -> "The trace stops at " + found.trace().sentence() + ".";
      case RATE ->
          line(
              "The first step moves the weights by many times their size ({}), although the gradients are right. Divide the rate by a hundred or more.",
              moves(found));
      case DEAD ->
          line(
              "After {}, all {} maps are dead before training has begun, so no gradient comes back. Start its biases at 0.",
              name,
              found.activations().get(network.where()).units());
      case FROZEN ->
          line(
              "In the first step {} does not move, although its gradient is right and no layer is dead. Give it the rate of the others.",
              name);
      case SIGN ->
          line(
              "In {} backward says {} and differences say {}: right in size, wrong in sign. Its steps climb.",
              name,
              Num.decimal(found.gradients().get(network.where()).report().backward(), 4),
              Num.decimal(found.gradients().get(network.where()).report().numeric(), 4));
      case LEFTOVER ->
          line(
              "The second of two steps with the same gradient goes {} × as far: it still holds the first. Clear the gradients before each backward pass.",
              Num.decimal(found.repeated(), 2));
      case SOFTMAX ->
          line(
              "Even a perfect answer has the loss {}: cross-entropy has a softmax of its own. Give it the scores as they are.",
              Num.decimal(found.perfect(), 2));
      case LABELS ->
          line(
              "Training succeeds, but {} of {} held-out images are taken for the class after their own. Number the classes alike everywhere.",
              shifted(found),
              BrokenNetwork.IMAGES);
      case MODE ->
          line(
              "The same images, twice: loss {}, then {}. Something random is still on. Switch to evaluation mode before evaluating.",
              Num.decimal(first == null ? 0 : first.loss(), 2),
              Num.decimal(again == null ? 0 : again.loss(), 2));
    };
  }

  /** Why the bug is not at a place. */
  static String elsewhere(BrokenNetwork network, Findings found, int place) {
    String here = NAMES.get(network.where());
    String there = NAMES.get(place);
    boolean nowhere = place == BrokenNetwork.NOWHERE;
    return switch (network.fault()) {
      case FEATURES ->
          nowhere
              ? words("The shape trace names a layer: it stops at {}.", here)
              : place < network.where()
                  ? words("The shape trace gets through {} and stops at {}.", there, here)
                  : words("The shape trace does not even reach {}: it stops at {}.", there, here);
      case DEAD ->
          words(
              "The first dead maps are those after {}, {} of {}. What comes after them gets nothing but zeros.",
              here,
              found.activations().get(network.where()).dead(),
              found.activations().get(network.where()).units());
      case FROZEN ->
          nowhere
              ? words("One layer alone stands still, {}: {}.", here, moves(found))
              : words(
                  "{} moves by {}. It is {} that stands still.", there, moved(found, place), here);
      case SIGN ->
          words(
              "In {} alone backward and differences are apart: {} and {}.",
              here,
              Num.decimal(found.gradients().get(network.where()).report().backward(), 4),
              Num.decimal(found.gradients().get(network.where()).report().numeric(), 4));
      case RATE ->
          words(
              "{} moves by {}, but so do the others by as many times what they should. They share the rate.",
              there,
              moved(found, place));
      case LEFTOVER, SOFTMAX, LABELS, MODE ->
          words(
              "{} passes its own checks: its shapes fit, its gradient is right, and it moves by {}.",
              there,
              moved(found, place));
    };
  }
}
