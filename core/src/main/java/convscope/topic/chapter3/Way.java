package convscope.topic.chapter3;

import convscope.net.Counts.Convention;

/** The choices of “count like”, each with the reason why its number is what it is. */
enum Way {
  MACS(
      "macs",
      "MACs",
      Convention.MACS,
      "One multiply–accumulate is one product and its addition, a single instruction on most chips."
          + " Papers call it Mult-Adds, and often FLOPs."),
  FVCORE(
      "fvcore",
      "fvcore",
      Convention.FVCORE,
      "fvcore calls a MAC one flop: it counts multiplications only and ignores additions and the"
          + " bias (jit_handles.py)."),
  TORCHINFO(
      "torchinfo",
      "torchinfo",
      Convention.TORCHINFO,
      "torchinfo multiplies all parameters, the bias included, by the places of the output: one"
          + " mult-add more for each biased output (layer_info.py)."),
  FLOPS(
      "flops",
      "2 · MACs",
      Convention.FLOPS,
      "A multiplication and an addition for each MAC, as the makers of processors count."),
  PYTORCH(
      "pytorch",
      "PyTorch’s counter",
      Convention.PYTORCH,
      "torch.utils.flop_counter takes two for each MAC and leaves the bias out."),
  BIAS(
      "bias",
      "2 · MACs + bias",
      Convention.FLOPS_AND_BIAS,
      "One more addition for each output that gets a bias."),
  EXACT(
      "exact",
      "operations needed",
      Convention.EXACT,
      "A sum of n products takes n − 1 additions, and a bias one more: with a bias this is exactly"
          + " 2 · MACs, without one it is an addition less for each output.");

  final String value;
  final String label;
  final String reason;
  private final Convention convention;

  Way(String value, String label, Convention convention, String reason) {
    this.value = value;
    this.label = label;
    this.convention = convention;
    this.reason = reason;
  }

  long count(Work work) {
    return convention.count(work.macs(), work.outputs(), work.bias());
  }

  static Way of(String value) {
    for (Way way : values()) {
      if (way.value.equals(value)) {
        return way;
      }
    }
    throw new IllegalArgumentException("count: no way “" + value + "”");
  }
}
