package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.Answer;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.Scene;
import convscope.scene.Stage;
import convscope.scene.SvgWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What holds for every topic in the list. */
class TopicsTest {
  private static final int TRIALS = 60;
  private static final Given PICTURES = pictures();

  private static Given pictures() {
    Given given = Shipped.given();
    for (ChoiceParam.Option option : Inputs.choice("input", "").options()) {
      if (Inputs.isPicture(option.value())) {
        given.picture(option.value(), new Picture(20, 30, new byte[4 * 20 * 30], ""));
      }
    }
    return given;
  }

  static java.util.List<Topic<?>> topics() {
    return Topics.figures();
  }

  @Test
  void everySlugIsUniqueAndLeadsToItsTopic() {
    Set<String> seen = new HashSet<>();
    for (Topic<?> topic : Topics.figures()) {
      assertThat(seen.add(topic.slug())).as(topic.slug()).isTrue();
      assertThat(topic.slug()).matches("[a-z0-9]+(-[a-z0-9]+)*");
    }
    for (Topic<?> topic : Topics.all()) {
      assertThat(Topics.get(topic.slug())).isSameAs(topic);
    }
    assertThatThrownBy(() -> Topics.get("no-such-topic"))
        .hasMessageContaining("there is no “no-such-topic”; use one of ");
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aTopicHasEverythingThatItsPageShows(Topic<?> topic) {
    assertThat(topic.title()).isNotBlank();
    assertThat(topic.figureTitle()).isNotBlank();
    assertThat(topic.relation().display()).startsWith("<math display=\"block\">");
    assertThat(topic.facts(Shipped.GIVEN)).isNotEmpty();
    topic.facts(Shipped.GIVEN).forEach((name, text) -> assertThat(text).as(name).isNotBlank());
    for (Param<?> param : topic.schema().params()) {
      assertThat(param.label()).as(param.name()).isNotEqualTo(param.name());
      assertThat(param.name()).matches("[a-z]+(-[a-z]+)*").isNotIn("step", "topic", "class", "id");
    }
  }

  @ParameterizedTest
  @MethodSource("topics")
  void theDefaultFigureSaysAndShowsSomething(Topic<?> topic) {
    shown(topic, topic.schema().defaults());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aFigureBeginsAtAStepThatLeavesSomethingToPlay(Topic<?> topic) {
    Steps steps = begun(topic);
    assertThat(steps.first()).isBetween(0, Math.max(0, steps.count() - 2));
  }

  private static <R> Steps begun(Topic<R> topic) {
    return topic.steps(topic.shown(Shipped.GIVEN));
  }

  private static <R> void shown(Topic<R> topic, Values values) {
    R result = topic.compute(values, PICTURES);
    for (boolean narrow : new boolean[] {false, true}) {
      Figure figure = topic.figure(result, topic.firstView(result, narrow));
      assertThat(figure.alt()).isNotBlank();
      assertThat(figure.equation()).isNotBlank();
      assertThat(figure.caption()).isNotBlank();
      assertThat(figure.twin()).contains("<table>");
      assertThat(figure.scene().marks()).isNotEmpty();
    }
    Steps steps = topic.steps(result);
    assertThat(steps.first()).isBetween(0, steps.count() - 1);
    assertThat(steps.stride()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aDrawingsStageLeavesRoomForEquationTransportAndControls(Topic<?> topic) {
    assertThat(topic.head().wide().height()).isLessThanOrEqualTo(Stage.MOST_WIDE);
    assertThat(topic.head().narrow().height()).isLessThanOrEqualTo(Stage.MOST_NARROW);
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aDrawingHasOneSizeWhateverItsParametersItsStepAndThePointer(Topic<?> topic) {
    RandomParams random = new RandomParams(3, topic.schema());
    for (int trial = 0; trial < TRIALS; trial++) {
      sameSize(topic, random, trial);
    }
  }

  private static <R> void sameSize(Topic<R> topic, RandomParams random, int trial) {
    Values values = possible(topic, random, trial);
    R result = topic.compute(values, PICTURES);
    for (Stage stage : new Stage[] {topic.head().wide(), topic.head().narrow()}) {
      Scene first = topic.figure(result, new View(0, "", stage)).scene();
      assertThat(first.width() / first.height())
          .isCloseTo(stage.width() / stage.height(), within(1e-9));
      assertThat(first.width()).isGreaterThanOrEqualTo(stage.width());
      for (String pick : new String[] {"", "in/0,0", "out/0,0", "k/0,0", "h/0,1", "y/0,0"}) {
        int step = random.between(0, topic.steps(result).count() - 1);
        Scene scene = topic.figure(result, new View(step, pick, stage)).scene();
        String of = topic.slug() + "?" + values.query() + " " + stage + " " + step + " " + pick;
        assertThat(scene.width()).as(of).isEqualTo(first.width());
        assertThat(scene.height()).as(of).isEqualTo(first.height());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everythingIsDrawnInsideEveryTextIsLargeEnoughAndNoNumberIsLeftOut(Topic<?> topic) {
    RandomParams random = new RandomParams(4, topic.schema());
    for (int trial = 0; trial < 2 * TRIALS; trial++) {
      tidy(topic, random, trial);
    }
  }

  private static <R> void tidy(Topic<R> topic, RandomParams random, int trial) {
    Values values = possible(topic, random, trial);
    R result = topic.compute(values, PICTURES);
    for (Stage stage : new Stage[] {topic.head().wide(), topic.head().narrow()}) {
      for (int step : new int[] {0, topic.steps(result).count() - 1}) {
        Scene scene = topic.figure(result, new View(step, "", stage)).scene();
        String of = topic.slug() + "?" + values.query() + " " + stage;
        Drawings.assertTidy(scene, stage, of);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("topics")
  void whateverCanBeAskedOfAResultIsANumberAtAnyParameters(Topic<?> topic) {
    RandomParams random = new RandomParams(6, topic.schema());
    for (int trial = 0; trial < 3 * TRIALS; trial++) {
      asked(topic, random, trial);
    }
  }

  private static <R> void asked(Topic<R> topic, RandomParams random, int trial) {
    Values values = possible(topic, random, trial);
    Answers answers = topic.answers(topic.compute(values, PICTURES));
    for (Map<String, Answer> named : List.of(answers.right(), answers.wrong())) {
      named.forEach(
          (name, answer) -> {
            for (double value : answer.values()) {
              String of = topic.slug() + "?" + values.query() + " " + name;
              assertThat(Double.isFinite(value)).as(of).isTrue();
            }
          });
    }
  }

  @ParameterizedTest
  @MethodSource("topics")
  void everyHandleLeadsToAStepOrToAParameterThatHasAControlNow(Topic<?> topic) {
    RandomParams random = new RandomParams(5, topic.schema());
    for (int trial = 0; trial < TRIALS; trial++) {
      handled(topic, random, trial);
    }
  }

  private static <R> void handled(Topic<R> topic, RandomParams random, int trial) {
    Values values = possible(topic, random, trial);
    R result = topic.compute(values, PICTURES);
    int steps = topic.steps(result).count();
    int step = random.between(0, steps - 1);
    View view = new View(step, "", trial % 2 == 0 ? topic.head().wide() : topic.head().narrow());
    Document svg = Drawings.parsed(SvgWriter.write(topic.figure(result, view).scene(), "alt"));
    for (String tag : new String[] {"rect", "g"}) {
      for (Element handle : Drawings.elements(svg, tag)) {
        String sets = handle.getAttribute("data-sets");
        String of = topic.slug() + "?" + values.query() + " " + sets;
        if (sets.equals("step")) {
          double[] from = pair(handle, "data-from");
          double[] pitch = pair(handle, "data-pitch");
          int columns = (int) pair(handle, "data-count")[0];
          assertThat(columns * (int) pair(handle, "data-count")[1]).as(of).isEqualTo(steps);
          double x = from[0] + step % columns * pitch[0];
          double y = from[1] + step / columns * pitch[1];
          assertThat(Double.parseDouble(handle.getAttribute("x"))).as(of).isCloseTo(x, within(0.5));
          assertThat(Double.parseDouble(handle.getAttribute("y"))).as(of).isCloseTo(y, within(0.5));
        } else if (!sets.isEmpty()) {
          assertThat(topic.schema().has(sets)).as(of).isTrue();
          Param<?> param = topic.schema().param(sets);
          assertThat(param.applies(values)).as(of).isTrue();
          if (handle.hasAttribute("data-stops")) {
            assertStops(handle, values.plain(sets), param, of);
          } else {
            assertThat(param).as(of).isInstanceOfAny(IntParam.class, PairParam.class);
          }
        }
      }
    }
  }

  /** What has a stop for each text stands at that of its own, and the parameter takes all. */
  private static void assertStops(Element handle, String now, Param<?> param, String of) {
    boolean across = pair(handle, "data-pitch")[0] != 0;
    Element place = (Element) handle.getElementsByTagName("rect").item(0);
    double start = Double.parseDouble(place.getAttribute(across ? "x" : "y"));
    double size = Double.parseDouble(place.getAttribute(across ? "width" : "height"));
    String nearest = "";
    double least = Double.MAX_VALUE;
    for (String stop : handle.getAttribute("data-stops").split("\\|")) {
      int space = stop.indexOf(' ');
      double away = Math.abs(Double.parseDouble(stop.substring(0, space)) - start - size / 2);
      String text = stop.substring(space + 1);
      assertThat(param.parse(text)).as(of + " " + text).isNotNull();
      if (away < least) {
        least = away;
        nearest = text;
      }
    }
    assertThat(nearest).as(of).isEqualTo(now);
  }

  private static double[] pair(Element element, String name) {
    String[] parts = element.getAttribute(name).split(" ", -1);
    return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
  }

  /** The defaults first, then random values that pass the topic's check. */
  private static <R> Values possible(Topic<R> topic, RandomParams random, int trial) {
    while (trial > 0) {
      Schema.Parsed parsed = topic.schema().parse(random.valid());
      assertThat(parsed.problems()).isEmpty();
      if (topic.check(parsed.values(), PICTURES) == null) {
        return parsed.values();
      }
    }
    return topic.schema().defaults();
  }
}
