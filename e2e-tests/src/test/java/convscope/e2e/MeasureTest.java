package convscope.e2e;

import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.caption;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** Times that are measured on the reader's machine. */
class MeasureTest extends SiteTest {
  private static final String TOPIC = "depthwise-separable";

  @Test
  void aMeasurementIsShownKeptInTheLinkAndGoneForOtherSizes() {
    Page page = open("embed/" + TOPIC + ".html?size=14&step=2");
    Locator figure = ready(page, TOPIC);
    awaitCaption(figure, "Measure, and their time");
    figure.locator("[data-do=measure]").click();
    awaitCaption(figure, "On this machine they took");
    page.waitForURL(url -> url.contains("measured=32,64,3,14,"));
    String measured = caption(figure);
    page.reload();
    awaitCaption(ready(page, TOPIC), measured.substring(measured.indexOf("On this machine")));
    slide(figure, "kernel", "5");
    awaitCaption(figure, "Measure, and their time");
  }

  @Test
  void whileItMeasuresTheButtonSaysSoAndThePageLives() {
    Page page = open("embed/" + TOPIC + ".html");
    Locator figure = ready(page, TOPIC);
    Locator button = figure.locator("[data-do=measure]");
    button.click();
    assertThat(button.innerText()).isEqualTo("Measuring…");
    assertThat(button.getAttribute("aria-busy")).isEqualTo("true");
    awaitCaption(figure, "On this machine they took");
    assertThat(button.innerText()).isEqualTo("Measure on this machine");
    assertThat(button.getAttribute("aria-busy")).isNull();
    assertThat(button.evaluate("button => button.getRootNode().activeElement === button"))
        .isEqualTo(true);
  }
}
