package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.param.Param;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every topic's fragment of prose is there, complete, and in step with the code. */
class ProseTest {
  private static final Path FOLDER = Path.of("../static/content");
  private static final Pattern GAP = Pattern.compile("\\{\\{(&?)([A-Za-z][A-Za-z0-9.-]*)}}");
  private static final Pattern SETTER =
      Pattern.compile("<button type=\"button\" data-for=\"([^\"]*)\" data-set=\"([^\"]*)\">");

  static List<Topic<?>> topics() {
    return Topics.all();
  }

  private static String prose(Topic<?> topic) throws IOException {
    return Files.readString(FOLDER.resolve(topic.slug() + ".html"));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void theFragmentHasItsParts(Topic<?> topic) throws IOException {
    assertThat(prose(topic))
        .containsOnlyOnce("<p class=\"idea\">")
        .containsOnlyOnce("{{&relation}}")
        .containsOnlyOnce("{{&figure}}")
        .contains("<h3>In real models</h3>")
        .contains("<h3>Worked example</h3>")
        .contains("<h3>Check it in code</h3>")
        .contains("<pre><code>")
        .contains("<h3>Common mistake</h3>")
        .containsOnlyOnce("<div class=\"predict\"")
        .containsOnlyOnce("<div class=\"check\"")
        .doesNotContain("<h1")
        .doesNotContain("<h2")
        .doesNotContain("style=");
  }

  @ParameterizedTest
  @MethodSource("topics")
  void theFragmentIsWellFormedOnceItsGapsAreFilled(Topic<?> topic) throws IOException {
    String filled = GAP.matcher(prose(topic)).replaceAll("gap");
    Drawings.parsed("<div>" + filled + "</div>");
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyGapHasAFactAndEveryFactThatIsMarkupIsTakenAsMarkup(Topic<?> topic) throws IOException {
    Matcher gaps = GAP.matcher(prose(topic));
    Set<String> used = new HashSet<>();
    while (gaps.find()) {
      String name = gaps.group(2);
      used.add(name);
      if (!name.equals("relation") && !name.equals("figure")) {
        assertThat(topic.facts(Shipped.GIVEN)).containsKey(name);
        boolean markup = topic.facts(Shipped.GIVEN).getOrDefault(name, "").startsWith("<");
        assertThat(gaps.group(1).isEmpty()).as(name).isEqualTo(!markup);
      }
    }
    assertThat(used).as("every fact is told").containsAll(topic.facts(Shipped.GIVEN).keySet());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyButtonSetsParametersToValuesThatTheyAccept(Topic<?> topic) throws IOException {
    String prose = prose(topic);
    for (Map.Entry<String, String> fact : topic.facts(Shipped.GIVEN).entrySet()) {
      prose = prose.replace("{{" + fact.getKey() + "}}", fact.getValue());
    }
    Matcher buttons = SETTER.matcher(prose);
    boolean mistaken = false;
    while (buttons.find()) {
      Topic<?> aim = Topics.get(buttons.group(1));
      for (String pair : Arrays.asList(buttons.group(2).split("&amp;"))) {
        String name = pair.substring(0, pair.indexOf('='));
        String value = pair.substring(pair.indexOf('=') + 1);
        Param<?> param = aim.schema().param(name);
        assertThat(param.problemWith(value)).as(pair).isNull();
        mistaken |= name.equals("mistake");
      }
    }
    assertThat(mistaken).as("a button shows the mistake").isTrue();
  }
}
