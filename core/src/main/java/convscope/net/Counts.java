package convscope.net;

/**
 * The same arithmetic under the conventions of papers and tools. A multiply–accumulate (MAC) is one
 * product and its addition to a sum; for a convolution
 *
 * <pre>
 *   MACs = N · C_out · H_out · W_out · (C_in/g) · K_h · K_w
 * </pre>
 *
 * with the products over padding included, as every tool here counts them.
 */
public final class Counts {
  /** A way to count, with its source. */
  public enum Convention {
    /** Multiply–accumulates, the papers' “Mult-Adds” (MobileNet, Howard et al. 2017). */
    MACS,
    /** A multiplication and an addition for each MAC. */
    FLOPS,
    /** The same, and an addition for each bias. */
    FLOPS_AND_BIAS,
    /** torchinfo, layer_info.py: every parameter, the bias too, once for each output place. */
    TORCHINFO,
    /** fvcore, jit_handles.py, conv_flop_count: a MAC is “one flop”, no bias. */
    FVCORE,
    /** PyTorch, torch/utils/flop_counter.py, conv_flop_count: two for each MAC, no bias. */
    PYTORCH,
    /**
     * What a run has to do: a sum of n products takes n − 1 additions, and one more for a bias; a
     * sum of none takes no addition.
     */
    EXACT;

    /**
     * The count of one layer whose outputs are all sums of equally many products.
     *
     * @param macs its multiply–accumulates
     * @param outputs elements of its output
     * @param bias whether a bias is added to each of them
     */
    public long count(long macs, long outputs, boolean bias) {
      long biases = bias ? outputs : 0;
      return switch (this) {
        case MACS, FVCORE -> macs;
        case FLOPS, PYTORCH -> 2 * macs;
        case FLOPS_AND_BIAS -> 2 * macs + biases;
        case TORCHINFO -> macs + biases;
        case EXACT -> macs == 0 ? 0 : 2 * macs - outputs + biases;
      };
    }
  }

  private Counts() {}
}
