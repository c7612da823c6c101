package convscope.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.ParseException;
import convscope.engine.Layer;
import convscope.op.Conv2d;
import convscope.run.OpRunner;
import org.teavm.interop.Export;

/**
 * The module of the benchmark page: every operator by name, and the engine, timed. A module of its
 * own, so that topic pages stay small.
 *
 * <p>Requests: {@code {"op": "run", "case": …}}, answered with the text of {@link OpRunner#run};
 * {@code {"op": "conv2d" | "conv2dBackward", "spec": …, "bias": bool, "reps": n}} with the operands
 * as float32 bytes (x, weight, then bias or the gradient of the output), answered with {@code
 * {"ms": …}} (time of one call) and the results as bytes; {@code {"op": "trajectory", "run": …}} as
 * {@link convscope.run.Trajectory} has it; {@code train} and those after it as {@link
 * BenchTraining} has them; {@code read-network} and {@code run-network} as {@link BenchNetworks}
 * has them; {@code engine}, {@code report}, {@code memory} and {@code check} as {@link Bench} and
 * {@link BenchReport} have them.
 */
public final class BenchExports {
  private static final Bench BENCH = new Bench();
  private static final BenchTraining TRAINING = new BenchTraining(BENCH);
  private static final BenchNetworks NETWORKS = new BenchNetworks(BENCH);
  private static final BenchReport REPORT = new BenchReport(BENCH);

  private BenchExports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  /** Answers the request that the host holds; a Java exception becomes {@code {"error": …}}. */
  @Export(name = "call")
  public static void call() {
    try {
      JsonObject request = Json.parse(Host.text()).asObject();
      String op = request.getString("op", "");
      switch (op) {
        case "run" -> Host.reply(OpRunner.run(request.getString("case", "")));
        case "engine" -> Host.reply(BENCH.use(request.getString("kind", "")));
        case "conv2d" -> BENCH.conv2d(layer(request), request);
        case "conv2dBackward" -> BENCH.conv2dBackward(layer(request), request);
        case "trajectory" -> Host.reply(BENCH.trajectory(request.get("run").asObject()));
        case "train" -> TRAINING.begin(request);
        case "train-steps" -> TRAINING.steps(request.getInt("steps", 1));
        case "train-part" -> TRAINING.part();
        case "train-apply" -> TRAINING.apply();
        case "train-end" -> TRAINING.end();
        case "read-network" -> Host.reply(BenchNetworks.read(request));
        case "run-network" -> NETWORKS.run(request);
        case "report" -> Host.reply(REPORT.next(request.getBoolean("anew", false)));
        case "memory" -> Host.reply(BENCH.memory());
        case "check" -> Host.reply(BENCH.check(request.getString("what", "")));
        default ->
            throw new IllegalArgumentException(
                "op: “"
                    + op
                    + "” is not known; use run, engine, conv2d, conv2dBackward, trajectory, train,"
                    + " train-steps, train-part, train-apply, train-end, read-network,"
                    + " run-network, report, memory or check");
      }
    } catch (ParseException
        | UnsupportedOperationException
        | IllegalArgumentException
        | IllegalStateException e) {
      Host.reply(Json.object().add("error", Host.message(e)).toString());
    }
  }

  /** A layer as the benchmark describes it. */
  private static Layer layer(JsonObject request) {
    JsonObject json = request.get("spec").asObject();
    JsonArray kernel = json.get("kernel").asArray();
    JsonArray stride = json.get("stride").asArray();
    JsonArray padding = json.get("padding").asArray();
    JsonArray dilation = json.get("dilation").asArray();
    Conv2d.Spec spec =
        Conv2d.Spec.of(kernel.get(0).asInt(), kernel.get(1).asInt())
            .stride(stride.get(0).asInt(), stride.get(1).asInt())
            .padding(
                padding.get(0).asInt(),
                padding.get(1).asInt(),
                padding.get(2).asInt(),
                padding.get(3).asInt())
            .dilation(dilation.get(0).asInt(), dilation.get(1).asInt())
            .groups(json.getInt("groups", 1));
    return new Layer(
        json.get("n").asInt(),
        json.get("c").asInt(),
        json.get("h").asInt(),
        json.get("w").asInt(),
        json.get("outChannels").asInt(),
        spec);
  }
}
