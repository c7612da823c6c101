package convscope.net;

import convscope.autodiff.Var;
import convscope.op.DepthToSpace;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * (N, C·b², H, W) to (N, C, H·b, W·b), or back.
 *
 * @param block b
 * @param back whether it takes blocks of pixels apart instead
 */
public record PixelShuffle(int block, boolean back) implements Layer {
  @Override
  public String name() {
    return back ? "PixelUnshuffle" : "PixelShuffle";
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem != null) {
      return problem;
    }
    return back ? DepthToSpace.problemBack(x, block) : DepthToSpace.problem(x, block);
  }

  @Override
  public Shape output(Shape x) {
    int area = block * block;
    return back
        ? Shape.of(x.dim(0), x.dim(1) * area, x.dim(2) / block, x.dim(3) / block)
        : Shape.of(x.dim(0), x.dim(1) / area, x.dim(2) * block, x.dim(3) * block);
  }

  @Override
  public ReceptiveField field(ReceptiveField before, boolean height) {
    Window blocks = Window.of(block).stride(block);
    return back ? before.window(blocks) : before.transposed(blocks);
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    return back ? x.spaceToDepth(block, false) : x.depthToSpace(block, false);
  }
}
