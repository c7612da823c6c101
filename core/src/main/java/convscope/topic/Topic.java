package convscope.topic;

import convscope.data.Given;
import convscope.op.FastConv2d;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.Formula;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic of the course: a pure function from parameters to a figure.
 *
 * @param <R> what {@link #compute} finds out and {@link #figure} shows
 */
public interface Topic<R> {

  /** What is declared once: slug, title of the figure, parameters, size of the drawing. */
  Head head();

  /** The name in URLs and in {@code <conv-scope topic="…">}. */
  default String slug() {
    return head().slug();
  }

  /** The heading of its section. */
  default String title() {
    return Course.title(slug());
  }

  /** The heading of its figure. */
  default String figureTitle() {
    return head().figureTitle();
  }

  /** Its parameters: controls, URL keys, attributes and fuzz input. */
  default Schema schema() {
    return head().schema();
  }

  /** The core relation, typeset above the figure. */
  Formula relation();

  /**
   * The names of what the host must hand over before {@link #check} with these values: the pictures
   * among them.
   */
  default List<String> needs(Values values) {
    List<String> pictures = new ArrayList<>();
    for (Param<?> param : schema().params()) {
      if (param instanceof ChoiceParam choice && choice.parse("photo-camera") != null) {
        String chosen = values.choice(choice.name());
        pictures.addAll(Inputs.isPicture(chosen) ? List.of(chosen) : List.of());
      }
    }
    return pictures;
  }

  /**
   * What is wrong with values that are fine one by one: the same text that the operator would
   * throw.
   */
  default @Nullable Problem check(Values values, Given given) {
    return null;
  }

  /**
   * Computes everything that the figure shows, with the real operators. Values have passed the
   * check.
   */
  R compute(Values values, Given given);

  /** How the result is played. */
  default Steps steps(R result) {
    return Steps.NONE;
  }

  /** The figure at one step. */
  Figure figure(R result, View view);

  /** What can be asked of a result. */
  default Answers answers(R result) {
    return new Answers();
  }

  /** What the defaults give, where they need nothing: the figure that a reader sees first. */
  default R shown() {
    return shown(Given.NOTHING);
  }

  /** What the defaults give, with what they need. */
  default R shown(Given given) {
    return compute(schema().defaults(), given);
  }

  /** The view of a result at its first step. */
  default View firstView(R result, boolean narrow) {
    return new View(steps(result).first(), "", narrow ? head().narrow() : head().wide());
  }

  /** The live equation of what the defaults give, for the prose. */
  default String example() {
    return figure(shown(), firstView(shown(), false)).equation();
  }

  /**
   * The values after the reader changed something: a parameter by its name, or a cell by its key.
   *
   * @param result the result of the values so far, or null if they had a problem
   * @param key a parameter's name or a cell's key
   * @param text what the reader typed or chose; the parameter accepts it
   */
  default Values change(Values values, @Nullable R result, String key, String text) {
    return values.with(key, text);
  }

  /** What is wrong with a text that the reader typed into a cell, or null. */
  default @Nullable Problem checkCell(String key, String text) {
    return new Problem("", "Cells of this figure follow from the parameters; change those instead");
  }

  /**
   * What to time on the reader's machine with these values, or null for a topic that measures
   * nothing. Times are not computed but come in as a parameter, so that the topic stays a pure
   * function.
   *
   * @param conv2d the convolution that runs in that place
   */
  default @Nullable Measurement measurement(Values values, FastConv2d conv2d) {
    return null;
  }

  /**
   * Numbers and formulas by name for the prose: the fragment refers to them as <code>{{name}}
   * </code>. A topic whose facts need what the host hands over has them in {@link #facts(Given)}.
   */
  default Map<String, String> facts() {
    return Map.of();
  }

  /** The facts, with what the defaults need. */
  default Map<String, String> facts(Given given) {
    return facts();
  }
}
