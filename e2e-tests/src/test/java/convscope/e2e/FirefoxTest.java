package convscope.e2e;

import static convscope.e2e.Figures.FIRST;
import static convscope.e2e.Figures.FIRST_PAGE;
import static convscope.e2e.Figures.awaitCaption;
import static convscope.e2e.Figures.cell;
import static convscope.e2e.Figures.ready;
import static convscope.e2e.Figures.slide;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The main path again, in Firefox. */
class FirefoxTest extends EngineTest {
  @Override
  protected Browsers.Kind kind() {
    return Browsers.Kind.FIREFOX;
  }

  @Test
  void aReaderPlaysEditsAndTurnsToAPhotograph() {
    Page page = open(FIRST_PAGE);
    Locator figure = ready(page, FIRST);
    slide(figure, "stride", "1");
    figure.locator(".count >> text=/ 49").waitFor();
    cell(figure, "k/0,0").click();
    page.keyboard().type("7");
    page.keyboard().press("Enter");
    cell(figure, "k/0,0").locator("text=7").waitFor();
    cell(figure, "in/3,3").hover();
    awaitCaption(figure, "is read by");
    page.mouse().move(1, 1);
    figure.locator("[data-do=speed]").selectOption("4");
    figure.locator("[data-do=play]").click();
    figure.locator(".count >> text=49 / 49").waitFor();
    figure.locator("select[name=input]").selectOption("photo-coffee");
    figure.locator(".composition:visible rect.raster >> nth=1").waitFor();
    assertThat(figure.locator(".problems").innerText()).isBlank();
  }

  @Test
  void aSeedGivesAnExercisesNumbersHereToo() {
    PracticeTest.equalsTheJvm(open("index.html"));
  }

  @Test
  void itsKernelsAgreeWithThePlainOperatorsHereToo() {
    Page page = open("bench/index.html");
    String fastest = (String) page.evaluate("async () => (await convscopeBench.ready).engine");
    for (String kind :
        new LinkedHashSet<>(List.of("simd", fastest))) { // relaxed SIMD depends on the version
      assertThat(KernelsTest.engine(page, kind)).isEqualTo(kind);
      for (String what :
          List.of("large-products", "products-with-nan", "small-convolutions", "between-layers")) {
        KernelsTest.agrees(page, kind, what);
      }
    }
  }
}
