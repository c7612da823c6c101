package convscope.figure;

import convscope.data.Given;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.FlagParam;
import convscope.param.GridParam;
import convscope.param.IntParam;
import convscope.param.NumberParam;
import convscope.param.Pair;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.Stack;
import convscope.param.StackParam;
import convscope.param.Values;
import convscope.scene.Markup;
import convscope.scene.SvgWriter;
import convscope.topic.Figure;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The HTML around a drawing: title and actions, the live equation, transport, controls, problems,
 * caption and text twin. The build writes it into the page, and an element in a foreign page asks
 * the worker for it, so both are the same. Controls come disabled; the script enables them when the
 * engine is up.
 */
public final class FigureHtml {
  private static final int MAIN = 3; // controls that do not fold
  private static final int FEW = 6; // fold on the narrowest figures alone: two rows of three
  private static final int DECIMALS = 6;

  private final Topic<?> topic;
  private final Values values;
  private final Figure figure;
  private final int step;
  private final int steps;
  private final List<Problem> problems;
  private final Map<String, String> drawings = new LinkedHashMap<>();

  private FigureHtml(
      Topic<?> topic, Values values, Figure figure, int step, int steps, List<Problem> problems) {
    this.topic = topic;
    this.values = values;
    this.figure = figure;
    this.step = step;
    this.steps = steps;
    this.problems = problems;
  }

  static FigureHtml of(
      Topic<?> topic, Values values, Figure figure, int step, int steps, List<Problem> problems) {
    return new FigureHtml(topic, values, figure, step, steps, problems);
  }

  /**
   * Adds a drawing composed for {@code wide} or {@code narrow}; the style sheet shows the one that
   * fits.
   */
  FigureHtml drawing(String layout, String svg) {
    drawings.put(layout, svg);
    return this;
  }

  /**
   * The default figure of a topic in both compositions, as the build writes it into a page.
   *
   * @param given what the defaults need
   */
  public static <R> String prerendered(Topic<R> topic, Given given) {
    R result = topic.shown(given);
    View view = topic.firstView(result, false);
    Figure wide = topic.figure(result, view);
    Figure narrow = topic.figure(result, topic.firstView(result, true));
    FigureHtml html =
        of(
            topic,
            topic.schema().defaults(),
            wide,
            view.step(),
            topic.steps(result).count(),
            List.of());
    html.drawing("wide", SvgWriter.write(wide.scene(), wide.alt()));
    html.drawing("narrow", SvgWriter.write(narrow.scene(), narrow.alt()));
    return html.html();
  }

  String html() {
    Markup out = new Markup();
    boolean bare = topic.schema().params().isEmpty();
    out.open("section")
        .attr("class", bare ? "figure" : "figure steered")
        .attr("aria-label", topic.figureTitle());
    out.attr("data-topic", topic.slug());
    header(out);
    hint(out, String.join("", drawings.values()));
    out.open("div").attr("class", "problems").attr("role", "alert");
    for (Problem problem : problems) {
      out.span("p", "", problem.text());
    }
    out.close();
    out.open("p").attr("class", "status").attr("role", "status").close();
    out.open("div").attr("class", "drawing").attr("tabindex", "-1"); // keys follow a drag
    drawings.forEach(
        (layout, svg) -> out.open("div").attr("class", "composition " + layout).raw(svg).close());
    out.close();
    out.open("div").attr("class", "equation").attr("role", "group").attr("aria-label", "Equation");
    out.raw(figure.equation()).close();
    transport(out);
    controls(out);
    out.open("p")
        .attr("class", "caption")
        .attr("aria-live", "polite")
        .raw(figure.caption())
        .close();
    out.open("details").attr("class", "twin").span("summary", "", "This figure as text");
    out.open("div").attr("class", "twin-body").raw(figure.twin()).close().close();
    return out.close().toString();
  }

  private void header(Markup out) {
    out.open("header").attr("class", "bar").span("strong", "name", topic.figureTitle());
    out.open("div").attr("class", "actions");
    action(out, "undo", "Undo", "Ctrl+Z", "M6 4 2 8l4 4M2 8h7a5 4 0 0 1 0 8H6");
    action(out, "redo", "Redo", "Ctrl+Shift+Z", "m12 4 4 4-4 4m4-4H9a5 4 0 0 0 0 8h3");
    action(out, "reset", "Reset", "", "M15 6A7 7 0 1 0 16 10M15 2v4h-4");
    out.open("details").attr("class", "rest").span("summary", "", "More").close();
    for (String[] rest :
        new String[][] {
          {"present", "Present"}, {"copy", "Copy"}, {"embed", "Embed"}, {"link", "Link"}
        }) {
      action(out, rest[0], rest[1], "", "");
    }
    out.close().close();
  }

  /**
   * A button of the bar; narrow figures show the sign, if there is one, in the place of the word.
   */
  private static void action(Markup out, String name, String word, String keys, String sign) {
    out.open("button").attr("type", "button").attr("data-do", name).flag("disabled", true);
    out.attrIf("aria-keyshortcuts", keys.replace("Ctrl", "Control"));
    out.attrIf("title", sign.isEmpty() ? "" : keys.isEmpty() ? word : word + " (" + keys + ")");
    if (sign.isEmpty()) {
      out.text(word).close();
      return;
    }
    out.open("svg").attr("class", "icon").attr("viewBox", "0 0 18 18").attr("aria-hidden", "true");
    out.open("path").attr("d", sign).closeEmpty().close();
    out.span("span", "word", word).close();
  }

  /**
   * What the colours mean, and until the figure is first used, what can be done with it; both from
   * what is drawn.
   */
  private void hint(Markup out, String svg) {
    out.open("div").attr("class", "hint").open("ul").attr("class", "key");
    out.attr("aria-label", "Colours");
    out.open("li").attr("class", "marks").flag("hidden", !svg.contains(">•</text>"));
    out.text("• point at it").close();
    boolean weights = svg.contains("\"grid kernel\"") || svg.contains("\"volume kernel");
    colour(out, "input", "input", svg.contains(" input\""));
    colour(out, "kernel", weights ? "weight" : "window", weights || svg.contains("glide kernel\""));
    colour(out, "output", "output", svg.contains(" output\""));
    colour(out, "gradient", "gradient", svg.contains("\"grid gradient\""));
    boolean signed = weights || svg.contains(" negative");
    colour(out, "negative", "negative", signed && svg.contains("\"cell l"));
    out.close();
    List<String> ways = new ArrayList<>();
    if (svg.contains("data-sets=\"step\"")) {
      ways.add(svg.contains("step/in\"") ? "drag the window" : "drag the mark");
    } else if (svg.contains("data-sets=\"stack\"")) {
      ways.add("drag a layer");
    } else if (svg.contains("data-sets=")) {
      ways.add(svg.contains("data-stops=") ? "drag a line" : "pull an edge");
    }
    if (svg.contains("data-editable")) {
      ways.add("point at a cell");
      ways.add("type into it");
    } else if (svg.contains("\"cell ")) {
      ways.add("point at a cell");
    } else if (svg.contains("\"raster ")) {
      ways.add("point at the image");
    }
    for (Param<?> param : topic.schema().params()) {
      if (param instanceof StackParam) {
        ways.add("add a layer");
      }
    }
    if (ways.isEmpty()) {
      ways.add("move a slider");
    }
    String all = String.join(", ", ways);
    out.span("p", "invite", Character.toUpperCase(all.charAt(0)) + all.substring(1) + ".");
    out.close();
  }

  private static void colour(Markup out, String role, String words, boolean drawn) {
    if (drawn) {
      out.open("li").attr("class", role).span("span", "swatch", "").text(words).close();
    }
  }

  private void transport(Markup out) {
    out.open("fieldset").attr("class", "transport").flag("disabled", true);
    out.flag("hidden", steps < 2); // other parameters may give it more
    out.span("legend", "hidden", "Animation");
    for (String[] button :
        new String[][] {
          {"first", "«", "First step"},
          {"back", "‹", "One step back"},
          {"play", "▶", "Play"},
          {"forward", "›", "One step forward"}
        }) {
      out.open("button").attr("type", "button").attr("data-do", button[0]);
      if (button[0].equals("play")) { // narrow figures show only the sign
        out.span("span", "", button[1]).span("span", "word", " " + button[2]).close();
      } else {
        out.attr("aria-label", button[2]).attr("title", button[2]).text(button[1]).close();
      }
    }
    out.open("input").attr("type", "range").attr("data-do", "scrub").attr("aria-label", "Step");
    out.attr("min", "0").attr("max", String.valueOf(steps - 1)).attr("value", String.valueOf(step));
    out.closeEmpty();
    out.open("output").attr("class", "count").text((step + 1) + " / " + steps).close();
    out.open("select").attr("data-do", "speed").attr("aria-label", "Speed");
    for (String speed : new String[] {"0.5", "1", "2", "4"}) {
      out.open("option").attr("value", speed).flag("selected", speed.equals("1"));
      out.text(speed + "×").close();
    }
    out.close().close();
  }

  /**
   * The controls in their groups. Where there is little room, those after the main ones fold: the
   * {@code details} before them holds no more than whether they are shown, and the style sheet does
   * the rest, so that it works without scripts and wide figures show everything.
   */
  private void controls(Markup out) {
    List<Param<?>> params = topic.schema().params();
    if (params.isEmpty()) {
      return;
    }
    int shown = 0;
    boolean few = true;
    for (Param<?> param : params) {
      shown += param.applies(values) ? 1 : 0;
      few &= shown <= FEW && !(param instanceof StackParam); // a stack takes several rows
    }
    out.open("fieldset").attr("class", few ? "controls few" : "controls");
    out.flag("disabled", true).span("legend", "hidden", "Parameters");
    int main = main(params);
    String group = "";
    for (int i = 0; i < params.size(); i++) {
      Param<?> param = params.get(i);
      boolean begins = !param.group().isEmpty();
      if (i == 0 || i == main || begins) {
        if (i > 0) {
          out.close();
        }
        if (i == main) {
          out.open("details").attr("class", "fold");
          out.span("summary", "", "All controls (" + shown + ")").close();
        }
        group = begins ? param.group() : group;
        group(out, group, i == 0 ? " main" : begins ? "" : " again", "g-" + i);
      }
      control(out, param);
    }
    out.close().close();
  }

  private static void group(Markup out, String name, String kind, String id) {
    out.open("div").attr("class", "group" + kind);
    if (!name.isEmpty()) {
      out.attr("role", "group").attr("aria-labelledby", id);
      out.open("span").attr("class", "heading").attr("id", id).text(name).close();
    }
  }

  /** How many of the first parameters stay in sight where there is little room. */
  private static int main(List<Param<?>> params) {
    int main = 1;
    while (main < Math.min(MAIN, params.size()) && !params.get(main).isMore()) {
      main++;
    }
    return main;
  }

  private void control(Markup out, Param<?> param) {
    String id = "c-" + param.name();
    String value = values.plain(param.name());
    out.open("div").attr("class", "control " + kind(param)).attr("data-param", param.name());
    out.attrIf("data-part", param.symbol()).flag("hidden", !param.applies(values));
    label(out, param.label(), id);
    if (param instanceof PairParam pair) {
      String min = String.valueOf(pair.min());
      String max = String.valueOf(pair.max());
      Pair both = values.pair(pair.name());
      slider(out, param, min, max, "1", String.valueOf(both.height()), pair.stops());
      out.open("span").attr("class", "numbers");
      number(out, param, "height", min, max, "1", String.valueOf(both.height()));
      out.text("×");
      number(out, param, "width", min, max, "1", String.valueOf(both.width()));
      out.close();
    } else if (param instanceof IntParam integer) {
      String min = String.valueOf(integer.min());
      String max = String.valueOf(integer.max());
      slider(out, param, min, max, "1", value, integer.stops());
      number(out, param, "", min, max, "1", value);
    } else if (param instanceof NumberParam number) {
      String min = Num.plain(number.min(), DECIMALS);
      String max = Num.plain(number.max(), DECIMALS);
      String step = Num.plain(number.step(), DECIMALS);
      slider(out, param, min, max, step, value, new int[0]);
      number(out, param, "", min, max, step, value);
    } else if (param instanceof FlagParam) {
      out.open("input").attr("type", "checkbox").attr("id", id).attr("name", param.name());
      out.flag("checked", value.equals("on")).closeEmpty();
    } else if (param instanceof GridParam grid && grid.isMeasured()) {
      out.open("button").attr("type", "button").attr("id", id).attr("data-do", "measure");
      out.attr("class", "measure");
      out.text("Measure on this machine").close();
    } else if (param instanceof GridParam) {
      out.open("textarea").attr("id", id).attr("name", param.name()).attr("rows", "3");
      out.attr("spellcheck", "false").text(value.replace(";", "\n")).close();
    } else if (param instanceof ChoiceParam choice) {
      options(out, choice, id, value);
    } else if (param instanceof StackParam stack) {
      layers(out, stack, id, value);
    }
    if (!param.help().isEmpty()) {
      out.span("small", "help", param.help());
    }
    out.close();
  }

  /** A label, in which {@code C_out} has a subscript. */
  private static void label(Markup out, String text, String id) {
    int sub = text.indexOf('_');
    int end = sub < 0 || text.indexOf(' ', sub) < 0 ? text.length() : text.indexOf(' ', sub);
    out.open("label").attr("for", id).text(sub < 0 ? text : text.substring(0, sub));
    if (sub >= 0) {
      out.span("sub", "", text.substring(sub + 1, end)).text(text.substring(end));
    }
    out.close();
  }

  /** A slider; that of a pair sets both. With stops, its own values are their numbers from 0. */
  private static void slider(
      Markup out, Param<?> param, String min, String max, String step, String value, int[] stops) {
    out.open("input").attr("type", "range").attr("id", "c-" + param.name());
    out.attr("name", param.name());
    if (stops.length == 0) {
      out.attr("min", min).attr("max", max).attrIf("step", step.equals("1") ? "" : step);
      out.attr("value", value).closeEmpty();
      return;
    }
    StringBuilder texts = new StringBuilder();
    int nearest = 0;
    for (int n = 0; n < stops.length; n++) {
      texts.append(n == 0 ? "" : " ").append(stops[n]);
      nearest = stops[n] <= Num.parse(value) ? n : nearest;
    }
    out.attr("min", "0").attr("max", String.valueOf(stops.length - 1));
    out.attr("value", String.valueOf(nearest)).attr("data-stops", texts.toString()).closeEmpty();
  }

  /** The number field beside a slider. */
  private static void number(
      Markup out, Param<?> param, String axis, String min, String max, String step, String value) {
    String name = param.label().replace("_", "") + (axis.isEmpty() ? "" : ", " + axis);
    out.open("input").attr("type", "number").attrIf("data-axis", axis).attr("aria-label", name);
    // phones show digits alone, unless a minus or a point may be wanted
    out.attrIf("inputmode", min.startsWith("-") || !step.equals("1") ? "" : "numeric");
    out.attr("min", min).attr("max", max).attrIf("step", step.equals("1") ? "" : step);
    out.attr("value", value).closeEmpty();
  }

  private static void options(Markup out, ChoiceParam choice, String id, String value) {
    out.open("select").attr("id", id).attr("name", choice.name());
    String group = "";
    for (ChoiceParam.Option option : choice.options()) {
      if (!option.group().equals(group)) {
        if (!group.isEmpty()) {
          out.close();
        }
        group = option.group();
        if (!group.isEmpty()) {
          out.open("optgroup").attr("label", group);
        }
      }
      out.open("option").attr("value", option.value());
      out.flag("selected", option.value().equals(value)).text(option.label()).close();
    }
    if (!group.isEmpty()) {
      out.close();
    }
    out.close();
  }

  /** Examples, the layers as buttons, which the script makes editable, and the whole as text. */
  private void layers(Markup out, StackParam param, String id, String value) {
    if (!param.presets().isEmpty()) {
      out.open("select").attr("class", "presets").attr("aria-label", param.label() + ", examples");
      out.open("option").attr("value", "").text("Examples").close();
      for (Map.Entry<String, String> preset : param.presets().entrySet()) {
        out.open("option").attr("value", preset.getValue()).text(preset.getKey()).close();
      }
      out.close();
    }
    out.open("div").attr("class", "layers").attr("role", "group").attr("aria-label", param.label());
    out.attr("data-most", String.valueOf(param.most()));
    out.attr(
        "data-limits",
        param.maxKernel()
            + " "
            + param.maxStride()
            + " "
            + param.maxPadding()
            + " "
            + param.maxDilation());
    StringBuilder kinds = new StringBuilder();
    for (Stack.Kind kind : param.kinds()) {
      kinds.append(kinds.isEmpty() ? "" : ",").append(kind.text()).append(':').append(kind.words());
    }
    out.attr("data-kinds", kinds.toString());
    for (Stack.Layer layer : values.stack(param.name()).layers()) {
      out.open("button").attr("type", "button").attr("class", "layer").text(layer.plain()).close();
    }
    out.close();
    out.open("textarea").attr("id", id).attr("name", param.name()).attr("rows", "1");
    out.attr("spellcheck", "false").text(value).close();
  }

  private static String kind(Param<?> param) {
    if (param instanceof StackParam) {
      return "stack";
    }
    if (param instanceof PairParam) {
      return "pair";
    }
    if (param instanceof FlagParam) {
      return "check";
    }
    return param instanceof GridParam grid && !grid.isMeasured() ? "matrix" : "plain";
  }
}
