package convscope.net.graph;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A graph as JSON, for pages and scripts: {@code {layers: [{path, type, output, parameters, macs}],
 * parameters, macs, remarks: [{line, text}]}}, and {@code error: {index, path, line, message}} of a
 * network that does not run. An output that is not known is null.
 */
public final class Report {
  private Report() {}

  public static JsonObject json(Graph graph) {
    JsonArray layers = new JsonArray();
    for (Graph.Layer layer : graph.layers()) {
      layers.add(
          Json.object()
              .add("path", layer.path())
              .add("type", layer.type())
              .add("output", shape(layer.output()))
              .add("parameters", layer.parameters())
              .add("macs", layer.macs()));
    }
    JsonArray remarks = new JsonArray();
    for (Graph.Remark remark : graph.remarks()) {
      remarks.add(Json.object().add("line", remark.line()).add("text", remark.text()));
    }
    JsonObject all =
        Json.object()
            .add("layers", layers)
            .add("parameters", graph.parameters())
            .add("macs", graph.macs())
            .add("remarks", remarks);
    Graph.Fault fault = graph.fault();
    if (fault != null) {
      all.add(
          "error",
          Json.object()
              .add("index", fault.index())
              .add("path", fault.path())
              .add("line", fault.line())
              .add("message", fault.message()));
    }
    return all;
  }

  private static JsonValue shape(long @Nullable [] shape) {
    if (shape == null) {
      return Json.NULL;
    }
    JsonArray sizes = new JsonArray();
    for (long size : shape) {
      sizes.add(size);
    }
    return sizes;
  }
}
