package convscope.topic.chapter1;

import static convscope.scene.Formula.index;
import static convscope.scene.Formula.op;
import static convscope.scene.Formula.row;
import static convscope.scene.Formula.sub;
import static convscope.scene.Formula.sum;
import static convscope.scene.Formula.sym;
import static convscope.scene.Formula.word;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.num.Num;
import convscope.op.Conv2d;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.scene.Formula;
import convscope.scene.Role;
import convscope.topic.Figure;
import convscope.topic.Head;
import convscope.topic.Inputs;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.LinkedHashMap;
import java.util.List;
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
              .symbol("x"),
          Param.choice("weights", "opponent")
              .option("opponent", "Colour difference")
              .option("edges", "Same edge filter")
              .option("noise", "Noise")
              .label("Kernels")
              .symbol("w"),
          Param.integer("channels", 3)
              .range(1, MOST)
              .label("Channels in")
              .symbol("x")
              .onlyWith("input", "blocks", "digits", "noise"),
          Param.integer("filters", 2).range(1, MOST).label("Filters").symbol("y"),
          Param.integer("groups", 1)
              .range(1, MOST)
              .label("Groups g")
              .help("As many groups as channels: depthwise."),
          Param.integer("kernel", 3).range(1, 3).label("Kernel size").symbol("w"),
          Param.integer("padding", 0).range(0, 1).label("Padding P"),
          Param.number("bias", 1).range(-20, 20).step(0.5).label("Bias b[o]").symbol("b"),
          Param.flag("mistake")
              .label("One kernel for all channels")
              .help("The common mistake: a filter as a single matrix."));

  @Override
  public Head head() {
    return HEAD;
  }

  @Override
  public Formula relation() {
    return row(
        sym("y", Role.OUTPUT),
        op("["),
        index("o"),
        op("]"),
        op("="),
        sym("b", Role.NEUTRAL),
        op("["),
        index("o"),
        op("]"),
        op("+"),
        sum(row(index("c"), op("∈"), word("group"), op("("), index("o"), op(")"))),
        sym("w", Role.KERNEL),
        op("["),
        index("o"),
        op(","),
        index("c"),
        op("]"),
        op("⋆"),
        sym("x", Role.INPUT),
        op("["),
        index("c"),
        op("]"));
  }

  /** {@code C_out · C_in/g · K² + C_out}. */
  private static Formula count() {
    Formula out = sub(sym("C", "", Role.OUTPUT), word("out"));
    Formula in = sub(sym("C", "", Role.INPUT), word("in"));
    return row(
        out,
        op("·"),
        Formula.frac(in, index("g")),
        op("·"),
        Formula.sup(sym("K", "", Role.KERNEL), Formula.num("2")),
        op("+"),
        out);
  }

  @Override
  public List<String> needs(Values values) {
    String input = values.choice("input");
    return Inputs.isPicture(input) ? List.of(input) : List.of();
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
    String text = Conv2d.problem(height, width, ChannelSum.spec(values));
    return text == null ? null : new Problem("kernel", text);
  }

  @Override
  public ChannelSum compute(Values values, Given given) {
    return ChannelSum.of(values, given.picture(values.choice("input")));
  }

  @Override
  public Steps steps(ChannelSum result) {
    return new Steps(result.filters() * (result.reads() + 1), result.reads(), 1);
  }

  @Override
  public Figure figure(ChannelSum result, View view) {
    return new ChannelsFigure(result, view).figure();
  }

  @Override
  public Map<String, String> facts() {
    ChannelSum shown = compute(schema().defaults(), Given.NOTHING);
    Values depthwise = schema().defaults().with("groups", "3").with("filters", "3");
    ChannelSum wrong = compute(schema().defaults().with("mistake", "on"), Given.NOTHING);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("in", Num.count(shown.channels()));
    facts.put("out", Num.count(shown.filters()));
    facts.put("bank", shown.weight().shape().toString());
    facts.put("weights", Num.count(shown.parameters()));
    facts.put("countRelation", count().display());
    facts.put(
        "example", new ChannelsFigure(shown, new View(shown.reads(), "", head().wide())).sum());
    facts.put("difference", Terms.difference(shown.disagreement(0)));
    facts.put("depthwise", Num.count(compute(depthwise, Given.NOTHING).parameters()));
    facts.put(
        "full", Num.count(compute(depthwise.with("groups", "1"), Given.NOTHING).parameters()));
    facts.put("wrong", wrong.wrong(0) + " of " + wrong.truth().size() / wrong.filters());
    facts.put("resnet", Num.count(SharedWeights.layerWeights(3, 64, 7)));
    facts.put(
        "code",
        "conv = torch.nn.Conv2d(3, 2, 3)\nassert conv.weight.shape == (2, 3, 3, 3) and conv.bias.shape == (2,)\n"
            + "x = torch.rand(1, 3, 5, 5)\nparts = [torch.nn.functional.conv2d(x[:, c:c+1], conv.weight[:, c:c+1])\n"
            + "         for c in range(3)]\n"
            + "assert torch.allclose(conv(x), sum(parts) + conv.bias[:, None, None], atol=1e-6)");
    return facts;
  }
}
