package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import org.junit.jupiter.api.Test;

/** Taking hold of windows and edges, with mouse and finger, and taking changes back. */
class HandleTest extends SiteTest {
  private static final String PAGE = "embed/" + FIRST + ".html";

  private Locator figure(int width, boolean touch) {
    return ready(
        open(
            site().strict,
            PAGE,
            new Browser.NewContextOptions().setViewportSize(width, 900).setHasTouch(touch)),
        FIRST);
  }

  private static Object value(Locator figure, String name) {
    settle(figure);
    return figure.evaluate("(f, name) => f.values[name]", name);
  }

  private static int step(Locator figure) {
    settle(figure);
    return (int) figure.evaluate("f => f.step");
  }

  private static void settle(Locator figure) {
    figure.evaluate(
        "async f => { do await new Promise(ok => setTimeout(ok, 30)); while (f.busy); }");
  }

  private static double[] middle(Locator part) {
    BoundingBox box = part.boundingBox();
    return new double[] {box.x + box.width / 2, box.y + box.height / 2};
  }

  /** Drags from the middle of one thing to the middle of another, and by so much further. */
  private static void drag(Locator figure, Locator from, Locator to, double right, double down) {
    double[] start = middle(from);
    double[] end = middle(to);
    Page page = figure.page();
    page.mouse().move(start[0], start[1]);
    page.mouse().down();
    page.mouse().move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2);
    page.mouse().move(end[0] + right, end[1] + down);
    page.mouse().up();
  }

  private static Locator grip(Locator figure, String key) {
    return figure.locator(".composition:visible [data-k='" + key + "'] path");
  }

  @Test
  void draggingTheWindowTakesTheFigureToTheStepOfThePlaceWhereItIsDropped() {
    Locator figure = figure(1000, false);
    assertThat(step(figure)).isEqualTo(6); // y[1, 2], whose window is around x[2, 4]
    drag(figure, cell(figure, "in/2,4"), cell(figure, "in/4,0"), 0, 0); // two windows on and down
    assertThat(step(figure)).isEqualTo(8); // y[2, 0]
    figure.page().mouse().move(2, 2);
    assertThat(step(figure)).isEqualTo(8);
    assertThat(figure.locator(".editor").count()).isZero();
  }

  @Test
  void beyondTheLastStopTheWindowStays() {
    Locator figure = figure(1000, false);
    drag(figure, cell(figure, "in/2,4"), cell(figure, "in/7,7"), 200, 200);
    assertThat(step(figure)).isEqualTo(15);
  }

  @Test
  void aClickOnAnOutputGoesToItsStepAndStays() {
    Locator figure = figure(1000, false);
    cell(figure, "out/3,1").click();
    figure.page().mouse().move(2, 2);
    assertThat(step(figure)).isEqualTo(13);
    figure.locator("[data-do=forward]").click();
    assertThat(step(figure)).isEqualTo(14);
  }

  @Test
  void edgesOfKernelInputAndPaddingAreTheirSizes() {
    Locator figure = figure(1000, false);
    double cell = cell(figure, "in/0,0").boundingBox().width;
    drag(figure, grip(figure, "kernel/k/x"), grip(figure, "kernel/k/x"), 2 * cell, 0);
    assertThat(value(figure, "kernel")).isEqualTo("3x5");
    drag(figure, grip(figure, "size/in/y"), grip(figure, "size/in/y"), 0, -2 * cell);
    assertThat(value(figure, "size")).isEqualTo("5x7");
    drag(figure, grip(figure, "padding/in/x"), grip(figure, "padding/in/x"), -cell * 1.2, 0);
    assertThat(value(figure, "padding")).isEqualTo("2");
  }

  @Test
  void changesAreTakenBackAndMadeAgainAndResetIsAChange() {
    Locator figure = figure(1000, false);
    Page page = figure.page();
    double cell = cell(figure, "in/0,0").boundingBox().width;
    assertThat(figure.locator("[data-do=undo]").isDisabled()).isTrue();
    drag(figure, grip(figure, "kernel/k/x"), grip(figure, "kernel/k/x"), 2 * cell, 0);
    assertThat(value(figure, "kernel")).isEqualTo("3x5");
    cell(figure, "in/0,0").click();
    figure.locator(".editor").fill("7");
    figure.locator(".editor").press("Enter");
    assertThat(value(figure, "input")).isEqualTo("custom");
    page.keyboard().press("Control+z");
    assertThat(value(figure, "input")).isEqualTo("ring");
    page.keyboard().press("Control+z");
    assertThat(value(figure, "kernel")).isEqualTo("3");
    page.keyboard().press("Control+Shift+z");
    assertThat(value(figure, "kernel")).isEqualTo("3x5");
    figure.locator("[data-do=reset]").click();
    assertThat(value(figure, "kernel")).isEqualTo("3");
    figure.locator("[data-do=undo]").click();
    assertThat(value(figure, "kernel")).isEqualTo("3x5");
  }

  @Test
  void aFingerDragsTheWindowWithoutScrollingThePageAndItsFirstTapOnlyPoints() {
    Locator figure = figure(390, true);
    Page page = figure.page();
    cell(figure, "in/0,0").tap();
    settle(figure);
    assertThat(figure.locator(".editor").count()).isZero();
    cell(figure, "in/0,0").tap();
    assertThat(figure.locator(".editor").count()).isEqualTo(1);
    page.keyboard().press("Escape");
    page.evaluate("() => document.body.style.minHeight = '3000px'");
    double[] from = middle(cell(figure, "in/2,4"));
    double[] to = middle(cell(figure, "in/6,4"));
    CDPSession touch = page.context().newCDPSession(page);
    touch(touch, "touchStart", from[0], from[1]);
    for (int n = 1; n <= 6; n++) {
      touch(touch, "touchMove", from[0], from[1] + (to[1] - from[1]) * n / 6);
    }
    touch(touch, "touchEnd", 0, 0);
    assertThat(step(figure)).isEqualTo(14); // y[3, 2]
    assertThat(page.evaluate("scrollY")).isEqualTo(0);
  }

  private Locator other(String slug) {
    Browser.NewContextOptions wide = new Browser.NewContextOptions().setViewportSize(1000, 900);
    return ready(open(site().strict, "embed/" + slug + ".html", wide), slug);
  }

  private static void pull(Locator figure, String handle, double right, double down) {
    Locator grip = grip(figure, handle);
    drag(figure, grip, grip, right, down);
  }

  @Test
  void theLayersOfAStackAreDraggedInTheDrawing() {
    Locator figure = other("stacked-layers");
    assertThat(value(figure, "stack")).isEqualTo("conv3,conv3,pool2,conv3,conv3");
    pull(figure, "stack/order3", 0, 400); // beyond the first
    assertThat(value(figure, "stack")).isEqualTo("pool2,conv3,conv3,conv3,conv3");
    figure.page().keyboard().press("Control+z");
    assertThat(value(figure, "stack"))
        .as("one drag is one change")
        .isEqualTo("conv3,conv3,pool2,conv3,conv3");
    pull(figure, "stack/kernel1", 400, 0);
    assertThat(value(figure, "stack")).isEqualTo("conv11,conv3,pool2,conv3,conv3");
    assertThat(figure.locator(".layer").first().textContent()).isEqualTo("conv11");
  }

  @Test
  void theImpulseOfASingleLayerAndTheRulesOfPlotsAreDragged() {
    Locator layer = other("single-layer");
    drag(layer, cell(layer, "in/0,8"), cell(layer, "in/0,2"), 0, 0);
    assertThat(step(layer)).isEqualTo(2);
    Locator aliasing = other("aliasing");
    pull(aliasing, "stride/before", -150, 0);
    assertThat(value(aliasing, "stride")).isEqualTo("4");
    Locator field = other("effective-receptive-field");
    pull(field, "layers/growth", -900, 0);
    assertThat(value(field, "layers")).isEqualTo("1");
  }

  private static void touch(CDPSession session, String type, double x, double y) {
    JsonArray points = new JsonArray();
    if (!type.equals("touchEnd")) {
      JsonObject point = new JsonObject();
      point.addProperty("x", x);
      point.addProperty("y", y);
      points.add(point);
    }
    JsonObject event = new JsonObject();
    event.addProperty("type", type);
    event.add("touchPoints", points);
    session.send("Input.dispatchTouchEvent", event);
  }

  @Test
  void aSymbolOfTheFormulaAndANumberOfTheEquationAreDraggedLikeASlider() {
    Page page = open("2-output-shape/index.html");
    Locator figure = ready(page, "output-height");
    Locator stride = figure.locator(".equation mn[data-part='S'].scrubs").first();
    double[] at = middle(stride);
    page.mouse().move(at[0], at[1]);
    page.mouse().down();
    page.mouse().move(at[0] + 10, at[1]);
    page.mouse().move(at[0] + 12, at[1]);
    page.mouse().up();
    assertThat(value(figure, "stride")).isEqualTo("3");
  }
}
