package convscope.topic;

import convscope.data.Pictures;
import convscope.op.FastConv2d;
import convscope.param.Problem;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.Formula;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic of the course: a pure function from parameters to a figure.
 *
 * @param <R> what {@link #compute} finds out and {@link #figure} shows
 */
public interface Topic<R> {
  /** The name in URLs and in {@code <conv-scope topic="…">}. */
  String slug();

  /** The heading of its section. */
  String title();

  /** The heading of its figure. */
  String figureTitle();

  /** Its parameters: controls, URL keys, attributes and fuzz input. */
  Schema schema();

  /** The core relation, typeset above the figure. */
  Formula relation();

  /** The names of the pictures that must be loaded before {@link #compute} with these values. */
  default List<String> pictures(Values values) {
    return List.of();
  }

  /**
   * What is wrong with values that are fine one by one: the same text that the operator would
   * throw.
   */
  default @Nullable Problem check(Values values, Pictures pictures) {
    return null;
  }

  /**
   * Computes everything that the figure shows, with the real operators. Values have passed the
   * check.
   */
  R compute(Values values, Pictures pictures);

  /** How many animation steps the result has; 1 for a figure that stands still. */
  default int steps(R result) {
    return 1;
  }

  /** The step that teaches best at first sight. */
  default int firstStep(R result) {
    return 0;
  }

  /** How many steps a tick of the player advances, so that long animations end. */
  default int stride(R result) {
    return 1;
  }

  /** The figure at one step. */
  Figure figure(R result, View view);

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
    return new Problem("", key + ": this cell cannot be edited");
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
   * </code>.
   */
  Map<String, String> facts();
}
