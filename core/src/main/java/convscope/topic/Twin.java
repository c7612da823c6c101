package convscope.topic;

import convscope.num.Num;
import convscope.scene.Markup;

/**
 * Writes the text twin of a figure: sentences and tables for readers who do not see the drawing.
 */
public final class Twin {
  private final Markup html = new Markup();

  /** Adds a sentence. */
  public Twin say(String sentence) {
    html.span("p", "", sentence);
    return this;
  }

  /** Adds a matrix as a table; values are row-major. */
  public Twin table(String name, int rows, int columns, float[] values) {
    html.open("table").span("caption", "", name);
    html.open("thead").open("tr").open("td").close();
    for (int c = 0; c < columns; c++) {
      html.open("th").attr("scope", "col").text(String.valueOf(c)).close();
    }
    html.close().close().open("tbody");
    for (int r = 0; r < rows; r++) {
      html.open("tr").open("th").attr("scope", "row").text(String.valueOf(r)).close();
      for (int c = 0; c < columns; c++) {
        html.span("td", "", Num.cell(values[r * columns + c]));
      }
      html.close();
    }
    html.close().close();
    return this;
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
