package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.eclipsesource.json.JsonObject;
import convscope.param.Answer;
import convscope.param.Param;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every topic's prediction and self-check, on the JVM. */
class QuestionsTest {
  private static final int SEEDS = 200;
  private static final Prose PROSE = new Prose(Path.of("../static"));

  static List<Topic<?>> topics() {
    return Topics.all();
  }

  private static Questions.Asked only(Topic<?> topic, String kind) throws IOException {
    List<Questions.Asked> asked = Questions.of(topic, PROSE.filled(topic, ""), kind);
    assertThat(asked).as(topic.slug() + ": " + kind).hasSize(1);
    return asked.get(0);
  }

  private static Questions.Asked made(String slug, String block) {
    return Questions.of(Topics.get(slug), block, "predict").get(0);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aPredictionHasOneAnswerWhichIsJudgedRightAndSetsTheFigure(Topic<?> topic)
      throws IOException {
    Questions.Asked prediction = only(topic, "predict");
    String html = prediction.html("Predict", "Commit");
    assertThat(html).contains("class=\"reason\"").doesNotContain("{{").doesNotContain("data-value");
    String right = prediction.verdict(prediction.params(), "").getString("answer", "");
    assertThat(right).isNotEmpty();
    int options = html.split("type=\"radio\"", -1).length - 1;
    if (options == 0) {
      assertThat(state(prediction, right)).isEqualTo("right");
      return;
    }
    int rights = 0;
    for (int i = 0; i < options; i++) {
      rights += state(prediction, String.valueOf(i)).equals("right") ? 1 : 0;
    }
    assertThat(rights).isEqualTo(1);
    JsonObject shown = prediction.verdict(prediction.params(), "0").get("params").asObject();
    assertThat(accepted(topic, shown)).as("the figure is set").isPositive();
  }

  private static String state(Questions.Asked asked, String text) {
    return asked.verdict(asked.params(), text).getString("state", "");
  }

  /** How many of these a figure accepts; all but the step must be. */
  private static int accepted(Topic<?> topic, JsonObject params) {
    int count = 0;
    for (JsonObject.Member member : params) {
      if (!member.getName().equals("step")) {
        Param<?> param = topic.schema().param(member.getName());
        assertThat(param.problemWith(member.getValue().asString())).as("%s", member).isNull();
        count++;
      }
    }
    return count;
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aSelfCheckOfAnySeedFitsItsFigureAndHasTheAnswerThatAnOracleCounts(Topic<?> topic)
      throws IOException {
    Questions.Asked check = only(topic, "check");
    Set<String> answers = new HashSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      JsonObject params = check.drawn("seed " + seed);
      assertThat(accepted(topic, params)).isPositive();
      Answer oracle = Answer.row(CheckOracle.of(topic.slug(), params));
      JsonObject verdict = check.verdict(params, oracle.plain());
      assertThat(verdict.getString("state", ""))
          .as("%s: %s is answered by %s, says %s", topic.slug(), params, oracle, verdict)
          .isEqualTo("right");
      answers.add(verdict.getString("answer", ""));
    }
    assertThat(answers).as("seeds make a difference").hasSizeGreaterThan(3);
  }

  @Test
  void aSeedDrawsTheSameNumbersAgain() throws IOException {
    Questions.Asked check = only(Topics.get("stride"), "check");
    assertThat(check.drawn("class 7b")).isEqualTo(check.drawn("class 7b"));
    assertThat(check.drawn("class 7b")).isNotEqualTo(check.drawn("class 7c"));
  }

  @Test
  void aWrongAnswerToWhichTheFiguresMistakeLeadsIsCalledByItsName() {
    Questions.Asked asked =
        made(
            "stride",
            "<div class=\"predict\" data-set=\"size=11&amp;kernel=3&amp;stride=2\""
                + " data-ask=\"outHeight\"><p>?</p></div>");
    JsonObject params = asked.params();
    assertThat(asked.verdict(params, "3").getString("text", ""))
        .isEqualTo(
            "That is what the mistake “Hop by the kernel’s size” gives. The figure shows 5.");
    assertThat(asked.verdict(params, "9").getString("text", ""))
        .isEqualTo("Not 9: the figure shows 5.");
    assertThat(asked.verdict(params, "5").getString("text", "")).isEqualTo("Right: 5.");
    assertThat(asked.verdict(params, "five").getString("state", "")).isEqualTo("unreadable");
    assertThat(asked.verdict(params, " ").getString("state", "")).isEqualTo("empty");
  }

  @Test
  void aCellIsReadInEveryFormAndOutsideTheGridSentBack() {
    Questions.Asked asked =
        made(
            "max-pooling",
            "<div class=\"predict\" data-set=\"stride=1&amp;kernel=3\" data-ask=\"winner\""
                + " data-form=\"cell\"><p>?</p></div>");
    for (String text : List.of("3, 2", "(3,2)", "3 2", "x[3, 2]", "[3,2]")) {
      assertThat(state(asked, text)).as(text).isEqualTo("right");
    }
    assertThat(asked.verdict(asked.params(), "0, 0").getString("text", ""))
        .isEqualTo("Not (0, 0): right is (3, 2).");
    assertThat(asked.verdict(asked.params(), "6, 0").getString("text", ""))
        .isEqualTo("There is no such cell: the grid is 6 × 6, and counting begins at 0.");
    assertThat(state(asked, "here")).isEqualTo("unreadable");
  }

  @Test
  void aQuestionThatCannotBeAnsweredFailsTheBuild() {
    assertThatThrownBy(
            () ->
                made("stride", "<div class=\"predict\" data-ask=\"outWidth\"><p>?</p></div>")
                    .html("Predict", "Commit"))
        .hasMessageContaining("stride: no answer to {\"ask\":\"outWidth\"");
    assertThatThrownBy(
            () ->
                made(
                        "stride",
                        "<div class=\"predict\" data-ask=\"even\" data-form=\"choice\"><ul>"
                            + "<li data-set=\"kernel=2\">2</li><li data-set=\"kernel=4\">4</li>"
                            + "</ul></div>")
                    .html("Predict", "Commit"))
        .hasMessage("judge: not exactly one of the options is right");
  }
}
