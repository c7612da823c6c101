package convscope.topic.chapter5;

import convscope.op.Conv2d;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.ImageInput;
import org.jspecify.annotations.Nullable;

/**
 * One convolution, and what of its input each output really depends on: found by changing the
 * input, never from the formula.
 *
 * @param flat whether it is seen in one dimension: a kernel of height 1
 * @param mistake the slip whose field is claimed, or {@code none}
 * @param kernel (1, 1, kH, kW)
 * @param output (1, 1, outH, outW)
 * @param nudged for every input cell in scan order the output when that cell is 1 larger: (H·W, 1,
 *     outH, outW); null for an image, which has too many cells
 */
record OneLayer(
    boolean flat,
    String mistake,
    Conv2d.Spec spec,
    ImageInput input,
    Tensor kernel,
    Tensor output,
    @Nullable Tensor nudged) {

  static OneLayer of(
      boolean flat, String mistake, Conv2d.Spec spec, ImageInput input, Tensor kernel) {
    Tensor x = input.x();
    int cells = input.picture() == null ? x.size() : 0; // to be changed
    Tensor copies = Tensor.zeros(Math.max(1, cells), 1, x.dim(2), x.dim(3));
    for (int p = 0; p < cells; p++) {
      System.arraycopy(x.data(), 0, copies.data(), p * cells, cells);
      copies.data()[p * cells + p] += 1;
    }
    Tensor nudged = cells == 0 ? null : Conv2d.forward(copies, kernel, null, spec);
    Tensor output = Conv2d.forward(x, kernel, null, spec);
    return new OneLayer(flat, mistake, spec, input, kernel, output, nudged);
  }

  int cells() {
    return input.x().size();
  }

  /** {@code r = D(K − 1) + 1}. */
  int field() {
    return spec.horizontal().span();
  }

  float out(int i, int j) {
    return output.data()[i * output.dim(3) + j];
  }

  /** How much the output (i, j) changes when input cell p is 1 larger; not for images. */
  float change(int i, int j, int p) {
    Tensor after = nudged;
    if (after == null) {
      throw new IllegalStateException("OneLayer: no cell of an image is changed alone");
    }
    return after.data()[p * output.size() + i * output.dim(3) + j] - out(i, j);
  }

  /** {@code ∂y[i, j]/∂x} by backpropagation; (1, 1, H, W). */
  Tensor gradient(int i, int j) {
    Tensor dy = Tensor.zeros(output.shape());
    dy.set(1, 0, 0, i, j);
    return Conv2d.inputGradient(dy, kernel, input.x().shape(), spec);
  }

  /**
   * The layer on another input: the cells that (i, j) reads, or all others, replaced by bright
   * noise.
   */
  OneLayer replaced(int i, int j, boolean read) {
    Tensor gradient = gradient(i, j);
    Tensor changed = input.x().copy();
    Rng noise = new Rng(11);
    for (int p = 0; p < changed.size(); p++) {
      float other = 200 + noise.nextInt(56);
      if ((gradient.data()[p] != 0) == read) {
        changed.data()[p] = other;
      }
    }
    return of(flat, mistake, spec, input.with(changed), kernel);
  }

  /**
   * What the tests of all input cells found for one output.
   *
   * @param moving cells that move the output
   * @param outside of them, those outside the theoretical field
   * @param inField cells of the input in the theoretical field
   * @param span columns from the first that moves the output to the last
   */
  record Measured(int moving, int outside, int inField, int span) {}

  Measured measured(int i, int j) {
    Tensor gradient = gradient(i, j);
    int moving = 0;
    int outside = 0;
    int inField = 0;
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int p = 0; p < cells(); p++) {
      float change = nudged == null ? gradient.data()[p] : change(i, j, p);
      boolean inside =
          inside(
              spec.vertical().start(i),
              spec.horizontal().start(j),
              spec.vertical().span(),
              field(),
              p);
      inField += inside ? 1 : 0;
      if (change != 0) {
        moving++;
        outside += inside ? 0 : 1;
        first = Math.min(first, p % input.width());
        last = Math.max(last, p % input.width());
      }
    }
    return new Measured(moving, outside, inField, last < 0 ? 0 : last - first + 1);
  }

  private boolean inside(int top, int left, int high, int wide, int p) {
    int row = p / input.width();
    int column = p % input.width();
    return row >= top && row < top + high && column >= left && column < left + wide;
  }

  // ---- mistakes

  /** The field that the mistake claims, or 0 without one. */
  int claimed() {
    int reach = field() - 1;
    return switch (mistake) {
      case "stride" -> reach * spec.strideW() + 1;
      case "padding" -> field() + 2 * spec.padLeft();
      case "dilation" -> spec.dilationW() * spec.kernelWidth();
      default -> 0;
    };
  }

  /** Where the claimed field begins, centred on the true one as far as whole cells allow. */
  int claimedStart(int start) {
    return start - Math.floorDiv(claimed() - field(), 2);
  }

  /** Whether the claimed field of the output (i, j) counts input cell p in. */
  boolean claims(int i, int j, int p) {
    int top = flat ? 0 : claimedStart(spec.vertical().start(i));
    int left = claimedStart(spec.horizontal().start(j));
    return inside(top, left, flat ? 1 : claimed(), claimed(), p);
  }

  /** How many input cells the claim counts in though they do not move the output. */
  int claimedInVain(int i, int j) {
    Tensor gradient = gradient(i, j);
    int count = 0;
    for (int p = 0; p < cells(); p++) {
      count += claims(i, j, p) && gradient.data()[p] == 0 ? 1 : 0;
    }
    return count;
  }
}
