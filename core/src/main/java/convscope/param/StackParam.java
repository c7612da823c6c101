package convscope.param;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stack of layers; its control is a row of them to add, remove, move and edit. As text a layer is
 * its kind and kernel, then in any order {@code s} stride, {@code p} padding, {@code d} dilation
 * where they are not the usual ones: {@code conv3,conv3s2,pool2,conv3d2,up2}. A convolution's usual
 * stride is 1 and its usual padding keeps the size; the others' usual stride is their kernel, their
 * usual padding 0.
 */
public final class StackParam extends Param.Declared<Stack, StackParam> {
  private static final int SHOWN = 20;
  private static final String[] PARTS = {"kernel", "stride", "padding", "dilation"};

  private final Map<String, String> presets = new LinkedHashMap<>(); // texts by label
  private List<Stack.Kind> kinds = List.of(Stack.Kind.values());
  private int most = 24;
  private int maxKernel = 11;
  private int maxStride = 4;
  private int maxDilation = 16;

  StackParam(String name, String fallback) {
    super(name, new StackParam(name).stack(fallback));
  }

  private StackParam(String name) {
    super(name, new Stack(List.of()));
  }

  private Stack stack(String text) {
    Stack stack = parse(text);
    if (stack == null) {
      throw new IllegalArgumentException(name() + ": “" + text + "” is not " + expected(text));
    }
    return stack;
  }

  @Override
  StackParam self() {
    return this;
  }

  /** The kinds of layers that may be in it; by default all. */
  public StackParam kinds(Stack.Kind... allowed) {
    kinds = List.of(allowed);
    return this;
  }

  /** The most layers. */
  public StackParam atMost(int layers) {
    most = layers;
    return this;
  }

  /** The largest kernel, stride and dilation of a layer. */
  public StackParam limits(int kernel, int stride, int dilation) {
    maxKernel = kernel;
    maxStride = stride;
    maxDilation = dilation;
    return this;
  }

  /** Offers a whole stack under a name. */
  public StackParam preset(String label, String text) {
    presets.put(label, stack(text).plain());
    return this;
  }

  /** The stacks on offer, as text, by their names. */
  public Map<String, String> presets() {
    return presets;
  }

  public List<Stack.Kind> kinds() {
    return kinds;
  }

  /** The most layers. */
  public int most() {
    return most;
  }

  public int maxKernel() {
    return maxKernel;
  }

  public int maxStride() {
    return maxStride;
  }

  public int maxDilation() {
    return maxDilation;
  }

  /** The largest padding: half of the widest reach. */
  public int maxPadding() {
    return maxDilation * (maxKernel - 1) / 2;
  }

  @Override
  public @Nullable Stack parse(String text) {
    List<Stack.Layer> layers = new ArrayList<>();
    return read(text, layers) == null ? new Stack(List.copyOf(layers)) : null;
  }

  /** Adds the layers of the text, or says what is wrong with the first bad one. */
  private @Nullable String read(String text, List<Stack.Layer> layers) {
    int from = 0;
    while (from <= text.length()) {
      int comma = text.indexOf(',', from);
      int to = comma < 0 ? text.length() : comma;
      if (layers.size() == most) {
        return "there are more than " + most + " layers; leave some out";
      }
      String layer = text.substring(from, to).trim();
      String problem = readLayer(layer, layers);
      if (problem != null) {
        String shown = layer.length() > SHOWN ? layer.substring(0, SHOWN) + "…" : layer;
        return "layer " + (layers.size() + 1) + ", “" + shown + "”, " + problem;
      }
      from = to + 1;
    }
    return null;
  }

  private @Nullable String readLayer(String text, List<Stack.Layer> layers) {
    int letters = 0;
    while (letters < text.length() && text.charAt(letters) >= 'a' && text.charAt(letters) <= 'z') {
      letters++;
    }
    Stack.Kind kind = null;
    for (Stack.Kind each : kinds) {
      kind = text.substring(0, letters).equals(each.text()) ? each : kind;
    }
    if (kind == null) {
      return "is not one of " + kindTexts() + " with its kernel";
    }
    int[] given = {-1, -1, -1, -1}; // kernel, stride, padding, dilation
    int which = 0;
    int at = letters;
    while (true) {
      int end = at;
      while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
        end++;
      }
      int least = which == 2 ? 0 : 1;
      int largest = largest(which, kind, given[0]);
      Integer number = IntParam.whole(text.substring(at, end), least, largest);
      if (end == at || number == null || given[which] >= 0) {
        return "needs one " + PARTS[which] + " from " + least + " to " + largest;
      }
      given[which] = number;
      if (end == text.length()) {
        break;
      }
      which = "kspd".indexOf(text.charAt(end));
      if (which < 1) {
        return "has “" + text.charAt(end) + "” in it; use s, p and d with a number each";
      }
      at = end + 1;
    }
    int dilation = given[3] < 0 ? 1 : given[3];
    int stride = given[1] < 0 ? Stack.Layer.usualStride(kind, given[0]) : given[1];
    int padding = given[2] < 0 ? Stack.Layer.usualPadding(kind, given[0], dilation) : given[2];
    layers.add(new Stack.Layer(kind, given[0], stride, padding, dilation));
    return null;
  }

  private int largest(int part, Stack.Kind kind, int kernel) {
    return switch (part) {
      case 0 -> maxKernel;
      case 1 -> kind == Stack.Kind.CONV ? maxStride : Math.max(maxStride, kernel);
      case 2 -> maxPadding();
      default -> maxDilation;
    };
  }

  private String kindTexts() {
    StringBuilder out = new StringBuilder();
    for (Stack.Kind kind : kinds) {
      out.append(out.isEmpty() ? "" : ", ").append(kind.text());
    }
    return out.toString();
  }

  @Override
  public String plain(Stack value) {
    return value.plain();
  }

  @Override
  public String expected() {
    return "a list of 1 to " + most + " layers such as conv3,conv3s2,pool2 (" + kindTexts() + ")";
  }

  /** Names the first bad layer too. */
  @Override
  String expected(String text) {
    return expected() + ": " + read(text, new ArrayList<>());
  }
}
