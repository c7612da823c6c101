package convscope.exercise;

import convscope.tensor.Rng;

/** Drawing small numbers that are good to compute with by hand. */
final class Draw {
  private Draw() {}

  /** One of these. */
  static int of(Rng random, int... options) {
    return options[random.nextInt(options.length)];
  }

  /** Whole numbers from {@code low} to {@code high}, both included. */
  static float[] whole(Rng random, int count, int low, int high) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = low + random.nextInt(high - low + 1);
    }
    return numbers;
  }
}
