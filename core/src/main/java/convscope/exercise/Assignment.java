package convscope.exercise;

import convscope.param.QueryString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a teacher sets: which exercises, at which level and how many of each, and from which seed.
 * Its query is all of it, so a link carries it and a grader needs nothing else.
 *
 * @param title its heading, or the empty string
 * @param due a date to show, as the teacher wrote it, or the empty string
 * @param seed any text
 * @param each whether every student has numbers of their own, from the name
 * @param hints whether hints may be asked for
 * @param items what is set, in order
 */
public record Assignment(
    String title, String due, String seed, boolean each, boolean hints, List<Item> items) {
  /** The most questions in all. */
  public static final int MOST = 60;

  private static final int LONGEST = 120;

  /**
   * A number of questions of one kind.
   *
   * @param exercise its slug
   * @param level from 1
   * @param count how many, at least 1
   */
  public record Item(String exercise, int level, int count) {}

  /**
   * One question of a student's.
   *
   * @param exercise its slug
   * @param level from 1
   * @param seed gives its numbers
   */
  public record Task(String exercise, int level, String seed) {
    /** Draws it again. */
    public Question question() {
      return Exercises.get(exercise).question(seed, level);
    }
  }

  /**
   * Reads {@code title=…&due=…&seed=…&each=on&hints=off&items=output-size:2:3,pooling:1:2}:
   * exercise, level and how many.
   *
   * @throws IllegalArgumentException if it sets nothing, too much, or what there is not
   */
  public static Assignment of(String query) {
    Map<String, String> texts = QueryString.read(query);
    List<Item> items = new ArrayList<>();
    int all = 0;
    String list = texts.getOrDefault("items", "");
    for (int from = 0; from < list.length(); ) {
      int comma = list.indexOf(',', from);
      int end = comma < 0 ? list.length() : comma;
      Item item = item(list.substring(from, end));
      items.add(item);
      all += item.count();
      from = end + 1;
    }
    if (all < 1 || all > MOST) {
      throw new IllegalArgumentException(
          "assignment: it sets " + all + " questions; let it set 1 to " + MOST);
    }
    return new Assignment(
        text(texts, "title"),
        text(texts, "due"),
        text(texts, "seed"),
        texts.getOrDefault("each", "").equals("on"),
        !texts.getOrDefault("hints", "").equals("off"),
        List.copyOf(items));
  }

  private static String text(Map<String, String> texts, String name) {
    String text = texts.getOrDefault(name, "").trim();
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "assignment: its " + name + " is longer than " + LONGEST + " letters; shorten it");
    }
    return text;
  }

  private static Item item(String text) {
    int colon = text.indexOf(':');
    int second = text.indexOf(':', colon + 1);
    int end = second < 0 ? text.length() : second;
    int level = colon < 0 ? 1 : whole(text.substring(colon + 1, end));
    int count = colon < 0 || second < 0 ? 1 : whole(text.substring(second + 1));
    Exercise exercise = Exercises.get(colon < 0 ? text : text.substring(0, colon));
    if (level < 1 || level > exercise.levels().size() || count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "assignment: “"
              + text
              + "” is not an exercise with a level from 1 to "
              + exercise.levels().size()
              + " and a number, as in "
              + exercise.slug()
              + ":1:3");
    }
    return new Item(exercise.slug(), level, count);
  }

  /** A small whole number, or 0 if the text is none. */
  private static int whole(String text) {
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || i > 3) {
        return 0;
      }
      value = 10 * value + c - '0';
    }
    return value;
  }

  /** The query that reads back as this. */
  public String query() {
    Map<String, String> texts = new LinkedHashMap<>();
    StringBuilder list = new StringBuilder();
    for (Item item : items) {
      list.append(list.isEmpty() ? "" : ",").append(item.exercise()).append(':');
      list.append(item.level()).append(':').append(item.count());
    }
    texts.put("title", title);
    texts.put("due", due);
    texts.put("seed", seed);
    texts.put("each", each ? "on" : "");
    texts.put("hints", hints ? "" : "off");
    texts.put("items", list.toString());
    texts.values().removeIf(String::isEmpty);
    return QueryString.write(texts);
  }

  /** The questions of a student. Blanks and capitals of the name do not matter. */
  public List<Task> tasks(String name) {
    String whose = each ? "/" + plain(name) : "";
    List<Task> tasks = new ArrayList<>();
    for (Item item : items) {
      for (int n = 0; n < item.count(); n++) {
        tasks.add(new Task(item.exercise(), item.level(), seed + whose + "/" + (tasks.size() + 1)));
      }
    }
    return tasks;
  }

  private static String plain(String name) {
    StringBuilder out = new StringBuilder();
    for (char c : name.trim().toCharArray()) {
      boolean blank = c == ' ' || c == '\t' || c == '\u00a0';
      if (!blank) {
        out.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
      } else if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
        out.append(' ');
      }
    }
    return out.toString();
  }
}
