package convscope.exercise;

import static convscope.exercise.Question.words;

import convscope.net.Conv;
import convscope.net.Linear;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import java.util.List;

/** The same maps by a dense layer and by a convolution: what locality and sharing save. */
final class DenseVsConv implements Exercise {

  /** From (in, side, side) to (out, side, side) by kernels of {@code kernel · kernel}. */
  private record Maps(int in, int out, int side, int kernel, boolean bias) {
    int area() {
      return side * side;
    }

    int inputs() {
      return in * area();
    }

    int outputs() {
      return out * area();
    }

    long dense() {
      return ConvParameters.count(Shape.of(1, inputs()), new Linear(inputs(), outputs(), bias));
    }

    long conv() {
      Conv2d.Spec same = Conv2d.Spec.of(kernel, kernel).padding(kernel / 2);
      return ConvParameters.count(Shape.of(1, in, side, side), new Conv(in, out, same, bias));
    }

    Maps doubled() {
      return new Maps(in, out, 2 * side, kernel, bias);
    }
  }

  @Override
  public String slug() {
    return "dense-vs-conv";
  }

  @Override
  public String title() {
    return "Dense or convolutional";
  }

  @Override
  public String about() {
    return "Count the parameters of a convolution and of a dense layer between the same two images, and compare them.";
  }

  @Override
  public String topic() {
    return "parameter-count";
  }

  @Override
  public List<String> levels() {
    return List.of("Weights", "Weights and biases", "An image twice as large");
  }

  @Override
  public Question question(Rng random, int level) {
    int side = Draw.of(random, 8, 10, 12, 14, 16, 20, 28, 32);
    int in = Draw.of(random, 3, 4, 6);
    int out = Draw.of(random, 5, 6, 8, 12, 16);
    return question(new Maps(in, out, side, Draw.of(random, 3, 5), level > 1), level);
  }

  private static Question question(Maps maps, int level) {
    Question question = new Question();
    question.given("C_in", maps.in()).given("C_out", maps.out()).given("H", maps.side());
    question.given("K", maps.kernel()).given("bias", maps.bias() ? 1 : 0);
    question.say(
        "An image of [input {}] (channels, height, width) becomes maps of [output {}]: once by a dense layer from all its numbers to all of theirs, once by a convolution with [kernel {} kernels] and padding that keeps the size. {Both have biases|Neither has a bias}.",
        Num.size(maps.in(), maps.side(), maps.side()),
        Num.size(maps.out(), maps.side(), maps.side()),
        Num.size(maps.kernel(), maps.kernel()),
        maps.bias());
    Maps last = level == 3 ? maps.doubled() : maps;
    String count = maps.bias() ? "Parameters" : "Weights";
    Part dense = dense(maps, "dense", count + " of the dense layer");
    Part conv = conv(maps, "conv", count + " of the convolution");
    question.ask(dense).ask(conv);
    if (level == 3) {
      question.given("twice", 1);
      question.say(
          "Then both are built anew for an image of twice the height and twice the width, {}.",
          Num.size(maps.in(), last.side(), last.side()));
      question.ask(
          larger(dense(last, "dense2", "Dense layer for the larger image"), maps)
              .followsSlip(dense));
      question.ask(
          conv(last, "conv2", "Convolution for the larger image")
              .followsSlip(conv)
              .slip(
                  "multiplying by 4 with the pixels",
                  4 * maps.conv(),
                  "You counted four times {}, since there are four times as many pixels. The kernels are the same at every pixel: more pixels, no more weights.",
                  maps.conv()));
    } else {
      question.ask(ratio(maps));
    }
    question.hints(
        words(
            "In the dense layer each output has a weight for every input. In the convolution each kernel has weights for its window alone."),
        words(
            "Dense: (C_in · H · W) · (C_out · H · W){}. Convolution: C_out · C_in · K²{}.",
            maps.bias() ? ", and a bias for each output" : "",
            maps.bias() ? ", and a bias for each kernel" : ""),
        words(
            "The image has {} numbers, its maps have {}. A kernel has {} · {}² weights.",
            maps.inputs(),
            maps.outputs(),
            maps.in(),
            maps.kernel()));
    solve(question, maps);
    if (level == 3) {
      solve(question, last);
      question.solve(
          "Dense: about {} times as many. Convolution: as many as before.",
          Num.round(last.dense() / (double) maps.dense()));
    } else {
      question.solve(
          "{} / {} = [kernel {}]", maps.dense(), maps.conv(), maps.dense() / (double) maps.conv());
    }
    question.plays("in-channels", maps.in());
    question.plays("out-channels", maps.out());
    question.plays("kernel", maps.kernel() + "x" + maps.kernel());
    question.plays("bias", maps.bias() ? "on" : "off");
    return question.plays("image", last.side());
  }

  private static void solve(Question question, Maps maps) {
    question.solve(
        "Dense: {} · {}{} = [kernel {}]",
        Num.count(maps.inputs()),
        Num.count(maps.outputs()),
        maps.bias() ? " + " + Num.count(maps.outputs()) : "",
        maps.dense());
    question.solve(
        "Convolution: {} · {} · {}²{} = [kernel {}]",
        maps.out(),
        maps.in(),
        maps.kernel(),
        maps.bias() ? " + " + Num.count(maps.out()) : "",
        maps.conv());
  }

  private static Part dense(Maps maps, String name, String label) {
    long area = maps.area();
    long weights = (long) maps.inputs() * maps.outputs();
    Part part =
        Part.number(name, label, maps.dense())
            .slip(
                "leaving out the channels",
                area * area + (maps.bias() ? area : 0),
                "You counted {} inputs and as many outputs. With the channels there are {} and {}.",
                area,
                maps.inputs(),
                maps.outputs())
            .slip(
                "giving each output channel one unit",
                (long) maps.inputs() * maps.out() + (maps.bias() ? maps.out() : 0),
                "You counted {} outputs, one a channel. Each map has {}, so there are {}.",
                maps.out(),
                area,
                maps.outputs())
            .slip(
                "adding inputs and outputs instead of multiplying them",
                (long) maps.inputs() + maps.outputs(),
                "You added {} and {}. Each of the {} outputs has {} weights of its own: multiply.",
                maps.inputs(),
                maps.outputs(),
                maps.outputs(),
                maps.inputs());
    if (maps.bias()) {
      part.slip(
              "forgetting the biases",
              weights,
              "You left out the biases: {}, one for each output.",
              maps.outputs())
          .slip(
              "counting one bias for each output channel",
              weights + maps.out(),
              "You counted {} biases, as a convolution has. A dense layer has one for each of its {} outputs.",
              maps.out(),
              maps.outputs());
    }
    return part.working(
        (entry, given) ->
            words(
                    "That would be {} for each of the {} outputs. ",
                    given / maps.outputs(),
                    maps.outputs())
                + words(
                    "Each has a weight for every one of the {} inputs{}.",
                    maps.inputs(),
                    maps.bias() ? ", and a bias" : ""));
  }

  private static Part conv(Maps maps, String name, String label) {
    long area = (long) maps.kernel() * maps.kernel();
    long weights = area * maps.in() * maps.out();
    int biases = maps.bias() ? maps.out() : 0;
    Part part =
        Part.number(name, label, maps.conv())
            .slip(
                "giving the kernels no depth",
                area * maps.out() + biases,
                "You gave each kernel {} weights. It reads all {} channels: {}.",
                area,
                maps.in(),
                area * maps.in())
            .slip(
                "counting the weights at every place",
                weights * maps.area() + biases,
                "You counted the weights at each of the {} places. They are shared: the same {} serve everywhere.",
                maps.area(),
                weights)
            .slip(
                "counting one kernel alone",
                area * maps.in() + (maps.bias() ? 1 : 0),
                "You counted one kernel. There is one for each of the {} output channels.",
                maps.out());
    if (maps.bias()) {
      part.slip(
          "forgetting the biases",
          weights,
          "You left out the biases: {}, one for each kernel.",
          maps.out());
    }
    return part.working(
        (entry, given) ->
            words("That would be {} for each of the {} kernels. ", given / maps.out(), maps.out())
                + words(
                    "One has {} · {} · {} weights{}.",
                    maps.in(),
                    maps.kernel(),
                    maps.kernel(),
                    maps.bias() ? " and a bias" : ""));
  }

  /** Adds what belongs to the dense layer for twice the size alone. */
  private static Part larger(Part part, Maps small) {
    for (int times : new int[] {2, 4}) {
      part.slip(
          "multiplying the smaller layer by " + times,
          times * small.dense(),
          "You multiplied by {}. There are 4 times as many inputs and 4 times as many outputs, so 16 times as many weights.",
          times);
    }
    return part;
  }

  private static Part ratio(Maps maps) {
    return Part.number("ratio", "Dense layer / convolution", maps.dense() / (double) maps.conv())
        .slip(
            "dividing the other way round",
            maps.conv() / (double) maps.dense(),
            "You divided the convolution’s {} by the dense layer’s {}. The question is how many times as many the dense layer has.",
            maps.conv(),
            maps.dense())
        .slip(
            "taking the difference",
            maps.dense() - maps.conv(),
            "You subtracted {}. Divide by it.",
            maps.conv())
        .working("Divide {} by {}.", maps.dense(), maps.conv())
        .follows(earlier -> earlier[0] / earlier[1], "dense", "conv");
  }
}
