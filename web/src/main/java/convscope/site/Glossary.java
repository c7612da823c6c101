package convscope.site;

import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Links the first use of each word of the glossary, in reading order, to where it is explained:
 * {@code <dt id="tap" data-words="taps|tap">} in {@code pages/notation.html}. Without {@code
 * data-words} the word is what the element holds; {@code -} links none, for words that a topic is
 * about.
 */
final class Glossary {
  private static final Pattern TERM =
      Pattern.compile("<dt id=\"([^\"]*)\"(?: data-words=\"([^\"]*)\")?>([^<]*)</dt>");

  /** Where none is linked: questions, whose words the reader is to weigh alone. */
  private static final Pattern QUESTION =
      Pattern.compile("(?s)<div class=\"(?:predict|check)\".*?</div>");

  private static final Pattern PARAGRAPH = Pattern.compile("(?s)<(p|li)>(.*?)</\\1>");

  /** What has links, values or code in it is passed over whole. */
  private static final Pattern PIECE =
      Pattern.compile("(?s)<(a|button|code|math)\\b.*?</\\1>|<[^>]*>|\\{\\{[^}]*}}|[^<{]+|\\{");

  private record Term(String id, Pattern words) {}

  private final Map<String, List<Term>> firstUses = new HashMap<>(); // by slug

  Glossary(Path source) throws IOException {
    List<Term> left = new ArrayList<>();
    Matcher term = TERM.matcher(Files.readString(source.resolve("pages/notation.html")));
    while (term.find()) {
      String words = term.group(2) == null ? Pattern.quote(term.group(3)) : term.group(2);
      if (!words.equals("-")) {
        left.add(new Term(term.group(1), Pattern.compile("\\b(?:" + words + ")\\b")));
      }
    }
    for (Topic<?> topic : Topics.all()) {
      String fragment = Files.readString(source.resolve("content/" + topic.slug() + ".html"));
      for (Term next : List.copyOf(left)) {
        if (!linked(fragment, next).equals(fragment)) {
          firstUses.computeIfAbsent(topic.slug(), slug -> new ArrayList<>()).add(next);
          left.remove(next);
        }
      }
    }
  }

  /** A topic's fragment with the words linked that the course uses there first. */
  String link(String slug, String fragment) {
    String html = fragment;
    for (Term term : firstUses.getOrDefault(slug, List.of())) {
      html = linked(html, term);
    }
    return html;
  }

  private static String linked(String html, Term term) {
    Matcher question = QUESTION.matcher(html);
    int from = 0;
    while (from < html.length()) {
      int to = question.find(from) ? question.start() : html.length();
      Matcher paragraph = PARAGRAPH.matcher(html).region(from, to);
      while (paragraph.find()) {
        Matcher piece = PIECE.matcher(html).region(paragraph.start(2), paragraph.end(2));
        while (piece.find()) {
          Matcher word = term.words.matcher(html).region(piece.start(), piece.end());
          if ("<{".indexOf(html.charAt(piece.start())) < 0 && word.find()) {
            String link =
                "<a class=\"word\" href=\"__ROOT__notation.html#%s\">%s</a>"
                    .formatted(term.id, word.group());
            return html.substring(0, word.start()) + link + html.substring(word.end());
          }
        }
      }
      from = to == html.length() ? to : question.end();
    }
    return html;
  }
}
