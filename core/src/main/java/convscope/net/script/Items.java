package convscope.net.script;

import java.util.ArrayList;
import java.util.List;

/** A list, or a tuple, which equals another of the same items and can be a key. */
public final class Items {
  public final List<Object> all;
  public final boolean tuple;

  private Items(List<Object> all, boolean tuple) {
    this.all = all;
    this.tuple = tuple;
  }

  public static Items list(List<Object> all) {
    return new Items(all, false);
  }

  public static Items tuple(List<Object> all) {
    return new Items(all, true);
  }

  public static Items list() {
    return list(new ArrayList<>());
  }

  public int size() {
    return all.size();
  }

  public Object get(int index) {
    return all.get(index);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Items items && items.tuple == tuple && items.all.equals(all);
  }

  @Override
  public int hashCode() {
    return all.hashCode();
  }
}
