package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of at most a given width, broken between words by the estimate of {@link Text}. */
public final class Paragraph implements Box, Mark {
  private static final double LINE = 1.35;

  private final List<String> lines = new ArrayList<>();
  private final double width;
  private final double size;
  private final Role role;
  private final String text;
  private double x;
  private double y;

  public Paragraph(String text, double width, double size, Role role) {
    this.text = text;
    this.width = width;
    this.size = size;
    this.role = role;
    StringBuilder line = new StringBuilder();
    int from = 0;
    while (from < text.length()) {
      int space = text.indexOf(' ', from);
      String word = text.substring(from, space < 0 ? text.length() : space);
      if (!line.isEmpty() && Text.width(line + " " + word, size) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
      from += word.length() + 1;
    }
    lines.add(line.toString());
  }

  @Override
  public double width() {
    return width;
  }

  @Override
  public double height() {
    return lines.size() * size * LINE;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    x = left;
    y = top;
    scene.add(this);
  }

  @Override
  public void write(Markup out) {
    for (int n = 0; n < lines.size(); n++) {
      new Text(lines.get(n), size, role).at(x, y + n * size * LINE + size).write(out);
    }
  }

  @Override
  public void tell(Twin twin) {
    twin.say(text);
  }
}
