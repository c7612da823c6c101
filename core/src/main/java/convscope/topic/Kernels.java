package convscope.topic;

import convscope.param.ChoiceParam;
import convscope.param.GridParam;
import convscope.param.NumberGrid;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Values;
import convscope.tensor.Tensor;
import java.util.Arrays;

/** The named kernels, each defined for any height and width. */
public final class Kernels {
  private Kernels() {}

  /** The parameter that chooses one; {@code custom} stands for a kernel of the reader's own. */
  public static ChoiceParam choice(String name, String fallback) {
    return named(name, fallback).option("custom", "Custom");
  }

  /** The parameter that chooses among the named ones only. */
  public static ChoiceParam named(String name, String fallback) {
    return Param.choice(name, fallback)
        .option("identity", "Identity")
        .option("box", "Box blur")
        .option("gaussian", "Gaussian blur")
        .option("sharpen", "Sharpen")
        .option("sobel-x", "Sobel x")
        .option("sobel-y", "Sobel y")
        .option("laplacian", "Laplacian")
        .option("emboss", "Emboss")
        .option("count", "1, 2, 3, …")
        .label("Kernel w")
        .symbol("w");
  }

  /** Height and width of a kernel. */
  public static PairParam size(int fallback, int most) {
    return Param.pair("kernel", fallback, fallback).range(1, most).label("Kernel size").symbol("w");
  }

  /** A kernel of the reader's own. */
  public static GridParam numbers(int most) {
    return Param.grid("w")
        .atMost(most, most)
        .label("Kernel numbers")
        .symbol("w")
        .onlyWith("preset", "custom");
  }

  /** The kernel that the values name, (1, 1, kH, kW). */
  public static Tensor of(Values values) {
    return Tensor.of(
        Editing.kernel(values),
        1,
        1,
        Editing.kernelSize(values).height(),
        Editing.kernelSize(values).width());
  }

  /** The numbers of such a kernel as a matrix to type into. */
  public static NumberGrid grid(Tensor kernel) {
    return new NumberGrid(kernel.dim(2), kernel.dim(3), kernel.data().clone());
  }

  /**
   * The kernel of that name; (height, width) row-major. Smoothing factors are binomial
   * coefficients, so 3 × 3 gives the textbook kernels; the derivative of an even length is between
   * two taps, and a length of 1 has none, so Sobel keeps only the smoothing's sign there: zero.
   */
  public static float[] values(String name, int height, int width) {
    float[] values = new float[height * width];
    int middle = (height - 1) / 2 * width + (width - 1) / 2;
    switch (name) {
      case "box" -> Arrays.fill(values, 1f / values.length);
      case "gaussian" -> {
        outer(values, smooth(height), smooth(width));
        float sum = 0;
        for (float value : values) {
          sum += value;
        }
        for (int i = 0; i < values.length; i++) {
          values[i] /= sum;
        }
      }
      case "sobel-x" -> outer(values, smooth(height), derivative(width));
      case "sobel-y" -> outer(values, derivative(height), smooth(width));
      case "sharpen" -> cross(values, height, width, middle, -1);
      case "laplacian" -> cross(values, height, width, middle, 1);
      case "emboss" -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (2 * (i / width) - (height - 1) + 2 * (i % width) - (width - 1)) / 2f;
        }
        values[middle] += 1;
      }
      case "count" -> { // no two weights alike
        for (int i = 0; i < values.length; i++) {
          values[i] = i + 1;
        }
      }
      default -> values[middle] = 1;
    }
    if (name.equals("sharpen")) {
      values[middle] += 1;
    }
    return values;
  }

  /** The four neighbours of the middle get {@code arm}, the middle what makes the sum zero. */
  private static void cross(float[] values, int height, int width, int middle, int arm) {
    int row = middle / width;
    int column = middle % width;
    int arms = 0;
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(i / width - row) + Math.abs(i % width - column) == 1) {
        values[i] = arm;
        arms++;
      }
    }
    values[middle] = -arm * arms;
  }

  private static void outer(float[] values, float[] column, float[] row) {
    for (int i = 0; i < values.length; i++) {
      values[i] = column[i / row.length] * row[i % row.length];
    }
  }

  /** Binomial coefficients: 1; 1 1; 1 2 1; … */
  private static float[] smooth(int length) {
    float[] values = new float[length];
    values[0] = 1;
    for (int n = 1; n < length; n++) {
      for (int i = n; i > 0; i--) {
        values[i] += values[i - 1];
      }
    }
    return values;
  }

  /** Differences of the binomial coefficients one shorter: 0; −1 1; −1 0 1; −1 −1 1 1; … */
  private static float[] derivative(int length) {
    float[] values = new float[length];
    if (length > 1) {
      float[] shorter = smooth(length - 1);
      for (int i = 0; i < length - 1; i++) {
        values[i] -= shorter[i];
        values[i + 1] += shorter[i];
      }
    }
    return values;
  }
}
