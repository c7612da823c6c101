package convscope.run;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PoolSpec;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Small networks, forward and backward through the {@link Tape}: every named input but labels and
 * the upstream gradient is a variable.
 */
final class NetCases {
  private static final String[] CONV = {"kernel_shape", "strides", "pads", "dilations", "group"};
  private static final Conv2d.Spec POINTWISE = Conv2d.Spec.of(1, 1);

  private NetCases() {}

  /** What a network makes of its operands. */
  private interface Net {
    Var of(Graph g);
  }

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Net.MlpCE", c -> run(c, NetCases::mlp));
    table.put("Net.ConvReluLinearCE", c -> run(c, NetCases::convReluLinear, CONV));
    table.put(
        "Net.ConvBnReluMaxPoolLinearCE",
        c -> run(c, NetCases::convBnReluMaxPoolLinear, with(CONV, "epsilon")));
    table.put("Net.ConvReluGapLinearCE", c -> run(c, NetCases::convReluGapLinear, CONV));
    table.put("Net.Conv1dReluGmpLinearCE", c -> run(c, NetCases::conv1dReluGmpLinear, CONV));
    table.put("Net.ResidualBlock", c -> run(c, NetCases::residualBlock, "stride", "projection"));
    table.put("Net.DepthwiseSeparable", c -> run(c, NetCases::depthwiseSeparable, "stride"));
    table.put("Net.PatchEmbed", c -> run(c, NetCases::patchEmbed, "patch"));
    table.put("Net.UNetStep", c -> run(c, NetCases::uNetStep));
    table.put("Net.MultiHeadSelfAttention", c -> run(c, NetCases::attention, "num_heads"));
    table.put(
        "Net.TransformerBlock", c -> run(c, NetCases::transformerBlock, "num_heads", "epsilon"));
    table.put("Net.FpnTopDown", c -> run(c, NetCases::fpnTopDown));
  }

  private static void run(Case c, Net net, String... attributes) {
    c.attributes(attributes);
    Graph g = new Graph(c);
    Var y = net.of(g);
    c.output("Y", y.value());
    Tensor dy = c.upstream();
    if (dy == null && y.shape().rank() > 0) {
      return;
    }
    if (dy == null) {
      y.backward();
    } else {
      y.backward(dy);
    }
    for (Map.Entry<String, Var> operand : g.operands.entrySet()) {
      c.gradient(operand.getKey(), operand.getValue().gradient());
    }
  }

  /** A case on a tape. */
  private static final class Graph {
    final Case c;
    private final Tape tape = new Tape();
    private final Map<String, Var> operands = new LinkedHashMap<>();

    Graph(Case c) {
      this.c = c;
    }

    Var in(String name) {
      Var known = operands.get(name);
      if (known == null) {
        known = tape.variable(name, c.named(name));
        operands.put(name, known);
      }
      return known;
    }

    /** Puts a forward result beside Y. */
    Var output(String name, Var result) {
      c.output(name, result.value());
      return result;
    }

    Var linear(Var x, String weight, String bias) {
      return x.linear(in(weight), in(bias));
    }

    Var conv(Var x, Conv2d.Spec spec, String weight, @Nullable String bias) {
      return x.conv2d(in(weight), bias == null ? null : in(bias), spec);
    }

    double epsilon() {
      return c.exact("epsilon", 1e-5);
    }

    /** Mean cross-entropy of {@code Linear(features, W2, B2)} against the labels. */
    Var classified(Var features) {
      Var logits = output("logits", linear(features, "W2", "B2"));
      return logits.crossEntropy(c.namedValue("labels").ints(), ClassLabels.MEAN);
    }

    /** The window of the case's attributes over X and W1. */
    Conv2d.Spec window() {
      Shape x = in("X").shape();
      int axes = Spatial.axes(c, x);
      return Spatial.window(c, x, axes, Spatial.kernel(c, in("W1").shape(), axes))
          .groups(c.integer("group", 1));
    }
  }

  private static String[] with(String[] names, String more) {
    String[] all = new String[names.length + 1];
    System.arraycopy(names, 0, all, 0, names.length);
    all[names.length] = more;
    return all;
  }

  private static Var mlp(Graph g) {
    return g.classified(g.linear(g.in("X"), "W1", "B1").relu());
  }

  private static Var convReluLinear(Graph g) {
    return g.classified(g.conv(g.in("X"), g.window(), "W1", "B1").relu().flatten());
  }

  private static Var convBnReluMaxPoolLinear(Graph g) {
    Var normal =
        g.conv(g.in("X"), g.window(), "W1", null)
            .batchNorm2d(g.in("gamma"), g.in("beta"), g.epsilon());
    return g.classified(normal.relu().maxPool2d(PoolSpec.of(2, 2).stride(2)).flatten());
  }

  private static Var convReluGapLinear(Graph g) {
    return g.classified(
        g.conv(g.in("X"), g.window(), "W1", "B1").relu().globalAveragePool().flatten());
  }

  /** A signal is an image of height 1 here. */
  private static Var conv1dReluGmpLinear(Graph g) {
    Var x = g.in("X");
    Var w = g.in("W1");
    Var y =
        x.reshape(Spatial.image(x.shape()))
            .conv2d(w.reshape(Spatial.image(w.shape())), g.in("B1"), g.window());
    return g.classified(y.relu().globalMaxPool().flatten());
  }

  private static Var residualBlock(Graph g) {
    int stride = g.c.integer("stride", 1);
    Var x = g.in("X");
    Var inner = g.conv(x, same(3).stride(stride), "W1", "B1").relu();
    boolean projects = g.c.flag("projection", false);
    Var skip = projects ? g.conv(x, POINTWISE.stride(stride), "Wp", null) : x;
    return g.conv(inner, same(3), "W2", "B2").plus(skip).relu();
  }

  private static Var depthwiseSeparable(Graph g) {
    Var x = g.in("X");
    Conv2d.Spec depthwise = same(3).stride(g.c.integer("stride", 1)).groups(x.shape().dim(1));
    return g.conv(g.conv(x, depthwise, "Wd", "Bd").relu(), POINTWISE, "Wp", "Bp");
  }

  private static Var fpnTopDown(Graph g) {
    Var p5 = g.output("P5", g.conv(g.in("C5"), POINTWISE, "L5", "b5"));
    Var p4 = g.conv(g.in("C4"), POINTWISE, "L4", "b4").plus(p5.nearestUpsample(2));
    g.output("P4", p4);
    Var p3 = g.conv(g.in("C3"), POINTWISE, "L3", "b3").plus(p4.nearestUpsample(2));
    return g.conv(p3, same(3), "S3", "s3");
  }

  /** An odd square kernel that keeps the size of the map. */
  private static Conv2d.Spec same(int kernel) {
    return Conv2d.Spec.of(kernel, kernel).padding(kernel / 2);
  }

  private static Var patchEmbed(Graph g) {
    int patch = g.c.integer("patch", g.in("W").shape().dim(-1));
    if (patch != g.in("W").shape().dim(-1)) {
      throw g.c.problem(
          "patch " + patch + " for W of shape " + g.in("W").shape() + "; give its kernel size");
    }
    Var tokens = g.in("X").patchEmbedding(g.in("W"), g.in("B"));
    Shape s = tokens.shape(); // (N, tokens, D)
    return tokens.tokenEmbedding(
        g.in("cls").reshape(Shape.of(s.dim(2))),
        g.in("pos").reshape(Shape.of(s.dim(1) + 1, s.dim(2))));
  }

  private static Var uNetStep(Graph g) {
    Conv2d.Spec halving = Conv2d.Spec.of(2, 2).stride(2);
    Var x = g.in("X");
    Var down = g.conv(x, halving, "Wd", "Bd").relu();
    Var up = down.convTranspose2d(g.in("Wu"), g.in("Bu"), ConvTranspose2d.Spec.of(halving)).relu();
    return g.conv(Var.concat(1, x, up), POINTWISE, "Wo", null);
  }

  private static Var attention(Graph g) {
    return selfAttention(g, g.in("X"));
  }

  private static Var transformerBlock(Graph g) {
    Var x = g.in("X");
    Var h = x.plus(selfAttention(g, x.layerNorm(-1, g.in("g1"), g.in("b1"), g.epsilon())));
    Var wide = g.linear(h.layerNorm(-1, g.in("g2"), g.in("b2"), g.epsilon()), "W1", "B1");
    return h.plus(g.linear(wide.apply(Unary.GELU), "W2", "B2"));
  }

  private static Var selfAttention(Graph g, Var x) {
    int heads = g.c.integer("num_heads", 1);
    return x.multiHeadAttention(
        g.in("Wqkv"), g.in("Bqkv"), g.in("Wo"), g.in("Bo"), heads, null, false);
  }
}
