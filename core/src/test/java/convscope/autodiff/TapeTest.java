package convscope.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.linalg.Gemm;
import convscope.linalg.ScalarGemm;
import convscope.op.Conv2d;
import convscope.op.GemmConv2d;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TapeTest {
  private static final @Nullable Var NO_BIAS = null;
  private static final Conv2d.Spec SPEC = Conv2d.Spec.of(2, 2);

  private final Tape tape = new Tape();
  private final Var a = tape.variable("a", Tensor.of(new float[] {2, 3}, 2));

  @Test
  void aConvolutionsGradientsAreTheOperatorsOwn() {
    Rng rng = new Rng(1);
    Tensor x = rng.gaussian(1, 2, 3, 4, 5);
    Tensor w = rng.gaussian(1, 2, 3, 2, 2);
    Tensor b = rng.gaussian(1, 2);
    Var xs = tape.variable("x", x);
    Var ws = tape.variable("w", w);
    Var bs = tape.variable("b", b);
    Var y = xs.conv2d(ws, bs, SPEC);
    Tensor seed = rng.gaussian(1, 2, 2, 3, 4);
    y.backward(seed);
    Conv2d.Gradients want = Conv2d.backward(seed, x, w, SPEC);
    assertThat(y.value().data()).isEqualTo(Conv2d.forward(x, w, b, SPEC).data());
    assertThat(xs.gradient().data()).isEqualTo(want.dx().data());
    assertThat(ws.gradient().data()).isEqualTo(want.dWeight().data());
    assertThat(bs.gradient().data()).isEqualTo(want.dBias().data());
    assertThat(y.gradient().data()).isEqualTo(seed.data());
    assertThat(y.tape()).isSameAs(tape);
  }

  @Test
  void aTapeWithAGemmConvolvesByProducts() {
    Rng rng = new Rng(1);
    Tensor x = rng.gaussian(1, 2, 3, 4, 5);
    Tensor w = rng.gaussian(1, 2, 3, 2, 2);
    Tensor b = rng.gaussian(1, 2);
    int[] products = {0};
    Gemm counting =
        (ta, tb, m, n, k, left, lStart, right, rStart, out, oStart, accumulate) -> {
          products[0]++;
          new ScalarGemm()
              .multiply(ta, tb, m, n, k, left, lStart, right, rStart, out, oStart, accumulate);
        };
    Tape fast = new Tape(counting);
    Var xs = fast.variable("x", x);
    Var ws = fast.variable("w", w);
    Var bs = fast.variable("b", b);
    Var y = xs.conv2d(ws, bs, SPEC);
    Tensor seed = rng.gaussian(1, 2, 2, 3, 4);
    y.backward(seed);
    assertThat(products[0]).isEqualTo(6); // two images, forward and two gradients
    GemmConv2d want = new GemmConv2d(new ScalarGemm());
    assertThat(y.value().data()).isEqualTo(want.forward(x, w, b, SPEC).data());
    assertThat(xs.gradient().data()).isEqualTo(want.backward(seed, x, w, SPEC).dx().data());
    assertThat(ws.gradient().data()).isEqualTo(want.backward(seed, x, w, SPEC).dWeight().data());
    assertThat(bs.gradient().data()).isEqualTo(Conv2d.biasGradient(seed).data());
  }

  @Test
  void aChainMultipliesItsSlopes() {
    Var loss = sum(scaled(scaled(a, 3), 5));
    loss.backward();
    assertThat(loss.value().data()).containsExactly(75);
    assertThat(loss.gradient().data()).containsExactly(1);
    assertThat(a.gradient().data()).containsExactly(15, 15);
  }

  @Test
  void sumsAndProductsOfVars() {
    Var b = tape.variable("b", Tensor.of(new float[] {5, 7}, 2));
    Var y = a.plus(b).times(b);
    assertThat(y.value().data()).containsExactly(35, 70);
    y.backward(Tensor.full(1, 2));
    assertThat(a.gradient().data()).containsExactly(5, 7);
    assertThat(b.gradient().data()).containsExactly(12, 17); // a + 2b
  }

  @Test
  void splitPartsFlowBackToTheirPlaces() {
    Var[] parts = a.split(0, 1, 1);
    Var.concat(0, parts[1], parts[0]).backward(Tensor.of(new float[] {10, 20}, 2));
    assertThat(a.gradient().data()).containsExactly(20, 10);
  }

  @Test
  void everyUseOfAVariableAddsToItsGradient() {
    Var twice = added(a, a);
    sum(added(twice, scaled(twice, 10))).backward();
    assertThat(a.gradient().data()).containsExactly(22, 22);
    assertThat(twice.gradient().data()).containsExactly(11, 11);
  }

  @Test
  void theGradientsOfSeveralLossesAddUp() {
    sum(scaled(a, 3)).backward();
    sum(scaled(a, 4)).backward();
    assertThat(a.gradient().data()).containsExactly(7, 7);
  }

  @Test
  void anUnusedBranchGetsNoGradient() {
    Var unused = scaled(a, 100);
    Var other = tape.variable("other", Tensor.zeros(3));
    sum(scaled(a, 2)).backward();
    assertThat(a.gradient().data()).containsExactly(2, 2);
    assertThat(unused.gradient().data()).containsExactly(0, 0);
    assertThat(other.gradient()).isSameAs(other.gradient()).isNotNull();
    assertThat(other.gradient().data()).containsExactly(0, 0, 0);
  }

  @Test
  void gradientsAreTensorsOfTheirOwn() {
    Var b = tape.variable("b", Tensor.zeros(2));
    Var sum = added(a, b);
    Tensor seed = Tensor.full(1, 2);
    sum.backward(seed);
    a.gradient().data()[0] = 9; // as a clipping optimizer would
    assertThat(b.gradient().data()).containsExactly(1, 1);
    assertThat(sum.gradient().data()).containsExactly(1, 1);
    assertThat(seed.data()).containsExactly(1, 1);
  }

  @Test
  void constantsCostNoBackwardWork() {
    Var image = tape.constant(Tensor.full(1, 2));
    Var y =
        tape.record(
            "Add",
            Tensor.full(3, 2),
            Tape.edge(a, dy -> dy),
            Tape.edge(
                image,
                dy -> {
                  throw new AssertionError("not asked for");
                }));
    sum(y).backward();
    assertThat(a.gradient().data()).containsExactly(1, 1);
  }

  @Test
  void aMissingOperandHasNoEdge() {
    Var x = tape.variable("x", Tensor.full(1, 1, 1, 2, 2));
    Var w = tape.constant(Tensor.full(2, 1, 1, 2, 2));
    x.conv2d(w, NO_BIAS, SPEC).backward();
    assertThat(x.gradient().data()).containsExactly(2, 2, 2, 2);
    assertThat(Tape.edge(NO_BIAS, dy -> dy)).isNull();
  }

  @Test
  void aGraphIsConsumedByItsBackward() {
    Var h = scaled(a, 2);
    Var first = sum(h);
    Var second = sum(scaled(h, 3));
    first.backward();
    assertThatThrownBy(first::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Tape: backward through Sum scalar a second time, the first has consumed its graph;"
                + " run the forward pass again, or add the losses and go backward once");
    assertThatThrownBy(second::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Tape: backward through Scale 2 a second time, the first has consumed its graph;"
                + " run the forward pass again, or add the losses and go backward once");
    assertThat(a.gradient().data()).containsExactly(2, 2); // the refused ones changed nothing
    assertThat(second.gradient().data()).containsExactly(0);
  }

  @Test
  void anOperandOfAnotherTapeIsRefused() {
    Var other = new Tape().variable("other", Tensor.zeros(2));
    assertThatThrownBy(() -> added(a, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Add: operand \"other\" 2 is on another tape; record it on the same one with"
                + " variable(…) or constant(…)");
    assertThatThrownBy(
            () ->
                tape.variable("x", Tensor.zeros(1, 1, 2, 2))
                    .conv2d(new Tape().constant(Tensor.zeros(1, 1, 2, 2)), NO_BIAS, SPEC))
        .hasMessageStartingWith("Conv2d: operand constant 1×1×2×2 is on another tape");
  }

  @Test
  void changingAnOperandBetweenForwardAndBackwardIsRefused() {
    Var image = tape.constant(Tensor.full(1, 2));
    Var loss = sum(added(scaled(a, 2), image));
    a.value().data()[1] += 1;
    assertThatThrownBy(loss::backward)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Tape: the elements of \"a\" 2 were changed in place after Scale 2 read them; change a"
                + " copy, or after backward");
    a.value().data()[1] -= 1;
    image.value().data()[0] = Math.nextUp(1f);
    assertThatThrownBy(loss::backward)
        .hasMessage(
            "Tape: the elements of constant 2 were changed in place after Add 2 read them; change"
                + " a copy, or after backward");
    image.value().data()[0] = 1;
    loss.backward();
    assertThat(a.gradient().data()).containsExactly(2, 2);
  }

  @Test
  void changingAnOutputBetweenForwardAndBackwardIsRefused() {
    Var y = scaled(a, 2);
    y.value().data()[0] = -1;
    assertThatThrownBy(() -> y.backward(Tensor.zeros(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Tape: the elements of Scale 2 were changed in place after the forward pass; change a"
                + " copy, or after backward");
    Var loss = sum(y);
    assertThatThrownBy(loss::backward)
        .hasMessageStartingWith("Tape: the elements of Scale 2 were changed in place");
  }

  @Test
  void aParameterMayBeUpdatedInPlaceAfterBackward() {
    sum(scaled(a, 2)).backward();
    a.value().data()[0] = 100;
    Var again = sum(scaled(a, 2));
    again.backward();
    assertThat(again.value().data()).containsExactly(206);
    assertThat(a.gradient().data()).containsExactly(4, 4);
  }

  @Test
  void theFingerprintSeesEveryElementAndItsPlace() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3}, 3);
    long before = Tape.fingerprint(tensor);
    assertThat(Tape.fingerprint(tensor.copy())).isEqualTo(before);
    for (int i = 0; i < 3; i++) {
      Tensor other = tensor.copy();
      other.data()[i] = Math.nextDown(other.data()[i]);
      assertThat(Tape.fingerprint(other)).isNotEqualTo(before);
    }
    assertThat(Tape.fingerprint(Tensor.of(new float[] {3, 2, 1}, 3))).isNotEqualTo(before);
  }

  @Test
  void onlyAnOutputOfOneElementNeedsNoSeed() {
    Var y = scaled(a, 2);
    assertThatThrownBy(y::backward)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Tape: backward from Scale 2, which has 2 elements; reduce it to one, or give backward"
                + " the gradient of each");
    assertThatThrownBy(() -> y.backward(Tensor.zeros(1, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Tape: seed of shape 1×2 for Scale 2; give the gradient ∂L/∂y, of the shape of the"
                + " output");
    Var one = tape.variable("one", Tensor.full(5, 1, 1));
    scaled(one, 3).backward();
    assertThat(one.gradient().shape()).isEqualTo(Shape.of(1, 1));
    assertThat(one.gradient().data()).containsExactly(3);
  }

  @Test
  void aLossWithoutVariablesIsRefused() {
    Var loss = sum(tape.constant(Tensor.zeros(2)));
    assertThatThrownBy(loss::backward)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Tape: backward from Sum scalar, which depends on no variable; make one with variable");
  }

  @Test
  void aGradientThatIsNotThereIsRefused() {
    assertThatThrownBy(a::gradient)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Var: \"a\" 2 has no gradient yet; call backward on the loss first");
    Var constant = tape.constant(Tensor.zeros(3));
    sum(a).backward();
    assertThatThrownBy(constant::gradient)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Var: constant 3 has no gradient; make it, or what it is computed from, a variable");
  }

  @Test
  void aBackwardOfTheWrongShapeIsRefused() {
    Var y = tape.record("Broken", Tensor.zeros(2), Tape.edge(a, dy -> Tensor.zeros(3)));
    assertThatThrownBy(() -> y.backward(Tensor.zeros(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Tape: the backward of Broken 2 gave a gradient of shape 3 for \"a\" 2; return one of"
                + " the operand's shape");
  }

  @Test
  void anEmptyBatchGivesZeroGradients() {
    Var x = tape.variable("x", Tensor.zeros(0, 1, 2, 2));
    Var w = tape.variable("w", Tensor.zeros(1, 1, 2, 2));
    x.conv2d(w, NO_BIAS, SPEC).backward(Tensor.zeros(0, 1, 1, 1));
    assertThat(x.gradient().shape()).isEqualTo(Shape.of(0, 1, 2, 2));
    assertThat(w.gradient().data()).containsOnly(0f);
  }

  // Operations of this test, so that the tape is seen without any operator.

  private Var scaled(Var x, float factor) {
    Tensor y = x.value().copy();
    for (int i = 0; i < y.size(); i++) {
      y.data()[i] *= factor;
    }
    return tape.record(
        "Scale",
        y,
        Tape.edge(
            x,
            dy -> {
              Tensor dx = dy.copy();
              for (int i = 0; i < dx.size(); i++) {
                dx.data()[i] *= factor;
              }
              return dx;
            }));
  }

  private Var added(Var x, Var z) {
    Tensor y = x.value().copy();
    for (int i = 0; i < y.size(); i++) {
      y.data()[i] += z.value().data()[i];
    }
    return tape.record("Add", y, Tape.edge(x, dy -> dy), Tape.edge(z, dy -> dy));
  }

  private Var sum(Var x) {
    float sum = 0;
    for (float element : x.value().data()) {
      sum += element;
    }
    Shape shape = x.shape();
    return tape.record(
        "Sum",
        Tensor.scalar(sum),
        Tape.edge(
            x,
            dy -> {
              Tensor dx = Tensor.zeros(shape);
              for (int i = 0; i < dx.size(); i++) {
                dx.data()[i] = dy.data()[0];
              }
              return dx;
            }));
  }
}
