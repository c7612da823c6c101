package convscope.net;

import convscope.autodiff.Var;
import convscope.op.Resize;
import convscope.op.Window;
import convscope.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resizing by a factor or to a size, nearest or bilinear.
 *
 * @param outHeight rows of the output, or 0 where the scales decide
 * @param outWidth columns of the output, or 0 where the scales decide
 * @param corners whether bilinear resizing lines the corners up
 */
public record Upsample(
    double scaleHeight,
    double scaleWidth,
    int outHeight,
    int outWidth,
    boolean linear,
    boolean corners)
    implements Layer {
  @Override
  public String name() {
    return "Upsample";
  }

  @Override
  public @Nullable String problem(Shape x) {
    String problem = Layers.notImages(name(), x);
    if (problem != null) {
      return problem;
    }
    Shape y = output(x);
    return x.size() > 0 && y.dim(2) > 0 && y.dim(3) > 0
        ? null
        : "Upsample: an input of shape " + x + " becomes " + y + "; use a larger factor";
  }

  @Override
  public Shape output(Shape x) {
    int rows = outHeight > 0 ? outHeight : (int) Math.floor(x.dim(2) * scaleHeight);
    int columns = outWidth > 0 ? outWidth : (int) Math.floor(x.dim(3) * scaleWidth);
    return x.with(2, rows).with(3, columns);
  }

  /** Exact for the nearest neighbour and whole factors; else at most the whole map. */
  @Override
  public @Nullable ReceptiveField field(ReceptiveField before, boolean height) {
    int factor = (int) (height ? scaleHeight : scaleWidth);
    boolean whole = factor > 0 && factor == (height ? scaleHeight : scaleWidth);
    return linear || !whole ? null : before.transposed(Window.of(factor).stride(factor));
  }

  @Override
  public Var run(Var x, List<Var> parameters) {
    Shape y = output(x.shape());
    Var rows = x.resize(2, axis(x.shape().dim(2), y.dim(2), scaleHeight));
    return rows.resize(3, axis(x.shape().dim(3), y.dim(3), scaleWidth));
  }

  private Resize.Axis axis(int in, int out, double scale) {
    double ratio = scale > 0 ? scale : (double) out / in;
    if (!linear) {
      return Resize.Axis.nearest(
          in, out, ratio, Resize.Coordinates.ASYMMETRIC, Resize.Nearest.FLOOR);
    }
    return Resize.Axis.linear(
        in,
        out,
        corners ? (double) out / in : ratio,
        corners ? Resize.Coordinates.ALIGN_CORNERS : Resize.Coordinates.HALF_PIXEL,
        false);
  }

  @Override
  public String toString() {
    return name();
  }
}
