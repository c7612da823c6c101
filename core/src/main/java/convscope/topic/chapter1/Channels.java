package convscope.topic.chapter1;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.topic.Answers;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** 1.5: a filter has a kernel for each channel that it reads, and adds what they give. */
public final class Channels implements Topic<ChannelSum> {
  private static final int MOST = 8;

  private static final Head HEAD =
      Head.of(
              "channels",
              "From channels to a map",
              Inputs.pictures(
                      Param.choice("input", "blocks")
                          .option("blocks", "Colour blocks", "Patterns")
                          .option("digits", "A digit a channel", "Patterns")
                          .option("noise", "Noise", "Patterns"))
                  .label("Input")
                  .symbol("x")
                  .group("Input"),
              Param.integer("channels", 3)
                  .range(1, MOST)
                  .label("Channels in")
                  .symbol("x")
                  .onlyWith("input", "blocks", "digits", "noise"),
              Param.integer("filters", 2)
                  .range(1, MOST)
                  .label("Filters")
                  .symbol("y")
                  .group("Weights"),
              Param.integer("groups", 1)
                  .range(1, MOST)
                  .label("Groups g")
                  .help("As many as channels: depthwise."),
              Param.choice("weights", "opponent")
                  .option("opponent", "Colour difference")
                  .option("edges", "Same edge filter")
                  .option("noise", "Noise")
                  .label("Kernels")
                  .symbol("w"),
              Param.number("bias", 1).range(-20, 20).step(0.5).label("Bias b[o]").symbol("b"),
              Param.integer("kernel", 3)
                  .range(1, 3)
                  .label("Kernel size")
                  .symbol("w")
                  .group("Window"),
              Param.integer("padding", 0).range(0, 1).label("Padding P"),
              Param.flag("mistake")
                  .label("One kernel for all channels")
                  .help("The common mistake: only one matrix.")
                  .group("Show"))
          .stage(420, 400);

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return Formula.of("y[o] = b[o] + sum_{c∈'group'(o)} w[o,c] ⋆ x[c]");
  }

  @Override
  public @Nullable Problem check(Values values, Given given) {
    int in = ChannelSum.channels(values);
    String channels = Conv2d.problem(in, values.integer("filters"), values.integer("groups"));
    if (channels != null) {
      return new Problem("groups", channels);
    }
    Picture picture = given.picture(values.choice("input"));
    int height = picture == null ? ChannelSum.SIDE : picture.height();
    int width = picture == null ? ChannelSum.SIDE : picture.width();
    return Problem.of("kernel", Conv2d.problem(height, width, ChannelSum.spec(values)));
  }

  @Override
  public ChannelSum compute(Values values, Given given) {
    return ChannelSum.of(values, given.picture(values.choice("input")));
  }

  @Override
  public Steps steps(ChannelSum result) {
    return Steps.of(result.filters() * (result.reads() + 1), result.reads());
  }

  @Override
  public Figure figure(ChannelSum result, View view) {
    return new ChannelsFigure(result, view).figure();
  }

  @Override
  public Answers answers(ChannelSum result) {
    int times = result.oneKernel() ? result.reads() : 1;
    return Answers.of("unread", result.channels() - result.reads())
        .and("reads", result.reads())
        .claim(
            "parameters",
            result.bias().size() + result.weight().size() / times,
            result.oneKernel());
  }

  @Override
  public Map<String, String> facts() {
    ChannelSum shown = shown();
    Values depthwise = schema().defaults().with("groups", "3").with("filters", "3");
    ChannelSum wrong = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    View view = firstView(shown, false);
    Formula count =
        Formula.of(
            "m_{'out'}·frac{n_{'in'}}{g}·K^2 + m_{'out'}",
            "m:output::C",
            "n:input::C",
            "K:kernel:",
            "g:neutral:");
    return Map.ofEntries(
        Map.entry("in", Num.count(shown.channels())),
        Map.entry("out", Num.count(shown.filters())),
        Map.entry("bank", shown.weight().shape().toString()),
        Map.entry("weights", Num.count(shown.parameters())),
        Map.entry("countRelation", count.display()),
        Map.entry("example", new ChannelsFigure(shown, view).sum().html()),
        Map.entry("depthwise", Num.count(compute(depthwise, Given.NOTHING).parameters())),
        Map.entry(
            "full", Num.count(compute(depthwise.with("groups", "1"), Given.NOTHING).parameters())),
        Map.entry("wrong", wrong.wrong(0) + " of " + wrong.truth().size() / wrong.filters()),
        Map.entry("resnet", Num.count(64L * 3 * 7 * 7))); // 64 filters of 3 × 7 × 7
  }
}
