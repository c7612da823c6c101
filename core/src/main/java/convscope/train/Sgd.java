package convscope.train;

import convscope.tensor.Tensor;

/**
 * Stochastic gradient descent with momentum, as PyTorch defines it (Sutskever et al. 2013 up to the
 * place of the learning rate):
 *
 * <pre>
 *   g ← g + decay · p
 *   buf ← g at the first step, else momentum · buf + (1 − dampening) · g
 *   g ← buf, or g + momentum · buf (Nesterov)
 *   p ← p − rate · g
 * </pre>
 */
public final class Sgd implements Optimizer {
  private final Memory memory = new Memory("Sgd", 1);
  private double rate;
  private double momentum;
  private double dampening;
  private double decay;
  private boolean nesterov;

  public Sgd(double learningRate) {
    learningRate(learningRate);
  }

  @Override
  public void learningRate(double value) {
    rate = memory.notNegative("learning rate", value);
  }

  public Sgd momentum(double value) {
    momentum = memory.notNegative("momentum", value);
    return this;
  }

  public Sgd dampening(double value) {
    dampening = memory.within("dampening", value, 0, 1);
    return this;
  }

  public Sgd weightDecay(double value) {
    decay = memory.notNegative("weight decay", value);
    return this;
  }

  public Sgd nesterov(boolean on) {
    nesterov = on;
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
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "Sgd: Nesterov needs momentum and no dampening; set momentum above 0 and dampening to 0");
    }
    Memory.Slot slot = memory.next(param, grad);
    double[] buffer = slot.series[0];
    for (int i = 0; i < param.size(); i++) {
      double p = param.data()[i];
      double g = grad.data()[i] + decay * p;
      if (momentum != 0) {
        buffer[i] = slot.steps == 1 ? g : momentum * buffer[i] + (1 - dampening) * g;
        g = nesterov ? g + momentum * buffer[i] : buffer[i];
      }
      param.data()[i] = (float) (p - rate * g);
    }
  }
}
