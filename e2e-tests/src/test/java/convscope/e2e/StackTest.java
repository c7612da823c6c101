package convscope.e2e;

import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.SelectOption;
import org.junit.jupiter.api.Test;

/** The control with which a reader builds a stack of layers. */
class StackTest extends SiteTest {
  private static final String PAGE = "embed/stacked-layers.html";
  private static final String TOPIC = "stacked-layers";

  private static Locator stack(Page page) {
    return ready(page, TOPIC).locator(".control.stack");
  }

  private static void awaitLayers(Locator stack, String layers) {
    stack
        .page()
        .waitForFunction(
            "wanted => [...document.querySelector('conv-scope').shadowRoot.querySelectorAll('.layer')]"
                + ".map(layer => layer.textContent).join() === wanted"
                + " && !document.querySelector('conv-scope').shadowRoot.querySelector('[data-waits]')",
            layers);
    assertThat(stack.locator("textarea").inputValue()).isEqualTo(layers);
  }

  private static Locator layer(Locator stack, int n) {
    return stack.locator(".layer").nth(n);
  }

  private static void press(Locator stack, String name) {
    stack.locator("button[data-layer='" + name + "']").click();
  }

  @Test
  void layersAreAddedChangedMovedAndRemoved() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    awaitLayers(stack, "conv3,conv3,pool2,conv3,conv3");
    layer(stack, 2).click();
    press(stack, "conv");
    awaitLayers(stack, "conv3,conv3,pool2,conv3,conv3,conv3");
    stack.locator("select[data-layer='dilation']").selectOption("2");
    awaitLayers(stack, "conv3,conv3,pool2,conv3d2,conv3,conv3");
    press(stack, "earlier");
    awaitLayers(stack, "conv3,conv3,conv3d2,pool2,conv3,conv3");
    assertThat(stack.locator("[role=status]").textContent())
        .isEqualTo("conv3d2 is now layer 3 of 6");
    press(stack, "remove");
    awaitLayers(stack, "conv3,conv3,pool2,conv3,conv3");
    ready(page, TOPIC).locator("[data-do=scrub]").press("End");
    awaitCaption(ready(page, TOPIC), "Layer 5");
  }

  @Test
  void everyChangeCanBeTakenBackAnExampleToo() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    Locator undo = page.locator("[data-do='undo']");
    assertThat(undo.isDisabled()).isTrue();
    layer(stack, 2).click();
    press(stack, "remove");
    awaitLayers(stack, "conv3,conv3,conv3,conv3");
    press(stack, "pool");
    awaitLayers(stack, "conv3,conv3,conv3,conv3,pool2");
    stack.locator("select.presets").selectOption(new SelectOption().setIndex(2));
    page.waitForFunction(
        "() => !document.querySelector('conv-scope').shadowRoot.querySelector('[data-waits]')");
    assertThat(stack.locator("textarea").inputValue())
        .isNotEqualTo("conv3,conv3,conv3,conv3,pool2");
    undo.click();
    awaitLayers(stack, "conv3,conv3,conv3,conv3,pool2");
    layer(stack, 0).focus();
    page.keyboard().press("Control+z");
    awaitLayers(stack, "conv3,conv3,conv3,conv3");
    page.keyboard().press("Control+z");
    awaitLayers(stack, "conv3,conv3,pool2,conv3,conv3");
    assertThat(undo.isDisabled()).isTrue();
  }

  @Test
  void theKeyboardMovesAndRemovesLayersAndKeepsTheFocus() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    layer(stack, 2).focus();
    page.keyboard().press("Shift+ArrowLeft");
    awaitLayers(stack, "conv3,pool2,conv3,conv3,conv3");
    page.keyboard().press("Shift+ArrowLeft");
    awaitLayers(stack, "pool2,conv3,conv3,conv3,conv3");
    assertThat(focused(page)).isEqualTo("pool2, layer 1 of 5");
    page.keyboard().press("ArrowRight");
    assertThat(focused(page)).isEqualTo("conv3, layer 2 of 5");
    page.keyboard().press("Delete");
    awaitLayers(stack, "pool2,conv3,conv3,conv3");
    assertThat(focused(page)).isEqualTo("conv3, layer 2 of 4");
  }

  private static Object focused(Page page) {
    return page.evaluate(
        "() => document.querySelector('conv-scope').shadowRoot.activeElement.getAttribute('aria-label')");
  }

  @Test
  void aLayerIsDraggedToItsPlace() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    stack.scrollIntoViewIfNeeded();
    BoundingBox from = layer(stack, 2).boundingBox();
    BoundingBox to = layer(stack, 4).boundingBox();
    page.mouse().move(from.x + from.width / 2, from.y + from.height / 2);
    page.mouse().down();
    for (int step = 1; step <= 8; step++) {
      page.mouse()
          .move(
              from.x + from.width / 2 + (to.x + to.width - 4 - from.x - from.width / 2) * step / 8,
              to.y + to.height / 2);
    }
    page.mouse().up();
    awaitLayers(stack, "conv3,conv3,conv3,conv3,pool2");
    assertThat(stack.locator(".tools .one").count()).as("a drag is no click").isZero();
  }

  @Test
  void theAddressHoldsTheStackAndBringsItBack() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    press(stack, "up");
    awaitLayers(stack, "conv3,conv3,pool2,conv3,conv3,up2");
    page.waitForURL(url -> url.contains("stack=conv3,conv3,pool2,conv3,conv3,up2"));
    page.reload();
    awaitLayers(stack(page), "conv3,conv3,pool2,conv3,conv3,up2");
  }

  @Test
  void aWholeStackIsChosenOrTypedAndABadOneIsRefusedBesideIt() {
    Page page = open(PAGE);
    Locator stack = stack(page);
    stack
        .locator("select.presets")
        .selectOption(new com.microsoft.playwright.options.SelectOption().setLabel("VGG-16"));
    page.waitForFunction(
        "() => { const figure = document.querySelector('conv-scope'); return !figure.busy && figure.steps > 9; }");
    ready(page, TOPIC).locator("[data-do=scrub]").press("End");
    awaitCaption(ready(page, TOPIC), "212 positions");
    stack.locator("textarea").fill("conv3,conv99");
    stack
        .locator(".problem:has-text('layer 2, “conv99”, needs one kernel from 1 to 11')")
        .waitFor();
    stack.locator("textarea").fill("conv5,conv1");
    awaitCaption(ready(page, TOPIC), "5 positions");
    assertThat(stack.locator(".layer").count()).isEqualTo(2);
    assertThat(stack.locator(".problem").count()).isZero();
  }

  @Test
  void anOpenEditorFitsAPhoneAndIsAccessible() {
    // without the policy, since axe puts a style of its own into the page
    Page page = open(site().open, PAGE, new Browser.NewContextOptions().setViewportSize(390, 900));
    Locator stack = stack(page);
    layer(stack, 1).click();
    stack.locator(".tools .one").waitFor();
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
  }
}
