package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.param.Problem;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.SvgWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a test asks it: {@code probe.at("stride=2&padding=1").step(3).caption()}. Every call
 * gives a new probe, so one can be kept and asked again.
 *
 * @param step the animation step, or −1 for the one that is shown first
 */
public record Probe<R>(
    Topic<R> topic, Values values, int step, String pick, boolean isNarrow, Given given) {
  public static <R> Probe<R> of(Topic<R> topic) {
    return new Probe<>(topic, topic.schema().defaults(), -1, "", false, Shipped.GIVEN);
  }

  /** At these parameters, written as in an address; the others have their defaults. */
  public Probe<R> at(String query) {
    Map<String, String> texts = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      texts.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    Schema.Parsed parsed = topic.schema().parse(texts);
    assertThat(parsed.problems()).as(query).isEmpty();
    texts.keySet().forEach(name -> assertThat(topic.schema().has(name)).as(name).isTrue());
    return new Probe<>(topic, parsed.values(), step, pick, isNarrow, given);
  }

  public Probe<R> step(int number) {
    return new Probe<>(topic, values, number, pick, isNarrow, given);
  }

  /** With the pointer on the cell of that key. */
  public Probe<R> pick(String key) {
    return new Probe<>(topic, values, step, key, isNarrow, given);
  }

  public Probe<R> narrow() {
    return new Probe<>(topic, values, step, pick, true, given);
  }

  /** With what the host handed over, in place of the {@link Shipped} files. */
  public Probe<R> with(Given handedOver) {
    return new Probe<>(topic, values, step, pick, isNarrow, handedOver);
  }

  /** The text of what is wrong with the parameters, or null. */
  public @Nullable String problem() {
    Problem problem = topic.check(values, given);
    return problem == null ? null : problem.text();
  }

  public R result() {
    assertThat(problem()).isNull();
    return topic.compute(values, given);
  }

  public Steps steps() {
    return topic.steps(result());
  }

  public Figure figure() {
    R result = result();
    int shown = step < 0 ? topic.steps(result).first() : step;
    return topic.figure(
        result, new View(shown, pick, isNarrow ? topic.head().narrow() : topic.head().wide()));
  }

  /** The caption as plain text. */
  public String caption() {
    return figure().alt();
  }

  /** The equation without its markup. */
  public String equation() {
    return figure().equation().replaceAll("<[^>]*>", "");
  }

  public String twin() {
    return figure().twin();
  }

  public String svg() {
    Figure figure = figure();
    return SvgWriter.write(figure.scene(), figure.alt());
  }
}
