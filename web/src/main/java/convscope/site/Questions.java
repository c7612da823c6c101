package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.figure.FigureService;
import convscope.figure.PracticeService;
import convscope.param.ChoiceParam;
import convscope.param.QueryString;
import convscope.scene.Markup;
import convscope.topic.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The questions that a topic's prose declares: predictions, {@code <div class="predict">}, and
 * self-checks, {@code <div class="check">}. What is right comes from the core, as it does in the
 * page.
 */
final class Questions {
  /** The seed of the self-checks as a page comes. */
  static final String FIRST_SEED = "1";

  private static final Pattern BLOCK =
      Pattern.compile("(?s)<div class=\"(predict|check)\"([^>]*)>(.*?)</div>\\n?");
  private static final Pattern ATTRIBUTE = Pattern.compile("data-([a-z]+)=\"([^\"]*)\"");
  private static final Pattern OPTIONS = Pattern.compile("(?s)<ul>(.*?)</ul>\\n?");
  private static final Pattern OPTION =
      Pattern.compile("(?s)<li data-(value|set)=\"([^\"]*)\">(.*?)</li>");
  private static final Pattern REASON = Pattern.compile("(?s)<p class=\"reason\">.*</p>\\n?");
  private static final Pattern DRAWN = Pattern.compile("<b data-value=\"([^\"]*)\"></b>");
  private static final Pattern ANSWER = Pattern.compile("\\{\\{=([A-Za-z-]+)(?: ([^}]*))?}}");

  private Questions() {}

  /** The prose with its predictions as forms, and without its self-checks. */
  static String predictions(Topic<?> topic, String prose) {
    return BLOCK
        .matcher(prose)
        .replaceAll(
            block ->
                block.group(1).equals("predict")
                    ? Matcher.quoteReplacement(new Asked(topic, block).html("Predict", "Commit"))
                    : "");
  }

  /** A topic's self-checks, each as a form. */
  static List<String> checks(Topic<?> topic, String prose) {
    return BLOCK
        .matcher(prose)
        .results()
        .filter(block -> block.group(1).equals("check"))
        .map(block -> new Asked(topic, block).html(topic.title(), "Check"))
        .toList();
  }

  /** The questions of some prose, those of one kind, for tests. */
  static List<Asked> of(Topic<?> topic, String prose, String kind) {
    return BLOCK
        .matcher(prose)
        .results()
        .filter(block -> block.group(1).equals(kind))
        .map(block -> new Asked(topic, block))
        .toList();
  }

  /** One question. */
  static final class Asked {
    private final Topic<?> topic;
    private final String kind;
    private final String prose;
    private final JsonObject question = Json.object();
    private final FigureService figures;
    private final PracticeService practice = new PracticeService();

    private Asked(Topic<?> topic, MatchResult block) {
      this.topic = topic;
      figures = new FigureService(List.of(topic));
      kind = block.group(1);
      prose = block.group(3);
      Map<String, String> attributes = new LinkedHashMap<>();
      ATTRIBUTE
          .matcher(block.group(2))
          .results()
          .forEach(each -> attributes.put(each.group(1), plain(each.group(2))));
      question.add("ask", attribute(attributes, "ask"));
      question.add("form", attributes.getOrDefault("form", "number"));
      if (attributes.containsKey("cells")) {
        question.add("cells", attribute(attributes, "cells"));
      }
      JsonArray options = new JsonArray();
      OPTION
          .matcher(prose)
          .results()
          .forEach(
              option -> {
                JsonObject made = Json.object().add("words", Prose.plain(option.group(3)));
                options.add(
                    option.group(1).equals("value")
                        ? made.add("value", option.group(2))
                        : made.add("params", params(plain(option.group(2)))));
              });
      if (!options.isEmpty()) {
        question.add("options", options);
      }
      if (kind.equals("check")) {
        question.add("draw", attribute(attributes, "draw"));
        question.add("params", drawn(FIRST_SEED));
      } else {
        question.add("params", params(attributes.getOrDefault("set", "")));
      }
    }

    private String attribute(Map<String, String> attributes, String name) {
      String value = attributes.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            topic.slug() + ": a question without data-" + name + "; add it");
      }
      return value;
    }

    private static String plain(String attribute) {
      return attribute.replace("&amp;", "&");
    }

    private static JsonObject params(String query) {
      JsonObject params = Json.object();
      for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
        params.add(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
      }
      return params;
    }

    /** What the question asks of the figure's parameters, for those of a prediction or a seed. */
    JsonObject params() {
      return question.get("params").asObject();
    }

    /** The parameters that a seed gives. */
    JsonObject drawn(String seed) {
      JsonValue state = candidates(seed).get("state");
      if (state == null || !state.isObject()) {
        throw new IllegalArgumentException(topic.slug() + ": nothing drawn fits the figure");
      }
      return state.asObject();
    }

    /** What the figure has to say to what a seed gives. */
    private JsonObject candidates(String seed) {
      JsonObject request = Json.object().add("op", "draw");
      request.add("draw", question.get("draw")).add("seed", topic.slug() + "/" + seed);
      JsonValue states = answer(practice.handle(request.toString()).json()).get("states");
      return found(states.asArray(), true);
    }

    private JsonObject found(JsonArray states, boolean draw) {
      JsonObject request = Json.object().add("op", "answers").add("topic", topic.slug());
      request.add("ask", question.get("ask")).add("states", states).add("draw", draw);
      JsonObject found = answer(figures.handle(request.toString(), new byte[0]).json());
      boolean any = false;
      for (JsonValue each : found.get("answers").asArray()) {
        any |= !each.asString().isEmpty();
      }
      if (!any) {
        throw new IllegalArgumentException(
            topic.slug() + ": no answer to " + question + " at " + states);
      }
      return found;
    }

    private static JsonObject answer(String json) {
      JsonObject reply = Json.parse(json).asObject();
      String error = reply.getString("error", "");
      if (!error.isEmpty()) {
        throw new IllegalArgumentException(error);
      }
      return reply;
    }

    /** What the figure has to say at these parameters, or at those of each option. */
    JsonObject found(JsonObject params) {
      JsonArray states = new JsonArray();
      JsonValue options = question.get("options");
      if (options != null) {
        for (JsonValue option : options.asArray()) {
          JsonValue own = option.asObject().get("params");
          if (own != null) {
            states.add(own);
          }
        }
      }
      return found(states.isEmpty() ? states.add(params) : states, false);
    }

    /** What the checker says to a text, at these parameters. */
    JsonObject verdict(JsonObject params, String text) {
      JsonObject request = Json.object().add("op", "judge").add("text", text);
      question.forEach(member -> request.add(member.getName(), member.getValue()));
      request.add("found", found(params));
      return answer(practice.handle(request.toString()).json());
    }

    /** The reason with the figure's answers in it: {@code {{=name}}}, at other values if named. */
    private String filled(String html) {
      return ANSWER
          .matcher(html)
          .replaceAll(
              gap -> {
                JsonObject params = Json.object().merge(params());
                if (gap.group(2) != null) {
                  params.merge(params(plain(gap.group(2))));
                }
                JsonObject asked = Json.object().add("op", "answers").add("topic", topic.slug());
                asked.add("ask", gap.group(1)).add("states", new JsonArray().add(params));
                JsonObject found = answer(figures.handle(asked.toString(), new byte[0]).json());
                JsonObject judge = Json.object().add("op", "judge").add("found", found);
                judge.add("form", "shape");
                return Matcher.quoteReplacement(
                    answer(practice.handle(judge.toString()).json()).getString("answer", ""));
              });
    }

    /** The question as a form, with its answer to open where there are no scripts. */
    String html(String title, String button) {
      String form = question.getString("form", "");
      String id = topic.slug() + "-" + kind;
      JsonObject right = verdict(params(), "");
      String words = REASON.matcher(OPTIONS.matcher(prose).replaceAll("")).replaceAll("");
      words =
          DRAWN
              .matcher(words)
              .replaceAll(
                  drawn ->
                      "<b data-value=\""
                          + drawn.group(1)
                          + "\">"
                          + Template.escape(word(drawn.group(1)))
                          + "</b>");
      Markup out = new Markup();
      out.open("div").attr("class", "question " + kind).attr("role", "group");
      out.attr("aria-labelledby", id).attr("data-for", topic.slug());
      out.attr("data-question", question.toString());
      out.open("h3").attr("id", id).text(title).close().raw("\n" + filled(words).strip() + "\n");
      out.open("form");
      if (form.equals("choice")) {
        out.open("fieldset").span("legend", "hidden", "Your answer");
        int n = 0;
        Matcher options = OPTION.matcher(prose);
        while (options.find()) {
          out.open("label").open("input").attr("type", "radio").attr("name", "answer");
          out.attr("value", String.valueOf(n++)).closeEmpty();
          out.open("span").raw(options.group(3)).close().close();
        }
        out.close();
      } else {
        out.open("label").text("Your answer ").open("input").attr("name", "answer");
        out.attr("autocomplete", "off").attr("spellcheck", "false");
        out.attr("placeholder", placeholder(form)).closeEmpty().close();
      }
      out.open("button").attr("type", "submit").attr("class", "button").text(button).close();
      out.close().open("p").attr("class", "verdict").attr("role", "status").close();
      out.open("details")
          .span("summary", "", kind.equals("check") ? "Answer" : "Answer and reason");
      out.open("p").text("Answer: ").span("b", "", right.getString("answer", "")).text(".").close();
      Matcher reason = REASON.matcher(prose);
      out.raw(reason.find() ? filled(reason.group()) : "");
      out.close();
      if (kind.equals("check")) {
        out.open("button").attr("type", "button").attr("data-for", topic.slug());
        String query = QueryString.write(texts(params()));
        out.attr("data-set", query).text("Show it in the figure").close();
      }
      return out.close().raw("\n").toString();
    }

    /** A drawn parameter as sentences have it; {@code questions.js} does the same. */
    private String word(String name) {
      String text = params().getString(name, "?");
      if (topic.schema().has(name) && topic.schema().param(name) instanceof ChoiceParam choice) {
        for (ChoiceParam.Option option : choice.options()) {
          text = option.value().equals(text) ? option.label() : text;
        }
      }
      return text.replaceAll("(?<=\\d)x(?=\\d)", " × ");
    }

    private static Map<String, String> texts(JsonObject params) {
      Map<String, String> texts = new LinkedHashMap<>();
      params.forEach(member -> texts.put(member.getName(), member.getValue().asString()));
      return texts;
    }

    private static String placeholder(String form) {
      return switch (form) {
        case "shape" -> "such as 4 × 4";
        case "cell" -> "row, column";
        default -> "a number";
      };
    }
  }
}
