package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.net.Conv;
import convscope.net.Costs;
import convscope.net.Counts;
import convscope.net.ShapeTrace;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Answer;
import convscope.param.AnswerParam.Form;
import convscope.param.Param;
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
  public String topic() {
    return "depthwise-separable";
  }

  @Override
  public List<String> levels() {
    return List.of("Both stages", "Share of a plain convolution", "MACs and FLOPs");
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
        "A depthwise convolution with [kernel kernels of {}] and then a pointwise one (1 × 1) take [input {} channels] of {} to [output {} channels] of the same size, without biases. "
            + (work
                ? "How many multiply–accumulates (MACs) does each stage take for one image, and how many FLOPs are that in all?"
                : "How many weights has each stage, and how many have both?"),
        Num.size(stages.kernel(), stages.kernel()),
        stages.in(),
        Num.size(stages.side(), stages.side()),
        stages.out());
    long first = stages.count(stages.depthwise(), work);
    long second = stages.count(stages.pointwise(), work);
    question.ask(depthwise(stages, first, work)).ask(pointwise(stages, second, work));
    question.ask(total(first, second, unit));
    String times = work ? " · " + Num.size(stages.side(), stages.side()) : "";
    question.solve(
        "Depthwise: {}² · {}{} = [kernel {}]", stages.kernel(), stages.in(), times, first);
    question.solve("Pointwise: {} · {}{} = [kernel {}]", stages.in(), stages.out(), times, second);
    question.solve("Both: {} + {} = [kernel {}]", first, second, first + second);
    long whole = stages.whole().parameters();
    if (level == 2) {
      question.say(
          "How many has a plain convolution with the same kernels, and what share of them do the two stages need?");
      question.ask(plain(stages, whole)).ask(share(stages, first, second, whole));
      question.solve(
          "Plain: {}² · {} · {} = [kernel {}]", stages.kernel(), stages.in(), stages.out(), whole);
      question.solve(
          "Share: {} / {} = {}, which is 1/{} + 1/{}²",
          first + second,
          whole,
          (first + second) / (double) whole,
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
    question.plays("kernel", String.valueOf(stages.kernel()));
    question.plays("in-channels", String.valueOf(stages.in()));
    question.plays("out-channels", String.valueOf(stages.out()));
    return question.plays("size", String.valueOf(stages.side()));
  }

  private static Part depthwise(Stages stages, long right, boolean work) {
    int area = stages.area();
    long places = work ? stages.places() : 1;
    Part part =
        number("depthwise", "Depthwise " + unit(work), right)
            .slip(
                "letting each depthwise kernel read all channels",
                Answer.of(right * stages.in()),
                words(
                    "You let each of the {} kernels read all {} channels. A depthwise kernel reads one: {} weights.",
                    stages.in(),
                    stages.in(),
                    area))
            .slip(
                "using one kernel for all channels",
                Answer.of(area * places),
                words(
                    "You counted one kernel of {} weights. Each of the {} channels has its own.",
                    area,
                    stages.in()))
            .slip(
                "giving the depthwise stage the output channels",
                Answer.of(area * stages.out() * places),
                words(
                    "You counted {} kernels. The first stage keeps the channels as they come: {}.",
                    stages.out(),
                    stages.in()))
            .slip(
                "giving a kernel K weights instead of K²",
                Answer.of(right / stages.kernel()),
                words(
                    "You gave a kernel {} weights. It has {} rows of {}.",
                    stages.kernel(),
                    stages.kernel(),
                    stages.kernel()));
    return worked(part, right, work, stages)
        .working(
            (entry, given) ->
                words(
                    "There are {} kernels, one a channel, each of {} · {} weights{}.",
                    stages.in(),
                    stages.kernel(),
                    stages.kernel(),
                    used(stages, work)));
  }

  private static Part pointwise(Stages stages, long right, boolean work) {
    long places = work ? stages.places() : 1;
    Part part =
        number("pointwise", "Pointwise " + unit(work), right)
            .slip(
                "giving the pointwise stage the large kernel",
                Answer.of(right * stages.area()),
                words(
                    "You gave the second stage {} × {} kernels. Its kernels are 1 × 1 and {} channels deep.",
                    stages.kernel(),
                    stages.kernel(),
                    stages.in()))
            .slip(
                "giving the pointwise kernels no depth",
                Answer.of(stages.out() * places),
                words(
                    "You gave each kernel one weight. It is 1 × 1, but {} channels deep.",
                    stages.in()));
    return worked(part, right, work, stages)
        .working(
            (entry, given) ->
                words(
                    "There are {} kernels, each of 1 · 1 · {} weights{}.",
                    stages.out(),
                    stages.in(),
                    used(stages, work)));
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
                Answer.of(2 * right),
                words(
                    "You counted FLOPs: a product and an addition make 2. Together they are one MAC; asked are {}’s half.",
                    2 * right))
            .slip(
                "counting weights instead of MACs",
                Answer.of(right / stages.places()),
                words(
                    "You counted {}, the weights. Each of them multiplies at {} places.",
                    right / stages.places(),
                    stages.places()));
  }

  private static Part total(long first, long second, String unit) {
    return number("both", "Both stages, " + unit, first + second)
        .slip(
            "multiplying the stages",
            Answer.of((double) first * second),
            words(
                "You multiplied {} and {}. The stages follow one another: add what each takes.",
                first,
                second))
        .slip(
            "leaving out the pointwise stage",
            Answer.of(first),
            words("You counted the depthwise stage alone: add the pointwise {}.", second))
        .slip(
            "leaving out the depthwise stage",
            Answer.of(second),
            words("You counted the pointwise stage alone: add the depthwise {}.", first))
        .working((entry, given) -> words("Add both stages: {} + {}.", first, second))
        .follows(
            earlier -> {
              Answer one = earlier.get("depthwise");
              Answer other = earlier.get("pointwise");
              return one == null || other == null ? null : Answer.of(one.number() + other.number());
            });
  }

  private static Part plain(Stages stages, long right) {
    return number("plain", "Plain convolution, weights", right)
        .slip(
            "giving the kernels no depth",
            Answer.of(right / stages.in()),
            words(
                "You gave each kernel {} weights. A plain one reads all {} channels.",
                stages.area(),
                stages.in()))
        .slip(
            "counting one kernel alone",
            Answer.of(right / stages.out()),
            words(
                "You counted one kernel. There is one for each of the {} output channels.",
                stages.out()))
        .working(
            (entry, given) ->
                words(
                    "There are {} kernels, each of {} · {} · {} weights.",
                    stages.out(),
                    stages.in(),
                    stages.kernel(),
                    stages.kernel()));
  }

  private static Part share(Stages stages, long first, long second, long whole) {
    return new Part(
            Param.answer("share", Form.NUMBER).label("Both stages / plain convolution"),
            Answer.of((first + second) / (double) whole))
        .slip(
            "dividing the other way round",
            Answer.of(whole / (double) (first + second)),
            words(
                "You divided {} by {}. Asked is the share of the plain convolution that the two stages need, which is below 1.",
                whole,
                first + second))
        .slip(
            "forgetting the depthwise stage",
            Answer.of(1.0 / stages.area()),
            words(
                "You have 1/{}, the pointwise stage’s share. The depthwise stage adds 1/{}.",
                stages.area(),
                stages.out()))
        .slip(
            "forgetting the pointwise stage",
            Answer.of(1.0 / stages.out()),
            words(
                "You have 1/{}, the depthwise stage’s share. The pointwise stage adds 1/{}.",
                stages.out(),
                stages.area()))
        .working((entry, given) -> words("Divide {} by {}.", first + second, whole))
        .follows(
            earlier -> {
              Answer both = earlier.get("both");
              Answer plain = earlier.get("plain");
              return both == null || plain == null || plain.number() == 0
                  ? null
                  : Answer.of(both.number() / plain.number());
            });
  }

  private static Part flops(long macs) {
    return number("flops", "Both stages, FLOPs", 2 * macs)
        .slip(
            "giving MACs for FLOPs",
            Answer.of(macs),
            words("You gave the {} MACs. Each is a multiplication and an addition: 2 FLOPs.", macs))
        .working((entry, given) -> words("A MAC is 2 FLOPs, and there are {} MACs.", macs))
        .follows(
            earlier -> {
              Answer both = earlier.get("both");
              return both == null ? null : Answer.of(2 * both.number());
            });
  }

  private static Part number(String name, String label, long right) {
    return new Part(Param.answer(name, Form.NUMBER).label(label), Answer.of(right));
  }
}
