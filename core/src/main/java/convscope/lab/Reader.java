package convscope.lab;

import convscope.data.DataSet;
import convscope.net.Model;
import convscope.train.Learner;

/**
 * A network and what it reads: that of a run, or the one that ships.
 *
 * @param data the images, of which those from {@code first} on are shown
 * @param mean what is subtracted from pixels before the network takes them
 * @param deviation what they are then divided by
 * @param name how sentences call it
 * @param note what is told of it beside what it makes of an image, or empty
 */
record Reader(
    Model model,
    Learner learner,
    DataSet data,
    int first,
    double mean,
    double deviation,
    String name,
    String note) {

  /** The number of an image to show, for any number of steps forward or back. */
  int image(int example) {
    int shown = data.count() - first;
    return shown == 0 ? data.count() - 1 : first + Math.floorMod(example, shown);
  }

  /** Pixels as the network takes them; they stay as they are. */
  float[] input(float[] pixels) {
    float[] input = new float[pixels.length];
    for (int i = 0; i < input.length; i++) {
      input[i] = (float) ((pixels[i] - mean) / deviation);
    }
    return input;
  }

  @Override
  public String toString() {
    return name;
  }
}
