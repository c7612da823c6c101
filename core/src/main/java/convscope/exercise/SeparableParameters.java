package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.net.Conv;
import convscope.net.Costs;
import convscope.net.Counts;
import convscope.net.ShapeTrace;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import java.util.List;

/** {@code K²·C_in + C_in·C_out} against {@code K²·C_in·C_out}, in weights and in MACs. */
final class SeparableParameters implements Exercise {

  /** A convolution in two stages, without biases, on maps of {@code side · side}. */
  private record Stages(int in, int out, int kernel, int side) {
    int area() {
      return kernel * kernel;
    }

    int places() {
      return side * side;
    }

    Conv2d.Spec same() {
      return Conv2d.Spec.of(kernel, kernel).padding(kernel / 2);
    }

    Costs depthwise() {
      return costs(new Conv(in, in, same().groups(in), false));
    }

    Costs pointwise() {
      return costs(new Conv(in, out, Conv2d.Spec.of(1, 1), false));
    }

    Costs whole() {
      return costs(new Conv(in, out, same(), false));
    }

    private Costs costs(Conv layer) {
      return Costs.of(ShapeTrace.of(List.of(layer), Shape.of(1, in, side, side)));
    }

    long count(Costs costs, boolean work) {
      return work ? costs.operations(Counts.Convention.MACS) : costs.parameters();
    }
  }

  @Override
  public String slug() {
    return "depthwise-separable-parameters";
  }

  @Override
  public String title() {
    return "Depthwise separable parameters";
  }

  @Override
  public String about() {
    return "Take a convolution apart into a depthwise and a pointwise one, and count parameters and work.";
  }

  @Override
  public String topic() {
    return "depthwise-separable";
  }

  @Override
  public List<String> levels() {
    return List.of("Both stages", "Against a plain convolution", "MACs and FLOPs");
  }

  @Override
  public Question question(Rng random, int level) {
    int in = Draw.of(random, 4, 6, 8, 12, 16, 24, 32);
    int out = Draw.of(random, 10, 20, 40, 48, 64);
    int kernel = Draw.of(random, 3, 5, 7);
    return question(new Stages(in, out, kernel, Draw.of(random, 7, 14, 28)), level);
  }

  private static Question question(Stages stages, int level) {
    boolean work = level == 3;
    String unit = work ? "MACs" : "weights";
    Question question = new Question();
    question.given("C_in", stages.in()).given("C_out", stages.out()).given("K", stages.kernel());
    question.given("H", stages.side()).given("work", work ? 1 : 0);
    question.say(
        "A depthwise convolution with [kernel kernels of {}] and then a pointwise one (1 × 1) turn [input {} channels] of {} into [output {} channels] of the same size, without biases. "
            + (work
                ? "How many multiply–accumulates (MACs) does each stage take for one image, and how many FLOPs is that in all?"
                : "How many weights does each stage have, and both together?"),
        Num.size(stages.kernel(), stages.kernel()),
        stages.in(),
        Num.size(stages.side(), stages.side()),
        stages.out());
    long first = stages.count(stages.depthwise(), work);
    long second = stages.count(stages.pointwise(), work);
    question.ask(depthwise(stages, first, work)).ask(pointwise(stages, second, work));
    question.ask(total(first, second, unit));
    String times = work ? " · " + stages.side() + " · " + stages.side() : "";
    question.solve(
        "Depthwise: {}² · {}{} = [kernel {}]", stages.kernel(), stages.in(), times, first);
    question.solve("Pointwise: {} · {}{} = [kernel {}]", stages.in(), stages.out(), times, second);
    question.solve("Both: {} + {} = [kernel {}]", first, second, first + second);
    long whole = stages.whole().parameters();
    if (level == 2) {
      question.say(
          "How many weights does a plain convolution with kernels of that size have, and how many times as many is that?");
      question.ask(plain(stages, whole)).ask(factor(stages, first + second, whole));
      question.solve(
          "Plain: {}² · {} · {} = [kernel {}]", stages.kernel(), stages.in(), stages.out(), whole);
      question.solve(
          "{} / {} = {}: the two stages have 1/{} + 1/{}² of the weights.",
          whole,
          first + second,
          whole / (double) (first + second),
          stages.out(),
          stages.kernel());
    }
    if (work) {
      question.ask(flops(first + second));
      question.solve("FLOPs: 2 · {} = [kernel {}]", first + second, 2 * (first + second));
    }
    question.hints(
        words(
            "The depthwise stage has one flat kernel for each input channel and mixes nothing. The pointwise stage mixes the channels and sees one pixel."),
        words(
            "Depthwise K² · C_in, pointwise C_in · C_out{}.",
            work ? ", each times H · W places; a MAC is 2 FLOPs" : ""),
        words(
            "{} flat kernels of {} weights; then {} kernels of {} weights.",
            stages.in(),
            stages.area(),
            stages.out(),
            stages.in()));
    question.plays("kernel", stages.kernel());
    question.plays("in-channels", stages.in());
    question.plays("out-channels", stages.out());
    return question.plays("size", stages.side());
  }

  private static Part depthwise(Stages stages, long right, boolean work) {
    int area = stages.area();
    long places = work ? stages.places() : 1;
    Part part =
        Part.number("depthwise", "Depthwise " + unit(work), right)
            .slip(
                "letting each depthwise kernel read all channels",
                right * stages.in(),
                "You let each of the {} kernels read all {} channels. A depthwise kernel reads one: {} weights.",
                stages.in(),
                stages.in(),
                area)
            .slip(
                "using one kernel for all channels",
                area * places,
                "You counted one kernel of {} weights. Each of the {} channels has its own.",
                area,
                stages.in())
            .slip(
                "giving the depthwise stage the output channels",
                area * stages.out() * places,
                "You counted {} kernels. The first stage keeps the channels as they come: {}.",
                stages.out(),
                stages.in())
            .slip(
                "giving a kernel K weights instead of K²",
                right / stages.kernel(),
                "You gave a kernel {} weights. It has {} rows of {}.",
                stages.kernel(),
                stages.kernel(),
                stages.kernel());
    return worked(part, right, work, stages)
        .working(
            "There are {} kernels, one a channel, each of {} · {} weights{}.",
            stages.in(),
            stages.kernel(),
            stages.kernel(),
            used(stages, work));
  }

  private static Part pointwise(Stages stages, long right, boolean work) {
    long places = work ? stages.places() : 1;
    Part part =
        Part.number("pointwise", "Pointwise " + unit(work), right)
            .slip(
                "giving the pointwise stage the large kernel",
                right * stages.area(),
                "You gave the second stage {} × {} kernels. Its kernels are 1 × 1 and {} channels deep.",
                stages.kernel(),
                stages.kernel(),
                stages.in())
            .slip(
                "giving the pointwise kernels no depth",
                stages.out() * places,
                "You gave each kernel one weight. It is 1 × 1, but {} channels deep.",
                stages.in());
    return worked(part, right, work, stages)
        .working(
            "There are {} kernels, each of 1 · 1 · {} weights{}.",
            stages.out(),
            stages.in(),
            used(stages, work));
  }

  private static String used(Stages stages, boolean work) {
    return work ? ", and each is used at " + Num.count(stages.places()) + " places" : "";
  }

  private static String unit(boolean work) {
    return work ? "MACs" : "weights";
  }

  /** Adds the slips in counting work. */
  private static Part worked(Part part, long right, boolean work, Stages stages) {
    return !work
        ? part
        : part.slip(
                "giving FLOPs for MACs",
                2 * right,
                "You counted FLOPs, {}. A product and its addition are 2 FLOPs but one MAC: take half.",
                2 * right)
            .slip(
                "counting weights instead of MACs",
                right / stages.places(),
                "You counted {}, the weights. Each of them multiplies at {} places.",
                right / stages.places(),
                stages.places());
  }

  private static Part total(long first, long second, String unit) {
    return Part.number("both", "Both stages, " + unit, first + second)
        .slip(
            "multiplying the stages",
            (double) first * second,
            "You multiplied {} and {}. The stages follow one another: add what each takes.",
            first,
            second)
        .slip(
            "leaving out the pointwise stage",
            first,
            "You counted the depthwise stage alone: add the pointwise {}.",
            second)
        .slip(
            "leaving out the depthwise stage",
            second,
            "You counted the pointwise stage alone: add the depthwise {}.",
            first)
        .working("Add both stages: {} + {}.", first, second)
        .follows(earlier -> earlier[0] + earlier[1], "depthwise", "pointwise");
  }

  private static Part plain(Stages stages, long right) {
    return Part.number("plain", "Plain convolution, weights", right)
        .slip(
            "giving the kernels no depth",
            right / stages.in(),
            "You gave each kernel {} weights. A plain one reads all {} channels.",
            stages.area(),
            stages.in())
        .slip(
            "counting one kernel alone",
            right / stages.out(),
            "You counted one kernel. There is one for each of the {} output channels.",
            stages.out())
        .working(
            "There are {} kernels, each of {} · {} · {} weights.",
            stages.out(),
            stages.in(),
            stages.kernel(),
            stages.kernel());
  }

  private static Part factor(Stages stages, long both, long whole) {
    return Part.number("factor", "Plain convolution / both stages", whole / (double) both)
        .slip(
            "dividing the other way round",
            both / (double) whole,
            "You divided {} by {}. The question is how many times as many weights the plain convolution has.",
            both,
            whole)
        .slip(
            "forgetting the depthwise stage",
            stages.area(),
            "You have {}, as with the pointwise stage alone. Both stages together have 1/{} + 1/{} of the weights.",
            stages.area(),
            stages.area(),
            stages.out())
        .slip(
            "forgetting the pointwise stage",
            stages.out(),
            "You have {}, as with the depthwise stage alone. Both stages together have 1/{} + 1/{} of the weights.",
            stages.out(),
            stages.out(),
            stages.area())
        .working("Divide {} by {}.", whole, both)
        .follows(earlier -> earlier[1] / earlier[0], "both", "plain");
  }

  private static Part flops(long macs) {
    return Part.number("flops", "Both stages, FLOPs", 2 * macs)
        .slip(
            "giving MACs for FLOPs",
            macs,
            "You gave the {} MACs. Each is a multiplication and an addition: 2 FLOPs.",
            macs)
        .working("A MAC is 2 FLOPs, and there are {} MACs.", macs)
        .follows(earlier -> 2 * earlier[0], "both");
  }
}
