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
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import convscope.scene.Prose;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A broken network: the order of the checks, and the bug that explains what they found. The checks
 * are really run, and a network is drawn again until their findings rule out every other bug.
 */
final class DebuggingChecklist implements Exercise {
  private static final int SHOWN = 5; // steps between two losses
  private static final int ENOUGH = 8; // of 12 images, to call them known or shifted
  private static final List<String> NAMES = BrokenNetwork.NAMES;
  private static final String[] CLASSES = {"stripes across", "stripes down", "checkers"};
  private static final List<Integer> SUSPECTS = List.of(4, 7, 9); // of the faults, by level

  /** A check, in an order that is right: each rests on one before it, or on nothing. */
  private enum Check {
    SHAPES("shapes", "Shape trace", null),
    STATISTICS("statistics", "Activation statistics", SHAPES),
    GRADIENT("gradient", "Gradient check", SHAPES),
    OVERFIT("overfit", "One-batch overfit", SHAPES),
    GAP("gap", "Train/eval gap", OVERFIT);

    final String value;
    final String label;
    final @Nullable Check base;

    Check(String value, String label, @Nullable Check base) {
      this.value = value;
      this.label = label;
      this.base = base;
    }
  }

  @Override
  public String slug() {
    return "debugging-checklist";
  }

  @Override
  public String title() {
    return "Debugging checklist";
  }

  /** None yet: the course’s chapter on diagnostics is still to come. */
  @Override
  public String topic() {
    return "";
  }

  @Override
  public List<String> levels() {
    return List.of("Four suspects", "Seven suspects", "Nine suspects");
  }

  @Override
  public Question question(Rng random, int level) {
    List<Fault> suspects = List.of(Fault.values()).subList(0, SUSPECTS.get(level - 1));
    Fault planted = suspects.get(random.nextInt(suspects.size()));
    BrokenNetwork network;
    Findings found;
    do {
      network = BrokenNetwork.of(planted, random);
      found = network.findings(random);
    } while (!conclusive(found, suspects, planted));
    List<Check> shown = new ArrayList<>();
    do {
      shown.clear();
      for (int index : random.permutation(Check.values().length)) {
        shown.add(Check.values()[index]);
      }
    } while (shown.get(0) == Check.SHAPES);
    return question(network, found, suspects, shown);
  }

  /** Whether what was found speaks against every suspect but the bug, in numbers that show it. */
  private static boolean conclusive(Findings found, List<Fault> suspects, Fault planted) {
    boolean shows =
        found.gradients().stream()
            .map(LayerGradients::report)
            .allMatch(g -> g.passes() || Math.abs(g.numeric()) >= 0.05);
    return shows && suspects.stream().allMatch(f -> (against(f, found) == null) == (f == planted));
  }

  private Question question(
      BrokenNetwork network, Findings found, List<Fault> suspects, List<Check> shown) {
    Question question = new Question();
    question.say(
        "A network of two convolutions and a linear layer is to tell three textures apart. {}",
        symptom(found));
    question.say(
        "First plan the checks. A check comes after the one it rests on; of those that can come next, the cheapest comes first. Costs are counted in runs: one of the three layers, on one image, forward or backward.");
    question.code(plan(network));
    question.say("Then read what the checks found on this network, and name the bug.");
    question.code(report(network, found));
    give(question, network, found);
    question.ask(order(network, shown));
    question.ask(fault(network, found, suspects));
    question.ask(layer(network, found, suspects));
    hints(question, network);
    for (Check check : ordered(c -> cost(network, c), true)) {
      question.solve("{}: {run}", check.label, cost(network, check));
    }
    question.solve("The bug: {} {}", network.fault().label + ".", tells(network, found));
    for (Fault fault : found.overfit() == null ? List.<Fault>of() : suspects) {
      String against = against(fault, found);
      if (against != null) {
        question.solve("Not {}: {}", fault.culprit, against);
      }
    }
    return question;
  }

  private static String symptom(Findings found) {
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
      return Question.words("After {step} its loss is no longer a number.", step);
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

  // The plan

  private static String plan(BrokenNetwork network) {
    return "Train/eval gap: rests on the one-batch overfit.\n"
        + line(
            "  {epoch} over {} images, forward and backward,\n",
            network.epochs(),
            BrokenNetwork.IMAGES)
        + line("  then 3 forward passes over {} images\n", BrokenNetwork.IMAGES)
        + "One-batch overfit: rests on the shape trace.\n"
        + line(
            "  {step} on a batch of {} images, forward and backward\n",
            network.steps(),
            BrokenNetwork.BATCH)
        + "Gradient check: rests on the shape trace.\n"
        + line(
            "  moves each of {} numbers four times, and runs its layer\n", BrokenNetwork.numbers())
        + "  forward each time, on one image\n"
        + "Activation statistics: rest on the shape trace.\n"
        + line("  one forward pass over {} images\n", BrokenNetwork.IMAGES)
        + "Shape trace: rests on nothing.\n"
        + "  runs no layer";
  }

  private static String line(String sentence, Object... values) {
    return Prose.of(sentence, values).plain();
  }

  private static int cost(BrokenNetwork network, Check check) {
    return cost(network, check, 2, BrokenNetwork.BATCH, BrokenNetwork.IMAGES);
  }

  /** Runs of a check, if a step passes so often over so many images. */
  private static int cost(BrokenNetwork network, Check check, int passes, int batch, int images) {
    int layers = NAMES.size() - 1;
    return switch (check) {
      case SHAPES -> 0;
      case STATISTICS -> layers * images;
      case GRADIENT -> 4 * BrokenNetwork.numbers();
      case OVERFIT -> layers * passes * batch * network.steps();
      case GAP -> layers * (passes * network.epochs() + 3) * images;
    };
  }

  /** The cheapest check first; with bases, each after the one it rests on. */
  private static List<Check> ordered(ToIntFunction<Check> cost, boolean bases) {
    List<Check> order = new ArrayList<>();
    while (order.size() < Check.values().length) {
      Check next = null;
      for (Check check : Check.values()) {
        boolean can =
            !order.contains(check) && (!bases || check.base == null || order.contains(check.base));
        if (can && (next == null || cost.applyAsInt(check) < cost.applyAsInt(next))) {
          next = check;
        }
      }
      if (next != null) {
        order.add(next);
      }
    }
    return order;
  }

  private static Part order(BrokenNetwork network, List<Check> shown) {
    AnswerParam param = Param.answer("order", Form.ORDER).label("Order of the checks");
    shown.forEach(check -> param.option(check.value, check.label));
    List<Check> right = ordered(check -> cost(network, check), true);
    String costs =
        words(
            "One-batch overfit: 3 · 2 · {} · {} = {run}.",
            BrokenNetwork.BATCH,
            network.steps(),
            cost(network, Check.OVERFIT));
    return new Part(param, places(right, shown))
        .slip(
            "taking the dearest first",
            places(ordered(check -> -cost(network, check), true), shown),
            words(
                "You took the dearest check first each time. The cheapest comes first: the statistics cost {run}, the gradient check {}.",
                cost(network, Check.STATISTICS),
                cost(network, Check.GRADIENT)))
        .slip(
            "going by cost alone",
            places(ordered(check -> cost(network, check), false), shown),
            words(
                "You went by cost alone. The train/eval gap rests on the one-batch overfit, so it comes later, although it costs {} and the overfit {run}.",
                cost(network, Check.GAP),
                cost(network, Check.OVERFIT)))
        .slip(
            "counting the forward passes alone",
            places(
                ordered(
                    check -> cost(network, check, 1, BrokenNetwork.BATCH, BrokenNetwork.IMAGES),
                    true),
                shown),
            words("You counted the forward passes alone. A training step also goes backward. ")
                + costs)
        .slip(
            "counting a batch as one image",
            places(
                ordered(
                    check -> cost(network, check, 2, 1, BrokenNetwork.IMAGES / BrokenNetwork.BATCH),
                    true),
                shown),
            words("You counted a batch as one image. ") + costs)
        .working(
            (entry, given) -> {
              Check due = right.get(entry);
              Check put = shown.get((int) given);
              Check base = put.base;
              return base != null && right.indexOf(base) >= entry
                  ? words("It rests on the {}, which comes later.", lower(base))
                  : words(
                      "It costs {run}; the {}, at {}, can come here too.",
                      cost(network, put),
                      lower(due),
                      cost(network, due));
            });
  }

  private static String lower(Check check) {
    return (char) (check.label.charAt(0) - 'A' + 'a') + check.label.substring(1);
  }

  private static Answer places(List<Check> order, List<Check> shown) {
    return Answer.row(order.stream().mapToInt(shown::indexOf).toArray());
  }

  // The findings

  private static String report(BrokenNetwork network, Findings found) {
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
      return out + ": not run, since one batch is not learned";
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

  /** What the oracle may know: what the task shows. */
  private static void give(Question question, BrokenNetwork network, Findings found) {
    question.given("steps", network.steps()).given("epochs", network.epochs());
    question.given("batch", BrokenNetwork.BATCH).given("images", BrokenNetwork.IMAGES);
    question.given("numbers", BrokenNetwork.numbers());
    if (found.bad() >= 0) {
      question.given("stops at", found.bad());
      return;
    }
    question.given(
        "dead",
        Answer.row(found.activations().stream().mapToInt(ActivationStatistics::dead).toArray()));
    question.given("maps", found.activations().get(0).units());
    question.given(
        "backward",
        Answer.row(found.gradients().stream().mapToDouble(g -> g.report().backward()).toArray()));
    question.given(
        "differences",
        Answer.row(found.gradients().stream().mapToDouble(g -> g.report().numeric()).toArray()));
    question.given("moved", Answer.row(found.moved()));
    question.given("repeated", found.repeated()).given("perfect", found.perfect());
    Evaluation first = found.heldOut();
    Evaluation again = found.again();
    if (first != null && again != null) {
      question.given("loss", first.loss()).given("again", again.loss());
      for (int c = 0; c < CLASSES.length; c++) {
        question.given("taken" + c, Answer.row(first.confusion()[c]));
      }
    }
  }

  // The bug

  private static Part fault(BrokenNetwork network, Findings found, List<Fault> suspects) {
    AnswerParam param = Param.answer("fault", Form.CHOICE).label("The bug");
    suspects.forEach(fault -> param.option(fault.value, fault.label));
    Part part = new Part(param, Answer.of(suspects.indexOf(network.fault())));
    for (Fault fault : suspects) {
      String against = against(fault, found);
      if (against != null) {
        part.slip("blaming " + fault.culprit, Answer.of(suspects.indexOf(fault)), against);
      }
    }
    return part;
  }

  /** The finding that speaks against a suspect, as HTML; null if none does. */
  private static @Nullable String against(Fault fault, Findings found) {
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
  private static String tells(BrokenNetwork network, Findings found) {
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
              "Training succeeds, but nearly every held-out image is taken for the class after its own. Number the classes alike everywhere.");
      case MODE ->
          line(
              "The same images, twice: loss {}, then {}. Something random is still on. Switch to evaluation mode before evaluating.",
              Num.decimal(first == null ? 0 : first.loss(), 2),
              Num.decimal(again == null ? 0 : again.loss(), 2));
    };
  }

  // Its place

  private static Part layer(BrokenNetwork network, Findings found, List<Fault> suspects) {
    AnswerParam param = Param.answer("layer", Form.CHOICE).label("Where it is");
    for (String name : NAMES.subList(0, BrokenNetwork.NOWHERE)) {
      param.option(name, "In " + name);
    }
    param.option("none", "In no layer: in the loop, the loss or the data");
    Part part = new Part(param, Answer.of(network.where()));
    for (int place = 0; place < NAMES.size(); place++) {
      if (place != network.where()) {
        String name = place == BrokenNetwork.NOWHERE ? "loop, loss or data" : NAMES.get(place);
        part.slip("blaming " + name, Answer.of(place), elsewhere(network, found, place));
      }
    }
    return part.follows(earlier -> follows(network, suspects, earlier));
  }

  /** A suspect that is in no layer has its place there, even if it is the wrong suspect. */
  private static @Nullable Answer follows(
      BrokenNetwork network, List<Fault> suspects, Map<String, Answer> earlier) {
    Answer chosen = earlier.get("fault");
    Fault fault = chosen == null ? network.fault() : suspects.get((int) chosen.number());
    return fault.local() ? null : Answer.of(BrokenNetwork.NOWHERE);
  }

  /** Why the bug is not at a place. */
  private static String elsewhere(BrokenNetwork network, Findings found, int place) {
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

  private static void hints(Question question, BrokenNetwork network) {
    Check telling =
        switch (network.fault()) {
          case FEATURES -> Check.SHAPES;
          case DEAD -> Check.STATISTICS;
          case SIGN -> Check.GRADIENT;
          case RATE, FROZEN, LEFTOVER, SOFTMAX -> Check.OVERFIT;
          case LABELS, MODE -> Check.GAP;
        };
    question.hints(
        words(
            "Begin with the check that rests on nothing. Then look for the first finding that a sound network would not show."),
        words(
            "The gradient check costs 4 · {} = {run}, the overfit 3 layers · 2 passes · {} images · {step}.",
            BrokenNetwork.numbers(),
            cost(network, Check.GRADIENT),
            BrokenNetwork.BATCH,
            network.steps()),
        words("The bug shows most clearly in the {}.", lower(telling)));
  }
}
