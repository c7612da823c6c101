package convscope.train;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter 2019): first {@code p ← p − rate ·
 * decay · p}, then the step of {@link Adam} with a gradient that knows nothing of the decay.
 */
public final class AdamW extends Adam {
  /** The decay is PyTorch's default, 0.01, until set. */
  public AdamW(double learningRate) {
    super("AdamW", learningRate, true, 0.01);
  }
}
