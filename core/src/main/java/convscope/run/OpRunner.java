package convscope.run;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one operator case given as JSON: the operator's ONNX name, attributes, inputs, and the
 * names, element types and shapes of the outputs wanted.
 *
 * <pre>
 *   {"op":"Relu","inputs":[{"name":"X","dtype":"float32","shape":[2],"data":[-1,2]}],
 *    "outputs":[{"name":"Y","dtype":"float32","shape":[2]}]}
 *   → {"outputs":[{"name":"Y","dtype":"float32","shape":[2],"data":[0,2]}]}  or  {"error":"…"}
 * </pre>
 */
public final class OpRunner {
  /** What computes one operator: reads the case and puts its outputs. */
  interface Handler {
    void run(Case c);
  }

  private static final Map<String, Handler> HANDLERS = new TreeMap<>();

  static {
    ConvCases.addTo(HANDLERS);
    PoolCases.addTo(HANDLERS);
    SpaceCases.addTo(HANDLERS);
    ElementCases.addTo(HANDLERS);
    MatrixCases.addTo(HANDLERS);
    LossCases.addTo(HANDLERS);
    NetCases.addTo(HANDLERS);
    NormCases.addTo(HANDLERS);
    ShapeCases.addTo(HANDLERS);
    VisionCases.addTo(HANDLERS);
    OptimCases.addTo(HANDLERS);
  }

  private OpRunner() {}

  /** The outputs as JSON, or {@code {"error":"…"}} naming operation, values and remedy. */
  public static String run(String json) {
    String op = "OpRunner";
    try {
      JsonValue parsed = Json.parse(json);
      if (!parsed.isObject()) {
        return error("OpRunner: a case is a JSON object; give one");
      }
      Case c = new Case(parsed.asObject());
      op = c.op();
      Handler handler = HANDLERS.get(op);
      if (handler == null) {
        return error("OpRunner: unknown operator \"" + op + "\"; use one of " + operators());
      }
      handler.run(c);
      return c.json();
    } catch (ParseException e) {
      return error("OpRunner: not JSON: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return error(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return error(op + ": failed unexpectedly: " + e);
    }
  }

  /** The names of all operators, in alphabetical order. */
  public static Iterable<String> operators() {
    return new ArrayList<>(HANDLERS.keySet());
  }

  private static String error(String text) {
    return "{\"error\":" + Json.value(text) + "}";
  }
}
