package convscope.train;

import convscope.tensor.Tensor;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019): first {@code p ← p − rate ·
 * decay · p}, then the step of {@link Adam} with a gradient that knows nothing of the decay.
 */
public final class AdamW implements Optimizer {
  private final Adam adam;

  /** The decay is PyTorch's default, 0.01, until set. */
  public AdamW(double learningRate) {
    adam = new Adam("AdamW", learningRate, true, 0.01);
  }

  @Override
  public void learningRate(double value) {
    adam.learningRate(value);
  }

  public AdamW betas(double first, double second) {
    adam.betas(first, second);
    return this;
  }

  public AdamW epsilon(double value) {
    adam.epsilon(value);
    return this;
  }

  public AdamW weightDecay(double value) {
    adam.weightDecay(value);
    return this;
  }

  public AdamW amsGrad(boolean on) {
    adam.amsGrad(on);
    return this;
  }

  @Override
  public void step(Tensor param, Tensor grad) {
    adam.step(param, grad);
  }
}
