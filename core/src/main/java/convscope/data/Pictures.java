package convscope.data;

import org.jspecify.annotations.Nullable;

/** The images loaded so far, by name. */
@FunctionalInterface
public interface Pictures {
  /** The image of that name, or null if it has not been loaded. */
  @Nullable Picture get(String name);
}
