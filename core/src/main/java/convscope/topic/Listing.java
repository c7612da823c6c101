package convscope.topic;

import convscope.num.Num;
import convscope.tensor.Tensor;

/** Writes tensors as Python, for the listings in the prose: at most 72 columns wide. */
public final class Listing {
  private static final int COLUMNS = 72;

  private Listing() {}

  /**
   * {@code x = torch.tensor([…])}, and {@code .reshape(1, 1, 5, 5)} where there is more than one
   * axis; numbers are written so that they read back as the same float32.
   */
  public static String tensor(String name, Tensor tensor) {
    StringBuilder out = new StringBuilder();
    String line = name + " = torch.tensor([";
    int last = tensor.shape().rank() - 1;
    String indent = "    ";
    for (int n = 0; n < tensor.size(); n++) {
      String number = Num.shortest(tensor.data()[n]) + (n == tensor.size() - 1 ? "" : ",");
      boolean newRow = n > 0 && tensor.dim(last) > 1 && n % tensor.dim(last) == 0;
      if (line.length() + 1 + number.length() > COLUMNS || newRow) {
        out.append(line).append('\n');
        line = indent + number;
      } else {
        line += (line.endsWith("[") ? "" : " ") + number;
      }
    }
    out.append(line);
    String end = "], dtype=torch.float32)";
    StringBuilder reshape = new StringBuilder();
    for (int axis = 0; axis <= last && last > 0; axis++) {
      reshape.append(axis == 0 ? ".reshape(" : ", ").append(tensor.dim(axis));
    }
    reshape.append(last > 0 ? ")" : "");
    boolean fits = line.length() + end.length() + reshape.length() <= COLUMNS;
    return out.append(fits ? "" : "\n").append(end).append(reshape).toString();
  }

  /** A shape as Python compares it: {@code (1, 1, 4, 4)}. */
  public static String shape(Tensor tensor) {
    StringBuilder out = new StringBuilder("(");
    for (int axis = 0; axis < tensor.rank(); axis++) {
      out.append(axis == 0 ? "" : ", ").append(tensor.dim(axis));
    }
    return out.append(tensor.rank() == 1 ? ",)" : ")").toString();
  }
}
