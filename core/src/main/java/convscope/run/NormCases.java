package convscope.run;

import convscope.op.BatchNorm2d;
import convscope.op.Dropout;
import convscope.op.GroupNorm;
import convscope.op.InstanceNorm;
import convscope.op.LayerNorm;
import convscope.op.NormGradients;
import convscope.op.RmsNorm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Normalizations and dropout. */
final class NormCases {
  private static final double EPSILON = 1e-5;

  private NormCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("BatchNormalization", NormCases::batch);
    table.put("LayerNormalization", NormCases::layer);
    table.put("RMSNormalization", NormCases::rms);
    table.put("GroupNormalization", NormCases::group);
    table.put("InstanceNormalization", NormCases::instance);
    table.put("Dropout", NormCases::dropout);
  }

  /**
   * {@code is_test} (before opset 7) and {@code training_mode} (since 14) say which; in between a
   * case that asks for more than Y trains. ONNX keeps {@code momentum} of the running statistics
   * and takes the population variance; PyTorch's unbiased one is a further output.
   */
  private static void batch(Case c) {
    c.attributes("epsilon", "momentum", "training_mode", "is_test", "spatial");
    Tensor x = c.input(0);
    Tensor scale = c.input(1);
    Tensor bias = c.input(2);
    Tensor mean = c.input(3);
    Tensor variance = c.input(4);
    double epsilon = c.exact("epsilon", EPSILON);
    if (c.integer("spatial", 1) != 1) {
      throw c.problem("spatial 0 is one statistic per element; use 1");
    }
    Tensor dy = c.upstream();
    if (!trains(c)) {
      c.output("Y", BatchNorm2d.evaluate(x, scale, bias, mean, variance, epsilon));
      if (dy != null) {
        gradients(c, BatchNorm2d.evaluateBackward(dy, x, scale, mean, variance, epsilon));
      }
      return;
    }
    BatchNorm2d.Statistics batch = BatchNorm2d.statistics(x);
    double momentum = 1 - c.exact("momentum", 0.9);
    c.output("Y", BatchNorm2d.train(x, scale, bias, epsilon));
    c.output("running_mean", BatchNorm2d.updated(mean, batch.mean(), momentum));
    c.output("running_var", BatchNorm2d.updated(variance, batch.variance(), momentum));
    c.output("running_var_unbiased", BatchNorm2d.updated(variance, batch.unbiased(), momentum));
    c.output("batch_mean", batch.mean());
    c.output("batch_var", batch.variance());
    if (dy != null) {
      gradients(c, BatchNorm2d.trainBackward(dy, x, scale, epsilon));
    }
  }

  private static boolean trains(Case c) {
    if (c.opset() < 7) {
      return !c.flag("is_test", false);
    }
    return c.opset() < 14 ? c.wanted() > 1 : c.flag("training_mode", false);
  }

  private static void gradients(Case c, NormGradients gradients) {
    c.gradient(0, gradients.dx());
    if (c.optionalValue(1) != null) {
      c.gradient(1, gradients.dScale());
    }
    if (c.optionalValue(2) != null) {
      c.gradient(2, gradients.dBias());
    }
  }

  private static void layer(Case c) {
    c.attributes("axis", "epsilon", "stash_type");
    Tensor x = c.input(0);
    Tensor scale = c.optional(1);
    Tensor bias = c.optional(2);
    int axis = c.integer("axis", -1);
    double epsilon = c.exact("epsilon", EPSILON);
    c.output("Y", LayerNorm.forward(x, axis, scale, bias, epsilon));
    LayerNorm.Statistics statistics = LayerNorm.statistics(x, axis, epsilon);
    c.output("Mean", statistics.mean());
    c.output("InvStdDev", statistics.inverseDeviation());
    Tensor dy = c.upstream();
    if (dy != null) {
      gradients(c, LayerNorm.backward(dy, x, axis, scale, epsilon));
    }
  }

  private static void rms(Case c) {
    c.attributes("axis", "epsilon", "stash_type");
    Tensor x = c.input(0);
    Tensor scale = c.optional(1);
    int axis = c.integer("axis", -1);
    double epsilon = c.exact("epsilon", EPSILON);
    c.output("Y", RmsNorm.forward(x, axis, scale, epsilon));
    Tensor dy = c.upstream();
    if (dy != null) {
      RmsNorm.Gradients gradients = RmsNorm.backward(dy, x, axis, scale, epsilon);
      c.gradient(0, gradients.dx());
      if (scale != null) {
        c.gradient(1, gradients.dScale());
      }
    }
  }

  /** Before opset 21 scale and bias have one element per group. */
  private static void group(Case c) {
    c.attributes("num_groups", "epsilon", "stash_type");
    Tensor x = c.input(0);
    int groups = c.integer("num_groups", 0);
    Tensor scale = perChannel(c, x.shape(), groups, c.optional(1));
    Tensor bias = perChannel(c, x.shape(), groups, c.optional(2));
    double epsilon = c.exact("epsilon", EPSILON);
    c.output("Y", GroupNorm.forward(x, groups, scale, bias, epsilon));
    Tensor dy = c.upstream();
    if (dy != null) {
      gradients(c, GroupNorm.backward(dy, x, groups, scale, epsilon));
    }
  }

  private static @Nullable Tensor perChannel(Case c, Shape x, int groups, @Nullable Tensor affine) {
    boolean perGroup =
        c.opset() < 21
            && affine != null
            && GroupNorm.problem(x, groups, null, null, 0) == null
            && affine.shape().equals(Shape.of(groups));
    if (affine == null || !perGroup) {
      return affine;
    }
    Tensor out = Tensor.zeros(x.dim(1));
    for (int channel = 0; channel < out.size(); channel++) {
      out.data()[channel] = affine.data()[channel / (x.dim(1) / groups)];
    }
    return out;
  }

  private static void instance(Case c) {
    c.attributes("epsilon");
    Tensor x = c.input(0);
    Tensor scale = c.optional(1);
    Tensor bias = c.optional(2);
    double epsilon = c.exact("epsilon", EPSILON);
    c.output("Y", InstanceNorm.forward(x, scale, bias, epsilon));
    Tensor dy = c.upstream();
    if (dy != null) {
      gradients(c, InstanceNorm.backward(dy, x, scale, epsilon));
    }
  }

  /**
   * In training only where the third input (before opset 7: {@code is_test} 0) says so, with this
   * project's own random numbers. The mask is of the data's type before opset 10, bool since.
   */
  private static void dropout(Case c) {
    c.attributes("ratio", "seed", "is_test");
    Tensor x = c.input(0);
    Value given = c.optionalValue(1);
    Value mode = c.optionalValue(2);
    double ratio = given == null ? c.real("ratio", 0.5) : given.only();
    boolean training = c.opset() < 7 ? !c.flag("is_test", false) : mode != null && mode.only() != 0;
    Dropout.Result result = Dropout.forward(x, training ? ratio : 0, c.integer("seed", 0));
    c.output("Y", result.y());
    boolean[] kept = new boolean[x.size()];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = result.mask().data()[i] != 0;
    }
    c.output("mask", Value.of(kept, x.shape()));
  }
}
