package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Operators that move elements: each is linear, so its backward must be its adjoint. */
class ShapeOpsTest {
  private final Rng rng = new Rng(15);

  private static Tensor counting(int... dims) {
    Tensor x = Tensor.zeros(dims);
    for (int i = 0; i < x.size(); i++) {
      x.data()[i] = i;
    }
    return x;
  }

  @Test
  void concatenationInterleavesRowsOnAnInnerAxis() {
    Tensor y = Concat.forward(1, counting(2, 2), counting(2, 1), counting(2, 0));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(y.data()).containsExactly(0, 1, 0, 2, 3, 1);
    assertThat(Concat.forward(-2, counting(1, 2), counting(2, 2)).data())
        .containsExactly(0, 1, 0, 1, 2, 3);
  }

  @Test
  void concatenationAndSplitUndoAndTransposeEachOther() {
    int[] lengths = {2, 0, 1, 3};
    for (int axis = -3; axis < 3; axis++) {
      Tensor[] parts = new Tensor[lengths.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = rng.gaussian(1, Shape.of(2, 3, 4).with(axis, lengths[i]).dims());
      }
      Tensor y = Concat.forward(axis, parts);
      assertThat(y.dim(axis)).isEqualTo(6);
      Tensor[] again = Split.forward(y, axis, lengths);
      Tensor dy = rng.gaussian(1, y.shape().dims());
      Tensor[] dParts = Concat.backward(dy, axis, lengths);
      double inner = 0;
      for (int i = 0; i < parts.length; i++) {
        assertThat(again[i].shape()).isEqualTo(parts[i].shape());
        assertThat(again[i].data()).isEqualTo(parts[i].data());
        inner += Numeric.dot(parts[i], dParts[i]);
      }
      assertThat(inner).isCloseTo(Numeric.dot(y, dy), within(1e-5));
      assertThat(Split.backward(axis, dParts).data()).isEqualTo(dy.data());
    }
  }

  @Test
  void anUnevenSplitIsSmallerAtTheEnd() {
    assertThat(Split.even(Shape.of(7), 0, 4)).containsExactly(2, 2, 2, 1);
    assertThat(Split.even(Shape.of(2, 6), -1, 3)).containsExactly(2, 2, 2);
    assertThat(Split.even(Shape.of(2), 0, 3)).containsExactly(1, 1, 0);
  }

  @Test
  void reshapingKeepsTheOrderAndInfersOneAxis() {
    Tensor x = counting(2, 3, 4);
    assertThat(Reshape.forward(x, 4, -1).shape()).isEqualTo(Shape.of(4, 6));
    assertThat(Reshape.forward(x, 4, -1).data()).isEqualTo(x.data());
    assertThat(Reshape.forward(x, -1).shape()).isEqualTo(Shape.of(24));
    assertThat(Reshape.forward(Tensor.zeros(0, 3), 0, 7).shape()).isEqualTo(Shape.of(0, 7));
    assertThat(Reshape.forward(Tensor.scalar(5), 1, 1).data()).containsExactly(5);
    assertThat(Reshape.resolve(Shape.of(2, 3, 4), new int[] {0, -1, 2}, true))
        .isEqualTo(Shape.of(2, 6, 2));
    assertThat(Reshape.flatten(x).shape()).isEqualTo(Shape.of(2, 12));
    assertThat(Reshape.flatten(Tensor.zeros(3)).shape()).isEqualTo(Shape.of(3, 1));
    assertThat(Reshape.flattened(Shape.of(2, 3, 4), 0)).isEqualTo(Shape.of(1, 24));
    assertThat(Reshape.flattened(Shape.of(2, 3, 4), -1)).isEqualTo(Shape.of(6, 4));
    assertThat(Reshape.flattened(Shape.of(2, 3, 4), 3)).isEqualTo(Shape.of(24, 1));
    assertThat(Reshape.backward(counting(4, 6), x.shape()).shape()).isEqualTo(x.shape());
  }

  @Test
  void flatteningCutsBeforeAnyAxisAndAfterTheLast() {
    Shape x = Shape.of(2, 3);
    assertThat(Reshape.flattened(x, 2)).isEqualTo(Shape.of(6, 1));
    assertThat(Reshape.flattened(x, -1)).isEqualTo(Shape.of(2, 3));
    assertThat(Reshape.flattened(x, -2)).isEqualTo(Shape.of(1, 6));
  }

  @Test
  void theMostNegativeIndexIsTheFirstSlice() {
    Tensor data = Tensor.of(new float[] {5, 6}, 2);
    assertThat(Gather.forward(data, new int[] {-2, -1}, Shape.of(2), 0).data())
        .containsExactly(5, 6);
  }

  @Test
  void reshapedTensorsShareNoElements() {
    Tensor x = counting(2, 2);
    Reshape.forward(x, 4).data()[0] = 9;
    Reshape.flatten(x).data()[0] = 9;
    Reshape.backward(x, Shape.of(4)).data()[0] = 9;
    assertThat(x.data()[0]).isZero();
  }

  @Test
  void transposingMovesEveryElementToItsPermutedIndex() {
    Tensor x = counting(2, 3, 1, 4);
    int[][] orders = {{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 3, 0, 2}, {0, 2, 3, 1}};
    for (int[] order : orders) {
      Tensor y = Transpose.forward(x, order);
      int[] index = new int[4];
      for (index[0] = 0; index[0] < 2; index[0]++) {
        for (index[1] = 0; index[1] < 3; index[1]++) {
          for (index[3] = 0; index[3] < 4; index[3]++) {
            float want = x.at(index);
            assertThat(y.at(index[order[0]], index[order[1]], index[order[2]], index[order[3]]))
                .isEqualTo(want);
          }
        }
      }
      assertThat(Transpose.backward(y, order).data()).isEqualTo(x.data());
    }
    assertThat(Transpose.forward(Tensor.scalar(3)).at()).isEqualTo(3);
    assertThat(Transpose.forward(Tensor.zeros(0, 2), 1, 0).shape()).isEqualTo(Shape.of(2, 0));
  }

  @Test
  void slicesFollowPythonForEveryStartEndAndStep() {
    int checked = 0;
    for (int length = 0; length <= 4; length++) {
      Tensor x = rng.gaussian(1, 2, length, 3);
      for (int start = -6; start <= 6; start++) {
        for (int end = -6; end <= 6; end++) {
          for (int step = -3; step <= 3; step++) {
            if (step == 0) {
              continue;
            }
            Tensor y = SliceAxis.forward(x, 1, start, end, step);
            int[] indices = python(length, start, end, step);
            assertThat(y.shape()).isEqualTo(Shape.of(2, indices.length, 3));
            for (int i = 0; i < indices.length; i++) {
              assertThat(y.at(1, i, 2)).isEqualTo(x.at(1, indices[i], 2));
            }
            Tensor dy = rng.gaussian(1, y.shape().dims());
            Tensor dx = SliceAxis.backward(dy, x.shape(), 1, start, end, step);
            assertThat(Numeric.dot(dx, x)).isCloseTo(Numeric.dot(y, dy), within(1e-5));
            checked += indices.length;
          }
        }
      }
    }
    assertThat(checked).isEqualTo(1734);
  }

  /** The rule of the Python manual: walk from the clamped start while before the clamped end. */
  private static int[] python(int length, int start, int end, int step) {
    int from = start < 0 ? start + length : start;
    int to = end < 0 ? end + length : end;
    int[] found = new int[20];
    int count = 0;
    if (step > 0) {
      for (int i = Math.max(0, from); i < Math.min(to, length); i += step) {
        found[count++] = i;
      }
    } else {
      for (int i = Math.min(length - 1, from); i > Math.max(to, -1); i += step) {
        found[count++] = i;
      }
    }
    return java.util.Arrays.copyOf(found, count);
  }

  @Test
  void anOpenEndReachesTheLastElement() {
    Tensor x = counting(5);
    assertThat(SliceAxis.forward(x, 0, 1, Integer.MAX_VALUE, 2).data()).containsExactly(1, 3);
    assertThat(SliceAxis.forward(x, 0, Integer.MAX_VALUE, Integer.MIN_VALUE, -2).data())
        .containsExactly(4, 2, 0);
    assertThat(SliceAxis.forward(x, 0, 0, 5, Integer.MAX_VALUE).data()).containsExactly(0);
  }

  @Test
  void gatheringARowTwiceAddsItsGradients() {
    Tensor table = counting(3, 2);
    int[] rows = {2, 0, 2, -1};
    Tensor y = Gather.forward(table, rows, Shape.of(2, 2), 0);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(y.data()).containsExactly(4, 5, 0, 1, 4, 5, 4, 5);
    Tensor d = Gather.backward(Tensor.full(1, 2, 2, 2), rows, Shape.of(2, 2), table.shape(), 0);
    assertThat(d.data()).containsExactly(1, 1, 0, 0, 3, 3);
  }

  @Test
  void gatheringAndScatteringAreAdjointOnEveryAxis() {
    int[] indices = {1, 0, -1, 1, 0, 1};
    for (int axis = -3; axis < 3; axis++) {
      Tensor data = rng.gaussian(1, 2, 3, 2);
      for (int[] shape : new int[][] {{6}, {2, 3}, {1, 6, 1}}) {
        Tensor y = Gather.forward(data, indices, Shape.of(shape), axis);
        assertThat(y.rank()).isEqualTo(2 + shape.length);
        Tensor dy = rng.gaussian(1, y.shape().dims());
        Tensor d = Gather.backward(dy, indices, Shape.of(shape), data.shape(), axis);
        assertThat(Numeric.dot(d, data)).isCloseTo(Numeric.dot(y, dy), within(1e-5));
      }
    }
    Tensor data = counting(2, 3, 2);
    assertThat(Gather.forward(data, new int[] {1}, Shape.of(), 1).shape())
        .isEqualTo(Shape.of(2, 2)); // a scalar index drops the axis
    assertThat(Gather.forward(data, new int[] {1}, Shape.of(), 1).data())
        .containsExactly(2, 3, 8, 9);
  }

  @Test
  void reductionsAgreeWithPlainLoopsForwardAndBackward() {
    int checked = 0;
    for (Reduce kind : Reduce.values()) {
      for (int[] axes : new int[][] {{}, {0}, {1}, {-1}, {0, 2}, {2, 1}, {0, 1, 2}}) {
        for (boolean keep : new boolean[] {false, true}) {
          Tensor x = rng.gaussian(1, 2, 1, 3);
          Tensor y = kind.forward(x, keep, axes);
          assertThat(y.shape()).isEqualTo(reducedShape(x.shape(), keep, axes));
          double[] in = Numeric.doubles(x);
          Numeric.assertClose(y, naive(kind, in, axes), 1e-6);
          Tensor dy = rng.gaussian(1, y.shape().dims());
          checked +=
              Numeric.assertClose(
                  kind.backward(dy, x, keep, axes),
                  Numeric.gradient(v -> Numeric.dot(naive(kind, v, axes), dy), in),
                  1e-5);
        }
      }
    }
    assertThat(checked).isEqualTo(4 * 7 * 2 * 6);
  }

  private static boolean reduces(int axis, int... axes) {
    boolean found = axes.length == 0;
    for (int each : axes) {
      found |= Math.floorMod(each, 3) == axis;
    }
    return found;
  }

  private static Shape reducedShape(Shape x, boolean keep, int... axes) {
    java.util.List<Integer> dims = new java.util.ArrayList<>();
    for (int axis = 0; axis < 3; axis++) {
      if (!reduces(axis, axes)) {
        dims.add(x.dim(axis));
      } else if (keep) {
        dims.add(1);
      }
    }
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Over a 2×1×3 input: the output cell of (i, 0, k) is named by what is not reduced. */
  private static double[] naive(Reduce kind, double[] x, int... axes) {
    int rows = reduces(0, axes) ? 1 : 2;
    int columns = reduces(2, axes) ? 1 : 3;
    double[] y = new double[rows * columns];
    for (int cell = 0; cell < y.length; cell++) {
      double sum = 0;
      double squares = 0;
      double max = Double.NEGATIVE_INFINITY;
      int count = 0;
      for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 3; k++) {
          if ((rows == 1 ? 0 : i) * columns + (columns == 1 ? 0 : k) == cell) {
            sum += x[i * 3 + k];
            squares += x[i * 3 + k] * x[i * 3 + k];
            max = Math.max(max, x[i * 3 + k]);
            count++;
          }
        }
      }
      y[cell] =
          kind == Reduce.SUM
              ? sum
              : kind == Reduce.MEAN ? sum / count : kind == Reduce.MAX ? max : Math.sqrt(squares);
    }
    return y;
  }

  @Test
  void reducingNothingGivesTheNeutralElement() {
    Tensor x = Tensor.zeros(2, 0);
    assertThat(Reduce.SUM.forward(x, false, 1).data()).containsExactly(0, 0);
    assertThat(Reduce.L2.forward(x, true, 1).data()).containsExactly(0, 0);
    assertThat(Reduce.MAX.forward(x, false, 1).data()).containsOnly(Float.NEGATIVE_INFINITY);
    assertThat(Reduce.MEAN.forward(x, false, 1).data()).containsOnly(Float.NaN);
    assertThat(Reduce.SUM.forward(Tensor.scalar(3), false).at()).isEqualTo(3);
    assertThat(Reduce.SUM.forward(x, false, 0).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void equalMaximaShareTheGradientAndNotANumberWins() {
    Tensor x = Tensor.of(new float[] {3, 1, 3}, 3);
    assertThat(Reduce.MAX.backward(Tensor.scalar(1), x, false).data())
        .containsExactly(0.5f, 0, 0.5f);
    Tensor n = Tensor.of(new float[] {3, Float.NaN, 4}, 3);
    assertThat(Reduce.MAX.forward(n, false).at()).isNaN();
    assertThat(Reduce.SUM.forward(n, false).at()).isNaN();
    assertThat(Reduce.L2.backward(Tensor.scalar(1), Tensor.zeros(2), false).data())
        .containsExactly(0, 0);
  }

  @Test
  void sumsOfManyElementsLoseNoDigits() {
    Tensor x = Tensor.full(0.1f, 1000, 1000);
    assertThat(Reduce.MEAN.forward(x, false).at()).isEqualTo(0.1f);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    Shape x = Shape.of(2, 3);
    assertThatThrownBy(() -> Concat.forward(0)).hasMessage("Concat: no operand; give at least one");
    assertThat(Concat.problem(2, x))
        .isEqualTo("Concat: axis 2 of an input of shape 2×3; use -2 to 1");
    assertThat(Concat.problem(0, x, Shape.of(2, 4)))
        .isEqualTo("Concat: shapes 2×3 and 2×4 differ beside axis 0; make all other axes equal");
    assertThat(Concat.problem(0, x, Shape.of(2))).contains("shapes 2×3 and 2 differ");
    assertThat(Split.problem(x, 1, 2, 2))
        .isEqualTo("Split: parts of together 4 for an axis of 3; give lengths that add up to it");
    assertThat(Split.problem(x, 1, 4, -1)).isEqualTo("Split: part of length -1; use 0 or more");
    assertThat(Split.problem(x, 5, 3)).startsWith("Split: axis 5 of");
    assertThatThrownBy(() -> Split.even(x, 0, 0)).hasMessage("Split: 0 parts; use 1 or more");
    assertThatThrownBy(() -> Split.even(x, 2, 1)).hasMessageStartingWith("Split: axis 2 of");
    assertThatThrownBy(() -> Split.forward(Tensor.zeros(3), 0, 1))
        .hasMessageStartingWith("Split: parts of together 1");
    assertThatThrownBy(() -> Reshape.forward(Tensor.zeros(2, 3), 4, 2))
        .hasMessage("Reshape: 2×3 to (4, 2), 8 elements against 6; give axes whose product is 6");
    assertThatThrownBy(() -> Reshape.forward(Tensor.zeros(2, 3), 4, -1))
        .hasMessage(
            "Reshape: 2×3 to (4, -1), 4 elements without the -1 do not divide 6; give axes whose"
                + " product is 6");
    assertThatThrownBy(() -> Reshape.forward(Tensor.zeros(0), 0, -1))
        .hasMessageContaining("0 elements without the -1 do not divide 0");
    assertThatThrownBy(() -> Reshape.forward(Tensor.zeros(2, 3), -1, -1))
        .hasMessageContaining("(-1, -1), a second -1; give");
    assertThatThrownBy(() -> Reshape.forward(Tensor.zeros(2, 3), -2, 3))
        .hasMessageContaining("(-2, 3), an axis of -2; give");
    assertThatThrownBy(() -> Reshape.resolve(x, new int[] {2, 3, 0}, true))
        .hasMessageContaining("a 0 in place 2 has no axis to copy");
    assertThatThrownBy(() -> Reshape.flattened(x, 3))
        .hasMessage("Flatten: axis 3 of an input of shape 2×3; use -2 to 2");
    assertThat(Transpose.problem(x, 0, 0))
        .isEqualTo("Transpose: order (0, 0) for an input of shape 2×3; name each axis 0 to 1 once");
    assertThat(Transpose.problem(x, 1)).contains("order (1) for");
    assertThat(Transpose.problem(x, 0, 2)).contains("order (0, 2) for");
    assertThat(Transpose.problem(x, -1, 0)).contains("order (-1, 0) for");
    assertThatThrownBy(() -> Transpose.forward(Tensor.zeros(2), 1))
        .hasMessageStartingWith("Transpose: order (1)");
    assertThatThrownBy(() -> Transpose.backward(Tensor.zeros(2), 1))
        .hasMessageStartingWith("Transpose: order (1)");
    assertThat(SliceAxis.problem(x, 0, 0))
        .isEqualTo("SliceAxis: step 0; use 1 or more, or a negative step to run backwards");
    assertThatThrownBy(() -> SliceAxis.forward(Tensor.zeros(2), 1, 0, 1, 1))
        .hasMessageStartingWith("SliceAxis: axis 1 of");
    assertThatThrownBy(() -> SliceAxis.backward(Tensor.zeros(2), Shape.of(3), 0, 0, 3, 1))
        .hasMessage(
            "SliceAxis: gradient of shape 2 for an output of shape 3; give one of that shape");
    assertThat(Gather.problem(x, new int[] {0, 3}, Shape.of(2), 1))
        .isEqualTo("Gather: index 3 at position 1 for an axis of 3; use 0 to 2");
    assertThat(Gather.problem(x, new int[] {-3}, Shape.of(1), 0))
        .isEqualTo("Gather: index -3 at position 0 for an axis of 2; use 0 to 1");
    assertThat(Gather.problem(Shape.of(0), new int[] {0}, Shape.of(1), 0))
        .isEqualTo("Gather: index 0 at position 0 for an axis of 0; give it elements");
    assertThat(Gather.problem(x, new int[] {0}, Shape.of(2), 0))
        .isEqualTo("Gather: 1 indices for an index of shape 2; give 2");
    assertThat(Gather.problem(x, new int[] {0}, Shape.of(1), 2)).startsWith("Gather: axis 2 of");
    assertThatThrownBy(() -> Gather.forward(Tensor.zeros(2), new int[] {2}, Shape.of(1), 0))
        .hasMessageStartingWith("Gather: index 2");
    assertThatThrownBy(
            () -> Gather.backward(Tensor.zeros(2), new int[] {0}, Shape.of(1), Shape.of(2), 0))
        .hasMessage("Gather: gradient of shape 2 for an output of shape 1; give one of that shape");
    assertThatThrownBy(() -> Reduce.SUM.forward(Tensor.zeros(2), false, 1))
        .hasMessage("Reduce: axis 1 of an input of shape 2; use -1 to 0");
    assertThatThrownBy(() -> Reduce.SUM.backward(Tensor.zeros(2), Tensor.zeros(2), false))
        .hasMessage(
            "Reduce: gradient of shape 2 for an output of shape scalar; give one of that shape");
  }
}
