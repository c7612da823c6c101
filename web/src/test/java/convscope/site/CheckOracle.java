package convscope.site;

import com.eclipsesource.json.JsonObject;

/** The self-checks' answers once more, by counting or by textbook formulas, without the core. */
final class CheckOracle {
  private CheckOracle() {}

  /** The answer to a topic's self-check. */
  static double[] of(String topic, JsonObject drawn) {
    return topic.equals("padding")
        ? new double[] {
          pair(drawn, 0) + number(drawn, "top") + number(drawn, "bottom"),
          pair(drawn, 1) + number(drawn, "left") + number(drawn, "right")
        }
        : new double[] {one(topic, drawn)};
  }

  private static double one(String topic, JsonObject drawn) {
    int k = number(drawn, "kernel");
    int d = text(drawn, "dilation").equals("one") ? 1 : Math.max(1, number(drawn, "dilation"));
    int stride = Math.max(1, number(drawn, "stride"));
    int padding = number(drawn, "padding");
    int high = pair(drawn, 0);
    int wide = pair(drawn, 1);
    int in = number(drawn, "in-channels");
    int out = number(drawn, "out-channels");
    return switch (topic) {
      case "local-receptive-field" ->
          1 + 2 * 2 + 3 * (high + 1) + 4 * (high + 2) + number(drawn, "bias");
      case "weight-sharing" -> (high - k + 1) * (wide - k + 1) * k * k;
      case "translation-equivariance" -> text(drawn, "preset").equals("identity") ? wide : wide - 2;
      case "cross-correlation" -> 4 + 3 * 2 + 2 * (high + 1) + high + 2;
      case "channels" ->
          number(drawn, "filters")
              * (number(drawn, "channels") / number(drawn, "groups") * k * k + 1);
      case "stride", "output-height" -> places(high + 2 * padding, d * (k - 1) + 1, stride);
      case "dilation" -> {
        int field = 1;
        for (String rate : text(drawn, "stack").split("-")) {
          field += (k - 1) * Integer.parseInt(rate);
        }
        yield field;
      }
      case "same-convolution" -> d * (k - 1);
      case "parameter-count" -> out * (in / number(drawn, "groups") * k * k + 1);
      case "output-elements" -> {
        double side = places(high + 2 * padding, k, stride);
        yield number(drawn, "batch") * out * side * side;
      }
      case "flops" -> {
        double side = places(high, k, stride);
        yield side * side * in * out * k * k;
      }
      case "one-by-one" -> in * out * high * wide;
      case "depthwise-separable" -> k * k * in + in * out;
      case "max-pooling" -> high * wide - (high / 2) * (wide / 2);
      case "average-pooling" -> (k - padding) * (k - padding);
      case "strided-convolution" ->
          high * wide - ((high + stride - 1) / stride) * ((wide + stride - 1) / stride);
      case "global-average-pooling" -> 5 * number(drawn, "classes");
      case "aliasing" -> {
        int left = 48 / stride;
        int periods = number(drawn, "step") % left;
        yield Math.min(periods, left - periods);
      }
      case "single-layer" -> d * (k - 1) + 1;
      case "stacked-layers" -> stack(drawn)[0];
      case "jump" -> stack(drawn)[1];
      case "dilation-effect" -> {
        int field = 1;
        for (int layer = 0; layer < number(drawn, "layers"); layer++) {
          int rate =
              switch (text(drawn, "dilations")) {
                case "doubling" -> (int) Math.pow(2, layer);
                case "twos" -> 2;
                default -> layer % 3 == 2 ? 5 : layer % 3 + 1;
              };
          field += (k - 1) * rate;
        }
        yield field;
      }
      case "im2col" ->
          number(drawn, "channels")
              * k
              * k
              * places(high + 2 * padding, k, stride)
              * places(wide + 2 * padding, k, stride);
      case "gradient-check" -> {
        int cells = (stride + 1) * (2 * stride + 1);
        String fault = text(drawn, "mistake");
        yield fault.equals("axis")
            ? 3
            : fault.equals("flip") ? cells : stride == 1 ? 0 : 27 + cells;
      }
      case "effective-receptive-field" -> number(drawn, "layers") * (k * k - 1) / 12.0;
      case "kernel-gradient" -> places(high, k, stride) * places(wide, k, stride);
      case "input-gradient" -> {
        String[] pixel = text(drawn, "pixel").split("x");
        int row = Integer.parseInt(pixel[0]);
        int column = Integer.parseInt(pixel[pixel.length - 1]);
        yield readers(row, high + 2 * padding, k, stride, padding)
            * readers(column, wide + 2 * padding, k, stride, padding);
      }
      case "bias-gradient" ->
          number(drawn, "batch") * places(high, k, stride) * places(wide, k, stride);
      case "batch-normalization" -> {
        int others =
            switch (text(drawn, "norm")) {
              case "batch" -> number(drawn, "batch");
              case "layer" -> number(drawn, "channels");
              default -> 1;
            };
        yield others * high * wide;
      }
      case "dropout-augmentation" -> 1 / (1 - Double.parseDouble(text(drawn, "p")));
      case "bottleneck-block" -> {
        int channels = number(drawn, "channels");
        int narrow = channels / number(drawn, "ratio");
        yield 2 * channels * narrow + 9 * narrow * narrow;
      }
      case "conv-activation-norm" ->
          text(drawn, "order").equals("conv-act") ? number(drawn, "scale") : 1;
      case "residual-block" -> Math.max(0, number(drawn, "x") + number(drawn, "f"));
      default -> throw new IllegalArgumentException("no oracle for " + topic);
    };
  }

  /** How many times a window fits, by moving it. */
  private static int places(int length, int span, int stride) {
    int count = 0;
    for (int start = 0; start + span <= length; start += stride) {
      count++;
    }
    return count;
  }

  /** How many windows cover a place, by moving the window. */
  private static int readers(int place, int length, int span, int stride, int padding) {
    int count = 0;
    for (int start = 0; start + span <= length; start += stride) {
      count += place + padding >= start && place + padding < start + span ? 1 : 0;
    }
    return count;
  }

  /** Field and jump, by following the outermost positions back. */
  private static int[] stack(JsonObject drawn) {
    String[] layers = text(drawn, "stack").split(",");
    int field = 1;
    int apart = 1;
    for (int n = layers.length - 1; n >= 0; n--) {
      String layer = layers[n];
      boolean pools = layer.startsWith("pool");
      int kernel = layer.charAt(4) - '0';
      int stride = pools ? 2 : layer.contains("s") ? layer.charAt(6) - '0' : 1;
      field = (field - 1) * stride + kernel;
      apart *= stride;
    }
    return new int[] {field, apart};
  }

  private static String text(JsonObject drawn, String name) {
    return drawn.getString(name, "");
  }

  private static int number(JsonObject drawn, String name) {
    String text = text(drawn, name);
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  /** A side of the size, which may be one number for both. */
  private static int pair(JsonObject drawn, int side) {
    String[] sides = text(drawn, "size").split("x");
    return sides[0].isEmpty() ? 0 : Integer.parseInt(sides[Math.min(side, sides.length - 1)]);
  }
}
