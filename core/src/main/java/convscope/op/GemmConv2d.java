package convscope.op;

import convscope.linalg.Gemm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * {@link Conv2d} as matrix products over im2col columns, per image and group: the fast version.
 *
 * <pre>
 *   Y = W · cols      (O × C·kH·kW) · (C·kH·kW × outH·outW)
 *   ∂L/∂W = ∂L/∂Y · colsᵀ,   ∂L/∂cols = Wᵀ · ∂L/∂Y,   ∂L/∂x = col2im(∂L/∂cols)
 * </pre>
 *
 * Same operands and same errors as the direct version; sums run in float32, so results differ from
 * it by rounding. A 1×1 kernel with stride 1 and no padding needs no columns.
 */
public final class GemmConv2d implements FastConv2d {
  private final Gemm gemm;
  private float[] cols = new float[0]; // kept between calls

  public GemmConv2d(Gemm gemm) {
    this.gemm = gemm;
  }

  /** The sizes that the products need. */
  private static final class Plan {
    final int channels;
    final int height;
    final int width;
    final int outChannels;
    final int groupChannels;
    final int groupOutputs;
    final int depth; // C·kH·kW of one group
    final int area; // outH·outW
    final Taps rows;
    final Taps columns;
    final boolean pointwise;

    Plan(Shape x, Shape weight, Conv2d.Spec spec) {
      channels = x.dim(1);
      height = x.dim(2);
      width = x.dim(3);
      outChannels = weight.dim(0);
      groupChannels = weight.dim(1);
      groupOutputs = outChannels / spec.groups();
      depth = groupChannels * weight.dim(2) * weight.dim(3);
      rows = spec.rows(height);
      columns = spec.columns(width);
      area = rows.out * columns.out;
      pointwise =
          weight.dim(2) == 1
              && weight.dim(3) == 1
              && spec.strideH() == 1
              && spec.strideW() == 1
              && area == height * width;
    }

    Shape output(int images) {
      return Shape.of(images, outChannels, rows.out, columns.out);
    }
  }

  private float[] cols(Plan plan) {
    if (cols.length < plan.depth * plan.area) {
      cols = new float[plan.depth * plan.area];
    }
    return cols;
  }

  /** The columns of one image and group, and where they start in the array returned. */
  private float[] read(float[] x, int firstPlane, Plan plan, Conv2d.Spec spec) {
    if (plan.pointwise) {
      return x;
    }
    float[] out = cols(plan);
    Im2col.fill(
        x,
        firstPlane,
        plan.groupChannels,
        plan.height,
        plan.width,
        spec,
        plan.rows,
        plan.columns,
        out,
        0);
    return out;
  }

  @Override
  public Tensor forward(Tensor x, Tensor weight, @Nullable Tensor bias, Conv2d.Spec spec) {
    Check.door(Conv2d.problem(x.shape(), weight.shape(), bias == null ? null : bias.shape(), spec));
    Plan plan = new Plan(x.shape(), weight.shape(), spec);
    Tensor y = Tensor.zeros(plan.output(x.dim(0)));
    for (int n = 0; n < x.dim(0); n++) {
      for (int group = 0; group < spec.groups(); group++) {
        int firstPlane = n * plan.channels + group * plan.groupChannels;
        int firstOutput = n * plan.outChannels + group * plan.groupOutputs;
        float[] columns = read(x.data(), firstPlane, plan, spec);
        for (int o = 0; bias != null && o < plan.groupOutputs; o++) {
          float b = bias.data()[group * plan.groupOutputs + o];
          int start = (firstOutput + o) * plan.area;
          for (int at = start; at < start + plan.area; at++) {
            y.data()[at] = b;
          }
        }
        gemm.multiply(
            false,
            false,
            plan.groupOutputs,
            plan.area,
            plan.depth,
            weight.data(),
            group * plan.groupOutputs * plan.depth,
            columns,
            plan.pointwise ? firstPlane * plan.area : 0,
            y.data(),
            firstOutput * plan.area,
            true);
      }
    }
    return y;
  }

  @Override
  public Tensor weightGradient(Tensor dy, Tensor x, Shape weightShape, Conv2d.Spec spec) {
    Check.door(Conv2d.problem(x.shape(), weightShape, null, spec));
    Plan plan = new Plan(x.shape(), weightShape, spec);
    Check.gradient("Conv2d", dy, plan.output(x.dim(0)));
    Tensor dWeight = Tensor.zeros(weightShape);
    for (int n = 0; n < x.dim(0); n++) {
      for (int group = 0; group < spec.groups(); group++) {
        int firstPlane = n * plan.channels + group * plan.groupChannels;
        float[] columns = read(x.data(), firstPlane, plan, spec);
        gemm.multiply(
            false,
            true,
            plan.groupOutputs,
            plan.depth,
            plan.area,
            dy.data(),
            (n * plan.outChannels + group * plan.groupOutputs) * plan.area,
            columns,
            plan.pointwise ? firstPlane * plan.area : 0,
            dWeight.data(),
            group * plan.groupOutputs * plan.depth,
            true);
      }
    }
    return dWeight;
  }

  @Override
  public Tensor inputGradient(Tensor dy, Tensor weight, Shape xShape, Conv2d.Spec spec) {
    Check.door(Conv2d.problem(xShape, weight.shape(), null, spec));
    Plan plan = new Plan(xShape, weight.shape(), spec);
    Check.gradient("Conv2d", dy, plan.output(xShape.dim(0)));
    Tensor dx = Tensor.zeros(xShape);
    for (int n = 0; n < xShape.dim(0); n++) {
      for (int group = 0; group < spec.groups(); group++) {
        int firstPlane = n * plan.channels + group * plan.groupChannels;
        float[] columns = plan.pointwise ? dx.data() : cols(plan);
        gemm.multiply(
            true,
            false,
            plan.depth,
            plan.area,
            plan.groupOutputs,
            weight.data(),
            group * plan.groupOutputs * plan.depth,
            dy.data(),
            (n * plan.outChannels + group * plan.groupOutputs) * plan.area,
            columns,
            plan.pointwise ? firstPlane * plan.area : 0,
            false);
        if (!plan.pointwise) {
          Im2col.add(
              columns,
              dx.data(),
              firstPlane,
              plan.groupChannels,
              plan.height,
              plan.width,
              spec,
              plan.rows,
              plan.columns);
        }
      }
    }
    return dx;
  }
}
