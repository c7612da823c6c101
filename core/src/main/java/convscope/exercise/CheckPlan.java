package convscope.exercise;

import static convscope.exercise.Diagnosis.line;
import static convscope.exercise.Question.words;

import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Which checks there are, what they rest on and cost, and in which order they are made. */
final class CheckPlan {
  private CheckPlan() {}

  /** A check, in an order that is right: each rests on one before it, or on nothing. */
  enum Check {
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

  static String listing(BrokenNetwork network) {
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

  static int cost(BrokenNetwork network, Check check) {
    return cost(network, check, 2, BrokenNetwork.BATCH, BrokenNetwork.IMAGES);
  }

  /** Runs of a check, if a step passes so often over so many images. */
  private static int cost(BrokenNetwork network, Check check, int passes, int batch, int images) {
    int layers = BrokenNetwork.NOWHERE;
    return switch (check) {
      case SHAPES -> 0;
      case STATISTICS -> layers * images;
      case GRADIENT -> 4 * BrokenNetwork.numbers();
      case OVERFIT -> layers * passes * batch * network.steps();
      case GAP -> layers * (passes * network.epochs() + 3) * images;
    };
  }

  /** The cheapest check first; with bases, each after the one it rests on. */
  static List<Check> ordered(ToIntFunction<Check> cost, boolean bases) {
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

  static Part order(BrokenNetwork network, List<Check> shown) {
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

  static String lower(Check check) {
    return (char) (check.label.charAt(0) - 'A' + 'a') + check.label.substring(1);
  }

  private static Answer places(List<Check> order, List<Check> shown) {
    return Answer.row(order.stream().mapToInt(shown::indexOf).toArray());
  }
}
