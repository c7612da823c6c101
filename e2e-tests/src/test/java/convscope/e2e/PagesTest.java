package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import convscope.site.SiteServer;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What holds for every page of the site, found by looking into the folder. */
class PagesTest extends SiteTest {
  private static final int BUDGET = 150_000; // bytes, compressed, before the first interaction

  /** Every page, by its path from the site's root. */
  private static List<String> pages() {
    try (Stream<Path> files = Files.walk(Site.FOLDER)) {
      return files
          .map(file -> Site.FOLDER.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".html"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SiteServer serverOf(String path) {
    return path.startsWith("embed/")
        ? site().open
        : site().strict; // a single file inlines its scripts
  }

  @Test
  void thereIsAPageForEveryTopicInEveryForm() {
    List<String> pages = pages();
    for (Topic<?> topic : Topics.figures()) {
      assertThat(pages)
          .contains("embed/" + topic.slug() + ".html", "embed/single/" + topic.slug() + ".html");
    }
    assertThat(pages).contains("index.html", "embed.html", FIRST_PAGE, "2-output-shape/index.html");
  }

  @Test
  void everyPageIsAccessibleInLightAndDark() {
    List<String> violations = new ArrayList<>();
    int checked = 0;
    for (String path : pages()) {
      // without the policy, since axe puts a style of its own into the page
      Page page = open(site().open, path, new Browser.NewContextOptions());
      if (page.locator("conv-scope").count() > 0) {
        page.locator("conv-scope .figure.live").first().waitFor();
      }
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
          violations.add(path + ", " + scheme + ": " + rule.getId() + ": " + rule.getNodes());
        }
        checked++;
      }
      page.context().close();
    }
    assertThat(violations).isEmpty();
    assertThat(checked).isGreaterThan(12);
  }

  @Test
  void noLinkIsDead() {
    Set<String> dead = new LinkedHashSet<>();
    for (String path : pages()) {
      Page page = open(serverOf(path), path, new Browser.NewContextOptions());
      Object links =
          page.evaluate(
              "() => [...document.querySelectorAll('a[href], link[href], script[src], img[src]')].map(e => e.href || e.src)");
      for (Object link : (List<?>) links) {
        URI uri = URI.create((String) link);
        if (!"http".equals(uri.getScheme())) {
          continue;
        }
        String file = URI.create(serverOf(path).url()).relativize(uri).getPath();
        String target = file.isEmpty() || file.endsWith("/") ? file + "index.html" : file;
        if (!Files.exists(Site.FOLDER.resolve(target))) {
          dead.add(path + " → " + link);
        } else if (uri.getFragment() != null
            && target.endsWith(".html")
            && !readText(target).contains("id=\"" + uri.getFragment() + "\"")) {
          dead.add(path + " → " + link + " (no such place)");
        }
      }
      page.context().close();
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void noPageOrStyleLeadsToAnotherHostOrToTheRootOfItsOwn() throws IOException {
    try (Stream<Path> files = Files.walk(Site.FOLDER)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(html|css)")).toList()) {
        String text = Files.readString(file).replaceAll("(?s)<(pre|code|script)\\b.*?</\\1>", "");
        assertThat(text)
            .as(file.toString())
            .doesNotContainPattern("(src|href|action)=[\"']?(https?:|//|/)");
        assertThat(text).as(file.toString()).doesNotContainPattern("url\\([\"']?(https?:|//|/)");
      }
    }
  }

  @Test
  void nothingIsWiderThanAPhone() {
    for (String path : pages()) {
      Page page =
          open(serverOf(path), path, new Browser.NewContextOptions().setViewportSize(320, 740));
      Object overflow =
          page.evaluate(
              "() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(((Number) overflow).intValue()).as(path).isLessThanOrEqualTo(0);
      page.context().close();
    }
  }

  @Test
  void noTextInAFigureIsUnderElevenPixelsOnAPhone() {
    for (Topic<?> topic : Topics.figures()) {
      Page page =
          open(
              site().strict,
              "embed/" + topic.slug() + ".html",
              new Browser.NewContextOptions().setViewportSize(360, 740));
      ready(page, topic.slug());
      Object smallest =
          page.evaluate(
              "() => Math.min(...[...document.querySelector('conv-scope').shadowRoot.querySelectorAll('.composition svg text')]"
                  + ".filter(t => t.getClientRects().length).map(t => { const svg = t.closest('svg');"
                  + " return parseFloat(getComputedStyle(t).fontSize) * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }))");
      assertThat(((Number) smallest).doubleValue()).as(topic.slug()).isGreaterThanOrEqualTo(10.99);
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

  @Test
  void aTopicPageLoadsAtMostItsBudgetBeforeTheFirstInteraction() {
    for (String path : pages()) {
      if (path.startsWith("embed/") || path.startsWith("bench/")) {
        continue;
      }
      Page page = newPage(new Browser.NewContextOptions());
      Set<String> loaded = new LinkedHashSet<>();
      page.onResponse(response -> loaded.add(URI.create(response.url()).getPath().substring(1)));
      page.navigate(site().strict.url() + path);
      if (page.locator("conv-scope").count() > 0) {
        page.locator("conv-scope .figure.live").first().waitFor();
      }
      int bytes = 0;
      for (String file : loaded) {
        bytes += compressed(file);
      }
      System.out.println(
          "Bytes before the first interaction, compressed: "
              + path
              + " "
              + bytes
              + " in "
              + loaded.size()
              + " files");
      assertThat(bytes).as(path + ": " + loaded).isLessThanOrEqualTo(BUDGET);
      page.context().close();
    }
  }

  private static int compressed(String file) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(Files.readAllBytes(Site.FOLDER.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.size();
  }

  private static String readText(String file) {
    try {
      return Files.readString(Site.FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void withoutScriptsEveryFigureIsThereAndReadable() {
    for (String path : pages()) {
      Page page =
          open(serverOf(path), path, new Browser.NewContextOptions().setJavaScriptEnabled(false));
      int figures = page.locator("conv-scope").count();
      for (int i = 0; i < figures; i++) {
        assertThat(page.locator("conv-scope").nth(i).locator(".composition:visible svg *").count())
            .as(path + ", figure " + i)
            .isGreaterThan(20);
        assertThat(page.locator("conv-scope").nth(i).locator(".caption").innerText()).isNotBlank();
      }
      page.context().close();
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
              serverOf(path),
              path,
              new Browser.NewContextOptions()
                  .setJavaScriptEnabled(false)
                  .setViewportSize(sheet, 900));
      page.emulateMedia(
          new Page.EmulateMediaOptions().setMedia(com.microsoft.playwright.options.Media.PRINT));
      assertThat(page.locator("conv-scope .composition.narrow:visible").count()).as(path).isZero();
      assertThat(page.locator("conv-scope .composition.wide:visible").count())
          .as(path)
          .isEqualTo(page.locator("conv-scope").count());
      int width = ((Number) page.evaluate("() => document.documentElement.scrollWidth")).intValue();
      assertThat(width).as(path).isLessThanOrEqualTo(sheet);
      page.context().close();
    }
  }
}
