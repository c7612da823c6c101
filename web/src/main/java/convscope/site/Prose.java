package convscope.site;

import convscope.data.Given;
import convscope.topic.Course;
import convscope.topic.ReaderFacts;
import convscope.topic.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The prose of the topics: the fragments of {@code static/content}, filled with their facts. */
final class Prose {
  private static final Pattern IDEA = Pattern.compile("(?s)<p class=\"idea\">(.*?)</p>");

  /** What may be wider than its column, so that the keyboard must be able to scroll it. */
  private static final Pattern WIDE =
      Pattern.compile("<pre(?=>)|<(?:p|div) class=\"(?:example|relation)\"");

  private static final Pattern SUBSCRIPT = Pattern.compile("(?s)<msub>(.*?)</msub>");
  private static final Pattern INLINE =
      Pattern.compile(
          "</?(?:a|b|i|em|strong|code|span|sub|sup|button|mi|mn|mo|mtext|mrow)\\b[^>]*>");
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  private final Path source;
  private @Nullable Glossary glossary;
  private final Map<String, Map<String, String>> facts =
      new HashMap<>(); // by slug: some take a while

  Prose(Path source) {
    this.source = source;
  }

  /** A topic's prose as HTML, with this figure in its place and its prediction as a form. */
  String html(Topic<?> topic, String figure) throws IOException {
    return WIDE.matcher(Questions.predictions(topic, filled(topic, figure)))
        .replaceAll("$0 tabindex=\"0\"");
  }

  /** What there is to read of a topic: its prose as HTML, without figure and forms. */
  String text(Topic<?> topic) throws IOException {
    return html(topic, "").replaceAll("(?s)<form>.*?</form>", "");
  }

  /** The self-checks of a topic, each as a form. */
  List<String> checks(Topic<?> topic) throws IOException {
    return Questions.checks(topic, filled(topic, ""));
  }

  private Map<String, String> facts(Topic<?> topic) throws IOException {
    Map<String, String> known = facts.get(topic.slug());
    if (known == null) {
      known = topic.facts(given(topic));
      facts.put(topic.slug(), known);
    }
    return known;
  }

  /** A topic's prose with its facts. */
  String filled(Topic<?> topic, String figure) throws IOException {
    Map<String, String> values = new HashMap<>(facts(topic));
    values.put("relation", topic.relation().display());
    values.put("figure", figure);
    String file = "content/" + topic.slug() + ".html";
    String fragment = Files.readString(source.resolve(file));
    if (glossary == null) {
      glossary = new Glossary(source);
    }
    return Template.fill(file, glossary.link(topic.slug(), fragment), values);
  }

  /**
   * What frames a chapter's topics.
   *
   * @param opening HTML: its question, its aims, the digit reader's part, a lecture path
   * @param closing HTML: a summary and references
   */
  record Frame(String opening, String closing) {}

  /**
   * A chapter's frame, with the facts of its topics and of the digit reader; empty if it has none.
   */
  Frame frame(Course.Chapter chapter) throws IOException {
    String name = "content/chapters/" + chapter.number() + ".html";
    if (!Files.exists(source.resolve(name))) {
      return new Frame("", "");
    }
    Map<String, String> values =
        new HashMap<>(ReaderFacts.of(given("chapters", ReaderFacts.NEEDS)));
    for (Topic<?> topic : chapter.topics()) {
      facts(topic).forEach((fact, text) -> values.put(topic.slug() + "." + fact, text));
      String formula = topic.relation().display().replaceAll(" data-part=\"[^\"]*\"", "");
      values.put(topic.slug() + ".relation", formula);
    }
    String html = Template.fill(name, Files.readString(source.resolve(name)), values);
    html = html.replace("<td><math", "<td tabindex=\"0\"><math"); // may be wider than a phone
    int closing = html.indexOf("<div class=\"closing\"");
    return new Frame(html.substring(0, closing), html.substring(closing));
  }

  /** The data files that a topic needs with its defaults, and those of the digit reader. */
  Given given(Topic<?> topic) throws IOException {
    Set<String> names = new LinkedHashSet<>(ReaderFacts.NEEDS);
    names.addAll(topic.needs(topic.schema().defaults()));
    return given(topic.slug(), List.copyOf(names));
  }

  private Given given(String who, List<String> names) throws IOException {
    Given given = new Given();
    for (String name : names) {
      Path file = file(name);
      if (file == null || name.startsWith("photo-")) {
        throw new IllegalArgumentException(
            who + ": its defaults need “" + name + "”; let them need data files alone");
      }
      given.bytes(name, Files.readAllBytes(file));
    }
    return given;
  }

  /** The file that figures need by that name, or null if there is none that is not packed. */
  @Nullable Path file(String name) throws IOException {
    try (Stream<Path> files = Files.list(source.resolve("data"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(Pattern.quote(name) + "\\.[a-z]+"))
          .findFirst()
          .orElse(null);
    }
  }

  /** The topic's main idea, one sentence of HTML. */
  String idea(Topic<?> topic) throws IOException {
    Matcher idea = IDEA.matcher(html(topic, ""));
    if (!idea.find()) {
      throw new IllegalArgumentException(
          "content/" + topic.slug() + ".html: no <p class=\"idea\">; write the main idea first");
    }
    return idea.group(1).strip();
  }

  /** HTML as plain text; a letter with an index becomes {@code H_out}, as one would type it. */
  static String plain(String html) {
    String joined =
        SUBSCRIPT
            .matcher(html)
            .replaceAll(
                sub ->
                    Matcher.quoteReplacement(
                        TAG.matcher(sub.group(1).replaceFirst("</m\\w+><m", "_<m"))
                            .replaceAll("")));
    return TAG.matcher(INLINE.matcher(joined.replace("</h3>", ": ")).replaceAll(""))
        .replaceAll(" ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
