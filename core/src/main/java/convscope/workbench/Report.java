package convscope.workbench;

import convscope.net.graph.Graph;
import convscope.num.Bytes;
import convscope.num.Num;
import convscope.scene.Markup;
import java.util.ArrayList;
import java.util.List;

/** What is shown and copied of an analysis. */
final class Report {
  private final Analysis analysis;
  private final Graph graph;

  Report(Analysis analysis) {
    this.analysis = analysis;
    this.graph = analysis.graph;
  }

  private static String rounded(long count) {
    double size = count;
    for (String unit : new String[] {"", "thousand", "million", "billion"}) {
      if (size < 1000 || unit.equals("billion")) {
        return Num.plain(size, unit.isEmpty() ? 0 : size < 10 ? 2 : 1)
            + (unit.isEmpty() ? "" : " " + unit);
      }
      size /= 1000;
    }
    return "";
  }

  /** A sentence for those who cannot see the table. */
  String said() {
    Graph.Fault fault = graph.fault();
    if (fault != null) {
      String line = fault.line() == 0 ? "" : "Line " + fault.line();
      String comma = line.isEmpty() || fault.path().isEmpty() ? "" : ", ";
      String where = line + comma + fault.path();
      return (where.isEmpty() ? "" : where + ": ") + sentence(fault.message());
    }
    return analysis.rows.size()
        + (analysis.rows.size() == 1 ? " layer, " : " layers, ")
        + rounded(graph.parameters())
        + " parameters, "
        + rounded(analysis.operations())
        + " "
        + analysis.counting.head
        + ".";
  }

  /** Totals, as a list of terms. */
  String totals() {
    Markup out = new Markup();
    out.open("dl").attr("class", "totals");
    term(
        out,
        "Parameters",
        Num.count(graph.parameters()),
        Bytes.text(analysis.weights()) + " as float32");
    term(
        out,
        analysis.counting.head,
        Num.count(analysis.operations()),
        rounded(analysis.operations()));
    term(
        out,
        "Memory to run",
        Bytes.text(analysis.weights() + analysis.peak()),
        "weights, and " + Bytes.text(analysis.peak()) + " of maps at most at once");
    term(
        out,
        "Memory to train",
        Bytes.text(analysis.training(2)),
        "by Adam; with momentum "
            + Bytes.text(analysis.training(1))
            + ", by plain SGD "
            + Bytes.text(analysis.training(0))
            + ". Of it "
            + Bytes.text(analysis.kept())
            + " of maps kept for the way back");
    return out.close().toString();
  }

  private static void term(Markup out, String name, String value, String more) {
    out.open("div").span("dt", "", name).open("dd").span("b", "", value).text(" ");
    out.span("small", "", more).close().close();
  }

  /** This network beside another, and how many times as much it takes. */
  String beside(Report other) {
    Markup out = new Markup();
    out.open("table").open("thead").open("tr").open("td").close();
    for (String head : List.of("Kept", "Now", "Now / kept")) {
      out.open("th").attr("scope", "col").attr("class", "number").text(head).close();
    }
    out.close().close().open("tbody");
    compared(out, "Layers", other.analysis.rows.size(), analysis.rows.size(), false);
    compared(out, "Parameters", other.graph.parameters(), graph.parameters(), false);
    long operations = other.analysis.operations();
    compared(out, analysis.counting.head, operations, analysis.operations(), false);
    compared(
        out,
        "Memory to run",
        other.analysis.weights() + other.analysis.peak(),
        analysis.weights() + analysis.peak(),
        true);
    compared(out, "Memory to train, Adam", other.analysis.training(2), analysis.training(2), true);
    return out.close().close().toString();
  }

  private static void compared(Markup out, String name, long kept, long now, boolean bytes) {
    out.open("tr").open("th").attr("scope", "row").text(name).close();
    out.span("td", "number", bytes ? Bytes.text(kept) : Num.count(kept));
    out.span("td", "number", bytes ? Bytes.text(now) : Num.count(now));
    out.span("td", "number", kept == 0 ? "" : Num.plain((double) now / kept, 3)).close();
  }

  /** The table of the layers; buttons on their paths lead to their lines. */
  String table() {
    Markup out = new Markup();
    out.open("table").open("thead").open("tr");
    out.open("th").attr("scope", "col").text("Layer").close();
    out.open("th").attr("scope", "col").text("Output").close();
    for (String head : List.of("Parameters", analysis.counting.head, "Field", "Jump", "Memory")) {
      out.open("th").attr("scope", "col").attr("class", "number").text(head).close();
    }
    out.close().close().open("tbody");
    for (Analysis.Row row : analysis.rows) {
      out.open("tr").open("th").attr("scope", "row");
      path(out, row.path(), row.line());
      out.text(" ").span("span", "type", row.type()).close();
      out.span("td", "shape", row.shape());
      out.span("td", "number", row.parameters() == 0 ? "" : Num.count(row.parameters()));
      out.span("td", "number", row.operations() == 0 ? "" : Num.count(row.operations()));
      out.span("td", "number", row.field()).span("td", "number", row.jump());
      out.span("td", "number", row.bytes() < 0 ? "?" : Bytes.text(row.bytes())).close();
    }
    Graph.Fault fault = graph.fault();
    if (fault != null) {
      out.open("tr").attr("class", "bad").open("th").attr("scope", "row");
      path(out, fault.path().isEmpty() ? "line " + fault.line() : fault.path(), fault.line());
      out.close()
          .open("td")
          .attr("colspan", "6")
          .text("does not fit: nothing runs from here on")
          .close();
      out.close();
    }
    out.close().open("tfoot").open("tr").open("th").attr("scope", "row").text("Sum").close();
    out.open("td").close();
    out.span("td", "number", Num.count(graph.parameters()));
    out.span("td", "number", Num.count(analysis.operations()));
    out.open("td").close().open("td").close();
    return out.span("td", "number", Bytes.text(analysis.kept())).close().close().close().toString();
  }

  private static void path(Markup out, String path, int line) {
    if (line > 0) {
      out.open("button").attr("type", "button").attr("class", "path");
      out.attr("data-line", Integer.toString(line)).attr("title", "Line " + line);
      out.text(path).close();
    } else {
      out.span("span", "path", path);
    }
  }

  /** Why the network cannot be read, or which layer is the first that does not fit. */
  String fault() {
    Graph.Fault fault = graph.fault();
    if (fault == null) {
      return "";
    }
    Markup out = new Markup();
    out.open("h2");
    if (graph.nodes().isEmpty()) {
      out.text(
          fault.line() == 0
              ? "This cannot be read"
              : "Line " + fault.line() + (fault.column() > 0 ? ", column " + fault.column() : ""));
    } else {
      out.text("The first that does not fit: ");
      out.span("code", "", fault.path().isEmpty() ? "line " + fault.line() : fault.path());
      if (!fault.path().isEmpty() && fault.line() > 0) {
        out.text(", line " + fault.line());
      }
    }
    out.close().open("p").text(sentence(fault.message())).close();
    return out.toString();
  }

  private static String sentence(String message) {
    return message.endsWith(".") ? message : message + ".";
  }

  String remarks() {
    if (graph.remarks().isEmpty()) {
      return "";
    }
    Markup out = new Markup();
    out.open("ul");
    int shown = 0;
    for (Graph.Remark remark : graph.remarks()) {
      if (shown++ == 12) {
        out.span("li", "", "and " + (graph.remarks().size() - 12) + " more");
        break;
      }
      String line = remark.line() > 0 ? "Line " + remark.line() + ": " : "";
      out.span("li", "", line + sentence(remark.text()));
    }
    return out.close().toString();
  }

  static String fixes(List<Fixes.Fix> fixes) {
    if (fixes.isEmpty()) {
      return "";
    }
    Markup out = new Markup();
    boolean cures = fixes.get(0).next().isEmpty();
    out.span("h3", "", cures ? "Each of these makes it run" : "Each of these gets it further");
    out.open("ul");
    for (int i = 0; i < fixes.size(); i++) {
      Fixes.Fix fix = fixes.get(i);
      out.open("li").open("button").attr("type", "button").attr("class", "button quiet");
      out.attr("data-fix", Integer.toString(i)).text(fix.label()).close();
      if (!fix.code().isEmpty()) {
        out.text(" ").span("code", "", fix.code());
      }
      if (!fix.next().isEmpty()) {
        out.text(" ").span("small", "", "then " + fix.next() + " does not fit");
      }
      out.close();
    }
    return out.close().toString();
  }

  // ---- to copy

  private static final List<String> HEADS = List.of("Layer", "Type", "Output", "Parameters");

  private List<List<String>> cells(boolean plain) {
    List<List<String>> all = new ArrayList<>();
    List<String> heads = new ArrayList<>(HEADS);
    heads.addAll(List.of(analysis.counting.head, "Receptive field", "Jump", "Output bytes"));
    all.add(heads);
    for (Analysis.Row row : analysis.rows) {
      all.add(
          List.of(
              row.path(),
              row.type(),
              row.shape(),
              count(row.parameters(), plain),
              count(row.operations(), plain),
              row.field(),
              row.jump(),
              row.bytes() < 0 ? "?" : count(row.bytes(), plain)));
    }
    all.add(
        List.of(
            "Sum",
            "",
            "",
            count(graph.parameters(), plain),
            count(analysis.operations(), plain),
            "",
            "",
            count(analysis.kept(), plain)));
    return all;
  }

  private static String count(long count, boolean plain) {
    return plain ? Long.toString(count) : Num.count(count);
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    List<List<String>> all = cells(false);
    for (int i = 0; i < all.size(); i++) {
      out.append("|");
      for (String cell : all.get(i)) {
        out.append(" ").append(cell.replace("|", "\\|")).append(" |");
      }
      out.append('\n')
          .append(i == 0 ? "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |\n" : "");
    }
    return out.toString();
  }

  String csv() {
    StringBuilder out = new StringBuilder();
    for (List<String> row : cells(true)) {
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i).replace("×", "x");
        boolean quoted = cell.contains(",") || cell.contains("\"");
        out.append(i > 0 ? "," : "");
        out.append(quoted ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell);
      }
      out.append("\r\n");
    }
    return out.toString();
  }

  String latex() {
    StringBuilder out = new StringBuilder("\\begin{tabular}{lllrrrrr}\n\\hline\n");
    List<List<String>> all = cells(false);
    for (int i = 0; i < all.size(); i++) {
      List<String> row = all.get(i);
      out.append(i == all.size() - 1 ? "\\hline\n" : "");
      for (int k = 0; k < row.size(); k++) {
        out.append(k > 0 ? " & " : "").append(tex(row.get(k)));
      }
      out.append(" \\\\\n").append(i == 0 ? "\\hline\n" : "");
    }
    return out.append("\\hline\n\\end{tabular}\n").toString();
  }

  private static String tex(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '×' -> out.append("$\\times$");
        case '\\' -> out.append("\\textbackslash{}");
        case '_', '&', '%', '$', '#', '{', '}' -> out.append('\\').append(c);
        case '~' -> out.append("\\textasciitilde{}");
        case '^' -> out.append("\\textasciicircum{}");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
