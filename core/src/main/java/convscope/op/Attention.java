package convscope.op;

import convscope.linalg.Gemm;
import convscope.num.Maths;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention (Vaswani et al. 2017): every query looks at every key and takes the
 * average of the values, weighted by how well key and query agree.
 *
 * <pre>
 *   S = Q Kᵀ/√d + mask      W = softmax(S)      Y = W V
 *   dV = Wᵀ dY      dW = dY Vᵀ      dS = W ∘ (dW − Σ_j W dW)      dQ = dS K/√d      dK = dSᵀ Q/√d
 * </pre>
 *
 * Causal attention hides the keys j &gt; i from query i. A query from which everything is hidden
 * gives 0, as in PyTorch, not NaN.
 *
 * <p>Loop indices: b one of the leading cells (image and head), i query, j key, e feature.
 */
public final class Attention {
  private Attention() {}

  /** Why these operands do not go together, or null if they do: the door's check. */
  public static @Nullable String problem(Shape q, Shape k, Shape v, @Nullable Shape mask) {
    if (q.rank() < 2 || k.rank() != q.rank() || v.rank() != q.rank()) {
      return "Attention: q " + q + ", k " + k + ", v " + v + "; give three of shape (…, length, d)";
    }
    if (q.dim(-1) < 1 || q.dim(-1) != k.dim(-1)) {
      return "Attention: queries of "
          + q.dim(-1)
          + " and keys of "
          + k.dim(-1)
          + " features; make them equal, 1 or more";
    }
    if (!k.with(-1, v.dim(-1)).equals(v)) {
      return "Attention: keys "
          + k
          + " and values "
          + v
          + " differ before the last axis; make"
          + " them equal there";
    }
    if (!q.with(-2, k.dim(-2)).equals(k)) {
      return "Attention: queries "
          + q
          + " and keys "
          + k
          + " differ in their leading axes; make"
          + " them equal there";
    }
    Shape scores = scores(q, k);
    boolean fits =
        mask == null
            || (Broadcast.problem("Attention", mask, scores) == null
                && Broadcast.shape("Attention", mask, scores).equals(scores));
    return fits
        ? null
        : "Attention: mask of shape "
            + mask
            + " does not repeat to "
            + scores
            + "; give (queries, keys) or (…, queries, keys)";
  }

  private static Shape scores(Shape q, Shape k) {
    return q.with(-1, k.dim(-2));
  }

  /**
   * The output and what it is made with.
   *
   * @param y (…, queries, dv)
   * @param weights (…, queries, keys), each row adding up to 1
   */
  public record Result(Tensor y, Tensor weights) {}

  /**
   * Attention of each query over all keys.
   *
   * @param q (…, queries, d)
   * @param k (…, keys, d)
   * @param v (…, keys, dv)
   * @param mask added to the scores (−∞ hides), repeated to (…, queries, keys), or null
   */
  public static Result forward(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal) {
    Check.door(problem(q.shape(), k.shape(), v.shape(), Check.shape(mask)));
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    int features = q.dim(-1);
    int depth = v.dim(-1);
    int cells = q.shape().product(0, q.rank() - 2);
    double scale = 1 / Math.sqrt(features);
    Tensor weights = Tensor.zeros(scores(q.shape(), k.shape()));
    Tensor y = Tensor.zeros(q.shape().with(-1, depth));
    int[] atMask = mask == null ? new int[0] : Broadcast.positions(mask.shape(), weights.shape());
    double[] row = new double[keys]; // scores, then weights of one query
    double[] sums = new double[depth];
    for (int b = 0; b < cells; b++) {
      for (int i = 0; i < queries; i++) {
        int query = (b * queries + i) * features;
        int first = (b * queries + i) * keys;
        for (int j = 0; j < keys; j++) {
          double dot = 0;
          for (int e = 0; e < features; e++) {
            dot += (double) q.data()[query + e] * k.data()[(b * keys + j) * features + e];
          }
          double added = mask == null ? 0 : mask.data()[atMask[first + j]];
          row[j] = causal && j > i ? Double.NEGATIVE_INFINITY : dot * scale + added;
        }
        softmax(row);
        Arrays.fill(sums, 0);
        for (int j = 0; j < keys; j++) {
          weights.data()[first + j] = (float) row[j];
          for (int e = 0; e < depth; e++) {
            sums[e] += hidden(row[j], v.data()[(b * keys + j) * depth + e]);
          }
        }
        for (int e = 0; e < depth; e++) {
          y.data()[(b * queries + i) * depth + e] = (float) sums[e];
        }
      }
    }
    return new Result(y, weights);
  }

  /**
   * The same with {@code gemm} for the products: faster, sums in float32. Values of hidden keys
   * take part with weight 0, so they must be finite.
   */
  public static Result forward(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, Gemm gemm) {
    Check.door(problem(q.shape(), k.shape(), v.shape(), Check.shape(mask)));
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    int features = q.dim(-1);
    int depth = v.dim(-1);
    int cells = q.shape().product(0, q.rank() - 2);
    double scale = 1 / Math.sqrt(features);
    Tensor weights = Tensor.zeros(scores(q.shape(), k.shape()));
    Tensor y = Tensor.zeros(q.shape().with(-1, depth));
    int[] atMask = mask == null ? new int[0] : Broadcast.positions(mask.shape(), weights.shape());
    double[] row = new double[keys];
    float[] w = weights.data();
    for (int b = 0; b < cells; b++) {
      int first = b * queries * keys;
      int query = b * queries * features;
      int key = b * keys * features;
      gemm.multiply(
          false, true, queries, keys, features, q.data(), query, k.data(), key, w, first, false);
      for (int i = 0; i < queries; i++) {
        for (int j = 0; j < keys; j++) {
          int at = first + i * keys + j;
          double added = mask == null ? 0 : mask.data()[atMask[at]];
          row[j] = causal && j > i ? Double.NEGATIVE_INFINITY : w[at] * scale + added;
        }
        softmax(row);
        for (int j = 0; j < keys; j++) {
          w[first + i * keys + j] = (float) row[j];
        }
      }
      int value = b * keys * depth;
      int out = b * queries * depth;
      gemm.multiply(
          false, false, queries, depth, keys, w, first, v.data(), value, y.data(), out, false);
    }
    return new Result(y, weights);
  }

  /** A key of weight 0 is not looked at: its value may be infinite. */
  private static double hidden(double weight, double value) {
    return weight == 0 ? 0 : weight * value;
  }

  /** In place; a row of nothing but −∞ becomes 0. */
  private static void softmax(double[] row) {
    double max = Double.NEGATIVE_INFINITY;
    boolean all = true;
    for (double score : row) {
      max = score > max ? score : max;
      all &= score == Double.NEGATIVE_INFINITY;
    }
    double sum = 0;
    for (int j = 0; j < row.length; j++) {
      row[j] = all ? 0 : Maths.exp(row[j] - max);
      sum += row[j];
    }
    for (int j = 0; j < row.length; j++) {
      row[j] = all ? 0 : row[j] / sum;
    }
  }

  /** The gradients of a loss with respect to the operands, each of its operand's shape. */
  public record Gradients(Tensor dq, Tensor dk, Tensor dv) {}

  /**
   * All three gradients.
   *
   * @param dy {@code ∂L/∂y}, (…, queries, dv)
   * @param weights (…, queries, keys), what {@link #forward} gave
   */
  public static Gradients backward(Tensor dy, Tensor q, Tensor k, Tensor v, Tensor weights) {
    Check.door(problem(q.shape(), k.shape(), v.shape(), null));
    Check.gradient("Attention", dy, q.shape().with(-1, v.dim(-1)));
    Check.door(
        Check.shapeProblem("Attention", "weights", weights.shape(), scores(q.shape(), k.shape())));
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    int features = q.dim(-1);
    int depth = v.dim(-1);
    int cells = q.shape().product(0, q.rank() - 2);
    double scale = 1 / Math.sqrt(features);
    double[] dq = new double[q.size()];
    double[] dk = new double[k.size()];
    double[] dv = new double[v.size()];
    double[] dRow = new double[keys]; // dW of one query
    for (int b = 0; b < cells; b++) {
      for (int i = 0; i < queries; i++) {
        int first = (b * queries + i) * keys;
        int out = (b * queries + i) * depth;
        double dot = 0; // Σ_j W dW
        for (int j = 0; j < keys; j++) {
          double weight = weights.data()[first + j];
          int value = (b * keys + j) * depth;
          dRow[j] = 0;
          for (int e = 0; e < depth; e++) {
            dRow[j] += (double) dy.data()[out + e] * v.data()[value + e];
            dv[value + e] += weight * dy.data()[out + e];
          }
          dot += hidden(weight, dRow[j]);
        }
        int query = (b * queries + i) * features;
        for (int j = 0; j < keys; j++) {
          double g = hidden(weights.data()[first + j], dRow[j] - dot) * scale;
          int key = (b * keys + j) * features;
          for (int e = 0; e < features; e++) {
            dq[query + e] += g * k.data()[key + e];
            dk[key + e] += g * q.data()[query + e];
          }
        }
      }
    }
    return new Gradients(
        Broadcast.rounded(dq, q.shape()),
        Broadcast.rounded(dk, k.shape()),
        Broadcast.rounded(dv, v.shape()));
  }

  /** The same with {@code gemm} for the products; hidden keys, values and gradients are finite. */
  public static Gradients backward(
      Tensor dy, Tensor q, Tensor k, Tensor v, Tensor weights, Gemm gemm) {
    Check.door(problem(q.shape(), k.shape(), v.shape(), null));
    Check.gradient("Attention", dy, q.shape().with(-1, v.dim(-1)));
    Check.door(
        Check.shapeProblem("Attention", "weights", weights.shape(), scores(q.shape(), k.shape())));
    int queries = q.dim(-2);
    int keys = k.dim(-2);
    int features = q.dim(-1);
    int depth = v.dim(-1);
    int cells = q.shape().product(0, q.rank() - 2);
    double scale = 1 / Math.sqrt(features);
    Tensor dq = Tensor.zeros(q.shape());
    Tensor dk = Tensor.zeros(k.shape());
    Tensor dv = Tensor.zeros(v.shape());
    float[] w = weights.data();
    float[] scores = new float[queries * keys]; // dW, then dS/√d of one cell
    for (int b = 0; b < cells; b++) {
      int first = b * queries * keys;
      int query = b * queries * features;
      int key = b * keys * features;
      int value = b * keys * depth;
      int out = b * queries * depth;
      gemm.multiply(
          true, false, keys, depth, queries, w, first, dy.data(), out, dv.data(), value, false);
      gemm.multiply(
          false, true, queries, keys, depth, dy.data(), out, v.data(), value, scores, 0, false);
      for (int i = 0; i < queries; i++) {
        double dot = 0; // Σ_j W dW
        for (int j = 0; j < keys; j++) {
          dot += hidden(w[first + i * keys + j], scores[i * keys + j]);
        }
        for (int j = 0; j < keys; j++) {
          double g = hidden(w[first + i * keys + j], scores[i * keys + j] - dot);
          scores[i * keys + j] = (float) (g * scale);
        }
      }
      gemm.multiply(
          false, false, queries, features, keys, scores, 0, k.data(), key, dq.data(), query, false);
      gemm.multiply(
          true, false, keys, features, queries, scores, 0, q.data(), query, dk.data(), key, false);
    }
    return new Gradients(dq, dk, dv);
  }
}
