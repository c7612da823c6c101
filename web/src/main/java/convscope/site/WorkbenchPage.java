package convscope.site;

import convscope.workbench.WorkbenchHtml;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Writes the page of the workbench, with what its first network comes to. */
final class WorkbenchPage {
  private static final String HEAD =
      "<link rel=\"stylesheet\" href=\"__WORKBENCH_CSS__\">\n"
          + "<link rel=\"preload\" href=\""
          + Assets.placeholder(EngineModule.WORKBENCH.asset())
          + "\" as=\"fetch\" crossorigin>\n"
          + "<script src=\"__WORKBENCH_JS__\" defer></script>\n";

  private final Pages pages;

  WorkbenchPage(Pages pages) {
    this.pages = pages;
  }

  void write() throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("examples", WorkbenchHtml.examples());
    values.put("countings", WorkbenchHtml.countings());
    values.put("text", WorkbenchHtml.text());
    values.put("input", WorkbenchHtml.input());
    values.put("said", WorkbenchHtml.said());
    values.put("totals", WorkbenchHtml.totals());
    values.put("table", WorkbenchHtml.table());
    pages.page(
        "workbench/index.html",
        "The workbench · Convscope",
        "Paste a network in PyTorch or Keras, or open an ONNX file: shapes, parameters, operations,"
            + " memory and receptive field of every layer, and the first that does not fit.",
        HEAD,
        pages.template("workbench.html", values));
  }
}
