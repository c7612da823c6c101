package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each chapter is framed: an opening, a lecture path, a summary, references. */
class ChapterFrameTest {
  private static final Path FOLDER = Path.of("../static/content/chapters");
  private static final Pattern SETTER =
      Pattern.compile("<button type=\"button\" data-for=\"([^\"]*)\" data-set=\"([^\"]*)\">");
  private static final Pattern MINUTES = Pattern.compile("\\((\\d+)\\h?min\\)");

  static List<Course.Chapter> complete() {
    return Course.chapters().stream()
        .filter(chapter -> chapter.entries().stream().allMatch(Course.Entry::exists))
        .toList();
  }

  private static String frame(Course.Chapter chapter) throws IOException {
    return Files.readString(FOLDER.resolve(chapter.number() + ".html"));
  }

  @ParameterizedTest
  @MethodSource("complete")
  void theFrameIsWellFormedAndHasItsParts(Course.Chapter chapter) throws IOException {
    String frame = frame(chapter);
    Drawings.parsed("<div>" + frame.replaceAll("\\{\\{&?[^}]*}}", "gap") + "</div>");
    assertThat(frame)
        .contains("<div class=\"opening\">", "<h2>After this chapter you can</h2>")
        .contains("<details class=\"path\">", "<div class=\"closing\"", "<h3>References</h3>")
        .containsPattern("https://(doi\\.org/10\\.|arxiv\\.org/abs/)");
    for (Course.Entry entry : chapter.entries()) {
      assertThat(frame)
          .contains("<tr><th scope=\"row\"><a href=\"#" + entry.slug() + "\">")
          .contains("{{&" + entry.slug() + ".relation}}");
    }
  }

  @ParameterizedTest
  @MethodSource("complete")
  void theLecturePathGoesThroughAllTopicsInFortyFiveMinutesWithSettingsThatTheyAccept(
      Course.Chapter chapter) throws IOException {
    String frame = frame(chapter);
    Set<String> shown = new HashSet<>();
    Matcher setter = SETTER.matcher(frame);
    while (setter.find()) {
      Topic<?> topic = Topics.get(setter.group(1));
      shown.add(topic.slug());
      for (String pair : setter.group(2).split("&amp;", -1)) {
        String[] parts = pair.split("=", 2);
        assertThat(topic.schema().param(parts[0]).problemWith(parts[1])).as(pair).isNull();
      }
    }
    assertThat(shown).hasSize(chapter.entries().size());
    int minutes = 0;
    Matcher part = MINUTES.matcher(frame);
    while (part.find()) {
      minutes += Integer.parseInt(part.group(1));
    }
    assertThat(minutes).isEqualTo(45);
  }

  /** Sizes, counts and fields by hand: 28 − 4 = 24, half of it 12, 12 − 4 = 8, half of it 4. */
  @Test
  void theDigitReadersNumbersAreThoseThatOneCountsByHand() {
    Map<String, String> facts = ReaderFacts.of(Shipped.GIVEN);
    assertThat(facts)
        .containsEntry("reader.conv1", "24 × 24")
        .containsEntry("reader.pool1", "12 × 12")
        .containsEntry("reader.conv2", "8 × 8")
        .containsEntry("reader.pool2", "4 × 4")
        .containsEntry("reader.flat", "256")
        .containsEntry("reader.first", "208")
        .containsEntry("reader.second", "3,216")
        .containsEntry("reader.last", "2,570")
        .containsEntry("reader.weights", "5,994")
        .containsEntry("reader.macs1", "115,200")
        .containsEntry("reader.macs2", "204,800")
        .containsEntry("reader.macs", "322,560")
        .containsEntry("reader.values1", "4,608")
        .containsEntry("reader.kept1", "1,152")
        .containsEntry("reader.field1", "6")
        .containsEntry("reader.field", "16")
        .containsEntry("reader.jump", "4");
  }
}
