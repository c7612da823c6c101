package convscope.exercise;

import convscope.param.Answer;
import convscope.param.Param;
import convscope.param.Schema;
import convscope.scene.Markup;
import convscope.scene.Prose;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an exercise asks for one seed: text, given numbers, fields, hints and the solution. */
public final class Question {
  /**
   * A matrix or a row of given numbers.
   *
   * @param title above it, as HTML
   * @param role the colour of the figures: {@code input}, {@code kernel} or {@code output}
   * @param heads above the columns, or none
   */
  public record Table(String title, String role, List<String> heads, Answer numbers) {}

  private final List<String> text = new ArrayList<>();
  private final List<Table> tables = new ArrayList<>();
  private final Map<String, Answer> given = new LinkedHashMap<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<String> hints = new ArrayList<>();
  private final List<String> solution = new ArrayList<>();
  private final Map<String, String> figure = new LinkedHashMap<>();
  private String topic = "";

  /** A sentence as {@link Prose} writes it, as HTML. */
  public static String words(String sentence, Object... values) {
    return Prose.of(sentence, values).html();
  }

  /** Adds a paragraph of the task, a sentence as {@link Prose} writes it. */
  public Question say(String sentence, Object... values) {
    text.add("<p>" + words(sentence, values) + "</p>");
    return this;
  }

  /** Adds a code listing to the task. */
  public Question code(String listing) {
    text.add("<pre tabindex=\"0\"><code>" + Markup.escaped(listing) + "</code></pre>");
    return this;
  }

  /**
   * Adds what was measured, in panels that open one by one.
   *
   * @param report sections with an empty line between them, each with a line that says what was run
   */
  public Question panels(String report) {
    int from = 0;
    while (from < report.length()) {
      int gap = report.indexOf("\n\n", from);
      String section = report.substring(from, gap < 0 ? report.length() : gap);
      int line = section.indexOf('\n');
      Markup out = new Markup();
      out.open("details").attr("class", "run");
      out.span("summary", "", section.substring(0, line));
      out.open("pre").attr("tabindex", "0").span("code", "", section.substring(line + 1));
      text.add(out.close().close().toString());
      from = gap < 0 ? report.length() : gap + 2;
    }
    return this;
  }

  /** Shows given numbers as a matrix, and names them for {@link #given}. */
  public Question table(String name, String title, String role, Answer numbers, String... heads) {
    tables.add(new Table(title, role, List.of(heads), numbers));
    return given(name, numbers);
  }

  /** Names a number that the task gives in its words. */
  public Question given(String name, double number) {
    return given(name, Answer.of(number));
  }

  /** Names numbers that the task gives. */
  public Question given(String name, Answer numbers) {
    given.put(name, numbers);
    return this;
  }

  /** Adds a field. */
  public Question ask(Part part) {
    parts.add(part);
    return this;
  }

  /**
   * The three hints, each telling more than the one before, as HTML: where to look, the rule, the
   * start.
   */
  public Question hints(String where, String rule, String start) {
    hints.addAll(List.of(where, rule, start));
    return this;
  }

  /** Adds a line of the worked solution, a sentence as {@link Prose} writes it. */
  public Question solve(String sentence, Object... values) {
    solution.add(words(sentence, values));
    return this;
  }

  /** Sets a parameter of the figure that plays the solution; {@code step} is its step. */
  public Question plays(String param, String value) {
    figure.put(param, value);
    return this;
  }

  /** Sets a whole number of the figure. */
  public Question plays(String param, int value) {
    return plays(param, String.valueOf(value));
  }

  /** Lets another topic's figure than the exercise's play the solution. */
  public Question playedBy(String slug) {
    topic = slug;
    return this;
  }

  public List<String> text() {
    return List.copyOf(text);
  }

  public List<Table> tables() {
    return List.copyOf(tables);
  }

  /** Everything that the answer follows from, by name: what an oracle needs and no more. */
  public Map<String, Answer> given() {
    return given;
  }

  public List<Part> parts() {
    return List.copyOf(parts);
  }

  public List<String> hints() {
    return List.copyOf(hints);
  }

  public List<String> solution() {
    return List.copyOf(solution);
  }

  /** The topic whose figure plays the solution; empty for the exercise's own. */
  public String topic() {
    return topic;
  }

  /** The parameters of the topic's figure that play the solution, by name. */
  public Map<String, String> figure() {
    return figure;
  }

  /** The answers as parameters. */
  public Schema schema() {
    return Schema.of(parts.stream().map(Part::param).toArray(Param<?>[]::new));
  }
}
