package convscope.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.figure.ExerciseHtml;
import convscope.param.Answer;
import convscope.param.Schema;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every exercise must do, over 1,000 seeds. */
class ExercisesTest {
  private static final int SEEDS = 1000;

  /** Slips that must be told apart from the right answer in at least a third of the questions. */
  private static final Map<String, List<String>> KNOWN = known();

  private static Map<String, List<String>> known() {
    Map<String, List<String>> known = new TreeMap<>();
    known.put(
        "output-size",
        List.of(
            "leaving out the stride",
            "moving by the kernel instead of the stride",
            "not rounding down",
            "leaving out the + 1",
            "not dilating the kernel",
            "counting the padding once instead of twice"));
    known.put(
        "cross-correlation-1d",
        List.of(
            "flipping the kernel",
            "leaving out the stride",
            "leaving out the padding",
            "forgetting the bias",
            "starting one entry late"));
    known.put(
        "conv-parameters",
        List.of(
            "forgetting the bias",
            "giving the kernels no depth",
            "counting one bias for the whole layer",
            "ignoring the groups",
            "counting a bias for each slice of a kernel",
            "counting a bias for each input channel"));
    known.put(
        "dense-vs-conv",
        List.of(
            "leaving out the channels",
            "forgetting the biases",
            "giving each output channel one unit",
            "giving the kernels no depth",
            "counting the weights at every place",
            "multiplying by 4 with the pixels",
            "dividing the other way round"));
    known.put(
        "pooling",
        List.of(
            "leaving out the stride",
            "moving by the window instead of the stride",
            "rounding up",
            "taking the average",
            "taking the maximum",
            "letting the zeros of the padding win",
            "counting the zeros of the padding in the divisor",
            "leaving the zeros of the padding out of the divisor",
            "dividing by K instead of K²"));
    known.put(
        "receptive-field",
        List.of(
            "adding up the kernels",
            "forgetting the jump",
            "using the stride one layer early",
            "not dilating the kernel",
            "taking the stride for the jump"));
    known.put(
        "depthwise-separable-parameters",
        List.of(
            "letting each depthwise kernel read all channels",
            "giving the pointwise stage the large kernel",
            "multiplying the stages",
            "leaving out the pointwise stage",
            "giving FLOPs for MACs",
            "giving MACs for FLOPs"));
    known.put(
        "im2col-matrix",
        List.of(
            "swapping rows and columns",
            "leaving out the stride",
            "going through the channels at each tap",
            "taking the windows column by column",
            "reading each window backwards"));
    known.put(
        "residual-output",
        List.of(
            "adding the shortcut after the activation",
            "leaving out the last activation",
            "leaving out the shortcut",
            "multiplying by the shortcut instead of adding it",
            "flipping the first kernel"));
    known.put(
        "debugging-checklist",
        List.of(
            "taking the dearest first",
            "going by cost alone",
            "blaming the learning rate",
            "blaming the gradient",
            "blaming conv1"));
    return known;
  }

  static List<Exercise> all() {
    return Exercises.all();
  }

  /** A question, and whose it is. */
  private interface Look {
    void at(Question question, String name);
  }

  private static void each(Exercise exercise, int seeds, Look look) {
    for (int seed = 0; seed < seeds; seed++) {
      int level = 1 + seed % exercise.levels().size();
      String name = exercise.slug() + ", level " + level + ", seed " + seed;
      look.at(exercise.question(String.valueOf(seed), level), name);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void theOraclesAnswerIsRight(Exercise exercise) {
    each(
        exercise,
        SEEDS,
        (question, name) -> {
          Verdict verdict = Verdict.of(question, Oracles.answers(exercise, question));
          assertThat(verdict.right()).as("%s: %s", name, verdict).isTrue();
          assertThat(verdict.points()).isEqualTo(question.parts().size());
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyKnownSlipIsRefusedWithItsOwnExplanationOrSaidToBeRightByLuck(Exercise exercise) {
    each(
        exercise,
        SEEDS,
        (question, name) -> {
          Map<String, String> right = Oracles.answers(exercise, question);
          for (Part part : question.parts()) {
            for (Slip slip : part.slips()) {
              String what = name + ", " + part.param().name() + ", " + slip.name();
              Map<String, String> texts = new HashMap<>(right);
              texts.put(part.param().name(), part.param().plain(Optional.of(slip.value())));
              Verdict.Mark mark =
                  Verdict.of(question, texts).marks().stream()
                      .filter(m -> m.part().equals(part.param().name()))
                      .findFirst()
                      .orElseThrow();
              if (part.right().agrees(slip.value())) {
                assertThat(mark.state()).as(what).isEqualTo(Verdict.State.RIGHT);
                if (!slip.name().contains(" and ")) {
                  assertThat(mark.text()).as(what).contains(slip.name()).contains("by luck");
                }
              } else {
                assertThat(mark.state()).as(what).isEqualTo(Verdict.State.WRONG);
                Slip told =
                    part.slips().stream()
                        .filter(s -> s.value().agrees(slip.value()))
                        .findFirst()
                        .orElseThrow();
                assertThat(mark.slip()).as(what).isEqualTo(told.name());
                assertThat(mark.text()).as(what).isEqualTo(told.why()).hasSizeGreaterThan(20);
              }
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void theSlipsThatTeachersKnowAreMostlyTellable(Exercise exercise) {
    for (String slip : KNOWN.getOrDefault(exercise.slug(), List.of("none is listed"))) {
      int told = 0;
      int asked = 0;
      for (int level = 1; level <= exercise.levels().size(); level++) {
        int here = 0;
        for (int seed = 0; seed < 100; seed++) {
          for (Part part : exercise.question(String.valueOf(seed), level).parts()) {
            for (Slip known : part.slips()) {
              here += known.name().equals(slip) && !part.right().agrees(known.value()) ? 1 : 0;
            }
          }
        }
        told = Math.max(told, here);
        asked = 100;
      }
      assertThat(told).as("%s: %s", exercise.slug(), slip).isGreaterThan(asked / 3);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anUnknownWrongAnswerIsMetWithItsOwnNumbers(Exercise exercise) {
    each(
        exercise,
        50,
        (question, name) -> {
          for (Part part : question.parts()) {
            double[] off = part.right().values().clone();
            if (part.param().options().isEmpty()) {
              off[off.length - 1] += 37;
              Answer given = new Answer(part.right().rows(), part.right().columns(), off);
              Map<String, String> texts = new HashMap<>(Oracles.answers(exercise, question));
              texts.put(part.param().name(), given.plain());
              Verdict verdict = Verdict.of(question, texts);
              Verdict.Mark first = verdict.first();
              assertThat(first).as(name).isNotNull();
              assertThat(first.state()).isEqualTo(Verdict.State.WRONG);
              assertThat(first.text()).as(name).hasSizeGreaterThan(15).matches("(?s).*\\d.*");
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void hintsGrowAndTheSolutionEndsInTheAnswerAndPlaysTheTopicsFigure(Exercise exercise) {
    each(
        exercise,
        200,
        (question, name) -> {
          String slug = exercise.topic(question);
          Topic<?> topic = slug.isEmpty() ? null : Topics.get(slug);
          assertThat(new HashSet<>(question.hints())).as(name).hasSize(3);
          assertThat(question.solution()).as(name).isNotEmpty();
          for (Question.Table table : question.tables()) {
            assertThat(table.heads().size()).as(name).isIn(0, table.numbers().columns());
          }
          Map<String, String> figure = new HashMap<>(question.figure());
          if (topic == null) {
            assertThat(figure).as(name).isEmpty();
            return;
          }
          figure.remove("step");
          assertThat(topic.schema().defaults().texts().keySet())
              .as(name)
              .containsAll(figure.keySet());
          Schema.Parsed parsed = topic.schema().parse(figure);
          assertThat(parsed.problems()).as(name).isEmpty();
          assertThat(topic.check(parsed.values(), new Given())).as(name).isNull();
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSeedGivesTheSameQuestionAndOthersGiveOthers(Exercise exercise) {
    for (int level = 1; level <= exercise.levels().size(); level++) {
      Set<String> texts = new HashSet<>();
      for (int seed = 0; seed < 50; seed++) {
        String once = ExerciseHtml.of(exercise, "s" + seed, level);
        assertThat(ExerciseHtml.of(exercise, "s" + seed, level)).isEqualTo(once);
        texts.add(once);
      }
      assertThat(texts).as("%s, level %s", exercise.slug(), level).hasSizeGreaterThan(25);
    }
  }
}
