package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.op.Conv2d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class Im2colTest {
  @Test
  void rowsAreTapsAndColumnsAreWindowsInReadingOrder() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    Tensor cols = Im2col.forward(x, Spec.of(2, 2));
    assertThat(cols.shape()).isEqualTo(Shape.of(1, 4, 4));
    assertThat(cols.data()).containsExactly(1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9);
  }

  @Test
  void col2imOfIm2colCountsTheWindowsThatReadEachCell() {
    Tensor ones = Tensor.full(1, 1, 1, 3, 3);
    Tensor counts = Im2col.col2im(Im2col.forward(ones, Spec.of(2, 2)), ones.shape(), Spec.of(2, 2));
    assertThat(counts.data()).containsExactly(1, 2, 1, 2, 4, 2, 1, 2, 1);
  }

  @Test
  void everyCellIsTheOneTheFormulaNamesAndCol2imIsTheAdjoint() {
    Rng rng = new Rng(6);
    int checked = 0;
    for (PaddingMode mode : PaddingMode.values()) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            Spec spec =
                Spec.of(kernel, 2)
                    .stride(stride, 1)
                    .dilation(dilation, 2)
                    .padding(2, 1, 1, 3)
                    .mode(mode);
            Tensor x = rng.gaussian(1, 2, 2, 4, 5);
            if (Im2col.problem(4, 5, spec) != null) {
              continue;
            }
            Tensor cols = Im2col.forward(x, spec);
            int outW = spec.outputWidth(5);
            int taps = kernel * 2;
            for (int at = 0; at < cols.size(); at++) {
              int position = at % cols.dim(2);
              int row = at / cols.dim(2) % cols.dim(1);
              int p = position / outW * stride + row % taps / 2 * dilation - 2;
              int q = position % outW + row % 2 * 2 - 1;
              int fromRow = mode.source(p, 4);
              int fromColumn = mode.source(q, 5);
              float want =
                  fromRow < 0 || fromColumn < 0
                      ? 0
                      : x.at(at / cols.dim(2) / cols.dim(1), row / taps, fromRow, fromColumn);
              assertThat(cols.data()[at]).isEqualTo(want);
              checked++;
            }
            Adjoint.check(
                t -> Im2col.forward(t, spec),
                dy -> Im2col.backward(dy, x.shape(), spec),
                x.shape());
            Adjoint.check(
                t -> Im2col.col2im(t, Shape.of(1, 1, 4, 5), spec),
                dy -> Im2col.col2imBackward(dy, spec),
                Shape.of(1, taps, cols.dim(2)));
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(20_000);
  }

  @Test
  void errorsNameOperationValuesAndRemedy() {
    assertThatThrownBy(() -> Im2col.forward(Tensor.zeros(1, 1, 4, 4), Spec.of(3, 3).dilation(2)))
        .hasMessage(
            "Im2col: kernel 3 (dilation 2) exceeds padded input 4; raise padding to 1 or use kernel"
                + " ≤ 2");
    assertThatThrownBy(() -> Im2col.forward(Tensor.zeros(4, 4), Spec.of(1, 1)))
        .hasMessage("Im2col: input of shape 4×4; give (N, C, H, W)");
    assertThatThrownBy(() -> Im2col.backward(Tensor.zeros(7), Shape.of(1, 1, 3, 3), Spec.of(2, 2)))
        .hasMessage(
            "Im2col: gradient of shape 7 for an output of shape 1×4×4; give one of that shape");
    assertThatThrownBy(() -> Im2col.col2imBackward(Tensor.zeros(7), Spec.of(2, 2)))
        .hasMessage("Col2im: gradient of shape 7; give (N, C, H, W)");
    assertThat(Im2col.problem(Shape.of(1, 4, 5), Shape.of(1, 1, 3, 3), Spec.of(2, 2)))
        .isEqualTo("Col2im: columns of shape 1×4×5 for an image of shape 1×1×3×3; give 1×4×4");
    assertThat(Im2col.problem(Shape.of(1, 4, 5), Shape.of(3, 3), Spec.of(2, 2)))
        .isEqualTo("Col2im: image of shape 3×3; give (N, C, H, W)");
    assertThat(Im2col.problem(Shape.of(1, 4, 5), Shape.of(1, 1, 1, 3), Spec.of(2, 2)))
        .startsWith("Col2im: kernel 2 (dilation 1) exceeds padded input 1");
  }
}
