package convscope.scene;

import org.jspecify.annotations.Nullable;

/** What a mark, a symbol or a word stands for; the same role has the same colour everywhere. */
public enum Role {
  INPUT("input"),
  KERNEL("kernel"),
  OUTPUT("output"),
  GRADIENT("gradient"),
  PADDING("padding"),
  NEUTRAL("neutral");

  private static final Role[] ALL = values();

  private final String css;

  Role(String css) {
    this.css = css;
  }

  /** The role with that class name, or null. */
  public static @Nullable Role named(String css) {
    for (Role role : ALL) {
      if (role.css.equals(css)) {
        return role;
      }
    }
    return null;
  }

  /** The class name that the style sheet colours. */
  public String css() {
    return css;
  }
}
