package convscope.diagnose;

import convscope.tensor.Tensor;

/**
 * Images and their classes.
 *
 * @param x (N, C, H, W)
 * @param labels N classes, from 0
 */
public record Batch(Tensor x, int[] labels) {
  public int size() {
    return labels.length;
  }

  /** A part of it, in the same order. */
  public Batch slice(int from, int to) {
    int image = x.size() / x.dim(0);
    float[] cells = new float[(to - from) * image];
    int[] classes = new int[to - from];
    System.arraycopy(x.data(), from * image, cells, 0, cells.length);
    System.arraycopy(labels, from, classes, 0, classes.length);
    return new Batch(Tensor.of(cells, x.shape().with(0, to - from)), classes);
  }
}
