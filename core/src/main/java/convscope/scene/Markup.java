package convscope.scene;

import convscope.num.Num;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes SVG, HTML and MathML with every text and attribute escaped. Calls nest as the elements do:
 * {@code open("g").attr("class", "cell").text("3").close()}.
 */
public final class Markup {
  private static final int DECIMALS = 2;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();
  private boolean inTag;
  private boolean pixels = true;

  /** Leaves the pixels of images out of the drawing: the host paints them. */
  public Markup withoutPixels() {
    pixels = false;
    return this;
  }

  /** Whether the pixels of images are written into the drawing. */
  boolean drawsPixels() {
    return pixels;
  }

  /** Starts an element. */
  public Markup open(String tag) {
    endTag();
    out.append('<').append(tag);
    open.push(tag);
    inTag = true;
    return this;
  }

  /** Adds an attribute to the element just started. */
  public Markup attr(String name, String value) {
    if (!inTag) {
      throw new IllegalStateException("Markup: attribute " + name + " after the content began");
    }
    out.append(' ').append(name).append("=\"");
    escape(value);
    out.append('"');
    return this;
  }

  /** Adds an attribute if the value is not empty. */
  public Markup attrIf(String name, String value) {
    return value.isEmpty() ? this : attr(name, value);
  }

  /** A coordinate or length, to a hundredth of a pixel. */
  public Markup attr(String name, double value) {
    return attr(name, Num.plain(value, DECIMALS));
  }

  /** Adds an attribute with an empty value if the condition holds: {@code disabled=""}. */
  public Markup flag(String name, boolean present) {
    if (present) {
      out.append(' ').append(name).append("=\"\""); // so that it is XML too
    }
    return this;
  }

  /** Adds text, escaped. */
  public Markup text(String text) {
    endTag();
    escape(text);
    return this;
  }

  /** Adds markup that was written by another {@code Markup}. */
  public Markup raw(String markup) {
    endTag();
    out.append(markup);
    return this;
  }

  /** Ends the innermost open element. */
  public Markup close() {
    String tag = open.pop();
    if (inTag) {
      inTag = false;
      out.append("></").append(tag).append('>');
    } else {
      out.append("</").append(tag).append('>');
    }
    return this;
  }

  /**
   * Ends an element that HTML knows to be empty ({@code input}, {@code link}) or any SVG element.
   */
  public Markup closeEmpty() {
    open.pop();
    inTag = false;
    out.append("/>");
    return this;
  }

  /** An element that holds only text, with a class. */
  public Markup span(String tag, String cssClass, String text) {
    return open(tag).attrIf("class", cssClass).text(text).close();
  }

  /** Escapes a text for use between tags and in attributes. */
  public static String escaped(String text) {
    return new Markup().text(text).toString();
  }

  private void endTag() {
    if (inTag) {
      inTag = false;
      out.append('>');
    }
  }

  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? ' ' : c);
      }
    }
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("Markup: <" + open.peek() + "> is not closed");
    }
    return out.toString();
  }
}
