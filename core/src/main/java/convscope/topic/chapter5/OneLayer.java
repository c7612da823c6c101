package convscope.topic.chapter5;

import convscope.data.Picture;
import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * One convolution, and what of its input each output really depends on: found by changing the
 * input, never from the formula.
 *
 * @param spec in one dimension a kernel of height 1
 * @param input (1, 1, H, W)
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW)
 * @param nudged for every input cell in scan order the output when that cell is 1 larger: (H·W, 1,
 *     outH, outW); null for an image, which has too many cells
 * @param picture where the input came from, or null
 */
record OneLayer(
    Values values,
    Conv2d.Spec spec,
    Tensor input,
    Tensor kernel,
    Tensor output,
    @Nullable Tensor nudged,
    @Nullable Picture picture) {

  static OneLayer of(
      Values values, Conv2d.Spec spec, Tensor input, Tensor kernel, @Nullable Picture picture) {
    Tensor output = Conv2d.forward(input, kernel, null, spec);
    if (picture != null) {
      return new OneLayer(values, spec, input, kernel, output, null, picture);
    }
    int cells = input.size();
    Tensor copies = Tensor.zeros(cells, 1, input.dim(2), input.dim(3));
    for (int p = 0; p < cells; p++) {
      System.arraycopy(input.data(), 0, copies.data(), p * cells, cells);
      copies.data()[p * cells + p] += 1;
    }
    Tensor nudged = Conv2d.forward(copies, kernel, null, spec);
    return new OneLayer(values, spec, input, kernel, output, nudged, null);
  }

  boolean flat() {
    return values.choice("view").equals("1d");
  }

  int height() {
    return input.dim(2);
  }

  int width() {
    return input.dim(3);
  }

  int outHeight() {
    return output.dim(2);
  }

  int outWidth() {
    return output.dim(3);
  }

  int kernelSize() {
    return spec.kernelWidth();
  }

  int dilation() {
    return spec.dilationW();
  }

  int stride() {
    return spec.strideW();
  }

  int padding() {
    return spec.padLeft();
  }

  /** {@code r = D(K − 1) + 1}. */
  int field() {
    return dilation() * (kernelSize() - 1) + 1;
  }

  /** Rows of the field: 1 in one dimension. */
  int fieldRows() {
    return flat() ? 1 : field();
  }

  /** The row at which the field of output row i begins; negative in the padding. */
  int startRow(int i) {
    return i * spec.strideH() - spec.padTop();
  }

  int startColumn(int j) {
    return j * spec.strideW() - spec.padLeft();
  }

  float out(int i, int j) {
    return output.data()[i * outWidth() + j];
  }

  /** How much the output (i, j) changes when an input cell is 1 larger; not for images. */
  float change(int i, int j, int row, int column) {
    Tensor after = nudged;
    if (after == null) {
      throw new IllegalStateException("OneLayer: no cell of an image is changed alone");
    }
    int cell = row * width() + column;
    return after.data()[cell * output.size() + i * outWidth() + j] - out(i, j);
  }

  /** {@code ∂y[i, j]/∂x} by backpropagation; (1, 1, H, W). */
  Tensor gradient(int i, int j) {
    Tensor dy = Tensor.zeros(output.shape());
    dy.set(1, 0, 0, i, j);
    return Conv2d.inputGradient(dy, kernel, input.shape(), spec);
  }

  /**
   * The layer on another input: the cells that (i, j) reads, or all others, replaced by bright
   * noise.
   */
  OneLayer replaced(int i, int j, boolean read) {
    Tensor gradient = gradient(i, j);
    Tensor changed = input.copy();
    Rng noise = new Rng(11);
    for (int p = 0; p < changed.size(); p++) {
      float other = 200 + noise.nextInt(56);
      if ((gradient.data()[p] != 0) == read) {
        changed.data()[p] = other;
      }
    }
    return of(values, spec, changed, kernel, picture);
  }

  /** What the tests of all input cells found for one output. */
  Measured measured(int i, int j) {
    Tensor gradient = gradient(i, j);
    Measured found = new Measured();
    for (int row = 0; row < height(); row++) {
      for (int column = 0; column < width(); column++) {
        float slope = gradient.data()[row * width() + column];
        boolean moves = slope != 0;
        if (nudged != null) {
          float change = change(i, j, row, column);
          moves = change != 0;
          found.difference = Math.max(found.difference, Math.abs(change - slope));
        }
        boolean inField = inside(startRow(i), row, fieldRows(), startColumn(j), column, field());
        if (inField) {
          found.inField++;
        }
        if (moves) {
          found.moving++;
          found.outside += inField ? 0 : 1;
          found.first = Math.min(found.first, column);
          found.last = Math.max(found.last, column);
        }
      }
    }
    return found;
  }

  private static boolean inside(int top, int row, int high, int left, int column, int wide) {
    return row >= top && row < top + high && column >= left && column < left + wide;
  }

  /** Counts over all input cells, for one output. */
  static final class Measured {
    private int moving; // cells that move the output
    private int outside; // of them, those outside the theoretical field
    private int inField; // cells of the input in the theoretical field
    private int first = Integer.MAX_VALUE; // columns
    private int last = -1;
    private float difference;

    int moving() {
      return moving;
    }

    int outside() {
      return outside;
    }

    int inField() {
      return inField;
    }

    /** Columns from the first that moves the output to the last. */
    int span() {
      return last < 0 ? 0 : last - first + 1;
    }

    /** The largest difference between what a change does and what the gradient says. */
    float difference() {
      return difference;
    }
  }

  // ---- mistakes

  /** The field that the chosen mistake claims, or 0 without one. */
  int claimed() {
    return switch (values.choice("mistake")) {
      case "stride" -> dilation() * (kernelSize() - 1) * stride() + 1;
      case "padding" -> field() + 2 * padding();
      case "dilation" -> dilation() * kernelSize();
      default -> 0;
    };
  }

  /** Where the claimed field begins, centred on the true one as far as whole cells allow. */
  static int claimedStart(int start, int field, int claimed) {
    return start - Math.floorDiv(claimed - field, 2);
  }

  /** Whether the claimed field of the output (i, j) counts an input cell in. */
  boolean claims(int i, int j, int row, int column) {
    int claimed = claimed();
    int top = flat() ? 0 : claimedStart(startRow(i), field(), claimed);
    int left = claimedStart(startColumn(j), field(), claimed);
    return inside(top, row, flat() ? 1 : claimed, left, column, claimed);
  }

  /** Input cells that the claim counts in and that move the output, and those that do not. */
  int[] claimedCells(int i, int j) {
    Tensor gradient = gradient(i, j);
    int[] counts = new int[2];
    for (int p = 0; p < input.size(); p++) {
      if (claims(i, j, p / width(), p % width())) {
        counts[gradient.data()[p] != 0 ? 0 : 1]++;
      }
    }
    return counts;
  }
}
