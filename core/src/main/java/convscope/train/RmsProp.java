package convscope.train;

import convscope.tensor.Tensor;

/**
 * RMSprop (Tieleman &amp; Hinton 2012), centred (Graves 2013) and with momentum on demand:
 *
 * <pre>
 *   g ← g + decay · p
 *   s ← α s + (1 − α) g²      a ← α a + (1 − α) g      r = s, or s − a² (centred)
 *   u = g/(√r + ε)            buf ← momentum · buf + u, u = buf
 *   p ← p − rate · u
 * </pre>
 */
public final class RmsProp implements Optimizer {
  private final Memory memory = new Memory("RmsProp", 3);
  private double rate;
  private double alpha = 0.99;
  private double epsilon = 1e-8;
  private double momentum;
  private double decay;
  private boolean centred;

  public RmsProp(double learningRate) {
    learningRate(learningRate);
  }

  @Override
  public void learningRate(double value) {
    rate = memory.notNegative("learning rate", value);
  }

  public RmsProp alpha(double value) {
    alpha = memory.within("alpha", value, 0, 1);
    return this;
  }

  public RmsProp epsilon(double value) {
    epsilon = memory.notNegative("epsilon", value);
    return this;
  }

  public RmsProp momentum(double value) {
    momentum = memory.notNegative("momentum", value);
    return this;
  }

  public RmsProp weightDecay(double value) {
    decay = memory.notNegative("weight decay", value);
    return this;
  }

  public RmsProp centred(boolean on) {
    centred = on;
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
    double[] square = slot.series[0]; // s
    double[] average = slot.series[1]; // a
    double[] buffer = slot.series[2];
    for (int i = 0; i < param.size(); i++) {
      double p = param.data()[i];
      double g = grad.data()[i] + decay * p;
      square[i] = alpha * square[i] + (1 - alpha) * g * g;
      average[i] = alpha * average[i] + (1 - alpha) * g;
      double r = centred ? square[i] - average[i] * average[i] : square[i];
      double u = g / (Math.sqrt(r) + epsilon);
      buffer[i] = momentum * buffer[i] + u; // u itself without momentum
      param.data()[i] = (float) (p - rate * buffer[i]);
    }
  }
}
