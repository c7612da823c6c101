package convscope.param;

import java.util.ArrayList;
import java.util.List;

/** The layers of a small network, first to last, as the reader put them together. */
public record Stack(List<Layer> layers) {

  /** What a layer does, by its name in the text. */
  public enum Kind {
    /** A convolution. */
    CONV("conv", "convolution"),
    /** Max pooling. */
    POOL("pool", "max pooling"),
    /** Average pooling. */
    AVERAGE("avg", "average pooling"),
    /** A transposed convolution. */
    UP("up", "transposed convolution");

    private final String text;
    private final String words;

    Kind(String text, String words) {
      this.text = text;
      this.words = words;
    }

    /** As in {@code conv3}. */
    public String text() {
      return text;
    }

    /** As in a sentence. */
    public String words() {
      return words;
    }
  }

  /** One layer; its window is square. */
  public record Layer(Kind kind, int kernel, int stride, int padding, int dilation) {
    /** The stride if none is written: 1 for a convolution, the kernel for the others. */
    static int usualStride(Kind kind, int kernel) {
      return kind == Kind.CONV ? 1 : kernel;
    }

    /** The padding if none is written: a convolution's that keeps the size, else none. */
    static int usualPadding(Kind kind, int kernel, int dilation) {
      return kind == Kind.CONV ? dilation * (kernel - 1) / 2 : 0;
    }

    /** The layer with another kernel; what was usual for the old one is what is for the new. */
    public Layer withKernel(int size) {
      boolean sameStride = stride == usualStride(kind, kernel);
      boolean samePadding = padding == usualPadding(kind, kernel, dilation);
      return new Layer(
          kind,
          size,
          sameStride ? usualStride(kind, size) : stride,
          samePadding ? usualPadding(kind, size, dilation) : padding,
          dilation);
    }

    /** {@code conv3s2}: stride, padding and dilation only where they are not the usual ones. */
    public String plain() {
      return kind.text
          + kernel
          + (stride == usualStride(kind, kernel) ? "" : "s" + stride)
          + (padding == usualPadding(kind, kernel, dilation) ? "" : "p" + padding)
          + (dilation == 1 ? "" : "d" + dilation);
    }
  }

  /** With another layer in the place of one. */
  public Stack with(int at, Layer layer) {
    List<Layer> changed = new ArrayList<>(layers);
    changed.set(at, layer);
    return new Stack(List.copyOf(changed));
  }

  /** With a layer at another place among the others. */
  public Stack moved(int from, int to) {
    List<Layer> changed = new ArrayList<>(layers);
    changed.add(to, changed.remove(from));
    return new Stack(List.copyOf(changed));
  }

  /** {@code conv3,conv3s2,pool2}. */
  public String plain() {
    StringBuilder out = new StringBuilder();
    for (Layer layer : layers) {
      out.append(out.isEmpty() ? "" : ",").append(layer.plain());
    }
    return out.toString();
  }
}
