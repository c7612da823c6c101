package convscope.web;

import convscope.engine.Engine;
import convscope.engine.EngineConv2d;
import convscope.figure.FigureService;
import convscope.op.Conv2d;
import convscope.op.FastConv2d;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.web.simd.KernelSet;
import convscope.web.simd.SimdKernels;
import org.jspecify.annotations.Nullable;

/** For topics that time convolutions: the engine, which comes into being with the first of them. */
final class Measuring implements FastConv2d {
  private @Nullable FastConv2d engine;

  private Measuring() {}

  /** The service with the browser's clock and the fastest convolution that the browser has. */
  static FigureService timed(FigureService service) {
    return service.timedBy(Host::now, new Measuring());
  }

  private FastConv2d engine() {
    FastConv2d made = engine;
    if (made == null) {
      made = new EngineConv2d(new Engine(SimdKernels.fastest(KernelSet.convolution())));
      engine = made;
    }
    return made;
  }

  @Override
  public Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2d.Spec spec) {
    return engine().forward(x, weight, bias, spec);
  }

  @Override
  public Tensor inputGradient(Tensor dy, Tensor weight, Shape xShape, Conv2d.Spec spec) {
    return engine().inputGradient(dy, weight, xShape, spec);
  }

  @Override
  public Tensor weightGradient(Tensor dy, Tensor x, Shape weightShape, Conv2d.Spec spec) {
    return engine().weightGradient(dy, x, weightShape, spec);
  }
}
