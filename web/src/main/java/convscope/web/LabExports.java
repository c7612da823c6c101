package convscope.web;

import convscope.engine.Engine;
import convscope.lab.LabService;
import convscope.web.simd.KernelSet;
import convscope.web.simd.SimdKernels;
import org.teavm.interop.Export;

/** The module of the training lab. */
public final class LabExports {
  private static final LabService SERVICE =
      new LabService(() -> new Engine(SimdKernels.fastest(KernelSet.training())), Host::now);

  private LabExports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  @Export(name = "call")
  public static void call() {
    Exports.answer(SERVICE);
  }
}
