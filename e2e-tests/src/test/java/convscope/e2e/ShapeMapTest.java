package convscope.e2e;

import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The shape map of the home page. */
class ShapeMapTest extends SiteTest {
  private static final String SLUG = "shape-map";

  @Test
  void aStageIsExplainedUnderThePointerAndStaysWhenClicked() {
    Page page = open("index.html");
    Locator figure = ready(page, SLUG);
    awaitCaption(figure, "Feature map");
    cell(figure, "stage/0,1").hover();
    awaitCaption(figure, "Kernel bank");
    cell(figure, "stage/0,4").click();
    awaitCaption(figure, "Segmentation");
    page.mouse().move(1, 1);
    figure.locator(".count >> text=5 / 5").waitFor();
    assertThat(figure.locator(".caption a").getAttribute("href")).endsWith("#one-by-one");
    figure.locator(".caption a").click();
    page.waitForURL("**/3-parameters-flops/index.html#one-by-one");
  }

  @Test
  void linesBetweenCellsAreDrawnOnlyWhereACellIsSeenWhole() {
    Locator figure = ready(open("embed/" + SLUG + ".html"), SLUG);
    Object strokes =
        figure.evaluate(
            """
            f => [...f.shadowRoot.querySelectorAll('.composition.wide .sheets')].map(stack => {
              const front = [...stack.querySelectorAll('.sheet')].pop();
              return [...stack.querySelectorAll('.tint')].every(tint => {
                const before = tint.compareDocumentPosition(front) & Node.DOCUMENT_POSITION_FOLLOWING;
                return (getComputedStyle(tint).stroke === 'none') === Boolean(before);
              });
            })""");
    assertThat((java.util.List<?>) strokes).isNotEmpty().allMatch(Boolean.TRUE::equals);
  }

  @Test
  void theKeyboardGoesFromStageToStage() {
    Page page = open("index.html");
    Locator figure = ready(page, SLUG);
    cell(figure, "stage/0,0").focus();
    awaitCaption(figure, "Image batch");
    page.keyboard().press("ArrowRight");
    awaitCaption(figure, "Kernel bank");
    page.keyboard().press("Enter");
    figure.locator(".count >> text=2 / 5").waitFor();
  }

  @Test
  void everyShapeFollowsANumberThatIsChanged() {
    Locator figure = ready(open("index.html"), SLUG);
    slide(figure, "batch", "3");
    slide(figure, "classes", "5");
    figure.locator(".composition:visible >> text=(3, 5)").first().waitFor();
    figure.locator(".composition:visible >> text=(3, 5, 8, 10)").first().waitFor();
  }

  @Test
  void itHasAPermanentAddressOnTheHomePageAndStandsInTheEmbedGuide() {
    Page page = open("index.html?batch=3#shape-map");
    Locator figure = ready(page, SLUG);
    assertThat(figure.locator("input[name=batch]").inputValue()).isEqualTo("3");
    slide(figure, "classes", "5");
    page.waitForURL("**/index.html?batch=3&classes=5#shape-map");
    page = open("embed.html");
    ready(page, Figures.FIRST);
    page.locator("[data-builder-topic]").selectOption(SLUG);
    ready(page, SLUG);
  }

  @Test
  void itsLinksAreThereWithoutScriptsAndPlainWordsInASingleFile() {
    Page page =
        open(
            site().strict,
            "index.html",
            new Browser.NewContextOptions().setJavaScriptEnabled(false));
    page.locator("conv-scope[topic='shape-map'] .caption a").click();
    page.waitForURL("**/2-output-shape/index.html#output-height");
    Page single = newPage(new Browser.NewContextOptions());
    single.navigate(
        Site.FOLDER.resolve("embed/single/shape-map.html").toAbsolutePath().toUri().toString());
    Locator figure = ready(single, SLUG);
    assertThat(figure.locator(".caption a").getAttribute("href")).isNull();
    slide(figure, "batch", "3");
    awaitCaption(figure, "(3, 4, 4, 5)");
    assertThat(figure.locator(".caption a").getAttribute("href")).isNull();
  }
}
