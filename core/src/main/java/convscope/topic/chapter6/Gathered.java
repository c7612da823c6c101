package convscope.topic.chapter6;

import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.tensor.Tensor;

/**
 * The input's gradient as a convolution: zeros are put between the cells of g and around them, and
 * the flipped kernel slides over that at stride 1.
 *
 * @param top rows of padding whose gradient is computed with the input's
 * @param left columns of it
 * @param stretched g with S − 1 zeros between its cells and D(K−1) or more around, (N, O, …)
 * @param bank the kernels, flipped unless the flip is forgotten, (C, O/groups, kH, kW)
 * @param padded the gradient of the input with its padding, (N, C, H + 2·top, W + 2·left)
 * @param dx the gradient of the input, (N, C, H, W)
 */
record Gathered(int top, int left, Tensor stretched, Tensor bank, Tensor padded, Tensor dx) {

  /** The gradient that arrives with g; zeros as padding need no gradient of theirs. */
  static Gathered of(Layer layer, Tensor g, boolean flip) {
    Conv2d.Spec spec = layer.spec();
    boolean ring = spec.mode() != PaddingMode.ZEROS;
    int top = ring ? spec.padTop() : 0;
    int left = ring ? spec.padLeft() : 0;
    Tensor stretched = stretched(layer, g, top, left);
    Tensor bank = turned(layer, flip);
    Conv2d.Spec slide = spec.stride(1).padding(0).mode(PaddingMode.ZEROS);
    Tensor padded = Conv2d.forward(stretched, bank, null, slide);
    int[] around = {0, 0, top, left};
    Tensor dx = Pad.backward(padded, layer.x().shape(), around, around, spec.mode());
    return new Gathered(top, left, stretched, bank, padded, dx);
  }

  /** g, or another tensor of its shape, with zeros between its cells and around them. */
  static Tensor stretched(Layer layer, Tensor g, int top, int left) {
    Conv2d.Spec spec = layer.spec();
    Conv2d.Spec within = spec.padding(spec.padTop() - top, spec.padLeft() - left);
    Tensor x = layer.x();
    return ConvTranspose2d.stretched(g, within, x.dim(2) + 2 * top, x.dim(3) + 2 * left);
  }

  /** The bank with filters and channels exchanged and, to be right, each kernel turned by half. */
  private static Tensor turned(Layer layer, boolean flip) {
    Tensor w = layer.w();
    int perGroup = w.dim(0) / layer.spec().groups();
    int taps = w.dim(2) * w.dim(3);
    Tensor bank = Tensor.zeros(layer.x().dim(1), perGroup, w.dim(2), w.dim(3));
    for (int o = 0; o < w.dim(0); o++) {
      for (int c = 0; c < w.dim(1); c++) {
        for (int t = 0; t < taps; t++) {
          int to = (layer.channel(o, c) * perGroup + o % perGroup) * taps;
          bank.data()[to + (flip ? taps - 1 - t : t)] = w.data()[(o * w.dim(1) + c) * taps + t];
        }
      }
    }
    return bank;
  }

  @Override
  public String toString() {
    return "Gathered " + dx.shape();
  }
}
