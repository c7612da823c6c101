package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.microsoft.playwright.Page;
import convscope.figure.FigureService;
import convscope.figure.Reply;
import convscope.param.ChoiceParam;
import convscope.param.FlagParam;
import convscope.param.IntParam;
import convscope.param.NumberParam;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.site.EngineModule;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/**
 * The browser's figures equal the JVM's to the byte: every topic, every parameter at its ends and
 * options, random combinations, invalid and hostile texts, both compositions, picks, and images
 * inside and beside the drawing.
 */
class ParityTest extends SiteTest {
  private static final int RANDOM = 60;
  private static final String[] HOSTILE = {
    "",
    " ",
    "-1",
    "1e309",
    "NaN",
    "\"><script>alert(1)</script>",
    "javascript:alert(1)",
    "\u0000",
    "😀",
    "9".repeat(5000),
    "1;2",
    "🎈x🎈"
  };

  /**
   * Requests to a worker started as the site's scripts do; answers text, a checksum of the bytes,
   * and traps.
   */
  static final String ASK =
      """
      async ([worker, wasm, requests, handed]) => {
        const trust = globalThis.trustedTypes?.createPolicy('convscope', { createScriptURL: (url) => url });
        const w = new Worker(trust ? trust.createScriptURL(worker) : worker);
        w.postMessage({ wasm: new URL(wasm, location.href).href });
        const ask = (id, request, payload) => new Promise((resolve) => {
          w.onmessage = ({ data }) => resolve(data);
          w.postMessage({ id, request, payload });
        });
        for (const [request, base64] of handed) {
          await ask(0, request, Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
        }
        const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
        const crc = (bytes) => { let c = -1; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return (c ^ -1) >>> 0; };
        const answers = [];
        for (const request of requests) {
          const { text, bytes, trapped } = await ask(1, request);
          answers.push(trapped ? "trapped: " + trapped : text + "#" + crc(bytes));
        }
        w.terminate();
        return answers;
      }""";

  @Test
  void everyFigureIsTheSameToTheByteInTheBrowserAndOnTheJvm() throws IOException {
    Map<String, byte[]> handed = handed("photo-camera");
    Page page = open("index.html");
    page.setDefaultTimeout(120_000);
    int compared = 0;
    for (Topic<?> topic : Topics.figures()) {
      List<String> requests = requests(topic);
      EngineModule module = EngineModule.of(topic);
      FigureService service = new FigureService(module.topics());
      handed.forEach(service::handle);
      List<?> answers =
          (List<?>)
              page.evaluate(
                  ASK,
                  new Object[] {
                    Site.asset("worker.js"),
                    Site.asset(module.asset()),
                    requests.toArray(),
                    base64(handed)
                  });
      int drawn = 0;
      for (int i = 0; i < requests.size(); i++) {
        Reply reply = service.handle(requests.get(i), new byte[0]);
        CRC32 crc = new CRC32();
        crc.update(reply.bytes());
        assertThat(answers.get(i))
            .as(requests.get(i))
            .isEqualTo(reply.json() + "#" + crc.getValue());
        drawn += reply.json().contains("<svg") ? 1 : 0;
      }
      assertThat(drawn).as(topic.slug()).isGreaterThan(requests.size() / 3);
      compared += requests.size();
    }
    System.out.println(
        "Parity: "
            + compared
            + " answers of "
            + Topics.figures().size()
            + " topics, equal to the byte");
  }

  /** The requests that a topic is compared on; the same at every call. */
  static List<String> requests(Topic<?> topic) {
    List<String> requests = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(topic.slug().hashCode());
    String[] layouts = {"wide", "narrow"};
    for (String layout : layouts) {
      requests.add(request(topic, Map.of(), layout, "", ",\"shell\":true,\"fallback\":true"));
    }
    for (Param<?> param : topic.schema().params()) {
      for (String text : ends(param)) { // the compositions in turn: each topic has both often
        String layout = layouts[requests.size() % 2];
        requests.add(request(topic, Map.of(param.name(), text), layout, "", ",\"inline\":true"));
      }
    }
    for (int n = 0; n < RANDOM; n++) {
      Map<String, String> params = new LinkedHashMap<>();
      for (Param<?> param : topic.schema().params()) {
        List<String> ends = ends(param);
        if (random.nextInt(3) == 0) {
          params.put(
              param.name(),
              n % 5 == 0
                  ? HOSTILE[random.nextInt(HOSTILE.length)]
                  : ends.get(random.nextInt(ends.size())));
        }
      }
      String[] grids = {"in", "k", "out", "nothing"};
      String pick =
          n % 2 == 0
              ? ""
              : grids[random.nextInt(4)]
                  + "/"
                  + (random.nextInt(8) - 1)
                  + ","
                  + (random.nextInt(8) - 1);
      requests.add(
          request(
              topic,
              params,
              n % 3 == 0 ? "narrow" : "wide",
              pick,
              n % 4 == 0 ? ",\"fallback\":true" : ""));
    }
    return requests;
  }

  /** The smallest, the largest and every named value of a parameter. */
  private static List<String> ends(Param<?> param) {
    List<String> ends = new ArrayList<>();
    if (param instanceof IntParam integer) {
      ends.addAll(List.of(String.valueOf(integer.min()), String.valueOf(integer.max())));
    } else if (param instanceof PairParam pair) {
      ends.addAll(
          List.of(
              String.valueOf(pair.min()),
              pair.min() + "x" + pair.max(),
              String.valueOf(pair.max()),
              "4x5"));
    } else if (param instanceof NumberParam number) {
      ends.addAll(
          List.of(String.valueOf((int) number.min()), "0.375", String.valueOf((int) number.max())));
    } else if (param instanceof FlagParam) {
      ends.addAll(List.of("on", "off"));
    } else if (param instanceof ChoiceParam choice) {
      choice.options().forEach(option -> ends.add(option.value()));
    } else {
      ends.addAll(List.of("1", "1,-2.5;0.001,9999", "0,0,0"));
    }
    return ends;
  }

  private static String request(
      Topic<?> topic, Map<String, String> params, String layout, String pick, String more) {
    JsonObject texts = Json.object();
    params.forEach(texts::add);
    String fields =
        Json.object()
            .add("op", "figure")
            .add("topic", topic.slug())
            .add("params", texts)
            .add("layout", layout)
            .add("pick", pick)
            .toString();
    return fields.substring(0, fields.length() - 1) + more + "}";
  }

  /** The requests that hand over a photograph and the small data files, with their bytes. */
  static Map<String, byte[]> handed(String photo) throws IOException {
    Map<String, byte[]> handed = new LinkedHashMap<>();
    String picture = "{\"op\":\"picture\",\"name\":\"%s\",\"height\":256,\"width\":256}";
    handed.put(picture.formatted(photo), rgba(photo + ".png"));
    for (String file : List.of("digit-reader.safetensors", "digits-28.idx")) {
      String name = file.substring(0, file.indexOf('.'));
      handed.put(
          "{\"op\":\"give\",\"name\":\"%s\"}".formatted(name),
          Files.readAllBytes(Site.SOURCE.resolve("data").resolve(file)));
    }
    return handed;
  }

  /** The same for {@link #ASK}: requests and their bytes in base64. */
  static List<List<String>> base64(Map<String, byte[]> handed) {
    List<List<String>> pairs = new ArrayList<>();
    handed.forEach(
        (request, bytes) -> pairs.add(List.of(request, Base64.getEncoder().encodeToString(bytes))));
    return pairs;
  }

  /** The pixels of a shipped photograph, four bytes each. */
  static byte[] rgba(String photo) throws IOException {
    BufferedImage image = ImageIO.read(Site.SOURCE.resolve("data").resolve(photo).toFile());
    byte[] rgba = new byte[4 * image.getWidth() * image.getHeight()];
    for (int n = 0; n < rgba.length / 4; n++) {
      int grey = image.getRaster().getSample(n % image.getWidth(), n / image.getWidth(), 0);
      for (int channel = 0; channel < 4; channel++) {
        rgba[4 * n + channel] = channel == 3 ? (byte) 255 : (byte) grey;
      }
    }
    return rgba;
  }

  @Test
  void hostileTextsInTheAddressNeitherRunNorBreakTheFigure() {
    int given = 0;
    for (Topic<?> topic : Topics.figures()) {
      for (int shift = 0; shift < HOSTILE.length; shift += HOSTILE.length / 2) {
        StringBuilder address = new StringBuilder("embed/" + topic.slug() + ".html?");
        for (Param<?> param : topic.schema().params()) {
          String text = HOSTILE[(given++ + shift) % HOSTILE.length];
          address.append(param.name()).append('=');
          address.append(
              URLEncoder.encode(
                  text.substring(0, Math.min(500, text.length())), StandardCharsets.UTF_8));
          address.append('&');
        }
        Page page = newPage(new com.microsoft.playwright.Browser.NewContextOptions());
        page.onDialog(
            dialog -> {
              throw new AssertionError("a text of the address ran: " + dialog.message());
            });
        page.navigate(site().strict.url() + address);
        Figures.ready(page, topic.slug());
        assertThat(page.locator("conv-scope .composition:visible svg").count()).isEqualTo(1);
        assertThat(page.locator("conv-scope script").count()).isZero();
        page.context().close();
      }
    }
    assertThat(given).isGreaterThan(10 * HOSTILE.length);
  }
}
