package convscope.scene;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of at most a given width, broken between words by the estimate of {@link Text}. */
public final class Paragraph implements Box {
  private static final double LINE = 1.35;

  private final List<String> lines = new ArrayList<>();
  private final double width;
  private final double size;
  private final Role role;

  public Paragraph(String text, double width, double size, Role role) {
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
  public void place(Scene scene, double x, double y) {
    for (int n = 0; n < lines.size(); n++) {
      scene.add(new Text(lines.get(n), size, role).at(x, y + n * size * LINE + size));
    }
  }
}
