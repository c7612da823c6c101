package convscope.workbench;

import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.scene.Markup;
import java.util.HashMap;
import java.util.Map;

/**
 * A drawing of a graph, top to bottom: what depends on nothing but what is above stands beside what
 * else does, and a line that passes others by swings out, the further the more it passes. Colours
 * stand as attributes, for the file by itself; on the page the style sheet has the last word.
 */
final class Diagram {
  private static final int MOST = 3000; // steps
  private static final int WIDE = 176;
  private static final int HIGH = 34;
  private static final int ACROSS = 28;
  private static final int DOWN = 20;
  private static final int SWING = 2; // for each row that a line passes by
  private static final int WIDEST_SWING = 200;

  private final Graph graph;
  private final int[] row;
  private final int[] column;
  private final Map<Integer, Graph.Layer> layers = new HashMap<>(); // by the step of their output
  private int rows;
  private int columns;
  private int swing;

  private Diagram(Graph graph) {
    this.graph = graph;
    int count = graph.nodes().size();
    row = new int[count];
    column = new int[count];
    for (Graph.Layer layer : graph.layers()) {
      layers.put(layer.node(), layer);
    }
    int[] used = new int[count + 1]; // columns of each row
    for (int i = 0; i < count; i++) {
      for (int input : graph.nodes().get(i).inputs()) {
        row[i] = input < 0 ? row[i] : Math.max(row[i], row[input] + 1);
      }
      column[i] = used[row[i]]++;
      rows = Math.max(rows, row[i] + 1);
      columns = Math.max(columns, used[row[i]]);
      for (int input : graph.nodes().get(i).inputs()) {
        swing = input < 0 ? swing : Math.max(swing, swing(input, i));
      }
    }
  }

  /**
   * The drawing as an SVG file.
   *
   * @throws IllegalArgumentException if there are too many steps to look at
   */
  static String svg(Graph graph) {
    if (graph.nodes().size() > MOST) {
      throw new IllegalArgumentException(
          "A diagram of "
              + graph.nodes().size()
              + " steps would be too long; take a part of the network with at most "
              + MOST);
    }
    return new Diagram(graph).draw();
  }

  private String draw() {
    int width = columns * (WIDE + ACROSS) + swing + ACROSS;
    int height = rows * (HIGH + DOWN) + DOWN;
    Markup out = new Markup();
    out.open("svg").attr("xmlns", "http://www.w3.org/2000/svg");
    out.attr("viewBox", "0 0 " + width + " " + height).attr("width", width).attr("height", height);
    out.attr("font-family", "system-ui, sans-serif").attr("font-size", 11).attr("role", "img");
    out.attr(
        "aria-label", "Diagram of " + graph.nodes().size() + " steps; the table has the layers");
    for (int i = 0; i < row.length; i++) {
      for (int input : graph.nodes().get(i).inputs()) {
        if (input >= 0) {
          line(out, input, i);
        }
      }
    }
    for (int i = 0; i < row.length; i++) {
      box(out, i);
    }
    return out.close().toString();
  }

  private double x(int step) {
    return ACROSS / 2.0 + column[step] * (WIDE + ACROSS) + WIDE / 2.0;
  }

  private double y(int step) {
    return DOWN + row[step] * (HIGH + DOWN);
  }

  private int swing(int from, int to) {
    int passed = row[to] - row[from] - 1;
    return passed == 0 ? 0 : Math.min(WIDEST_SWING, 14 + SWING * passed);
  }

  private void line(Markup out, int from, int to) {
    String start = "M" + (int) x(from) + " " + (int) (y(from) + HIGH);
    String end = (int) x(to) + " " + (int) y(to);
    int out0 = swing(from, to);
    String path;
    if (out0 == 0) {
      double middle = (y(from) + HIGH + y(to)) / 2;
      path =
          start
              + "C"
              + (int) x(from)
              + " "
              + (int) middle
              + " "
              + (int) x(to)
              + " "
              + (int) middle
              + " "
              + end;
    } else {
      int side = (int) (Math.max(x(from), x(to)) + WIDE / 2.0 + out0);
      int top = (int) (y(from) + HIGH + DOWN);
      int bottom = (int) (y(to) - DOWN);
      path =
          start
              + "C"
              + (int) x(from)
              + " "
              + top
              + " "
              + side
              + " "
              + (top - DOWN)
              + " "
              + side
              + " "
              + (top + 6);
      path +=
          "L"
              + side
              + " "
              + Math.max(top + 6, bottom - 6)
              + "C"
              + side
              + " "
              + (bottom + DOWN)
              + " "
              + (int) x(to)
              + " "
              + bottom
              + " "
              + end;
    }
    out.open("path").attr("class", "line").attr("d", path).attr("fill", "none");
    out.attr("stroke", "#69675f").attr("stroke-width", 1.2).closeEmpty();
  }

  private void box(Markup out, int step) {
    Graph.Node node = graph.nodes().get(step);
    Graph.Layer layer = layers.get(step);
    boolean learns = layer != null && layer.parameters() > 0;
    double left = x(step) - WIDE / 2.0;
    out.open("g").attr("class", learns ? "learns" : layer == null ? "step" : "layer");
    out.open("rect").attr("x", left).attr("y", y(step)).attr("width", WIDE).attr("height", HIGH);
    out.attr("rx", 6).attr("fill", learns ? "#f6e7d8" : "#ffffff");
    out.attr("stroke", learns ? "#b4560a" : "#8b8f98").closeEmpty();
    String name = layer == null ? node.operator() : layer.type();
    String path = layer == null ? "" : layer.path();
    out.open("text").attr("x", left + 8).attr("y", y(step) + 14).attr("fill", "#1d2330");
    out.attr("font-weight", "600").text(cut(name + (path.isEmpty() ? "" : " " + path), 28)).close();
    out.open("text").attr("x", left + 8).attr("y", y(step) + 27).attr("class", "shape");
    out.attr("fill", "#5b6270").text(node.shape() == null ? "?" : Sizes.text(node.shape()));
    out.close().close();
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
