package convscope.e2e;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The training lab in Firefox. */
class TrainLabFirefoxTest extends SiteTest {
  @Override
  protected Browsers.Kind kind() {
    return Browsers.Kind.FIREFOX;
  }

  @Test
  void aRunLearnsToReadSmallDigits() {
    Page page = open("train/index.html?data=digits&rate=0.05&epochs=2");
    page.setDefaultTimeout(60_000);
    page.locator("[data-do=play]:enabled").waitFor();
    page.locator("[data-do=play]").click();
    page.locator("[data-said] >> text=Step 94 of 94").waitFor();
    page.locator(".summary b >> text=/^[789]\\d/").first().waitFor(); // per cent
    page.locator("[data-place=filters] canvas").waitFor();
  }
}
