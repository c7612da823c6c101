package convscope.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PoolSpec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceptiveFieldTest {
  private static final int HEIGHT = 48;
  private static final int WIDTH = 41;

  @Test
  void theRecursionOfTheTextbookHoldsForConvolutionsAndPooling() {
    Rng rng = new Rng(3);
    for (int n = 0; n < 300; n++) {
      ReceptiveField field = ReceptiveField.INPUT;
      long size = 1;
      long jump = 1;
      double start = 0;
      for (int l = 0; l < 1 + rng.nextInt(6); l++) {
        int kernel = 1 + rng.nextInt(7);
        int stride = 1 + rng.nextInt(4);
        int dilation = 1 + rng.nextInt(3);
        int padding = rng.nextInt(5);
        field = field.window(kernel, stride, dilation, padding);
        size += (long) dilation * (kernel - 1) * jump;
        start += (dilation * (kernel - 1) / 2.0 - padding) * jump;
        jump *= stride;
        assertThat(field.size()).isEqualTo(size);
        assertThat(field.jump()).isEqualTo(jump);
        assertThat(field.start()).isEqualTo(start);
        assertThat(field.period()).isEqualTo(1);
        assertThat(field.centre(5)).isEqualTo(start + 5 * jump);
        assertThat(field.place(5)).isEqualTo(start + 5 * jump);
      }
    }
  }

  /** Gradients of real operators are nonzero from the first to the last position of the field. */
  @Test
  void realDependenciesReachExactlyAsFarAsTheField() {
    Rng rng = new Rng(17);
    int compared = 0;
    int enlarged = 0;
    int joined = 0;
    for (int n = 0; n < 400; n++) {
      List<Layer> layers = new ArrayList<>();
      int depth = 1 + rng.nextInt(4);
      for (int l = 0; l < depth; l++) {
        layers.add(randomLayer(rng, l == 0));
      }
      ShapeTrace trace = ShapeTrace.of(layers, Shape.of(1, 1, HEIGHT, WIDTH));
      if (trace.problem() != null) {
        continue;
      }
      int row = trace.output().dim(2) / 2;
      int column = trace.output().dim(3) / 2;
      ReceptiveField down = field(layers, true);
      ReceptiveField across = field(layers, false);
      if (!inside(layers, trace, row, true) || !inside(layers, trace, column, false)) {
        continue;
      }
      Tensor gradient = gradient(layers, row, column, rng);
      int[] rows = span(gradient, true);
      int[] columns = span(gradient, false);
      String what = layers.toString();
      assertThat(rows[1] >= rows[0]).as(what).isEqualTo(down.sees(row) && across.sees(column));
      if (rows[1] < rows[0]) {
        continue;
      }
      assertThat(rows).as(what).containsExactly((int) down.first(row), (int) down.last(row));
      assertThat(columns)
          .as(what)
          .containsExactly((int) across.first(column), (int) across.last(column));
      compared++;
      enlarged += down.period() > 1 ? 1 : 0;
      joined += what.contains("Residual") ? 1 : 0;
    }
    assertThat(compared).isGreaterThan(150);
    assertThat(enlarged).isGreaterThan(25);
    assertThat(joined).isGreaterThan(25);
  }

  private static ReceptiveField field(List<Layer> layers, boolean height) {
    ReceptiveField field = ReceptiveField.of(layers, height);
    assertThat(field).isNotNull();
    return field;
  }

  /** Whether a unit's field, and what it reads on the way, is free of padding and borders. */
  private static boolean inside(List<Layer> layers, ShapeTrace trace, int unit, boolean height) {
    int axis = height ? 2 : 3;
    for (int from = 0; from < layers.size(); from++) {
      ReceptiveField field = field(layers.subList(from, layers.size()), height);
      if (field.first(unit) < 0 || field.last(unit) >= trace.input(from).dim(axis)) {
        return false;
      }
    }
    return true;
  }

  private static Layer randomLayer(Rng rng, boolean first) {
    int kernelH = 1 + rng.nextInt(4);
    int kernelW = 1 + rng.nextInt(4);
    Conv2d.Spec window =
        Conv2d.Spec.of(kernelH, kernelW)
            .stride(1 + rng.nextInt(3), 1 + rng.nextInt(5))
            .padding(rng.nextInt(kernelH), rng.nextInt(kernelW));
    return switch (rng.nextInt(5)) {
      case 0 ->
          new Transposed(0, 1, ConvTranspose2d.Spec.of(window.stride(1 + rng.nextInt(3), 2)), true);
      case 1 ->
          new Pool(
              false, PoolSpec.of(kernelH, kernelW).stride(1 + rng.nextInt(3), 1 + rng.nextInt(2)));
      case 2 -> {
        int stride = 1 + rng.nextInt(2);
        Layer projection = Layer.conv(1, 1, stride, 0, 1);
        Layer one = Layer.conv(1, 3, stride, 1, 1);
        Layer two = Layer.conv(1, 3, 1, 2, 2);
        yield new Residual(List.of(one, two), List.of(projection));
      }
      default -> new Conv(0, 1, window.dilation(1 + rng.nextInt(3), 1 + rng.nextInt(2)), true);
    };
  }

  /** ∂ output[row, column] / ∂ input with positive weights, so that nothing cancels. */
  private static Tensor gradient(List<Layer> layers, int row, int column, Rng rng) {
    Tape tape = new Tape();
    Var x = tape.variable("x", rng.uniform(1, 2, 1, 1, HEIGHT, WIDTH));
    Var y = x;
    for (Layer layer : layers) {
      List<Var> parameters = new ArrayList<>();
      for (Shape shape : layer.parameters(y.shape())) {
        parameters.add(tape.constant(rng.uniform(0.5f, 1, shape.dims())));
      }
      y = layer.run(y, parameters);
    }
    Tensor seed = Tensor.zeros(y.shape());
    seed.set(1, 0, 0, row, column);
    y.backward(seed);
    return x.gradient();
  }

  private static int[] span(Tensor gradient, boolean height) {
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int i = 0; i < HEIGHT; i++) {
      for (int j = 0; j < WIDTH; j++) {
        if (gradient.at(0, 0, i, j) != 0) {
          first = Math.min(first, height ? i : j);
          last = Math.max(last, height ? i : j);
        }
      }
    }
    return new int[] {first, last};
  }

  @Test
  void aTransposedConvolutionUndoesTheJumpOfAStride() {
    ReceptiveField field = ReceptiveField.INPUT.window(3, 2, 1, 1).transposed(4, 2, 1, 1);
    assertThat(field.jump()).isEqualTo(1);
    assertThat(field.jumpText()).isEqualTo("1");
    assertThat(field.period()).isEqualTo(2);
    // unit 0 reads middle units −1 and 0, unit 1 reads 0 and 1; each of those sees 3 positions
    assertThat(field.first(0)).isEqualTo(-3);
    assertThat(field.last(0)).isEqualTo(1);
    assertThat(field.first(1)).isEqualTo(-1);
    assertThat(field.last(1)).isEqualTo(3);
    ReceptiveField doubled = ReceptiveField.INPUT.transposed(2, 2, 1, 0);
    assertThat(doubled.jumpText()).isEqualTo("1/2");
    assertThat(doubled.centre(1)).isZero();
    assertThat(doubled.start())
        .isEqualTo(-0.25); // half a fine pixel before the coarse one's centre
    assertThat(doubled.place(1)).isEqualTo(0.25);
  }

  @Test
  void unitsBetweenTheTapsOfAWideStrideSeeNothing() {
    ReceptiveField field = ReceptiveField.INPUT.transposed(1, 3, 1, 0);
    assertThat(field.sees(0)).isTrue();
    assertThat(field.sees(1)).isFalse();
    assertThat(field.sees(-3)).isTrue();
    assertThat(field.size()).isEqualTo(1);
    assertThat(field.window(2, 1, 1, 0).size()).isEqualTo(1);
  }

  @Test
  void branchesOfDifferentStrideAndEnlargementBeyondUseAreRefused() {
    assertThatThrownBy(() -> ReceptiveField.INPUT.union(ReceptiveField.INPUT.window(3, 2, 1, 1)))
        .hasMessage("ReceptiveField: the branches have jumps 1 and 2; use equal strides in both");
    ReceptiveField large = ReceptiveField.INPUT.transposed(2, 64, 1, 0).transposed(2, 64, 1, 0);
    assertThatThrownBy(() -> large.transposed(2, 2, 1, 0))
        .hasMessage("ReceptiveField: transposed convolutions enlarge 8192 times; use at most 4096");
  }

  @Test
  void denseLayersAndGlobalPoolingSeeEverything() {
    for (Layer layer :
        List.of(
            new Linear(0, 10, true),
            new GlobalAveragePool(),
            new Flatten(),
            new Residual(List.of(new GlobalAveragePool()), List.of()))) {
      assertThat(ReceptiveField.of(List.of(Elementwise.RELU, layer), true)).isNull();
    }
  }
}
