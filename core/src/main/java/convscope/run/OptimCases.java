package convscope.run;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.Adam;
import convscope.train.AdamW;
import convscope.train.Optimizer;
import convscope.train.RmsProp;
import convscope.train.Sgd;
import java.util.Map;
import java.util.function.DoubleFunction;

/** Optimizers: P0 (n) and one row of G (steps, n) per step give P (steps, n). */
final class OptimCases {
  private OptimCases() {}

  static void addTo(Map<String, OpRunner.Handler> table) {
    table.put("Optim.SGD", OptimCases::sgd);
    table.put("Optim.Adam", c -> adam(c, Adam::new, 0));
    table.put("Optim.AdamW", c -> adam(c, AdamW::new, 0.01));
    table.put("Optim.RMSprop", OptimCases::rmsProp);
  }

  private static double rate(Case c, double otherwise) {
    return c.exact("lr", otherwise);
  }

  private static void sgd(Case c) {
    c.attributes("lr", "momentum", "dampening", "weight_decay", "nesterov");
    run(
        c,
        new Sgd(rate(c, 0.001))
            .momentum(c.exact("momentum", 0))
            .dampening(c.exact("dampening", 0))
            .weightDecay(c.exact("weight_decay", 0))
            .nesterov(c.flag("nesterov", false)));
  }

  private static void adam(Case c, DoubleFunction<Adam> made, double decay) {
    c.attributes("lr", "beta1", "beta2", "eps", "weight_decay", "amsgrad");
    run(
        c,
        made.apply(rate(c, 0.001))
            .betas(c.exact("beta1", 0.9), c.exact("beta2", 0.999))
            .epsilon(c.exact("eps", 1e-8))
            .weightDecay(c.exact("weight_decay", decay))
            .amsGrad(c.flag("amsgrad", false)));
  }

  private static void rmsProp(Case c) {
    c.attributes("lr", "alpha", "eps", "weight_decay", "momentum", "centered");
    run(
        c,
        new RmsProp(rate(c, 0.01))
            .alpha(c.exact("alpha", 0.99))
            .epsilon(c.exact("eps", 1e-8))
            .weightDecay(c.exact("weight_decay", 0))
            .momentum(c.exact("momentum", 0))
            .centred(c.flag("centered", false)));
  }

  private static void run(Case c, Optimizer optimizer) {
    Tensor param = c.named("P0").copy();
    Tensor gradients = c.named("G");
    if (param.rank() != 1 || gradients.rank() != 2 || gradients.dim(1) != param.dim(0)) {
      throw c.problem(
          "P0 of shape "
              + param.shape()
              + " and G of shape "
              + gradients.shape()
              + "; give (n) and (steps, n)");
    }
    int n = param.size();
    Tensor all = Tensor.zeros(gradients.shape());
    for (int step = 0; step < gradients.dim(0); step++) {
      Tensor grad = Tensor.zeros(Shape.of(n));
      System.arraycopy(gradients.data(), step * n, grad.data(), 0, n);
      optimizer.step(param, grad);
      System.arraycopy(param.data(), 0, all.data(), step * n, n);
    }
    c.output("P", all);
  }
}
