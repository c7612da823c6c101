package convscope.topic;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.net.ReceptiveField;
import convscope.num.Num;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What the openings of the chapters tell about the {@link DigitReader}, the network that runs
 * through the course: numbers of its own weights on one held-out digit, by name.
 */
public final class ReaderFacts {
  /** The data files that they need. */
  public static final List<String> NEEDS = List.of(DigitReader.FILE, HeldOutDigits.FILE);

  private static final int SHOWN = 9; // the first 3 among the held-out digits
  private static final int HARD = 14; // the last 4, which it takes for another digit
  private static final int KERNEL = 5;
  private static final double RATE = 0.01;

  private ReaderFacts() {}

  /**
   * The facts.
   *
   * @param given with the files of {@link #NEEDS}
   */
  public static Map<String, String> of(Given given) {
    DigitReader.Pass pass = DigitReader.read(given, SHOWN);
    DigitReader reader = pass.reader();
    Tensor x = pass.x();
    DigitReader.Pass hard = DigitReader.read(given, HARD);
    DigitReader.Gradients gradients = hard.gradients();
    DigitReader.Weights w = reader.weights();
    int most = pass.relu1().largestAt();
    int side = pass.conv1().dim(3);
    int plane = side * pass.conv1().dim(2);
    int row = most % plane / side;
    int column = most % side;
    int filter = most / plane;
    double ink = 0;
    for (int u = 0; u < KERNEL; u++) {
      for (int v = 0; v < KERNEL; v++) {
        ink += x.at(0, 0, row + u, column + v) > 0 ? 1 : 0;
      }
    }
    int first = w.w1().size() + w.b1().size();
    int second = w.w2().size() + w.b2().size();
    int last = w.w3().size() + w.b3().size();
    long macs1 = (long) pass.conv1().size() * KERNEL * KERNEL;
    long macs2 = (long) pass.conv2().size() * w.w2().size() / w.w2().dim(0);
    long macs = macs1 + macs2 + w.w3().size();
    ReceptiveField one = ReceptiveField.INPUT.window(KERNEL, 1, 1, 0).window(2, 2, 1, 0);
    ReceptiveField deep = one.window(KERNEL, 1, 1, 0).window(2, 2, 1, 0);
    int steepest = gradients.weights().w1().largestAt();
    DigitReader.Pass after = reader.withStep(gradients, RATE).pass(hard.x(), hard.label());
    return Map.ofEntries(
        Map.entry("reader.digit", Num.count(pass.label())),
        Map.entry("reader.filter", Num.count(filter)),
        Map.entry("reader.filters", Num.count(w.w1().dim(0))),
        Map.entry("reader.row", Num.count(row)),
        Map.entry("reader.column", Num.count(column)),
        Map.entry("reader.ink", Num.count((long) ink)),
        Map.entry("reader.taps", Num.count(KERNEL * KERNEL)),
        Map.entry("reader.bias", Num.value(w.b1().data()[filter])),
        Map.entry("reader.response", Num.value(pass.conv1().data()[most])),
        Map.entry("reader.in", Num.size(x.dim(2), x.dim(3))),
        Map.entry("reader.conv1", Num.size(pass.conv1().dim(2), side)),
        Map.entry("reader.pool1", Num.size(pass.pool1().y().dim(2), pass.pool1().y().dim(3))),
        Map.entry("reader.conv2", Num.size(pass.conv2().dim(2), pass.conv2().dim(3))),
        Map.entry("reader.pool2", Num.size(pass.pool2().y().dim(2), pass.pool2().y().dim(3))),
        Map.entry("reader.flat", Num.count(pass.pool2().y().size())),
        Map.entry("reader.first", Num.count(first)),
        Map.entry("reader.second", Num.count(second)),
        Map.entry("reader.last", Num.count(last)),
        Map.entry("reader.weights", Num.count(first + second + last)),
        Map.entry("reader.macs1", Num.count(macs1)),
        Map.entry("reader.macs2", Num.count(macs2)),
        Map.entry("reader.macs", Num.count(macs)),
        Map.entry("reader.share", Num.percent((double) (macs1 + macs2) / macs, 1)),
        Map.entry("reader.values1", Num.count(pass.relu1().size())),
        Map.entry("reader.kept1", Num.count(pass.pool1().y().size())),
        Map.entry("reader.zeros1", Num.percent(zeros(pass.relu1()), 1)),
        Map.entry("reader.zerosKept", Num.percent(zeros(pass.pool1().y()), 1)),
        Map.entry("reader.field1", Num.count(one.size())),
        Map.entry("reader.field", Num.count(deep.size())),
        Map.entry("reader.jump", deep.jumpText()),
        Map.entry("reader.hard", Num.count(hard.label())),
        Map.entry("reader.answer", Num.count(hard.answer())),
        Map.entry("reader.loss", Num.value(hard.loss())),
        Map.entry("reader.probability", Num.percent(hard.probabilities().data()[hard.label()], 1)),
        Map.entry("reader.tap", tap(steepest)),
        Map.entry("reader.gradient", Num.value(gradients.weights().w1().data()[steepest])),
        Map.entry("reader.products", Num.count(plane)),
        Map.entry("reader.rate", Num.value((float) RATE)),
        Map.entry("reader.after", Num.value(after.loss())));
  }

  private static String tap(int n) {
    int taps = KERNEL * KERNEL;
    return "[" + n / taps + ", 0, " + n % taps / KERNEL + ", " + n % KERNEL + "]";
  }

  private static double zeros(Tensor values) {
    int count = 0;
    for (float value : values.data()) {
      count += value == 0 ? 1 : 0;
    }
    return (double) count / values.size();
  }
}
