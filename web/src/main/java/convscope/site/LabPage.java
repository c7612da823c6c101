package convscope.site;

import convscope.lab.LabHtml;
import java.io.IOException;
import java.util.Map;

/** Writes the page of the training lab. */
final class LabPage {
  private static final String HEAD =
      "<link rel=\"stylesheet\" href=\"__LAB_CSS__\">\n"
          + "<link rel=\"preload\" href=\""
          + Assets.placeholder(EngineModule.LAB.asset())
          + "\" as=\"fetch\" crossorigin>\n"
          + "<script src=\"__LAB_JS__\" defer></script>\n";

  private final Pages pages;

  LabPage(Pages pages) {
    this.pages = pages;
  }

  void write() throws IOException {
    pages.page(
        "train/index.html",
        "The training lab · Convscope",
        "Train a convolutional network on real digits in this browser, see what it learns while it"
            + " learns, and try it on a drawing of yours.",
        HEAD,
        pages.template("train.html", Map.of("form", LabHtml.form())));
  }
}
