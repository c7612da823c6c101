package convscope.scene;

import convscope.num.Num;
import java.util.List;

/**
 * The text twin of a figure: what it shows, as sentences and tables, for readers who do not see the
 * drawing. Its marks tell it, so the twin is what is drawn.
 */
public final class Twin {
  private final Markup html = new Markup();

  /** What the marks of a drawing tell, after its caption. */
  public static Twin of(Prose caption, Scene scene) {
    Twin twin = new Twin().say(caption.plain());
    for (Mark mark : scene.marks()) {
      mark.tell(twin);
    }
    return twin;
  }

  /** Adds a sentence. */
  public Twin say(String sentence) {
    html.span("p", "", sentence);
    return this;
  }

  /** Adds a table of cells under their own row and column numbers. */
  public Twin table(String name, int firstRow, int firstColumn, String[][] texts) {
    html.open("table").span("caption", "", name);
    html.open("thead").open("tr").open("td").close();
    for (int c = 0; c < texts[0].length; c++) {
      html.open("th").attr("scope", "col").text(Num.decimal(c + firstColumn, 0)).close();
    }
    html.close().close().open("tbody");
    for (int r = 0; r < texts.length; r++) {
      html.open("tr").open("th").attr("scope", "row").text(Num.decimal(r + firstRow, 0)).close();
      for (String text : texts[r]) {
        html.span("td", "", text);
      }
      html.close();
    }
    html.close().close();
    return this;
  }

  /** Adds a matrix; values are row-major. */
  public Twin table(String name, int rows, int columns, float[] values) {
    String[][] texts = new String[rows][columns];
    for (int n = 0; n < rows * columns; n++) {
      texts[n / columns][n % columns] = Num.cell(values[n]);
    }
    return table(name, 0, 0, texts);
  }

  /** Adds a table of texts; the first column names its row. */
  public Twin table(String name, List<String> heads, List<List<String>> rows) {
    html.open("table").span("caption", "", name);
    html.open("thead").open("tr");
    for (String head : heads) {
      if (head.isEmpty()) {
        html.span("td", "", "");
      } else {
        html.open("th").attr("scope", "col").text(head).close();
      }
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
