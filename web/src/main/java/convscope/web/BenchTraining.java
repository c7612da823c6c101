package convscope.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import convscope.data.DataSet;
import convscope.engine.Engine;
import convscope.net.Conv;
import convscope.net.Layer;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.text.PyTorch;
import convscope.tensor.Shape;
import convscope.train.Initialization;
import convscope.train.Learner;
import convscope.train.Run;
import convscope.train.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A training run, timed: alone, or as one of several workers that share batches. */
final class BenchTraining {
  private static final double RATE = 0.01;
  private static final double MOMENTUM = 0.9;

  private final Bench bench;
  private @Nullable Run run;
  private int workers;
  private float[][] parts = new float[0][];

  BenchTraining(Bench bench) {
    this.bench = bench;
  }

  /**
   * Lays out a run of SGD with momentum over the given images in their order; the operands are the
   * images and the labels, as float32.
   */
  void begin(JsonObject request) {
    end();
    Network network = PyTorch.read(request.getString("text", ""));
    int count = request.getInt("images", 0);
    int batch = request.getInt("batch", 0);
    workers = request.getInt("workers", 1);
    bench.begin();
    Engine engine = bench.engine();
    int mark = engine.mark();
    int each = request.getInt("numbers", 0) / Math.max(1, count);
    float[] images = numbers(count * each);
    int[] labels = new int[count];
    float[] given = numbers(count);
    int classes = 1;
    for (int n = 0; n < count; n++) {
      labels[n] = (int) given[n];
      classes = Math.max(classes, labels[n] + 1);
    }
    engine.release(mark);
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add(String.valueOf(c));
    }
    Shape image = image(network, each);
    DataSet data =
        new DataSet(
            "bench", image.dim(0), image.dim(1), image.dim(2), images, labels, count, names);
    Model model = new Model(network, image);
    Initialization.PYTORCH.fill(model, 1);
    Run.Settings settings =
        Run.Settings.of(batch, new Sgd(RATE).momentum(MOMENTUM), RATE, 1).inOrder();
    int most = (Math.min(batch, count) + workers - 1) / workers;
    Learner learner = new Learner(engine, model, most);
    run = new Run(learner, data, settings, request.getInt("worker", 0), workers);
    parts = new float[workers][run.partLength()];
    Host.reply(Json.object().add("length", run.partLength()).toString());
  }

  private float[] numbers(int count) {
    float[] values = new float[count];
    bench.engine().get(bench.operand(count), values, 0, count);
    return values;
  }

  /** As many channels as the first convolution takes, and a square if it can be one. */
  private static Shape image(Network network, int numbers) {
    int channels = 1;
    for (Layer layer : network.layers()) {
      if (layer instanceof Conv conv) {
        channels = conv.inChannels();
        break;
      }
    }
    int side = (int) Math.sqrt((double) numbers / channels);
    return side * side * channels == numbers
        ? Shape.of(channels, side, side)
        : Shape.of(channels, 1, numbers / channels);
  }

  private Run run() {
    if (run == null) {
      throw new IllegalStateException("bench: there is no run; begin one");
    }
    return run;
  }

  /** Steps of a run of one worker: {@code {"ms": of one, "losses": […]}}. */
  void steps(int count) {
    JsonArray losses = new JsonArray();
    double start = Host.now();
    for (int step = 0; step < count; step++) {
      losses.add(run().apply(new float[][] {run().part()}));
    }
    double ms = (Host.now() - start) / count;
    Host.reply(Json.object().add("ms", ms).add("losses", losses).toString());
  }

  /** This worker's part of the next step, as float32 bytes. */
  void part() {
    float[] part = run().part();
    Engine engine = bench.engine();
    int mark = engine.mark();
    bench.result(new JsonArray(), engine.put(part, 0, part.length), part.length);
    engine.release(mark);
  }

  /** The step, from the parts of all workers in their order. */
  void apply() {
    bench.begin();
    Engine engine = bench.engine();
    int mark = engine.mark();
    for (float[] part : parts) {
      engine.get(bench.operand(part.length), part, 0, part.length);
    }
    engine.release(mark);
    Host.reply(Json.object().add("loss", run().apply(parts)).toString());
  }

  /** Gives the run's memory back. */
  void end() {
    if (run != null) {
      run.learner().release();
      run = null;
    }
  }
}
