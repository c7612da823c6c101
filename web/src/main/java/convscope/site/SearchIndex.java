package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.topic.Course;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * What the search looks through: {@code [number, title, address, main idea, text, other names]} of
 * every topic and chapter that exists, in reading order. The address is seen from the site's root;
 * the text is the prose, the figure's words and its parameters; the other names, between
 * semicolons, are those that readers may know, by the slug of a topic of the plan or the name of a
 * chapter.
 */
final class SearchIndex {
  private SearchIndex() {}

  static String json(Prose prose, JsonObject names) throws IOException {
    JsonArray entries = new JsonArray();
    for (Course.Chapter chapter : Course.chapters()) {
      if (!chapter.exists()) {
        continue;
      }
      String page = chapter.slug() + "/index.html";
      entries.add(
          entry(
              String.valueOf(chapter.number()),
              chapter.title(),
              page,
              chapter.summary(),
              "",
              names(names, chapter.slug().replaceFirst("^\\d+-", ""))));
      for (Course.Entry entry : chapter.entries()) {
        if (entry.exists()) {
          Topic<?> topic = Topics.get(entry.slug());
          String text = Prose.plain(prose.text(topic)) + " " + words(topic);
          entries.add(
              entry(
                  entry.number(),
                  entry.title(),
                  page + "#" + entry.slug(),
                  Prose.plain(prose.idea(topic)),
                  text,
                  names(names, entry.slug())));
        }
      }
    }
    entries.add(
        entry(
            "",
            "Embed a figure",
            "embed.html",
            "How to place a figure in your own page, with a snippet builder.",
            "iframe single file snippet MkDocs Sphinx Jupyter Moodle attributes events",
            ""));
    return entries.toString();
  }

  private static String names(JsonObject names, String of) {
    JsonValue list = names.get(of);
    return list == null
        ? ""
        : list.asArray().values().stream()
            .map(JsonValue::asString)
            .collect(Collectors.joining("; "));
  }

  private static JsonArray entry(
      String number, String title, String address, String idea, String text, String names) {
    JsonArray entry = new JsonArray();
    for (String part : new String[] {number, title, address, idea, text, names}) {
      entry.add(Json.value(part));
    }
    return entry;
  }

  /** The words of the figure: its title and its parameters with their options. */
  private static String words(Topic<?> topic) {
    StringBuilder words = new StringBuilder(topic.figureTitle());
    for (Param<?> param : topic.schema().params()) {
      words.append(". ").append(param.label()).append(": ").append(param.help());
      if (param instanceof ChoiceParam choice) {
        choice.options().forEach(option -> words.append(" ").append(option.label()).append(","));
      }
    }
    return words.toString();
  }
}
