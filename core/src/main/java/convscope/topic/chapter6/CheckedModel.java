package convscope.topic.chapter6;

import java.util.List;

/** A loss that can be computed with one of its numbers moved, and its gradient by backward. */
interface CheckedModel {
  /** The names of what the loss depends on: weights, bias, input. */
  List<String> parameters();

  /** {@code ∂L/∂θ} of each, as the backward pass has it, row-major. */
  double[][] gradient();

  /** How many columns each is drawn with. */
  int columns(int parameter);

  /** What one number of a parameter is called. */
  String name(int parameter, int element);

  /**
   * The loss with one number moved by {@code step}.
   *
   * @param single whether it is computed in float32, in the place of float64
   */
  double loss(int parameter, int element, double step, boolean single);
}
