package convscope.lab;

/** The networks that the lab offers, as PyTorch code for grey images of a side. */
final class Nets {
  private Nets() {}

  /**
   * The code.
   *
   * @param net one of the form's, but for {@code own}
   * @param side of the images: 28, or 8
   * @param classes that it tells apart
   */
  static String code(String net, int side, int classes) {
    switch (net) {
      case "convnetjs": // the demo of Karpathy's ConvNetJS
        return sequential(
            "nn.Conv2d(1, 8, 5, padding=2)",
            "nn.ReLU()",
            "nn.MaxPool2d(2)",
            "nn.Conv2d(8, 16, 5, padding=2)",
            "nn.ReLU()",
            "nn.MaxPool2d(3)",
            "nn.Flatten()",
            "nn.Linear(" + 16 * (side / 6) * (side / 6) + ", " + classes + ")");
      case "norm":
        return sequential(
            "nn.Conv2d(1, 16, 3, padding=1, bias=False)",
            "nn.BatchNorm2d(16)",
            "nn.ReLU()",
            "nn.MaxPool2d(2)",
            "nn.Conv2d(16, 32, 3, padding=1, bias=False)",
            "nn.BatchNorm2d(32)",
            "nn.ReLU()",
            "nn.MaxPool2d(2)",
            "nn.Conv2d(32, 32, 3, padding=1, bias=False)",
            "nn.BatchNorm2d(32)",
            "nn.ReLU()",
            "nn.AdaptiveAvgPool2d(1)",
            "nn.Flatten()",
            "nn.Linear(32, " + classes + ")");
      case "mlp":
        return sequential(
            "nn.Flatten()",
            "nn.Linear(" + side * side + ", 64)",
            "nn.ReLU()",
            "nn.Linear(64, 32)",
            "nn.ReLU()",
            "nn.Linear(32, " + classes + ")");
      default: // without padding where the image is large enough: fewer weights
        boolean large = side > 16;
        String padding = large ? "" : ", padding=2";
        int last = large ? 4 : side / 4;
        return sequential(
            "nn.Conv2d(1, 8, 5" + padding + ")",
            "nn.ReLU()",
            "nn.MaxPool2d(2)",
            "nn.Conv2d(8, 16, 5" + padding + ")",
            "nn.ReLU()",
            "nn.MaxPool2d(2)",
            "nn.Flatten()",
            "nn.Linear(" + 16 * last * last + ", " + classes + ")");
    }
  }

  private static String sequential(String... layers) {
    return "nn.Sequential(\n    " + String.join(",\n    ", layers) + ",\n)";
  }
}
