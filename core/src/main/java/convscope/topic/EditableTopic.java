package convscope.topic;

import convscope.param.NumberGrid;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A topic whose input can be typed into, and its kernel where it has one. Its parameters and the
 * keys of its cells are those of {@link Editing}; its input may be a picture.
 */
public interface EditableTopic<R extends EditableTopic.Shown> extends Topic<R> {
  /** A result whose numbers can be typed into. */
  interface Shown {
    ImageInput input();

    /** The input, or null if its cells are not the reader's to change. */
    default @Nullable NumberGrid inputGrid() {
      return input().grid();
    }

    /** The kernel, or null if its cells are not the reader's to change. */
    default @Nullable NumberGrid kernelGrid() {
      return null;
    }
  }

  /** A result whose kernel can be typed into as well. */
  interface Convolved extends Shown {
    /** (1, 1, kH, kW). */
    Tensor kernel();

    @Override
    default NumberGrid kernelGrid() {
      return Kernels.grid(kernel());
    }
  }

  @Override
  default Values change(Values values, @Nullable R result, String key, String text) {
    return result == null
        ? Editing.change(values, null, null, key, text)
        : Editing.change(values, result.inputGrid(), result.kernelGrid(), key, text);
  }

  @Override
  default @Nullable Problem checkCell(String key, String text) {
    return Editing.problem(schema(), key, text);
  }
}
