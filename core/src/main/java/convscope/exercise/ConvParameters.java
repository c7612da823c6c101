package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.net.Conv;
import convscope.net.Costs;
import convscope.net.Layer;
import convscope.net.ShapeTrace;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Answer;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parameters of a convolution: {@code C_out·(C_in/g·K_h·K_w + 1)}. */
final class ConvParameters implements Exercise {
  private enum Mistake {
    BIAS("forgetting the bias", true),
    FLAT("giving the kernels no depth", false),
    ONE_BIAS("counting one bias for the whole layer", true),
    GROUPS("ignoring the groups", false),
    PLACES("counting the weights at every place of the image", false),
    IN_BIAS("counting a bias for each input channel", true),
    SLICE_BIAS("counting a bias for each slice of a kernel", true),
    BOTH_GROUPS("dividing the kernels by the groups too", false);

    final String name;
    final boolean biases;

    Mistake(String name, boolean biases) {
      this.name = name;
      this.biases = biases;
    }
  }

  /** The parameters of layers on an input, by the network's own count. */
  static long count(Shape input, Layer... layers) {
    return Costs.of(ShapeTrace.of(List.of(layers), input)).parameters();
  }

  private record Bank(int in, int out, int high, int wide, int groups, int image) {
    int depth() {
      return in / groups;
    }

    int perKernel() {
      return depth() * high * wide;
    }

    long right(boolean bias) {
      Conv2d.Spec same = Conv2d.Spec.of(high, wide).padding(high / 2, wide / 2).groups(groups);
      return count(Shape.of(1, in, image, image), new Conv(in, out, same, bias));
    }

    /** The weights of somebody who makes these mistakes, and the biases if they are asked too. */
    @Nullable Long with(Set<Mistake> made, boolean bias) {
      boolean flat = made.contains(Mistake.FLAT);
      boolean whole = made.contains(Mistake.GROUPS);
      boolean fewer = made.contains(Mistake.BOTH_GROUPS);
      int about = 0; // mistakes about the biases, of which one can be made
      for (Mistake mistake : made) {
        about += mistake.biases ? 1 : 0;
      }
      if (about > (bias ? 1 : 0)
          || (whole || fewer) && groups == 1
          || made.contains(Mistake.SLICE_BIAS) && depth() == 1
          || (flat ? 1 : 0) + (whole ? 1 : 0) + (fewer ? 1 : 0) > 1) {
        return null;
      }
      long weights = (fewer ? out / groups : out) * (flat ? 1L : whole ? in : depth());
      weights *= (long) high * wide * (made.contains(Mistake.PLACES) ? image * image : 1);
      return bias ? weights + biases(made) : weights;
    }

    private long biases(Set<Mistake> made) {
      return made.contains(Mistake.BIAS)
          ? 0
          : made.contains(Mistake.ONE_BIAS)
              ? 1
              : made.contains(Mistake.IN_BIAS)
                  ? in
                  : made.contains(Mistake.SLICE_BIAS) ? (long) out * depth() : out;
    }
  }

  @Override
  public String slug() {
    return "conv-parameters";
  }

  @Override
  public String title() {
    return "Parameters of a convolution";
  }

  @Override
  public String about() {
    return "Count the weights and biases of a convolutional layer; later levels have rectangular kernels and groups.";
  }

  @Override
  public String topic() {
    return "parameter-count";
  }

  @Override
  public List<String> levels() {
    return List.of("Square kernels", "Rectangular kernels", "Groups");
  }

  @Override
  public Question question(Rng random, int level) {
    int high = Draw.of(random, 3, 5, 7);
    int wide = level == 2 ? Draw.of(random, 1, 2, 4) : high;
    int groups = level == 3 ? Draw.of(random, 2, 4, 8) : 1;
    int in = level == 1 ? Draw.of(random, 3, 4, 8, 16) : Draw.of(random, 8, 16, 32, 64);
    int out = Draw.of(random, 24, 40, 48, 56, 72, 96);
    return question(new Bank(in, out, high, wide, groups, Draw.of(random, 28, 32, 64)), level);
  }

  private static Question question(Bank bank, int level) {
    Question question = new Question();
    question.given("C_in", bank.in()).given("C_out", bank.out()).given("g", bank.groups());
    question.given("K_h", bank.high()).given("K_w", bank.wide()).given("H", bank.image());
    question.say(
        "A convolution turns [input {} channels] of {} into [output {} channels]. Its [kernel kernels are {}]"
            + (level < 3 ? "{}" : ", in g = {} groups")
            + ", and it has a bias. How many parameters does it have?",
        bank.in(),
        Num.size(bank.image(), bank.image()),
        bank.out(),
        Num.size(bank.high(), bank.wide()),
        level < 3 ? "" : bank.groups());
    if (level > 1) {
      question.ask(part(bank, "weights", "Weights", false));
    }
    Part all = part(bank, "parameters", level == 1 ? "Parameters" : "Weights and biases", true);
    all.follows(earlier -> earlier[0] + bank.out(), "weights");
    question.ask(all);
    question.hints(
        words(
            "Count one kernel first: how many numbers does it multiply at one place of the image? Then count the kernels."),
        words(
            "C_out · ({} · K_h · K_w + 1): there is a kernel for each output channel, as deep as what it reads, and each kernel has one bias.",
            bank.groups() > 1 ? "C_in/g" : "C_in"),
        words(
            "One kernel has {} · {} · {} = {} weights. There are {} kernels.",
            bank.depth(),
            bank.high(),
            bank.wide(),
            bank.perKernel(),
            bank.out()));
    if (bank.groups() > 1) {
      question.solve(
          "A kernel reads {} / {} = {} of the channels.", bank.in(), bank.groups(), bank.depth());
    }
    question.solve(
        "Weights of a kernel: {} · {} · {} = [kernel {}]",
        bank.depth(),
        bank.high(),
        bank.wide(),
        bank.perKernel());
    question.solve(
        "Weights: {} · {} = [kernel {}]", bank.out(), bank.perKernel(), bank.right(false));
    question.solve(
        "With a bias for each kernel: {} + {} = [kernel {}]",
        bank.right(false),
        bank.out(),
        bank.right(true));
    question.plays("in-channels", bank.in());
    question.plays("out-channels", bank.out());
    question.plays("kernel", bank.high() + "x" + bank.wide());
    question.plays("groups", bank.groups());
    return question.plays("image", bank.image());
  }

  private static Part part(Bank bank, String name, String label, boolean bias) {
    return Part.number(name, label, bank.right(bias))
        .slips(
            Slip.of(
                Mistake.values(),
                made -> {
                  Long wrong = bank.with(made, bias);
                  return wrong == null ? null : Answer.of(wrong);
                },
                mistake -> mistake.name,
                (mistake, answer) -> why(mistake, bank)))
        .working(
            (entry, given) ->
                words(
                    "That would be {} for each of the {} kernels. One has {} · {} · {} weights{}.",
                    given / bank.out(),
                    bank.out(),
                    bank.depth(),
                    bank.high(),
                    bank.wide(),
                    bias ? " and a bias" : ""));
  }

  private static String why(Mistake mistake, Bank bank) {
    return switch (mistake) {
      case BIAS ->
          words(
              "You left out the biases. Each of the {} kernels has one: add {}.",
              bank.out(),
              bank.out());
      case FLAT ->
          words(
              "You gave each kernel {} weights. It reads {} channels, with {} weights for each: {}.",
              bank.high() * bank.wide(),
              bank.depth(),
              bank.high() * bank.wide(),
              bank.perKernel());
      case ONE_BIAS ->
          words(
              "You counted one bias for the layer. Each of the {} kernels has its own.",
              bank.out());
      case GROUPS ->
          words(
              "You let each kernel read all {} channels. In {} groups it reads {} of them.",
              bank.in(),
              bank.groups(),
              bank.depth());
      case PLACES ->
          words(
              "You counted weights for each of the {} · {} places. The same ones serve at every place: the size of the image does not count.",
              bank.image(),
              bank.image());
      case IN_BIAS ->
          words(
              "You counted {} biases, one for each input channel. There is one for each output channel: {}.",
              bank.in(),
              bank.out());
      case SLICE_BIAS ->
          words(
              "You counted a bias for each of a kernel’s {} slices. The slices are summed, and one bias is added to the sum.",
              bank.depth());
      case BOTH_GROUPS ->
          words(
              "You divided the input channels by {} and the {} kernels too. All {} kernels are there; each reads fewer channels.",
              bank.groups(),
              bank.out(),
              bank.out());
    };
  }
}
