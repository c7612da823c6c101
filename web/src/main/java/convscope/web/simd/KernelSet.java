package convscope.web.simd;

/** Which kernels are written: figures convolve only, and their modules hold no more. */
public abstract class KernelSet {
  private KernelSet() {}

  /** Convolution and products. */
  public static KernelSet convolution() {
    return new KernelSet() {
      @Override
      void addTo(KernelModule module) {}
    };
  }

  /** And what lies between layers. */
  public static KernelSet training() {
    return new KernelSet() {
      @Override
      void addTo(KernelModule module) {
        TrainingKernels.addTo(module);
      }
    };
  }

  /** And what whole networks have beside. */
  public static KernelSet networks() {
    return new KernelSet() {
      @Override
      void addTo(KernelModule module) {
        TrainingKernels.addTo(module);
        NetworkKernels.addTo(module);
      }
    };
  }

  abstract void addTo(KernelModule module);
}
