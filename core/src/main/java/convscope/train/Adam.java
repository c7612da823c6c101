package convscope.train;

import convscope.tensor.Tensor;

/**
 * Adam (Kingma &amp; Ba 2015), with AMSGrad (Reddi, Kale &amp; Kumar 2018) on demand. t counts the
 * steps from 1:
 *
 * <pre>
 *   g ← g + decay · p                       (L2 regularization; {@link AdamW} decays p instead)
 *   m ← β₁ m + (1 − β₁) g      v ← β₂ v + (1 − β₂) g²      u = v, or the largest v so far (AMSGrad)
 *   p ← p − rate · (m/(1 − β₁ᵗ)) / (√u/√(1 − β₂ᵗ) + ε)
 * </pre>
 */
public class Adam implements Optimizer {
  private final Memory memory;
  private final boolean decayParameters;
  private double rate;
  private double beta1 = 0.9;
  private double beta2 = 0.999;
  private double epsilon = 1e-8;
  private double decay;
  private boolean amsGrad;

  public Adam(double learningRate) {
    this("Adam", learningRate, false, 0);
  }

  /** {@code decayParameters} is what AdamW changes: p shrinks by itself, g stays as it is. */
  Adam(String name, double learningRate, boolean decayParameters, double decay) {
    this.memory = new Memory(name, 3);
    this.decayParameters = decayParameters;
    this.decay = decay;
    learningRate(learningRate);
  }

  @Override
  public void learningRate(double value) {
    rate = memory.notNegative("learning rate", value);
  }

  public Adam betas(double first, double second) {
    beta1 = memory.within("beta1", first, 0, 0.999999999);
    beta2 = memory.within("beta2", second, 0, 0.999999999);
    return this;
  }

  public Adam epsilon(double value) {
    epsilon = memory.notNegative("epsilon", value);
    return this;
  }

  public Adam weightDecay(double value) {
    decay = memory.notNegative("weight decay", value);
    return this;
  }

  public Adam amsGrad(boolean on) {
    amsGrad = on;
    return this;
  }

  @Override
  public double[] state(Tensor param) {
    return memory.state(param);
  }

  @Override
  public void restore(Tensor param, double[] state) {
    memory.restore(param, state);
  }

  @Override
  public void step(Tensor param, Tensor grad) {
    Memory.Slot slot = memory.next(param, grad);
    double[] first = slot.series[0]; // m
    double[] second = slot.series[1]; // v
    double[] largest = slot.series[2]; // largest v so far
    double correction1 = 1 - Memory.power(beta1, slot.steps);
    double correction2 = Math.sqrt(1 - Memory.power(beta2, slot.steps));
    for (int i = 0; i < param.size(); i++) {
      double p = param.data()[i];
      double g = grad.data()[i];
      if (decayParameters) {
        p -= rate * decay * p;
      } else {
        g += decay * p;
      }
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      largest[i] = Math.max(largest[i], second[i]);
      double spread = Math.sqrt(amsGrad ? largest[i] : second[i]) / correction2 + epsilon;
      param.data()[i] = (float) (p - rate * (first[i] / correction1) / spread);
    }
  }
}
