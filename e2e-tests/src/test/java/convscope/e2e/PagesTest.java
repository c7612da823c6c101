package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.site.SiteServer;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every page of the site, found by looking into the folder. */
class PagesTest extends SiteTest {
  // bytes in brotli that a page loads besides its own HTML, once all its figures are alive
  private static final int BUDGET = 175_000;
  private static final int EMBED_BUDGET = 140_000;
  private static final int LAB_BUDGET =
      300_000; // before any data set is chosen; the workbench’s too

  /** Every page, by its path from the site's root. */
  private static List<String> pages() {
    try (Stream<Path> files = Files.walk(Site.FOLDER)) {
      return files
          .map(file -> Site.FOLDER.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".html"))
          .filter(file -> !file.matches("embed/single/exercise-[^o].*")) // one is as good as all
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thereIsAPageForEveryTopicAndExerciseInEveryForm() {
    List<String> pages = pages();
    for (Topic<?> topic : Topics.figures()) {
      assertThat(pages)
          .contains("embed/" + topic.slug() + ".html", "embed/single/" + topic.slug() + ".html");
    }
    for (Exercise exercise : Exercises.all()) {
      assertThat(pages)
          .contains(
              "exercises/" + exercise.slug() + "/index.html",
              "embed/exercise-" + exercise.slug() + ".html");
      String single = "embed/single/exercise-" + exercise.slug() + ".html";
      assertThat(Site.FOLDER.resolve(single)).exists();
    }
    assertThat(pages).contains("index.html", "embed.html", FIRST_PAGE, "2-output-shape/index.html");
  }

  /**
   * One visit a page for all that is asked of each: its figures come alive within its budget of
   * bytes, it is accessible in light and dark, nothing is wider than a small phone, and every text
   * of a figure can be read.
   */
  @Test
  void everyPageComesAliveWithinItsBudgetAndIsAccessibleAndReadable() throws IOException {
    Map<String, Set<String>> loaded = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    Set<String> kinds = new LinkedHashSet<>();
    for (String path : pages()) {
      // without the policy: axe puts a style of its own into the page, a single file has all inline
      Page page = newPage(new Browser.NewContextOptions());
      Set<String> files = new LinkedHashSet<>();
      page.onResponse(response -> files.add(URI.create(response.url()).getPath().substring(1)));
      page.navigate(site().open.url() + path);
      for (Locator exercise : page.locator("conv-scope[exercise]").all()) {
        exercise.locator(".exercise.live").waitFor();
      }
      if (path.startsWith("train/")) {
        page.locator("[data-do=play]:enabled").waitFor();
      }
      if (path.startsWith("workbench/")) {
        page.locator("[data-live]").waitFor();
      }
      for (Locator figure : page.locator("conv-scope[topic]").all()) {
        figure.evaluate("f => f.scrollIntoView()");
        figure.locator(".figure.live").waitFor();
        figure.locator(".twin > summary").dispatchEvent("click");
      }
      files.remove(path);
      loaded.put(path, Set.copyOf(files));
      String kind =
          path.replaceAll("[^/]*$", ""); // pages around a single figure differ in it alone
      if (!path.startsWith("embed/") || kinds.add(kind)) {
        axe(page, path, faults);
      }
      page.setViewportSize(320, 740);
      page.evaluate("() => new Promise(ok => requestAnimationFrame(() => setTimeout(ok, 50)))");
      int beyond =
          ((Number)
                  page.evaluate(
                      "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
              .intValue();
      if (beyond > 0) {
        faults.add(path + ": scrolls sideways at 320 pixels by " + beyond);
      }
      for (Object target : (List<?>) page.evaluate(SMALL_TARGETS)) {
        faults.add(path + ": smaller than 24 pixels: " + target);
      }
      for (Object box : (List<?>) page.evaluate(OUT_OF_REACH)) {
        faults.add(path + ": the keyboard cannot scroll " + box);
      }
      if (kind.equals("embed/") && !path.contains("exercise")) {
        page.setViewportSize(360, 740);
        page.locator("conv-scope .composition.narrow:visible svg").waitFor();
        for (Object text : (List<?>) page.evaluate(SMALL_TEXTS)) {
          faults.add(path + ": " + text);
        }
      }
      page.context().close();
    }
    assertThat(faults).isEmpty();
    assertBudgets(loaded);
  }

  private static void axe(Page page, String path, List<String> faults) {
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      AxeRunOptions only = new AxeRunOptions();
      only.setResultTypes(List.of("violations"));
      // one page for all of a result, and only what is wrong in it: half the time
      AxeBuilder axe = new AxeBuilder(page).setLegacyMode(true).options(only);
      if (path.startsWith("embed/")) {
        axe.exclude("conv-scope"); // the figure is checked on its chapter's page
      }
      for (Rule rule : axe.analyze().getViolations()) {
        faults.add(path + ", " + scheme + ": " + rule.getId() + ": " + rule.getNodes());
      }
    }
  }

  // a label belongs to what it names; buttons within a sentence are as high as its lines
  private static final String SMALL_TARGETS =
      """
      () => [...document.querySelectorAll('button:not([data-set]), input, select, textarea, summary')].filter(e => e.checkVisibility()).map(e => {
        const { width, height } = (e.closest('label') ?? e).getBoundingClientRect();
        return width >= 24 && height >= 24 ? '' : `${e.outerHTML.slice(0, 60)} ${width} × ${height}`;
      }).filter(Boolean)""";

  // boxes wider than their place that neither are stops of the keyboard nor hold one
  private static final String OUT_OF_REACH =
      """
      async () => {
        const stop = '[tabindex="0"], a[href], button, input, select, textarea, summary';
        const all = root => [...root.querySelectorAll('*')].flatMap(e => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
        const found = () => all(document).filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1
            && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) && !e.matches(stop) && !e.querySelector(stop))
          .map(e => `${e.localName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`);
        for (let n = 0; n < 40 && found().length > 0; n++) await new Promise(done => setTimeout(done, 50)); // figures follow the width
        return found();
      }""";

  // numbers in cells may be smaller than words
  private static final String SMALL_TEXTS =
      """
      () => {
        const texts = [...document.querySelector('conv-scope').shadowRoot.querySelectorAll('.composition svg text')];
        return texts.filter(t => t.getClientRects().length).map(t => {
          const svg = t.closest('svg');
          const size = parseFloat(getComputedStyle(t).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
          return size < (t.closest('.cell') ? 8.6 : 10.6) ? `“${t.textContent}” is ${size.toFixed(1)} pixels high` : '';
        }).filter(Boolean);
      }""";

  private static void assertBudgets(Map<String, Set<String>> loaded) throws IOException {
    for (Map.Entry<String, Set<String>> entry : loaded.entrySet()) {
      String path = entry.getKey();
      Set<String> more = entry.getValue();
      if (path.startsWith("embed/single/") || path.startsWith("bench/")) {
        continue;
      }
      Compressed sum = Compressed.sum(Site.FOLDER, more);
      Compressed itself = Compressed.sum(Site.FOLDER, List.of(path));
      System.out.printf(
          "Bytes that %s loads: %d in brotli, %d in gzip, %d files; itself: %d in brotli%n",
          path, sum.brotli(), sum.gzip(), more.size(), itself.brotli());
      assertThat(sum.brotli())
          .as(path + ": " + more)
          .isLessThanOrEqualTo(
              path.startsWith("embed/") && !path.startsWith("embed/exercise-")
                  ? EMBED_BUDGET
                  : path.startsWith("train/") || path.startsWith("workbench/")
                      ? LAB_BUDGET
                      : BUDGET);
      if (path.matches("\\d+-.*")) {
        assertThat(more).as(path).filteredOn(file -> file.endsWith(".wasm")).hasSize(1);
      }
    }
  }

  private static final Pattern LINK =
      Pattern.compile("<(?:a|link|script|img)\\b[^>]*?\\s(?:href|src)=\"([^\"]*)\"");

  @Test
  void noLinkIsDead() throws IOException {
    Set<String> dead = new LinkedHashSet<>();
    int followed = 0;
    for (String path : pages()) {
      String html = readText(path).replaceAll("(?s)<(pre|code|textarea)\\b.*?</\\1>", "");
      Matcher links = LINK.matcher(html.replaceAll("(?s)(<script\\b[^>]*>).*?</script>", "$1"));
      while (links.find()) {
        URI uri = URI.create("/" + path).resolve(links.group(1).replace("&amp;", "&"));
        if (uri.getScheme() != null) {
          continue; // another host's, which no page loads by itself, or data
        }
        String file = uri.getPath().substring(1);
        String target = file.isEmpty() || file.endsWith("/") ? file + "index.html" : file;
        followed++;
        if (!Files.exists(Site.FOLDER.resolve(target))) {
          dead.add(path + " → " + uri);
        } else if (uri.getFragment() != null
            && target.endsWith(".html")
            && !readText(target).contains("id=\"" + uri.getFragment() + "\"")) {
          dead.add(path + " → " + uri + " (no such place)");
        }
      }
    }
    assertThat(dead).isEmpty();
    assertThat(followed).isGreaterThan(400);
  }

  @Test
  void noPageOrStyleNeedsAnotherHostOrTheRootOfItsOwnAndOnlyLinksOfTheTextLeadElsewhere()
      throws IOException {
    try (Stream<Path> files = Files.walk(Site.FOLDER)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(html|css)")).toList()) {
        String text =
            Files.readString(file)
                .replaceAll("(?s)<(pre|code|script)\\b.*?</\\1>", "")
                .replaceAll("<a href=\"https:", "<a ");
        assertThat(text)
            .as(file.toString())
            .doesNotContainPattern("(src|href|action)=[\"']?(https?:|//|/)");
        assertThat(text).as(file.toString()).doesNotContainPattern("url\\([\"']?(https?:|//|/)");
      }
    }
  }

  @Test
  void everyNumberStandsOutFromItsCellInLightAndDark() {
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
      for (String query :
          new String[] {
            "", "?input=noise&preset=emboss&bias=3", "?input=digit-8&size=8&padding=2&mode=circular"
          }) {
        Page page =
            open(
                site().strict,
                "embed/" + FIRST + ".html" + query,
                new Browser.NewContextOptions().setColorScheme(scheme));
        ready(page, FIRST);
        Object lowest = page.evaluate(CONTRAST);
        assertThat(((Number) lowest).doubleValue())
            .as(scheme + " " + query)
            .isGreaterThanOrEqualTo(4.5);
      }
    }
  }

  // the fill over the card behind it, against the ink; WCAG 2.2 relative luminance
  private static final String CONTRAST =
      """
      () => {
        const root = document.querySelector('conv-scope').shadowRoot;
        const canvas = Object.assign(document.createElement('canvas'), {width: 1, height: 1}).getContext('2d', {willReadFrequently: true});
        const paint = (...layers) => {
          canvas.globalAlpha = 1; canvas.fillStyle = '#fff'; canvas.fillRect(0, 0, 1, 1);
          for (const [colour, alpha] of layers) { canvas.globalAlpha = alpha; canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
          return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        };
        const light = rgb => rgb.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const card = getComputedStyle(root.querySelector('.figure')).backgroundColor;
        let lowest = 21;
        for (const cell of root.querySelectorAll('.composition .cell')) {
          const text = cell.querySelector('text'), rect = cell.querySelector('rect');
          if (!text || !text.getClientRects().length) continue;
          const fill = getComputedStyle(rect), ink = getComputedStyle(text);
          const under = [[card, 1], [fill.fill, Number(fill.fillOpacity) * Number(fill.opacity) * Number(getComputedStyle(cell).opacity)]];
          const a = light(paint(...under)), b = light(paint(...under, [ink.fill, Number(ink.fillOpacity) * Number(ink.opacity) * Number(getComputedStyle(cell).opacity)]));
          lowest = Math.min(lowest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
        }
        return lowest;
      }""";

  private static String readText(String file) {
    try {
      return Files.readString(Site.FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutScriptsEveryFigureIsThereAndReadable() {
    for (String path : pages()) { // what the browser is given; it is looked at on two pages below
      if (path.matches("embed/single/(exercise-.*|assignment)\\.html")) {
        continue; // their scripts speak of elements, and the questions stand in the frames too
      }
      List<String> figures = List.of(readText(path).split("<conv-scope\\b", -1));
      for (String figure : figures.subList(1, figures.size())) { // the first is before any
        if (figure.matches("(?s)^[^>]* exercise=.*")) {
          assertThat(figure).as(path).containsPattern("(?s)class=\"task\"><p>.{20}");
        } else if (figure.contains("<template shadowrootmode=\"open\"")) {
          assertThat(figure).as(path).containsPattern("(?s)class=\"composition wide\"><svg.{2000}");
          assertThat(figure)
              .as(path)
              .containsPattern("(?s)class=\"composition narrow\"><svg.{2000}");
          assertThat(figure).as(path).containsPattern("class=\"caption\"[^>]*>[^<]*\\S");
        }
      }
    }
    for (String path : new String[] {FIRST_PAGE, "embed/" + FIRST + ".html"}) {
      Page page =
          open(site().open, path, new Browser.NewContextOptions().setJavaScriptEnabled(false));
      int figures = page.locator("conv-scope").count();
      assertThat(figures).isPositive();
      for (int i = 0; i < figures; i++) {
        assertThat(page.locator("conv-scope").nth(i).locator(".composition:visible svg *").count())
            .as(path + ", figure " + i)
            .isGreaterThan(20);
        assertThat(page.locator("conv-scope").nth(i).locator(".caption").innerText()).isNotBlank();
      }
    }
  }

  @Test
  void theSiteWorksUnderASubPath() throws IOException {
    try (SiteServer below =
        new SiteServer(Site.FOLDER, 0, SiteServer.Options.DEFAULT.under("/some/where"))) {
      Page page = open(below, "index.html", new Browser.NewContextOptions());
      ready(page, FIRST);
      page.navigate(below.url() + FIRST_PAGE);
      ready(page, FIRST);
      page.locator("nav a:has-text('Embed')").first().click();
      page.waitForURL(below.url() + "embed.html");
      ready(page, FIRST); // or its engine would be asked of a server that is gone
    }
  }

  @Test
  void printedPagesShowTheFigureWithoutItsControls() {
    Page page = open(FIRST_PAGE);
    ready(page, FIRST);
    page.emulateMedia(
        new Page.EmulateMediaOptions().setMedia(com.microsoft.playwright.options.Media.PRINT));
    assertThat(page.locator("conv-scope .composition:visible svg").count()).isPositive();
    assertThat(page.locator("conv-scope .transport:visible").count()).isZero();
    assertThat(page.locator("conv-scope .caption:visible").count()).isPositive();
  }

  @Test
  void onPaperEveryFigureThatStandsStillIsTheWideOneAndNothingReachesBeyondTheSheet() {
    int sheet = 680; // A4 without its margins, in pixels
    for (String path : pages()) {
      if (path.startsWith("embed/") || path.startsWith("bench/")) {
        continue;
      }
      Page page =
          open(
              site().open,
              path,
              new Browser.NewContextOptions()
                  .setJavaScriptEnabled(false)
                  .setViewportSize(sheet, 900));
      page.emulateMedia(
          new Page.EmulateMediaOptions().setMedia(com.microsoft.playwright.options.Media.PRINT));
      assertThat(page.locator("conv-scope .composition.narrow:visible").count()).as(path).isZero();
      assertThat(page.locator("conv-scope .composition.wide:visible").count())
          .as(path)
          .isEqualTo(page.locator("conv-scope[topic]").count());
      int width = ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue();
      assertThat(width).as(path).isLessThanOrEqualTo(sheet);
      page.context().close();
    }
  }
}
