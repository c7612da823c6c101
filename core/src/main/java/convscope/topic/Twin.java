package convscope.topic;

import convscope.num.Num;
import convscope.scene.Markup;
import java.util.List;

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

  /** Adds a table of texts; the first column names its row. */
  public Twin table(String name, List<String> heads, List<List<String>> rows) {
    html.open("table").span("caption", "", name);
    html.open("thead").open("tr");
    for (String head : heads) {
      html.open("th").attr("scope", "col").text(head).close();
    }
    html.close().close().open("tbody");
    for (List<String> row : rows) {
      html.open("tr");
      for (int c = 0; c < row.size(); c++) {
        if (c == 0) {
          html.open("th").attr("scope", "row").text(row.get(0)).close();
        } else {
          html.span("td", "", row.get(c));
        }
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
