package convscope.op;

import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Channels laid out as blocks of pixels, and back (sub-pixel convolution, Shi et al. 2016). With
 * block b the map (N, C·b², H, W) becomes (N, C, H·b, W·b):
 *
 * <pre>
 *   y[n, c, i·b + u, j·b + v] = x[n, channel(c,u,v), i, j]
 *   channel = (u·b + v)·C + c  (depth first, DCR)   or   c·b² + u·b + v  (column first, CRD, PyTorch)
 * </pre>
 *
 * Each is the inverse, and so the gradient, of the other.
 */
public final class DepthToSpace {
  private DepthToSpace() {}

  /** Why a map of this shape has no blocks of this size to lay out, or null if it has. */
  public static @Nullable String problem(Shape x, int block) {
    String shared = problem("DepthToSpace", x, block);
    if (shared != null) {
      return shared;
    }
    return x.dim(1) % (block * block) == 0
        ? null
        : "DepthToSpace: "
            + x.dim(1)
            + " channels do not make blocks of "
            + block
            + "×"
            + block
            + "; give a multiple of "
            + block * block;
  }

  /** Why a map of this shape does not divide into blocks, or null if it does. */
  public static @Nullable String problemBack(Shape x, int block) {
    String shared = problem("SpaceToDepth", x, block);
    if (shared != null) {
      return shared;
    }
    return x.dim(2) % block == 0 && x.dim(3) % block == 0
        ? null
        : "SpaceToDepth: map "
            + x.dim(2)
            + "×"
            + x.dim(3)
            + " does not divide into blocks of "
            + block
            + "; give multiples of "
            + block;
  }

  private static @Nullable String problem(String operation, Shape x, int block) {
    if (x.rank() != 4) {
      return operation + ": input of shape " + x + "; give (N, C, H, W)";
    }
    return block < 1 ? operation + ": block " + block + " is not positive; use 1 or more" : null;
  }

  /**
   * Channels to space, of shape (N, C, H·b, W·b).
   *
   * @param x (N, C·b², H, W)
   * @param depthFirst DCR order if true, else CRD
   */
  public static Tensor forward(Tensor x, int block, boolean depthFirst) {
    Check.door(problem(x.shape(), block));
    Tensor y =
        Tensor.zeros(x.dim(0), x.dim(1) / (block * block), x.dim(2) * block, x.dim(3) * block);
    int[] sources = sources(y.shape(), block, depthFirst);
    for (int at = 0; at < sources.length; at++) {
      y.data()[at] = x.data()[sources[at]];
    }
    return y;
  }

  /**
   * Space to channels, the inverse and the gradient of {@link #forward}: of shape (N, C·b², H/b,
   * W/b).
   *
   * @param x (N, C, H, W)
   */
  public static Tensor back(Tensor x, int block, boolean depthFirst) {
    Check.door(problemBack(x.shape(), block));
    Tensor y = Tensor.zeros(x.dim(0), x.dim(1) * block * block, x.dim(2) / block, x.dim(3) / block);
    int[] sources = sources(x.shape(), block, depthFirst);
    for (int at = 0; at < sources.length; at++) {
      y.data()[sources[at]] = x.data()[at];
    }
    return y;
  }

  /** For each element of the wide map the flat position in the deep one. */
  private static int[] sources(Shape wide, int block, boolean depthFirst) {
    int channels = wide.dim(1);
    int height = wide.dim(2) / block;
    int width = wide.dim(3) / block;
    int[] sources = new int[wide.size()];
    int next = 0;
    for (int n = 0; n < wide.dim(0); n++) {
      for (int c = 0; c < channels; c++) {
        for (int row = 0; row < wide.dim(2); row++) {
          for (int column = 0; column < wide.dim(3); column++) {
            int tap = row % block * block + column % block;
            int channel = depthFirst ? tap * channels + c : c * block * block + tap;
            sources[next++] =
                ((n * channels * block * block + channel) * height + row / block) * width
                    + column / block;
          }
        }
      }
    }
    return sources;
  }
}
