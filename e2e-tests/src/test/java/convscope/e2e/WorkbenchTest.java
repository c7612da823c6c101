package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The workbench: a network pasted, opened, found broken and mended. */
class WorkbenchTest extends SiteTest {
  private static final String PATH = "workbench/index.html";
  private static final Path NETWORKS = Path.of("../core/src/test/resources/networks");
  private static final String STACK =
      "nn.Sequential(\n    nn.Conv2d(3, 16, 3, padding=1),\n    nn.ReLU(),\n    nn.MaxPool2d(2),\n"
          + "    nn.Flatten(),\n    nn.Linear(16 * 8 * 8, 10),\n)";

  private Page bench(String path) {
    Page page = open(path);
    page.setDefaultTimeout(30_000);
    page.locator("[data-live]").waitFor();
    return page;
  }

  private static void said(Page page, String text) {
    page.locator("[data-said] >> text=" + text).waitFor();
  }

  private static Locator row(Page page, int row) {
    return page.locator("[data-table] tbody tr").nth(row);
  }

  @Test
  void aPastedNetworkIsTabledAsItIsTypedAndItsLayersLeadToTheirLines() {
    Page page = bench(PATH);
    said(page, "8 layers, 5.99 thousand parameters");
    page.locator("[data-text]").fill(STACK);
    page.locator("[data-input]").fill("1, 3, 16, 16");
    said(page, "5 layers, 10.7 thousand parameters");
    assertThat(row(page, 0).innerText().replaceAll("\\s+", " "))
        .isEqualTo("0 Conv2d 1×16×16×16 448 110,592 3 1 16 KiB");
    assertThat(row(page, 2).innerText().replaceAll("\\s+", " "))
        .isEqualTo("2 MaxPool2d 1×16×8×8 4 2 4 KiB");
    row(page, 2).locator("button").click();
    assertThat(
            page.locator("[data-text]")
                .evaluate("t => t.value.slice(t.selectionStart, t.selectionEnd)"))
        .isEqualTo("    nn.MaxPool2d(2),");
    page.locator("[data-counting]").selectOption("flops");
    page.locator("[data-table] th >> text=FLOPs").waitFor();
    assertThat(row(page, 0).innerText()).contains("221,184");
  }

  @Test
  void theFirstLayerThatDoesNotFitIsNamedItsLineMarkedAndAClickMendsIt() {
    Page page = bench(PATH);
    page.locator("[data-input]").fill("1×3×16×16");
    page.locator("[data-text]").fill(STACK.replace("8 * 8", "7 * 7"));
    Locator fault = page.locator("[data-fault]");
    fault.locator("text=in_features is 784, but the input 1×1024 has 1024").waitFor();
    assertThat(fault.locator("h2").innerText()).contains("4, line 6");
    assertThat(page.locator("[data-lines] .bad").innerText()).isEqualTo("6");
    assertThat(row(page, 4).innerText()).contains("does not fit");
    page.locator("[data-fix] >> text=Line 6: 16 * 7 * 7 → 16 * 8 * 8").click();
    said(page, "5 layers");
    assertThat(fault.isVisible()).isFalse();
    assertThat(page.locator("[data-lines] .bad").count()).isZero();
    assertThat(page.locator("[data-text]").inputValue()).isEqualTo(STACK);
    page.locator("[data-do=undo]").click();
    fault.locator("text=in_features is 784").waitFor();
  }

  @Test
  void whatCannotBeReadIsToldByLineAndColumnAndNothingTypedIsLost() {
    Page page = bench(PATH);
    String half = "nn.Sequential(\n    nn.Conv2d(3, 16, 3,,\n)";
    page.locator("[data-text]").fill(half);
    page.locator("[data-fault] h2 >> text=Line 2, column").waitFor();
    page.reload();
    page.locator("[data-fault] h2 >> text=Line 2, column").waitFor();
    assertThat(page.locator("[data-text]").inputValue()).isEqualTo(half);
    Page other = bench(page.url().substring(site().strict.url().length()));
    other.locator("[data-fault] h2 >> text=Line 2, column").waitFor();
    assertThat(other.locator("[data-text]").inputValue()).isEqualTo(half);
  }

  @Test
  void knownNetworksHaveTheirPublishedCountsInTheBrowserToo() {
    Page page = bench(PATH);
    for (List<String> known :
        List.of(
            List.of("lenet-5", "61,706"),
            List.of("alexnet", "61,100,840"),
            List.of("vgg-16", "138,357,544"),
            List.of("resnet-50", "25,557,032"),
            List.of("mobilenet-v2", "3,504,872"),
            List.of("vit-b-16", "86,567,656"))) {
      page.locator("[data-example]").selectOption(known.get(0));
      page.locator("[data-totals] b >> text=" + known.get(1)).waitFor();
    }
  }

  @Test
  void anOnnxFileThatIsDroppedIsReadWithItsOwnInput() throws IOException {
    Page page = bench(PATH);
    String bytes =
        Base64.getEncoder()
            .encodeToString(Files.readAllBytes(NETWORKS.resolve("full_resnet18.onnx")));
    page.evaluate(
        "base64 => { const data = new DataTransfer();"
            + " data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], 'resnet18.onnx'));"
            + " document.querySelector('[data-text]').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true })); }",
        bytes);
    page.locator("[data-totals] b >> text=1,814,073,344").waitFor();
    assertThat(page.locator("[data-note]").innerText()).startsWith("1×3×224×224");
    assertThat(page.locator("[data-file-name]").innerText()).startsWith("resnet18.onnx");
    page.locator("[data-do=close]").click();
    said(page, "8 layers");
    assertThat(page.locator("[data-text]").inputValue()).contains("digit reader");
  }

  @Test
  void theTableIsDownloadedAsCsv() throws IOException {
    Page page = bench(PATH);
    Download download = page.waitForDownload(() -> page.locator("[data-copy=csv]").click());
    assertThat(Files.readString(download.path()))
        .contains("0,Conv2d,1x8x24x24,208,115200,5,1,18432");
  }

  @Test
  void theDiagramHasABoxForEveryStepAndIsDownloaded() throws IOException {
    Page page = bench(PATH);
    page.locator("[data-drawn] summary").click();
    page.locator("[data-diagram] rect").nth(8).waitFor(); // the input and eight layers
    assertThat(page.locator("[data-diagram] rect").count()).isEqualTo(9);
    Download download = page.waitForDownload(() -> page.locator("[data-do=svg]").click());
    assertThat(Files.readString(download.path())).startsWith("<svg").contains("1×16×8×8");
    page.locator("[data-example]").selectOption("u-net");
    page.locator("[data-diagram] text >> text=Concat").first().waitFor();
  }

  @Test
  void aNetworkThatIsKeptStandsBesideTheNext() {
    Page page = bench(PATH);
    page.locator("[data-do=keep]").click();
    said(page, "Kept");
    page.locator("[data-example]").selectOption("lenet-5");
    page.locator("[data-beside] td >> text=61,706").waitFor();
    assertThat(page.locator("[data-beside] tr").nth(2).innerText().replaceAll("\\s+", " "))
        .isEqualTo("Parameters 5,994 61,706 10.295");
  }

  @Test
  void aPhoneShowsAllOfIt() {
    Page page = newPage(new Browser.NewContextOptions().setViewportSize(390, 844));
    page.navigate(site().strict.url() + PATH);
    page.locator("[data-live]").waitFor();
    page.locator("[data-do=broken]").click();
    page.locator("[data-fix]").first().waitFor();
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
    page.locator("[data-fix]").first().click();
    said(page, "4 layers");
  }

  @Test
  void withoutScriptsThePageShowsWhatTheDigitReaderComesTo() {
    Page page = newPage(new Browser.NewContextOptions().setJavaScriptEnabled(false));
    page.navigate(site().strict.url() + PATH);
    assertThat(page.locator("[data-totals]").innerText()).contains("5,994");
    assertThat(page.locator("noscript").innerText()).contains("needs JavaScript");
  }
}
