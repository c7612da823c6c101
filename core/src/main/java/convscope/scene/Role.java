package convscope.scene;

/** What a mark, a symbol or a word stands for; the same role has the same colour everywhere. */
public enum Role {
  INPUT("input"),
  KERNEL("kernel"),
  OUTPUT("output"),
  GRADIENT("gradient"),
  PADDING("padding"),
  NEUTRAL("neutral");

  private final String css;

  Role(String css) {
    this.css = css;
  }

  /** The class name that the style sheet colours. */
  public String css() {
    return css;
  }
}
