package convscope.run;

import convscope.op.GemmOp;
import convscope.op.Linear;
import convscope.op.MatMul;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Map;

/** Matrix products. */
final class MatrixCases {
  private MatrixCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Linear", MatrixCases::linear);
    table.put("MatMul", MatrixCases::matMul);
    table.put("Gemm", MatrixCases::gemm);
  }

  private static void linear(Case c) {
    c.attributes();
    Tensor x = c.input(0);
    Tensor weight = c.input(1);
    Tensor bias = c.optional(2);
    c.output("Y", Linear.forward(x, weight, bias));
    Tensor dy = c.upstream();
    if (dy != null) {
      Linear.Gradients gradients = Linear.backward(dy, x, weight);
      c.gradient(0, gradients.dx());
      c.gradient(1, gradients.dWeight());
      if (bias != null) {
        c.gradient(2, gradients.dBias());
      }
    }
  }

  private static void matMul(Case c) {
    c.attributes();
    Tensor a = c.input(0);
    Tensor b = c.input(1);
    c.output("Y", MatMul.forward(a, b));
    Tensor dy = c.upstream();
    if (dy != null) {
      MatMul.Gradients gradients = MatMul.backward(dy, a, b);
      c.gradient(0, gradients.da());
      c.gradient(1, gradients.db());
    }
  }

  /** {@code broadcast} (before opset 7) only forbids what is the rule since. */
  private static void gemm(Case c) {
    c.attributes("alpha", "beta", "transA", "transB", "broadcast");
    Tensor a = c.input(0);
    Tensor b = c.input(1);
    Tensor bias = c.optional(2);
    Shape biasShape = bias == null ? null : bias.shape();
    GemmOp.Spec spec =
        new GemmOp.Spec(
            c.real("alpha", 1),
            c.real("beta", 1),
            c.flag("transA", false),
            c.flag("transB", false));
    c.output("Y", GemmOp.forward(a, b, bias, spec));
    Tensor dy = c.upstream();
    if (dy != null) {
      GemmOp.Gradients gradients = GemmOp.backward(dy, a, b, biasShape, spec);
      c.gradient(0, gradients.da());
      c.gradient(1, gradients.db());
      if (gradients.dc() != null) {
        c.gradient(2, gradients.dc());
      }
    }
  }
}
