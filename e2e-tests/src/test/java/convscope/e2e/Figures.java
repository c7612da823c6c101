package convscope.e2e;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** What tests do with a figure on a page. */
final class Figures {
  /** The chapter page of each topic, and the figure that tests of one figure use. */
  static final String FIRST_PAGE = "1-local-linear-map/index.html";

  static final String FIRST = "local-receptive-field";

  private Figures() {}

  /**
   * The element, scrolled to, once its engine has answered and the controls are alive; until it is
   * near the window it loads nothing.
   */
  static Locator ready(Page page, String topic) {
    Locator figure = page.locator("conv-scope[topic='" + topic + "']").first();
    figure.evaluate("f => f.scrollIntoView({block: 'nearest'})");
    figure.locator(".figure.live").waitFor();
    return figure;
  }

  /** The words of the caption. */
  static String caption(Locator figure) {
    return figure.locator(".caption").innerText();
  }

  /** Waits until the caption holds a text. */
  static void awaitCaption(Locator figure, String text) {
    figure.locator(".caption", new Locator.LocatorOptions().setHasText(text)).waitFor();
  }

  /** Moves a slider to a value as a drag would. */
  static void slide(Locator figure, String name, String value) {
    figure
        .locator("input[name='" + name + "']")
        .first()
        .evaluate(
            "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); }",
            value);
  }

  /** A cell of the composition that is shown. */
  static Locator cell(Locator figure, String key) {
    return figure.locator(".composition:visible [data-k='" + key + "']");
  }
}
