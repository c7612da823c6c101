package convscope.engine;

/** A convolution whose weights are packed once and whose tables are laid out, to be run often. */
public interface PreparedConvolution {
  /**
   * Takes the weights, which need not stay where they are.
   *
   * @param weight address of (O, C/groups, kH, kW)
   */
  void pack(int weight);

  /** The output, as {@link Engine#conv2d} gives it. */
  void run(int x, int bias, int y, boolean relu);
}
