package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import convscope.topic.Course;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Finding the way: the search, the contents beside a chapter, and the reading order. */
class NavigationTest extends SiteTest {
  private static Locator openSearch(Page page) {
    page.keyboard().press("/");
    Locator box = page.locator("#search-box");
    box.waitFor();
    return box;
  }

  private static String firstFound(Page page) {
    return page.locator("#search-list li .name").first().innerText().strip();
  }

  private static List<Course.Entry> reading() {
    List<Course.Entry> entries = new ArrayList<>();
    for (Course.Chapter chapter : Course.chapters()) {
      chapter.entries().stream().filter(Course.Entry::exists).forEach(entries::add);
    }
    return entries;
  }

  // ---- search

  @Test
  void theSearchFindsATopicByItsTitleAWordOrASymbolAndLeadsThere() {
    Page page = open("embed.html");
    Locator box = openSearch(page);
    for (Topic<?> topic : Topics.all()) {
      box.fill(topic.title());
      assertThat(firstFound(page)).endsWith(topic.title());
    }
    box.fill("toeplitz");
    assertThat(firstFound(page)).isEqualTo("1.2 Weight sharing");
    box.fill("LOCAL recept");
    assertThat(firstFound(page)).isEqualTo("1.1 Local receptive field");
    for (String symbol : new String[] {"H_out", "hout", "2.4"}) {
      box.fill(symbol);
      assertThat(page.locator("#search-list").innerText()).contains("2.4 Output height and width");
    }
    box.fill("vgg");
    assertThat(page.locator("#search-list mark").first().innerText()).startsWith("VGG");
    box.fill("receptive");
    page.keyboard().press("ArrowDown");
    Locator second = page.locator("#search-list li").nth(1);
    assertThat(box.getAttribute("aria-activedescendant")).isEqualTo(second.getAttribute("id"));
    assertThat(second.getAttribute("aria-selected")).isEqualTo("true");
    page.keyboard().press("ArrowUp");
    box.fill("weight sharing");
    page.keyboard().press("Enter");
    page.waitForURL("**/" + FIRST_PAGE + "#weight-sharing");
  }

  @Test
  void theSearchKnowsOtherNamesEndingsAndOneWrongLetter() {
    Page page = open("index.html");
    Locator box = openSearch(page);
    for (String[] asked :
        new String[][] {
          {"atrous", "2.3 Dilation"},
          {"à trous", "2.3 Dilation"},
          {"dilated", "2.3 Dilation"},
          {"antialias", "4.5 Aliasing"},
          {"GAP", "4.4 Global average pooling"},
          {"ConvTranspose", "2.4 Output height and width"},
        }) {
      box.fill(asked[0]);
      assertThat(firstFound(page)).as(asked[0]).isEqualTo(asked[1]);
    }
    for (String wrong : new String[] {"kernal", "convoltion", "recpetive"}) {
      box.fill(wrong);
      page.locator(".search .told >> text=“" + wrong + "” read as “").waitFor();
      assertThat(page.locator("#search-list mark").count()).as(wrong).isPositive();
    }
  }

  @Test
  void aWordThatIsNowhereSaysSo() {
    Page page = open("index.html");
    Locator box = openSearch(page);
    box.fill("zygomorphic");
    page.locator(".search .told >> text=Nothing found for “zygomorphic”").waitFor();
    assertThat(box.getAttribute("aria-expanded")).isEqualTo("false");
  }

  @Test
  void theSearchIsLoadedOnlyWhenOpenedAndEscapeGivesTheFocusBack() {
    Page page = newPage(new Browser.NewContextOptions());
    List<String> asked = new ArrayList<>();
    page.onRequest(request -> asked.add(request.url()));
    page.navigate(site().strict.url() + "index.html");
    ready(page, FIRST);
    assertThat(asked).noneMatch(url -> url.contains("/search."));
    page.locator(".find").focus();
    page.keyboard().press("Enter");
    page.locator("#search-box").waitFor();
    assertThat(asked).anyMatch(url -> url.contains("/search."));
    page.keyboard().press("Escape");
    assertThat(page.locator("dialog[open]").count()).isZero();
    assertThat(page.locator(".find").evaluate("e => e === document.activeElement")).isEqualTo(true);
  }

  @Test
  void aSlashThatIsTypedIntoAFieldStaysThere() {
    Page page = open("embed.html");
    ready(page, FIRST);
    page.locator("conv-scope input[name=bias]").first().focus();
    page.keyboard().press("/");
    assertThat(page.locator("dialog").count()).isZero();
  }

  @Test
  void theOpenSearchIsAccessible() {
    for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
      Page page =
          open(
              site().open,
              "404.html",
              new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(390, 800));
      openSearch(page).fill("vgg");
      page.locator("#search-list li").first().waitFor();
      assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
    }
  }

  @Test
  void theSearchWorksFromTheDisk() {
    expectError(
        "CORS policy|ERR_FAILED"); // the preload of the module, which then comes as a script
    Page page = newPage(new Browser.NewContextOptions());
    page.navigate(Site.FOLDER.resolve("embed.html").toAbsolutePath().toUri().toString());
    openSearch(page).fill("toeplitz");
    page.locator("#search-list li").first().click();
    page.waitForURL("**/" + FIRST_PAGE + "#weight-sharing");
  }

  @Test
  void withoutScriptsTheSearchIsALinkToTheMap() {
    Page page =
        open(
            site().strict, FIRST_PAGE, new Browser.NewContextOptions().setJavaScriptEnabled(false));
    page.locator(".find").click();
    page.waitForURL("**/index.html#course");
  }

  // ---- contents and reading order

  @Test
  void theContentsStayBesideAWidePageAndMarkWhatIsRead() {
    Page page =
        open(site().strict, FIRST_PAGE, new Browser.NewContextOptions().setViewportSize(1280, 800));
    page.locator("#weight-sharing h2").scrollIntoViewIfNeeded();
    page.evaluate("() => document.getElementById('weight-sharing').scrollIntoView()");
    page.locator(".toc [aria-current] >> text=Weight sharing").waitFor();
    assertThat(page.locator(".toc [aria-current]").count()).isEqualTo(1);
    assertThat(page.locator(".toc a").first().isVisible()).isTrue();
    assertThat(page.locator(".toc").boundingBox().y).isBetween(0.0, 100.0);
    page.locator(".toc a").first().click();
    page.locator(".toc [aria-current] >> text=Local receptive field").waitFor();
  }

  @Test
  void onAPhoneTheContentsAreABarThatOpensAndClosesByItself() {
    Page page =
        open(site().strict, FIRST_PAGE, new Browser.NewContextOptions().setViewportSize(390, 800));
    Locator link = page.locator(".toc a").nth(1);
    page.waitForCondition(() -> !link.isVisible());
    page.evaluate("() => document.getElementById('weight-sharing').scrollIntoView()");
    page.locator(".toc summary >> text=Weight sharing").waitFor();
    page.locator(".toc summary").click();
    link.waitFor();
    link.click();
    page.waitForCondition(() -> !link.isVisible());
    assertThat(page.url()).endsWith("#weight-sharing");
  }

  @Test
  void withoutScriptsTheContentsAreLinks() {
    for (int width : new int[] {390, 1280}) {
      Page page =
          open(
              site().strict,
              FIRST_PAGE,
              new Browser.NewContextOptions()
                  .setJavaScriptEnabled(false)
                  .setViewportSize(width, 800));
      page.locator(".toc a").nth(1).click();
      assertThat(page.url()).endsWith("#weight-sharing");
    }
  }

  @Test
  void nextLeadsThroughEveryTopicInReadingOrderAndPreviousBack() {
    List<Course.Entry> reading = reading();
    List<String> next = new ArrayList<>();
    List<String> previous = new ArrayList<>();
    for (Course.Chapter chapter : Course.chapters()) {
      if (chapter.exists()) {
        Page page = open(chapter.slug() + "/index.html");
        for (String side : new String[] {"next", "prev"}) {
          Object links =
              page.evaluate(
                  "side => [...document.querySelectorAll('.topic a[rel=' + side + ']')].map(a => a.closest('.topic').id + '>' + a.hash.slice(1))",
                  side);
          ((List<?>) links)
              .forEach(link -> (side.equals("next") ? next : previous).add((String) link));
        }
        page.context().close();
      }
    }
    List<String> pairs = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (int i = 1; i < reading.size(); i++) {
      pairs.add(reading.get(i - 1).slug() + ">" + reading.get(i).slug());
      back.add(reading.get(i).slug() + ">" + reading.get(i - 1).slug());
    }
    assertThat(next).isEqualTo(pairs).hasSizeGreaterThan(10);
    assertThat(previous).isEqualTo(back);
  }

  @Test
  void aChapterBeginsWithTheMainIdeaAndTheRelationOfEachTopic() {
    for (Course.Chapter chapter : Course.chapters()) {
      if (chapter.exists()) {
        Page page = open(chapter.slug() + "/index.html");
        int there = (int) chapter.entries().stream().filter(Course.Entry::exists).count();
        assertThat(page.locator(".overview li p").count()).isEqualTo(there);
        assertThat(page.locator(".overview li math").count()).isGreaterThanOrEqualTo(there);
        assertThat(page.locator(".overview li").count()).isEqualTo(chapter.entries().size());
        page.context().close();
      }
    }
  }
}
