package convscope.workbench;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.ParseException;
import convscope.figure.Reply;
import convscope.net.graph.Graph;
import convscope.net.graph.Sizes;
import convscope.net.onnx.Source;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Answers the workbench's page; it remembers nothing.
 *
 * <p>Requests are JSON objects with an {@code op}. Those that read a network have its {@code text},
 * or {@code file: true} and an ONNX file as bytes; the {@code input}'s sizes as the reader wrote
 * them, or an empty text; and {@code counting}: {@code macs}, {@code flops}, {@code training} or
 * {@code torchinfo}.
 *
 * <ul>
 *   <li>{@code read}: the answer has {@code runs}, {@code read} (whether anything could be), {@code
 *       said}, {@code input} (the sizes used) and its {@code note}, {@code line}, {@code column}
 *       and {@code made} of a fault (0 where there is none), and HTML: {@code totals}, {@code
 *       table}, {@code fault}, {@code remarks}.
 *   <li>{@code fixes}: changes of a text that does not run: {@code html}, and {@code fixes} with
 *       {@code label}, {@code text}, {@code input} and {@code line}.
 *   <li>{@code compare}: the network beside that of {@code kept}, an object with a {@code text} and
 *       an {@code input}: {@code html}.
 *   <li>{@code diagram}: an SVG of all steps, {@code svg}.
 *   <li>{@code example}: the {@code text} and {@code input} of the one by that {@code name}.
 *   <li>{@code export}: {@code kind} {@code markdown}, {@code csv} or {@code latex}; the answer has
 *       {@code text}.
 * </ul>
 *
 * An answer to anything unreadable has {@code error}.
 */
public final class WorkbenchService {
  private final DoubleSupplier clock;

  /**
   * A service.
   *
   * @param clock milliseconds since some moment
   */
  public WorkbenchService(DoubleSupplier clock) {
    this.clock = clock;
  }

  /** Answers a request; {@code bytes} need be there only until then. */
  public Reply handle(String json, Source bytes) {
    JsonObject answer;
    try {
      answer = answer(Json.parse(json).asObject(), bytes);
    } catch (ParseException | UnsupportedOperationException | IllegalArgumentException e) {
      answer = Json.object().add("error", String.valueOf(e.getMessage()));
    }
    return new Reply(answer.toString(), new byte[0]);
  }

  private JsonObject answer(JsonObject request, Source bytes) {
    String op = request.getString("op", "");
    if (op.equals("example")) {
      Examples.Example example = Examples.named(request.getString("name", ""));
      return Json.object().add("text", example.text()).add("input", example.input());
    }
    String text = request.getString("text", "");
    String sizes = request.getString("input", "");
    boolean file = request.getBoolean("file", false);
    Reading reading = file ? Reading.file(bytes, sizes) : Reading.text(text, sizes);
    if (op.equals("fixes")) {
      return fixes(file ? List.of() : Fixes.of(text, reading, clock));
    }
    Analysis.Counting counting = Analysis.Counting.of(request.getString("counting", ""));
    Report report = new Report(new Analysis(reading.graph(), counting));
    return switch (op) {
      case "read" -> read(reading, report);
      case "compare" -> {
        JsonObject kept = request.get("kept").asObject();
        Reading other = Reading.text(kept.getString("text", ""), kept.getString("input", ""));
        Report before = new Report(new Analysis(other.graph(), counting));
        yield Json.object().add("html", report.beside(before));
      }
      case "diagram" -> Json.object().add("svg", Diagram.svg(reading.graph()));
      case "export" -> Json.object().add("text", export(report, request.getString("kind", "")));
      default ->
          throw new IllegalArgumentException(
              "op: “"
                  + op
                  + "” is not known; use read, fixes, compare, diagram, example or export");
    };
  }

  private static String export(Report report, String kind) {
    return switch (kind) {
      case "markdown" -> report.markdown();
      case "csv" -> report.csv();
      case "latex" -> report.latex();
      default ->
          throw new IllegalArgumentException(
              "kind: “" + kind + "” is not known; use markdown, csv or latex");
    };
  }

  private static JsonObject read(Reading reading, Report report) {
    Graph graph = reading.graph();
    Graph.Fault fault = graph.fault();
    boolean read = !graph.nodes().isEmpty();
    long[] input = reading.input();
    return Json.object()
        .add("runs", fault == null)
        .add("read", read)
        .add("said", report.said())
        .add("input", input == null ? "" : Sizes.text(input))
        .add("note", reading.note())
        .add("line", fault == null ? 0 : fault.line())
        .add("column", fault == null ? 0 : fault.column())
        .add("made", fault == null ? 0 : fault.made())
        .add("totals", read ? report.totals() : "")
        .add("table", read ? report.table() : "")
        .add("fault", report.fault())
        .add("remarks", report.remarks());
  }

  private static JsonObject fixes(List<Fixes.Fix> fixes) {
    JsonArray all = new JsonArray();
    for (Fixes.Fix fix : fixes) {
      all.add(
          Json.object()
              .add("label", fix.label())
              .add("text", fix.text())
              .add("input", fix.input())
              .add("line", fix.line()));
    }
    return Json.object().add("html", Report.fixes(fixes)).add("fixes", all);
  }
}
