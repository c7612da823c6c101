package convscope.train;

import convscope.tensor.Tensor;

/**
 * Changes parameters against their gradients. One optimizer serves all parameters of a model: what
 * it remembers (momentum, step count) it keeps per tensor, so a parameter must stay the same object
 * from step to step.
 */
public interface Optimizer {
  /**
   * One step: writes the new values into {@code param}.
   *
   * @param param any shape
   * @param grad {@code ∂L/∂param}, of the same shape; not changed
   */
  void step(Tensor param, Tensor grad);

  /** What it remembers of a parameter, to go on from later. */
  double[] state(Tensor param);

  /** Goes on from what {@link #state} gave of a parameter of this size. */
  void restore(Tensor param, double[] state);

  /** Sets the learning rate of the steps to come, for schedules; 0 or more. */
  void learningRate(double rate);
}
