package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The figure with the keyboard alone. */
class KeyboardTest extends SiteTest {
  private static final String FOCUSED =
      "() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
          + " return e?.dataset?.k || e?.dataset?.do || e?.name || e?.textContent?.trim() || ''; }";

  /** Presses Tab until the focus is where the test wants it. */
  private static void tabTo(Page page, String wanted) {
    for (int i = 0; i < 80; i++) {
      page.keyboard().press("Tab");
      if (wanted.equals(page.evaluate(FOCUSED))) {
        return;
      }
    }
    throw new AssertionError("Tab never reached " + wanted);
  }

  @Test
  void cellsAreReachedReadAndEditedWithoutAPointer() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    tabTo(page, "in/0,0");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("ArrowRight");
    awaitCaption(figure, "x[2, 1]");
    page.keyboard().type("8");
    page.keyboard().press("Enter");
    cell(figure, "in/2,1").locator("text=8").waitFor();
    assertThat(page.evaluate(FOCUSED)).isEqualTo("in/2,1");
    awaitCaption(figure, "x[2, 1] = 8");
  }

  @Test
  void everyControlIsReachedInOrderAndTheTransportSteps() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    tabTo(page, "copy");
    tabTo(page, "embed");
    tabTo(page, "link");
    tabTo(page, "in/0,0");
    tabTo(page, "k/0,0");
    tabTo(page, "out/0,0");
    tabTo(page, "play");
    page.keyboard().press("Home");
    figure.locator(".count >> text=1 / 16").waitFor();
    page.keyboard().press("ArrowRight");
    figure.locator(".count >> text=2 / 16").waitFor();
    page.keyboard().press("End");
    figure.locator(".count >> text=16 / 16").waitFor();
    tabTo(page, "stride");
    page.keyboard().press("ArrowLeft");
    figure.locator(".count >> text=/ 49").waitFor();
    tabTo(page, "This figure as text");
    page.keyboard().press("Enter");
    assertThat(figure.locator("details.twin").getAttribute("open")).isNotNull();
  }

  @Test
  void whatHasTheFocusIsOutlined() {
    Page page = open(FIRST_PAGE);
    ready(page, FIRST);
    for (String wanted : new String[] {"copy", "in/0,0", "play", "stride", "dense"}) {
      tabTo(page, wanted);
      Object visible =
          page.evaluate(
              "() => { let e = document.activeElement; while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;"
                  + " const seen = x => { const s = getComputedStyle(x); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 1.5)"
                  + " || (x instanceof SVGElement && s.strokeWidth !== '0px' && s.stroke !== 'none'); };"
                  + " return seen(e) || [...e.querySelectorAll('rect')].some(seen); }");
      assertThat(visible).as("focus on " + wanted).isEqualTo(true);
    }
  }

  @Test
  void theSkipLinkLeadsToTheContent() {
    Page page = open(FIRST_PAGE);
    page.keyboard().press("Tab");
    assertThat(page.evaluate(FOCUSED)).isEqualTo("Skip to the content");
    page.keyboard().press("Enter");
    assertThat(page.evaluate("() => document.activeElement.id")).isEqualTo("main");
  }
}
