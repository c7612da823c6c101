package convscope.data;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host has handed over, by name: pictures, and the bytes of data sets, weights and curves.
 * A topic says which names it needs; all are here before it computes. A picture is decoded once and
 * shared by all figures of a page.
 */
public final class Given {
  /** Nothing at all. */
  public static final Given NOTHING = new Given();

  private final Map<String, Picture> pictures = new HashMap<>();
  private final Map<String, byte[]> bytes = new HashMap<>();

  /** Adds a picture, in the place of one that had this name. */
  public Given picture(String name, Picture picture) {
    if (this == NOTHING) {
      throw new IllegalStateException("Given: nothing can be added to NOTHING; make a new one");
    }
    pictures.put(name, picture);
    return this;
  }

  /** Adds bytes, in the place of those that had this name. */
  public Given bytes(String name, byte[] content) {
    if (this == NOTHING) {
      throw new IllegalStateException("Given: nothing can be added to NOTHING; make a new one");
    }
    bytes.put(name, content);
    return this;
  }

  public boolean has(String name) {
    return pictures.containsKey(name) || bytes.containsKey(name);
  }

  /** The picture of that name, or null if it stands for something else or has not been given. */
  public @Nullable Picture picture(String name) {
    return pictures.get(name);
  }

  /** The bytes of that name, which must have been given. */
  public byte[] bytes(String name) {
    byte[] content = bytes.get(name);
    if (content == null) {
      throw new IllegalArgumentException(
          "Given: there are no bytes named “" + name + "”; a topic must name them in needs()");
    }
    return content;
  }
}
