package convscope.topic;

import convscope.data.Digits;
import convscope.num.Num;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * The named inputs: small patterns and digits as numbers, photographs and the reader's own image as
 * pixels.
 */
public final class Inputs {
  /** The name of the image that the reader loads, draws or takes. */
  public static final String OWN = "own";

  private static final long NOISE_SEED = 5;

  private Inputs() {}

  /** The parameter that chooses a pattern or a digit: numbers that need nothing to be loaded. */
  public static ChoiceParam patterns(String name, String fallback) {
    ChoiceParam choice =
        Param.choice(name, fallback)
            .option("ring", "Ring", "Patterns")
            .option("edge", "Edge", "Patterns")
            .option("impulse", "One pixel", "Patterns")
            .option("ramp", "Ramp", "Patterns")
            .option("count", "Counting 1, 2, 3, …", "Patterns")
            .option("checker", "Checkerboard", "Patterns")
            .option("noise", "Noise", "Patterns");
    for (int digit = 0; digit < 10; digit++) {
      choice.option("digit-" + digit, "Digit " + digit, "Handwritten digits");
    }
    return choice;
  }

  /** The parameter that chooses one; {@code custom} stands for a matrix of the reader's own. */
  public static ChoiceParam choice(String name, String fallback) {
    return pictures(patterns(name, fallback)).option("custom", "Custom numbers", "Yours");
  }

  /** Adds the photographs and the reader's own image to a choice. */
  public static ChoiceParam pictures(ChoiceParam choice) {
    return choice
        .option("photo-camera", "Cameraman", "Photographs")
        .option("photo-chelsea", "Cat", "Photographs")
        .option("photo-coffee", "Coffee", "Photographs")
        .option("photo-brick", "Bricks", "Photographs")
        .option("photo-astronaut", "Astronaut", "Photographs")
        .option(OWN, "Your own image…", "Yours");
  }

  /** The parameter that chooses what is read beyond the edge of an input. */
  public static ChoiceParam padding(String name, String fallback) {
    return Param.choice(name, fallback)
        .option("zeros", "Zeros")
        .option("reflect", "Reflect")
        .option("replicate", "Replicate")
        .option("circular", "Circular")
        .label("Padding")
        .symbol("P");
  }

  /** Whether the name stands for an image that the host must load. */
  public static boolean isPicture(String name) {
    return name.equals(OWN) || name.startsWith("photo-");
  }

  /** The names that stand for a matrix of numbers. */
  public static String[] numbers() {
    List<String> names = new ArrayList<>();
    for (ChoiceParam.Option option : choice("input", "").options()) {
      if (!isPicture(option.value())) {
        names.add(option.value());
      }
    }
    return names.toArray(new String[0]);
  }

  /** The pattern or digit of that name; (height, width) row-major, small whole numbers. */
  public static float[] values(String name, int height, int width) {
    float[] values = new float[height * width];
    Rng noise = new Rng(NOISE_SEED);
    float[] digit = name.startsWith("digit-") ? Digits.typical(name.charAt(6) - '0') : new float[0];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        values[row * width + column] =
            switch (name) {
              case "edge" -> 2 * column + 1 > width ? 3 : 0;
              case "impulse" -> row == (height - 1) / 2 && column == (width - 1) / 2 ? 1 : 0;
              case "ramp" -> row + column;
              case "count" -> row * width + column + 1;
              case "checker" -> (row + column) % 2;
              case "noise" -> noise.nextInt(10);
              default ->
                  digit.length > 0
                      ? digit(
                          digit,
                          row - (height - Digits.SIDE) / 2,
                          column - (width - Digits.SIDE) / 2)
                      : ring(row, column, height, width);
            };
      }
    }
    return values;
  }

  /** A digit centred in the input: cut off or surrounded by zeros where the sizes differ. */
  private static float digit(float[] digit, int row, int column) {
    boolean inside = row >= 0 && row < Digits.SIDE && column >= 0 && column < Digits.SIDE;
    return inside ? digit[row * Digits.SIDE + column] : 0;
  }

  /** A zero drawn with a soft pen: 3 on an ellipse, falling to 0 beside it. */
  private static float ring(int row, int column, int height, int width) {
    double y = (2 * row + 1 - height) / (double) height;
    double x = (2 * column + 1 - width) / (double) width;
    double off = Math.abs(Math.sqrt(y * y + 1.45 * x * x) - 0.68);
    return Math.max(0, Num.round(3.4 - 9 * off));
  }
}
