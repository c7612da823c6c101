package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Linear, MatMul and Gemm: one product, three doors. */
class MatrixTest {
  private static final @Nullable Tensor NO_BIAS = null;

  @Test
  void aHandComputedLinearLayer() {
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    Tensor w = Tensor.of(new float[] {1, 0, -1, 2, 2, 2}, 2, 3);
    Tensor y = Linear.forward(x, w, Tensor.of(new float[] {10, 20}, 2));
    assertThat(y.data()).containsExactly(8, 32); // 1−3+10, 2·6+20
    Linear.Gradients g = Linear.backward(Tensor.of(new float[] {1, 10}, 1, 2), x, w);
    assertThat(g.dx().data()).containsExactly(21, 20, 19);
    assertThat(g.dWeight().data()).containsExactly(1, 2, 3, 10, 20, 30);
    assertThat(g.dBias().data()).containsExactly(1, 10);
  }

  @Test
  void linearActsOnTheLastAxisOfAnyRank() {
    Rng rng = new Rng(5);
    int checked = 0;
    for (int[] lead : new int[][] {{}, {1}, {4}, {0}, {2, 3}, {2, 1, 3}}) {
      for (int in = 1; in <= 4; in++) {
        for (int out = 1; out <= 3; out++) {
          int[] xDims = append(lead, in);
          Tensor x = rng.gaussian(1, xDims);
          Tensor w = rng.gaussian(1, out, in);
          Tensor b = rng.gaussian(1, out);
          Tensor dy = rng.gaussian(1, append(lead, out));
          Tensor y = Linear.forward(x, w, b);
          assertThat(y.shape()).isEqualTo(dy.shape());
          double[] want = new double[y.size()];
          for (int at = 0; at < want.length; at++) {
            want[at] = b.at(at % out);
            for (int i = 0; i < in; i++) {
              want[at] += (double) x.data()[at / out * in + i] * w.at(at % out, i);
            }
          }
          Numeric.assertClose(y, want, 1e-6);
          Linear.Gradients g = Linear.backward(dy, x, w);
          // y is linear in each operand: ⟨dy, y − b⟩ = ⟨dx, x⟩ = ⟨dw, w⟩
          double inner = Numeric.dot(Linear.forward(x, w, NO_BIAS), dy);
          assertThat(Numeric.dot(g.dx(), x)).isCloseTo(inner, within(1e-5));
          assertThat(Numeric.dot(g.dWeight(), w)).isCloseTo(inner, within(1e-5));
          double ones = 0;
          for (int at = 0; at < dy.size(); at += out) {
            ones += dy.data()[at];
          }
          assertThat((double) g.dBias().at(0)).isCloseTo(ones, within(1e-5));
          checked += y.size();
        }
      }
    }
    assertThat(checked).isGreaterThan(300);
  }

  private static int[] append(int[] lead, int last) {
    int[] dims = java.util.Arrays.copyOf(lead, lead.length + 1);
    dims[lead.length] = last;
    return dims;
  }

  @Test
  void matricesMultiplyWithRepeatedLeadingAxes() {
    int[][][] shapes = {
      {{2, 3}, {3, 4}, {2, 4}},
      {{1, 1}, {1, 1}, {1, 1}},
      {{3}, {3}, {}},
      {{3}, {3, 2}, {2}},
      {{2, 3}, {3}, {2}},
      {{5, 2, 3}, {3, 4}, {5, 2, 4}},
      {{2, 3}, {5, 3, 4}, {5, 2, 4}},
      {{5, 2, 3}, {5, 3, 1}, {5, 2, 1}},
      {{2, 1, 2, 3}, {4, 3, 2}, {2, 4, 2, 2}},
      {{4, 2, 3}, {3}, {4, 2}},
      {{3}, {4, 3, 2}, {4, 2}},
      {{0, 3}, {3, 2}, {0, 2}},
      {{2, 0}, {0, 3}, {2, 3}},
    };
    Rng rng = new Rng(6);
    for (int[][] shape : shapes) {
      Tensor a = rng.gaussian(1, shape[0]);
      Tensor b = rng.gaussian(1, shape[1]);
      Tensor dy = rng.gaussian(1, shape[2]);
      Tensor y = MatMul.forward(a, b);
      assertThat(y.shape()).isEqualTo(Shape.of(shape[2]));
      Numeric.assertClose(y, naive(a.shape(), Numeric.doubles(a), b.shape(), b), 1e-6);
      MatMul.Gradients g = MatMul.backward(dy, a, b);
      Numeric.assertClose(
          g.da(),
          Numeric.gradient(
              v -> Numeric.dot(naive(a.shape(), v, b.shape(), b), dy), Numeric.doubles(a)),
          1e-5);
      double inner = Numeric.dot(y, dy);
      assertThat(Numeric.dot(g.db(), b)).isCloseTo(inner, within(1e-5));
      if (b.size() > 0) {
        // a probe of one element of b: its gradient is the product with that column alone
        Tensor one = Tensor.zeros(b.shape());
        int probe = b.size() - 1;
        one.data()[probe] = 1;
        assertThat((double) g.db().data()[probe])
            .isCloseTo(
                Numeric.dot(naive(a.shape(), Numeric.doubles(a), b.shape(), one), dy),
                within(1e-5));
      }
    }
  }

  /** One output cell at a time, vectors padded to matrices, indices taken apart by hand. */
  private static double[] naive(Shape aShape, double[] a, Shape bShape, Tensor b) {
    Shape left = aShape.rank() == 1 ? Shape.of(1, aShape.dim(0)) : aShape;
    Shape right = bShape.rank() == 1 ? Shape.of(bShape.dim(0), 1) : bShape;
    int m = left.dim(-2);
    int k = left.dim(-1);
    int n = right.dim(-1);
    int rank = Math.max(left.rank(), right.rank()) - 2;
    int count = 1;
    int[] lead = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      int back = rank - axis + 2;
      int one = back <= left.rank() ? left.dim(-back) : 1;
      int two = back <= right.rank() ? right.dim(-back) : 1;
      lead[axis] = Math.max(one, two);
      count *= lead[axis];
    }
    double[] y = new double[count * m * n];
    for (int cell = 0; cell < y.length; cell++) {
      int matrix = cell / (m * n);
      int startA = matrix(matrix, lead, left) * m * k;
      int startB = matrix(matrix, lead, right) * k * n;
      for (int inner = 0; inner < k; inner++) {
        y[cell] += a[startA + cell / n % m * k + inner] * b.data()[startB + inner * n + cell % n];
      }
    }
    return y;
  }

  private static int matrix(int matrix, int[] lead, Shape from) {
    int rest = matrix;
    int step = 1;
    int at = 0;
    for (int back = 1; back <= from.rank() - 2; back++) {
      int index = rest % lead[lead.length - back];
      rest /= lead[lead.length - back];
      at += (from.dim(-back - 2) == 1 ? 0 : index) * step;
      step *= from.dim(-back - 2);
    }
    return at;
  }

  @Test
  void gemmEqualsTheProductOfTransposedCopiesForEveryFlag() {
    Rng rng = new Rng(7);
    int[][] biases = {{}, {1}, {4}, {1, 4}, {3, 1}, {3, 4}};
    int checked = 0;
    for (int flags = 0; flags < 4; flags++) {
      for (int[] cDims : biases) {
        GemmOp.Spec spec = new GemmOp.Spec(0.5, -2, (flags & 1) != 0, (flags & 2) != 0);
        Tensor a = spec.transposeA() ? rng.gaussian(1, 2, 3) : rng.gaussian(1, 3, 2);
        Tensor b = spec.transposeB() ? rng.gaussian(1, 4, 2) : rng.gaussian(1, 2, 4);
        Tensor c = rng.gaussian(1, cDims);
        Tensor dy = rng.gaussian(1, 3, 4);
        double[] inA = Numeric.doubles(a);
        double[] inB = Numeric.doubles(b);
        double[] inC = Numeric.doubles(c);
        Numeric.assertClose(GemmOp.forward(a, b, c, spec), gemm(inA, inB, inC, cDims, spec), 1e-6);
        GemmOp.Gradients g = GemmOp.backward(dy, a, b, c.shape(), spec);
        checked +=
            Numeric.assertClose(
                g.da(),
                Numeric.gradient(v -> Numeric.dot(gemm(v, inB, inC, cDims, spec), dy), inA.clone()),
                1e-5);
        checked +=
            Numeric.assertClose(
                g.db(),
                Numeric.gradient(v -> Numeric.dot(gemm(inA, v, inC, cDims, spec), dy), inB.clone()),
                1e-5);
        Tensor dc = java.util.Objects.requireNonNull(g.dc());
        assertThat(dc.shape()).isEqualTo(c.shape());
        checked +=
            Numeric.assertClose(
                dc,
                Numeric.gradient(v -> Numeric.dot(gemm(inA, inB, v, cDims, spec), dy), inC.clone()),
                1e-5);
      }
    }
    assertThat(checked).isGreaterThan(400);
  }

  /** 3×2 times 2×4 with both operands first copied out of their transposes. */
  private static double[] gemm(double[] a, double[] b, double[] c, int[] cDims, GemmOp.Spec spec) {
    double[][] left = new double[3][2];
    double[][] right = new double[2][4];
    for (int k = 0; k < 2; k++) {
      for (int i = 0; i < 3; i++) {
        left[i][k] = spec.transposeA() ? a[k * 3 + i] : a[i * 2 + k];
      }
      for (int j = 0; j < 4; j++) {
        right[k][j] = spec.transposeB() ? b[j * 2 + k] : b[k * 4 + j];
      }
    }
    double[] y = new double[12];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 4; j++) {
        int columns = cDims.length == 0 ? 1 : cDims[cDims.length - 1];
        int rows = cDims.length < 2 ? 1 : cDims[0];
        double added = c[(rows == 1 ? 0 : i) * columns + (columns == 1 ? 0 : j)];
        y[i * 4 + j] =
            spec.alpha() * (left[i][0] * right[0][j] + left[i][1] * right[1][j])
                + spec.beta() * added;
      }
    }
    return y;
  }

  @Test
  void gemmWithoutTheThirdOperandAddsNothing() {
    Tensor a = Tensor.of(new float[] {1, 2}, 1, 2);
    Tensor b = Tensor.of(new float[] {3, 4}, 2, 1);
    assertThat(GemmOp.forward(a, b, NO_BIAS, GemmOp.Spec.PLAIN).data()).containsExactly(11);
    assertThat(GemmOp.backward(Tensor.full(1, 1, 1), a, b, null, GemmOp.Spec.PLAIN).dc()).isNull();
  }

  @Test
  void notANumberReachesOnlyItsRow() {
    Tensor x = Tensor.of(new float[] {1, Float.NaN, 2, 3}, 2, 2);
    Tensor w = Tensor.of(new float[] {1, 1}, 1, 2);
    assertThat(Linear.forward(x, w, NO_BIAS).data()).containsExactly(Float.NaN, 5);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThat(Linear.problem(Shape.of(2, 3), Shape.of(4), null))
        .isEqualTo("Linear: weight of shape 4; give (outFeatures, inFeatures)");
    assertThat(Linear.problem(Shape.of(2, 3), Shape.of(4, 5), null))
        .isEqualTo("Linear: input of shape 2×3 for weight 4×5; give the input a last axis of 5");
    assertThat(Linear.problem(Shape.of(), Shape.of(4, 1), null))
        .isEqualTo("Linear: input of shape scalar for weight 4×1; give the input a last axis of 1");
    assertThat(Linear.problem(Shape.of(2, 5), Shape.of(4, 5), Shape.of(5)))
        .isEqualTo("Linear: bias of shape 5; give one of shape 4");
    assertThatThrownBy(() -> Linear.forward(Tensor.zeros(2), Tensor.zeros(1, 3), NO_BIAS))
        .hasMessageStartingWith("Linear: input of shape 2 for weight 1×3");
    assertThatThrownBy(
            () -> Linear.backward(Tensor.zeros(2, 2), Tensor.zeros(2, 3), Tensor.zeros(1, 3)))
        .hasMessage(
            "Linear: gradient of shape 2×2 for an output of shape 2×1; give one of that shape");
    assertThat(MatMul.problem(Shape.of(), Shape.of(2)))
        .isEqualTo("MatMul: operands of shape scalar and 2; multiply scalars with Mul");
    assertThat(MatMul.problem(Shape.of(2, 3), Shape.of(4, 5)))
        .isEqualTo(
            "MatMul: 2×3 times 4×5 sums over 3 against 4 elements; give the second operand 3"
                + " rows");
    assertThatThrownBy(() -> MatMul.forward(Tensor.zeros(2, 2, 3), Tensor.zeros(3, 3, 4)))
        .hasMessage(
            "MatMul: shapes 2 and 3 do not broadcast, 2 against 3 on axis 0; make them equal or"
                + " one of them 1");
    assertThatThrownBy(
            () -> MatMul.backward(Tensor.zeros(1), Tensor.zeros(2, 3), Tensor.zeros(3, 2)))
        .hasMessage(
            "MatMul: gradient of shape 1 for an output of shape 2×2; give one of that shape");
    GemmOp.Spec plain = GemmOp.Spec.PLAIN;
    assertThat(GemmOp.problem(Shape.of(2), Shape.of(2, 2), null, plain))
        .isEqualTo("Gemm: operands of shape 2 and 2×2; give two matrices");
    assertThat(GemmOp.problem(Shape.of(2, 3), Shape.of(4, 2), null, plain))
        .isEqualTo("Gemm: 2×3 times 4×2 sums over 3 against 4 elements; make them equal");
    assertThat(
            GemmOp.problem(Shape.of(2, 3), Shape.of(4, 3), null, new GemmOp.Spec(1, 1, true, true)))
        .isEqualTo(
            "Gemm: 2×3 transposed times 4×3 transposed sums over 2 against 3 elements; make them"
                + " equal");
    assertThat(GemmOp.problem(Shape.of(2, 3), Shape.of(3, 4), Shape.of(3), plain))
        .isEqualTo("Gemm: C of shape 3 does not repeat to 2×4; give axes of 1 or equal");
    assertThat(GemmOp.problem(Shape.of(1, 3), Shape.of(3, 4), Shape.of(2, 4), plain))
        .isEqualTo("Gemm: C of shape 2×4 does not repeat to 1×4; give axes of 1 or equal");
  }
}
