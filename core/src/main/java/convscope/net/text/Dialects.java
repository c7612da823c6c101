package convscope.net.text;

import convscope.net.graph.Graph;
import convscope.net.keras.Keras;
import convscope.net.torch.Printed;
import convscope.net.torch.Torch;
import org.jspecify.annotations.Nullable;

/** Networks from text in any of the dialects that are known. */
public final class Dialects {
  private Dialects() {}

  /** The network of a text on an input. */
  public static Graph read(String text, long @Nullable [] input) {
    if (Printed.is(text)) {
      return Printed.read(text, needed(input));
    }
    if (Keras.is(text)) {
      return Keras.read(text, input);
    }
    return Torch.read(text, input);
  }

  private static long[] needed(long @Nullable [] input) {
    if (input == null) {
      throw new IllegalArgumentException(
          "the input's shape is not in this text; give it, the batch first");
    }
    return input;
  }
}
