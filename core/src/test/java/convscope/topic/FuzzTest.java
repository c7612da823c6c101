package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import convscope.figure.FigureService;
import convscope.figure.Reply;
import convscope.param.Param;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;

/** Whatever a page asks for, the answer is a figure or says what is wrong, and never harms it. */
class FuzzTest {
  private static final int REQUESTS = Integer.getInteger("fuzz.requests", 1500);

  private static final List<String> PICKS =
      List.of(
          "",
          "in/0,0",
          "out/0,0",
          "k/1,1",
          "x/0,0",
          "in/-1,-1",
          "in/99999,0",
          "in/1e5,2",
          "/",
          "in/",
          "in/,",
          "in/NaN,1",
          "cand/0,0");

  static List<Topic<?>> topics() {
    return Topics.figures();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void anyRequestIsAnsweredWithAFigureOrWithWhatIsWrong(Topic<?> topic) {
    FigureService service = new FigureService(Topics.figures());
    byte[] rgba = new byte[4 * 13 * 17];
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = (byte) (n * 31);
    }
    for (String name : new String[] {"photo-camera", "own", "photo-brick"}) {
      JsonObject picture = Json.object().add("op", "picture").add("name", name);
      service.handle(picture.add("height", 13).add("width", 17).toString(), rgba);
    }
    Shipped.FILES.forEach(
        (name, file) ->
            service.handle(Json.object().add("op", "give").add("name", name).toString(), file));
    RandomParams random = new RandomParams(11, topic.schema());
    List<String> keys = new ArrayList<>(PICKS);
    int drawn = 0;
    int refused = 0;
    int asked = 0;
    for (int n = 0; n < REQUESTS; n++) {
      Map<String, String> params = random.oneIn(3) ? random.valid() : random.any();
      JsonObject request = request(topic, random, params, keys);
      Reply reply = service.handle(request.toString(), new byte[0]);
      JsonObject json = Json.parse(reply.json()).asObject();
      String of = shortened(request.toString());
      assertThat(json.getString("error", "")).as(of).isEmpty();
      if (json.get("svg") != null) {
        drawn++;
        assertHarmless(json, of);
        collectKeys(json.getString("svg", ""), keys, random);
      } else if (json.get("needs") != null) {
        asked++;
      } else {
        assertThat(json.get("problems").asArray().isEmpty()).as(of).isFalse();
        refused++;
      }
      if (request.get("change") == null) {
        assertBadTextsAreNamed(topic, params, json, of);
      }
    }
    assertThat(drawn).isGreaterThan(REQUESTS / 3);
    assertThat(refused).isGreaterThan(REQUESTS / 100);
    assertThat(asked + drawn + refused).isEqualTo(REQUESTS);
  }

  private static JsonObject request(
      Topic<?> topic, RandomParams random, Map<String, String> params, List<String> keys) {
    JsonObject texts = Json.object();
    params.forEach(texts::add);
    if (random.oneIn(2)) {
      texts.add(
          "step",
          random.oneIn(4)
              ? random.one(RandomParams.HOSTILE)
              : String.valueOf(random.between(-2, 40)));
    }
    if (random.oneIn(9)) {
      texts.add(random.one(RandomParams.HOSTILE), random.one(RandomParams.HOSTILE));
    }
    JsonObject request =
        Json.object().add("op", "figure").add("topic", topic.slug()).add("params", texts);
    request.add(
        "layout",
        random.oneIn(9) ? random.one(RandomParams.HOSTILE) : random.oneIn(2) ? "wide" : "narrow");
    if (random.oneIn(2)) {
      request.add("pick", random.oneIn(9) ? random.one(RandomParams.HOSTILE) : random.one(keys));
    }
    if (random.oneIn(4)) {
      Param<?> param = random.one(topic.schema().params());
      request.add(
          "change",
          Json.object()
              .add(
                  "key",
                  random.oneIn(3)
                      ? random.one(keys)
                      : random.oneIn(9) ? random.one(RandomParams.HOSTILE) : param.name())
              .add("text", random.any(param)));
    }
    if (random.oneIn(3)) {
      request.add("fallback", true);
    }
    return random.oneIn(8) ? request.add("shell", true) : request;
  }

  private static void assertHarmless(JsonObject json, String of) {
    String svg = json.getString("svg", "");
    assertThat(svg.replaceAll("data:image/[^\"]*", "")) // pixels may spell anything
        .as(of)
        .doesNotContain("NaN")
        .doesNotContain("null")
        .doesNotContain("Infinity");
    Document document = Drawings.parsed(svg);
    for (Element element : Drawings.elements(document, "*")) {
      String tag = element.getTagName().toLowerCase(Locale.ROOT);
      assertThat(tag).as(of).isNotIn("script", "foreignobject", "style", "a", "use", "img");
      NamedNodeMap attributes = element.getAttributes();
      for (int n = 0; n < attributes.getLength(); n++) {
        String name = attributes.item(n).getNodeName().toLowerCase(Locale.ROOT);
        assertThat(name).as(of).doesNotStartWith("on").isNotEqualTo("style");
        if (name.equals("href")) {
          assertThat(attributes.item(n).getNodeValue()).as(of).startsWith("data:image/");
        }
      }
    }
    for (String part : new String[] {"equation", "caption", "twin", "shell"}) {
      String html = json.getString(part, "");
      assertThat(html).as(of + " " + part).doesNotContain("<script").doesNotContain("<img");
    }
    for (String part : new String[] {"equation", "caption", "twin"}) {
      String html = json.getString(part, "");
      assertThat(html).as(of + " " + part).doesNotContain("NaN").doesNotContain("null");
      Drawings.parsed("<div>" + html + "</div>");
    }
    assertThat(json.getString("alt", "")).as(of).isNotBlank();
    assertThat(json.getInt("step", -1)).as(of).isBetween(0, json.getInt("steps", 0) - 1);
  }

  /** Every text that its parameter does not accept has a problem that begins with its name. */
  private static void assertBadTextsAreNamed(
      Topic<?> topic, Map<String, String> params, JsonObject json, String of) {
    for (Map.Entry<String, String> entry : params.entrySet()) {
      if (topic.schema().param(entry.getKey()).parse(entry.getValue()) != null) {
        continue;
      }
      boolean named = false;
      for (JsonValue problem : json.get("problems").asArray()) {
        String text = problem.asObject().getString("text", "");
        named |=
            problem.asObject().getString("param", "").equals(entry.getKey())
                && text.startsWith(entry.getKey() + ": ")
                && text.length() < 600;
      }
      assertThat(named).as(entry.getKey() + " in " + of).isTrue();
    }
  }

  private static void collectKeys(String svg, List<String> keys, RandomParams random) {
    int from = svg.indexOf("data-k=\"", random.between(0, svg.length() - 1));
    if (from >= 0 && keys.size() < 400) {
      keys.add(svg.substring(from + 8, svg.indexOf('"', from + 8)));
    }
  }

  private static String shortened(String text) {
    return text.length() > 700 ? text.substring(0, 700) + "…" : text;
  }
}
