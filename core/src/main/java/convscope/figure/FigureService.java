package convscope.figure;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import convscope.data.Given;
import convscope.data.Picture;
import convscope.linalg.ScalarGemm;
import convscope.op.FastConv2d;
import convscope.op.GemmConv2d;
import convscope.param.Answer;
import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.Param;
import convscope.param.Problem;
import convscope.param.QueryString;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.scene.Raster;
import convscope.scene.SvgWriter;
import convscope.topic.Clock;
import convscope.topic.Figure;
import convscope.topic.Measurement;
import convscope.topic.Steps;
import convscope.topic.Topic;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers a host page's requests for figures. Everything but what was handed over is in the
 * request, so a request can be repeated, dropped or reordered freely.
 *
 * <p>Requests are JSON objects with an {@code op}:
 *
 * <ul>
 *   <li>{@code figure}: a figure at one step. Fields {@code topic}; {@code params} (texts by name,
 *       and {@code step}); {@code layout} ({@code wide} or {@code narrow}); {@code pick} (a cell's
 *       key); {@code change} (what the reader just did: {@code key} and {@code text}, and {@code
 *       near} if a slider moved there, which stops at the last value before one that does not fit
 *       the others); {@code fallback} (bad combinations become the defaults instead of an answer
 *       without a drawing); {@code shell} (also give the HTML around the drawing, for an element
 *       that has none yet).
 *   <li>{@code measure}: times what a topic wants timed, for about a second. Fields {@code topic}
 *       and {@code params}; the answer has {@code param} and {@code text}, the value that this
 *       parameter is to take.
 *   <li>{@code answers}: what a question asks of a figure. Fields {@code topic}; {@code ask} (the
 *       name of one of the topic's answers; {@code {step}} in it becomes the step); {@code states},
 *       parameters of the figure one after the other, or with {@code draw} candidates of which the
 *       first that fits counts. The answer has {@code answers}, as plain text and empty where
 *       parameters do not fit one another; {@code state}, the last one; and {@code wrong}, what the
 *       figure's mistakes give there, by their names.
 *   <li>{@code picture}: hands over an image: {@code name}, {@code height}, {@code width}, {@code
 *       origin}; the payload is RGBA.
 *   <li>{@code give}: hands over the bytes of a data set, weights or a curve: {@code name}; the
 *       payload is the bytes.
 * </ul>
 *
 * <p>An answer to {@code figure} has {@code values} (every parameter as text), {@code hidden}
 * (parameters without a meaning now), {@code query} (the permalink's query), {@code problems},
 * {@code needs} (what to hand over first) and, unless there is a problem or a need, {@code svg},
 * {@code alt}, {@code equation}, {@code caption}, {@code twin}, {@code step}, {@code steps}, {@code
 * stride}, {@code rasters}. An answer to anything unreadable has only {@code error}.
 */
public final class FigureService {
  private static final int REMEMBERED = 8;
  private static final double MEASURING = 800; // ms, besides the warming up

  private final List<Topic<?>> topics;
  private final Given given = new Given();
  private final Map<String, Object> results =
      new LinkedHashMap<>(); // by topic and values, oldest first

  private @Nullable Clock clock;
  private FastConv2d conv2d = new GemmConv2d(new ScalarGemm());

  /**
   * @param topics those whose figures it draws. A compiled module holds the code of these alone.
   */
  public FigureService(List<Topic<?>> topics) {
    this.topics = topics;
  }

  /** Lets topics be timed by this clock, with this convolution. */
  public FigureService timedBy(Clock now, FastConv2d convolution) {
    clock = now;
    conv2d = convolution;
    return this;
  }

  /** Answers one request; never throws for what a request holds. */
  public Reply handle(String request, byte[] payload) {
    try {
      JsonObject object = Json.parse(request).asObject();
      String op = object.getString("op", "");
      return switch (op) {
        case "figure" -> figure(topic(object.getString("topic", "")), object);
        case "measure" -> measure(topic(object.getString("topic", "")), object);
        case "answers" -> answers(topic(object.getString("topic", "")), object);
        case "picture" -> picture(object, payload);
        case "give" -> give(object, payload);
        default ->
            error("op: “" + op + "” is not known; use figure, measure, answers, picture or give");
      };
    } catch (ParseException | UnsupportedOperationException | IllegalArgumentException e) {
      String message = e.getMessage();
      return error(message == null ? "the request could not be read" : message);
    }
  }

  private Topic<?> topic(String slug) {
    StringBuilder known = new StringBuilder();
    for (Topic<?> topic : topics) {
      if (topic.slug().equals(slug)) {
        return topic;
      }
      known.append(known.isEmpty() ? "" : ", ").append(topic.slug());
    }
    throw new IllegalArgumentException("topic: there is no “" + slug + "”; use one of " + known);
  }

  private static Reply error(String message) {
    return new Reply(Json.object().add("error", message).toString(), new byte[0]);
  }

  private Reply picture(JsonObject request, byte[] payload) {
    String name = request.getString("name", "");
    given.picture(
        name,
        new Picture(
            request.getInt("height", 0),
            request.getInt("width", 0),
            payload,
            request.getString("origin", "")));
    results.clear(); // some were computed from the picture that had this name
    return new Reply("{}", new byte[0]);
  }

  private Reply give(JsonObject request, byte[] payload) {
    given.bytes(request.getString("name", ""), payload);
    results.clear(); // some were computed from the bytes that had this name
    return new Reply("{}", new byte[0]);
  }

  private Reply measure(Topic<?> topic, JsonObject request) {
    Values values = topic.schema().parse(texts(request.get("params"))).values();
    Problem problem = topic.check(values, given);
    if (problem != null) {
      return error(problem.text());
    }
    Measurement measurement = topic.measurement(values, conv2d);
    if (measurement == null) {
      return error(topic.slug() + ": this figure measures nothing");
    }
    if (clock == null) {
      return error(topic.slug() + ": there is no clock here to measure with");
    }
    JsonObject answer = Json.object().add("param", measurement.param());
    return new Reply(
        answer.add("text", measurement.text(clock, MEASURING)).toString(), new byte[0]);
  }

  private static Map<String, String> texts(@Nullable JsonValue params) {
    Map<String, String> texts = new HashMap<>();
    if (params != null) {
      for (JsonObject.Member member : params.asObject()) {
        texts.put(member.getName(), member.getValue().asString());
      }
    }
    return texts;
  }

  private <R> Reply answers(Topic<R> topic, JsonObject request) {
    String template = request.getString("ask", "");
    JsonArray answers = new JsonArray();
    JsonObject reply = Json.object();
    JsonValue last = Json.NULL;
    JsonValue states = request.get("states");
    for (JsonValue state : states == null ? new JsonArray() : states.asArray()) {
      Map<String, String> texts = texts(state);
      Values values = topic.schema().parse(texts).values();
      R result = resultOrNull(topic, values);
      String name = template.replace("{step}", texts.getOrDefault("step", ""));
      Answer answer = result == null ? null : topic.answers(result).right().get(name);
      answers.add(answer == null ? "" : answer.plain());
      last = state;
      if (answer != null) {
        reply = Json.object().add("wrong", mistakes(topic, values, name));
        if (request.getBoolean("draw", false)) {
          break;
        }
      }
    }
    reply.add("answers", answers).add("state", last);
    return new Reply(reply.toString(), new byte[0]);
  }

  /** What the mistakes of a figure make of an answer, by their names. */
  private <R> JsonObject mistakes(Topic<R> topic, Values values, String name) {
    JsonObject wrong = Json.object();
    Param<?> mistake = topic.schema().has("mistake") ? topic.schema().param("mistake") : null;
    if (mistake instanceof ChoiceParam choice) {
      for (ChoiceParam.Option option : choice.options()) {
        mistake(topic, values.with("mistake", option.value()), name, option.label(), wrong);
      }
    } else if (mistake != null) {
      mistake(topic, values.with("mistake", "on"), name, mistake.label(), wrong);
    }
    return wrong;
  }

  private <R> void mistake(
      Topic<R> topic, Values made, String name, String label, JsonObject wrong) {
    boolean none = made.plain("mistake").equals(topic.schema().defaults().plain("mistake"));
    R result = none ? null : resultOrNull(topic, made);
    Answer answer = result == null ? null : topic.answers(result).wrong().get(name);
    if (answer != null) {
      wrong.add(label, answer.plain());
    }
  }

  private <R> Reply figure(Topic<R> topic, JsonObject request) {
    Schema schema = topic.schema();
    Map<String, String> texts = texts(request.get("params"));
    Schema.Parsed parsed = schema.parse(texts);
    Values values = parsed.values();
    List<Problem> problems = new ArrayList<>(parsed.problems());
    JsonValue change = request.get("change");
    if (change != null) {
      String key = change.asObject().getString("key", "");
      String text = change.asObject().getString("text", "");
      Problem problem = changeProblem(topic, values, key, text);
      if (problem != null) {
        problems.add(problem);
        return refused(topic, values, problems);
      }
      Values before = values;
      R result = resultOrNull(topic, before);
      values = topic.change(before, result, key, text);
      problems.clear(); // they were told when they arose
      if (result != null && change.asObject().getBoolean("near", false)) {
        values = nearest(topic, before, values, result, key, problems);
      }
    }
    List<String> needs = missing(topic, values);
    if (!needs.isEmpty()) {
      JsonObject json = head(topic, values, problems);
      json.add("needs", strings(needs));
      return new Reply(json.toString(), new byte[0]);
    }
    Problem problem = topic.check(values, given);
    if (problem != null) {
      problems.add(problem);
      if (!request.getBoolean("fallback", false)) {
        return refused(topic, values, problems);
      }
      values = schema.defaults();
    }
    R result = result(topic, values);
    int step = step(topic, result, texts.get("step"), problems);
    boolean narrow = request.getString("layout", "wide").equals("narrow");
    View view =
        new View(
            step,
            request.getString("pick", ""),
            narrow ? topic.head().narrow() : topic.head().wide());
    return drawn(topic, values, problems, result, view, request);
  }

  /**
   * The last values that fit one another on the way from those before to those wanted; what is
   * wrong with the ones wanted is told.
   */
  private <R> Values nearest(
      Topic<R> topic, Values before, Values wanted, R result, String key, List<Problem> problems) {
    Problem problem = missing(topic, wanted).isEmpty() ? topic.check(wanted, given) : null;
    if (problem == null || !topic.schema().has(key)) {
      return wanted;
    }
    Param<?> param = topic.schema().param(key);
    String from = before.plain(key);
    String to = wanted.plain(key);
    Values values = wanted;
    while (topic.check(values, given) != null) {
      to = param.towards(to, from);
      values = to.equals(from) ? before : topic.change(before, result, key, to);
    }
    problems.add(new Problem(key, problem.text()));
    return values;
  }

  private <R> Reply drawn(
      Topic<R> topic,
      Values values,
      List<Problem> problems,
      R result,
      View view,
      JsonObject request) {
    Figure figure = topic.figure(result, view);
    Steps steps = topic.steps(result);
    String svg = SvgWriter.withoutPixels(figure.scene(), figure.alt());
    JsonObject json = head(topic, values, problems);
    json.add("svg", svg).add("alt", figure.alt()).add("equation", figure.equation());
    json.add("caption", figure.caption()).add("twin", figure.twin());
    json.add("step", view.step()).add("steps", steps.count());
    json.add("stride", steps.stride());
    List<Raster> drawn = figure.scene().rasters();
    JsonArray rasters = new JsonArray();
    int size = 0;
    for (Raster raster : drawn) {
      rasters.add(
          Json.object()
              .add("key", raster.key())
              .add("rows", raster.rows())
              .add("columns", raster.columns())
              .add("palette", raster.palette())
              .add("offset", size));
      size += raster.levels().length;
    }
    json.add("rasters", rasters);
    if (request.getBoolean("shell", false)) {
      boolean narrow = view.narrow();
      json.add(
          "shell",
          FigureHtml.of(topic, values, figure, view.step(), steps.count(), problems)
              .drawing(narrow ? "narrow" : "wide", svg)
              .html());
    }
    byte[] bytes = new byte[size];
    int offset = 0;
    for (Raster raster : drawn) {
      System.arraycopy(raster.levels(), 0, bytes, offset, raster.levels().length);
      offset += raster.levels().length;
    }
    return new Reply(json.toString(), bytes);
  }

  private static @Nullable Problem changeProblem(
      Topic<?> topic, Values values, String key, String text) {
    return topic.schema().has(key)
        ? topic.schema().param(key).problemWithChange(text, values.plain(key))
        : topic.checkCell(key, text);
  }

  private static Reply refused(Topic<?> topic, Values values, List<Problem> problems) {
    return new Reply(head(topic, values, problems).toString(), new byte[0]);
  }

  private static JsonObject head(Topic<?> topic, Values values, List<Problem> problems) {
    JsonObject texts = Json.object();
    JsonArray hidden = new JsonArray();
    for (Map.Entry<String, String> text : values.texts().entrySet()) {
      texts.add(text.getKey(), text.getValue());
    }
    for (Param<?> param : topic.schema().params()) {
      if (!param.applies(values)) {
        hidden.add(param.name());
      }
    }
    JsonArray told = new JsonArray();
    for (Problem problem : problems) {
      told.add(Json.object().add("param", problem.param()).add("text", problem.text()));
    }
    return Json.object()
        .add("values", texts)
        .add("hidden", hidden)
        .add("query", values.query())
        .add("problems", told);
  }

  private List<String> missing(Topic<?> topic, Values values) {
    List<String> missing = new ArrayList<>();
    for (String name : topic.needs(values)) {
      if (!given.has(name)) {
        missing.add(name);
      }
    }
    return missing;
  }

  private <R> @Nullable R resultOrNull(Topic<R> topic, Values values) {
    boolean possible = missing(topic, values).isEmpty() && topic.check(values, given) == null;
    return possible ? result(topic, values) : null;
  }

  @SuppressWarnings("unchecked") // a topic's key holds only what that topic computed
  private <R> R result(Topic<R> topic, Values values) {
    String key = topic.slug() + "?" + QueryString.write(values.texts());
    Object known = results.remove(key);
    R result = known == null ? topic.compute(values, given) : (R) known;
    results.put(key, result);
    if (results.size() > REMEMBERED) {
      results.remove(results.keySet().iterator().next());
    }
    return result;
  }

  /** The wanted step, the first one to show if none is wanted, or the last if it is beyond. */
  private static <R> int step(
      Topic<R> topic, R result, @Nullable String text, List<Problem> problems) {
    Steps steps = topic.steps(result);
    if (text == null) {
      return steps.first();
    }
    IntParam param = Param.integer("step", steps.first()).range(0, steps.count() - 1);
    Integer step = param.parse(text);
    Problem problem = param.problemWith(text);
    if (problem != null) {
      problems.add(problem);
    }
    return step == null ? steps.first() : step;
  }

  private static JsonArray strings(List<String> texts) {
    JsonArray array = new JsonArray();
    for (String text : texts) {
      array.add(text);
    }
    return array;
  }
}
