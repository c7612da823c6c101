package convscope.net.text;

import convscope.net.graph.Graph;
import convscope.net.torch.Torch;
import org.jspecify.annotations.Nullable;

/** Networks from text in any of the dialects that are known. */
public final class Dialects {
  private Dialects() {}

  /** The network of a text on an input. */
  public static Graph read(String text, long @Nullable [] input) {
    return Torch.read(text, input);
  }
}
