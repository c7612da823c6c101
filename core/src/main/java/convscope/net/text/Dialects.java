package convscope.net.text;

import convscope.net.graph.Graph;
import convscope.net.keras.Keras;
import convscope.net.script.ScriptException;
import convscope.net.torch.Printed;
import convscope.net.torch.Torch;
import org.jspecify.annotations.Nullable;

/** Networks from text in any of the dialects that are known. */
public final class Dialects {
  private Dialects() {}

  /**
   * What the network of a text does to an input. A text that cannot be read gives a graph whose
   * fault says why, with the line.
   *
   * @param input the shape, batch first; null takes that of the text where it has one
   */
  public static Graph read(String text, long @Nullable [] input) {
    try {
      return graph(text, input);
    } catch (ScriptException e) {
      return Graph.broken(e.line(), e.column(), e.problem());
    } catch (IllegalArgumentException e) {
      return Graph.broken(0, 0, String.valueOf(e.getMessage()));
    }
  }

  private static Graph graph(String text, long @Nullable [] input) {
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
