package convscope.lab;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The curves of a run. The batches' losses and right answers are kept as means over so many steps
 * that there are never more than {@link #MOST} of them; what was held out, at every measurement.
 */
final class History {
  static final int MOST = 240; // means; two are joined when there would be more

  /** Steps of a mean. */
  private int width = 1;

  private int steps;
  private final double[] losses = new double[MOST]; // sums over images
  private final double[] right = new double[MOST];
  private final double[] images = new double[MOST];
  private final List<double[]> heldOut = new ArrayList<>(); // step, loss, accuracy
  private final List<Integer> changes = new ArrayList<>(); // steps at which settings were changed

  /** Adds the next step: mean loss and share of right answers of its batch. */
  void add(double loss, double accuracy, int count) {
    if (steps == width * MOST) {
      for (double[] sums : new double[][] {losses, right, images}) {
        for (int i = 0; i < MOST; i++) {
          sums[i] = 2 * i + 1 < MOST ? sums[2 * i] + sums[2 * i + 1] : 0;
        }
      }
      width *= 2;
    }
    int bin = steps / width;
    losses[bin] += loss * count;
    right[bin] += accuracy * count;
    images[bin] += count;
    steps++;
  }

  void measured(int step, double loss, double accuracy) {
    heldOut.add(new double[] {step, loss, accuracy});
  }

  void changed(int step) {
    changes.add(step);
  }

  List<Integer> changes() {
    return changes;
  }

  /** Forgets what came after a step. Of a mean across it the part before counts for the whole. */
  void backTo(int step) {
    int bins = (Math.min(step, steps) + width - 1) / width;
    for (double[] sums : new double[][] {losses, right, images}) {
      Arrays.fill(sums, bins, MOST, 0);
    }
    steps = Math.min(step, steps);
    heldOut.removeIf(measured -> measured[0] > step);
    changes.removeIf(change -> change > step);
  }

  private int bins() {
    return (steps + width - 1) / width;
  }

  /** The steps in the middle of the means. */
  double[] steps() {
    double[] all = new double[bins()];
    for (int i = 0; i < all.length; i++) {
      all[i] = (i * width + Math.min(steps, (i + 1) * width)) / 2.0;
    }
    return all;
  }

  double[] losses() {
    return means(losses);
  }

  double[] accuracies() {
    return means(right);
  }

  private double[] means(double[] sums) {
    double[] all = new double[bins()];
    for (int i = 0; i < all.length; i++) {
      all[i] = sums[i] / images[i];
    }
    return all;
  }

  /** The held-out measurements: 0 their steps, 1 their losses, 2 their accuracies. */
  double[] heldOut(int which) {
    double[] all = new double[heldOut.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = heldOut.get(i)[which];
    }
    return all;
  }

  JsonObject json() {
    JsonArray held = new JsonArray();
    for (double[] measured : heldOut) {
      held.add(array(measured, measured.length));
    }
    JsonArray changed = new JsonArray();
    for (int step : changes) {
      changed.add(step);
    }
    int bins = bins();
    return Json.object()
        .add("width", width)
        .add("steps", steps)
        .add("losses", array(losses, bins))
        .add("right", array(right, bins))
        .add("images", array(images, bins))
        .add("heldOut", held)
        .add("changes", changed);
  }

  private static JsonArray array(double[] values, int count) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < count; i++) {
      array.add(values[i]);
    }
    return array;
  }

  static History of(JsonObject json) {
    History history = new History();
    history.width = json.get("width").asInt();
    history.steps = json.get("steps").asInt();
    if (history.width < 1 || history.steps < 0 || history.steps > (long) history.width * MOST) {
      throw new IllegalArgumentException(
          "run: curves of "
              + history.steps
              + " steps in means of "
              + history.width
              + "; open a file that the lab saved");
    }
    read(json.get("losses").asArray(), history.losses);
    read(json.get("right").asArray(), history.right);
    read(json.get("images").asArray(), history.images);
    for (JsonValue value : json.get("heldOut").asArray()) {
      JsonArray measured = value.asArray();
      history.measured(
          measured.get(0).asInt(), measured.get(1).asDouble(), measured.get(2).asDouble());
    }
    for (JsonValue step : json.get("changes").asArray()) {
      history.changed(step.asInt());
    }
    return history;
  }

  private static void read(JsonArray from, double[] to) {
    for (int i = 0; i < Math.min(from.size(), to.length); i++) {
      to[i] = from.get(i).asDouble();
    }
  }
}
