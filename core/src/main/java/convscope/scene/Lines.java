package convscope.scene;

import convscope.num.Num;

/** Many straight segments of one look as a single path, for drawings with thousands of them. */
public final class Lines implements Mark {
  private final String key;
  private final String css;
  private final StringBuilder path = new StringBuilder();

  public Lines(String key, String css) {
    this.key = key;
    this.css = css;
  }

  /** Adds a segment. */
  public Lines add(double x1, double y1, double x2, double y2) {
    path.append('M').append(Num.plain(x1, 1)).append(' ').append(Num.plain(y1, 1));
    path.append('L').append(Num.plain(x2, 1)).append(' ').append(Num.plain(y2, 1));
    return this;
  }

  @Override
  public void write(Markup out) {
    out.open("path").attr("class", css).attr("data-k", key).attr("d", path.toString()).closeEmpty();
  }
}
