package convscope.net;

import convscope.op.Conv2d;
import convscope.op.Unary;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks that everybody knows, as torchvision has them; each takes images of (N, 3, 224, 224)
 * unless it says otherwise. Adaptive pooling that changes nothing at that size is left out, and
 * ReLU stands for ReLU6.
 */
public final class Presets {
  private static final int CLASSES = 1000;

  private Presets() {}

  /** LeNet-5 (LeCun et al. 1998) with a dense C3, for (N, 1, 32, 32). */
  public static List<Layer> leNet5() {
    Layer tanh = new Elementwise("Tanh", Unary.TANH);
    return List.of(
        Layer.conv(6, 5, 1, 0, 1),
        tanh,
        Layer.averagePool(2, 2, 0),
        Layer.conv(16, 5, 1, 0, 1),
        tanh,
        Layer.averagePool(2, 2, 0),
        new Flatten(),
        new Linear(0, 120, true),
        tanh,
        new Linear(0, 84, true),
        tanh,
        new Linear(0, 10, true));
  }

  /** AlexNet (Krizhevsky 2014, one tower). */
  public static List<Layer> alexNet() {
    List<Layer> layers = new ArrayList<>();
    addConv(layers, Layer.conv(64, 11, 4, 2, 1));
    layers.add(Layer.maxPool(3, 2, 0));
    addConv(layers, Layer.conv(192, 5, 1, 2, 1));
    layers.add(Layer.maxPool(3, 2, 0));
    addConv(layers, Layer.conv(384, 3, 1, 1, 1));
    addConv(layers, Layer.conv(256, 3, 1, 1, 1));
    addConv(layers, Layer.conv(256, 3, 1, 1, 1));
    layers.add(Layer.maxPool(3, 2, 0));
    layers.add(new Flatten());
    addHead(layers);
    return layers;
  }

  /** VGG-16 (Simonyan &amp; Zisserman 2014, configuration D). */
  public static List<Layer> vgg16() {
    List<Layer> layers = new ArrayList<>();
    for (int[] block : new int[][] {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}) {
      for (int n = 0; n < block[1]; n++) {
        addConv(layers, Layer.conv(block[0], 3, 1, 1, 1));
      }
      layers.add(Layer.maxPool(2, 2, 0));
    }
    layers.add(new Flatten());
    addHead(layers);
    return layers;
  }

  private static void addConv(List<Layer> layers, Layer conv) {
    layers.add(conv);
    layers.add(Elementwise.RELU);
  }

  private static void addHead(List<Layer> layers) {
    for (int n = 0; n < 2; n++) {
      layers.add(new Linear(0, 4096, true));
      layers.add(Elementwise.RELU);
      layers.add(Elementwise.DROPOUT);
    }
    layers.add(new Linear(0, CLASSES, true));
  }

  /** ResNet-18 (He et al. 2016): two 3 × 3 convolutions a block. */
  public static List<Layer> resNet18() {
    return resNet(false, false, 2, 2, 2, 2);
  }

  /** ResNet-34. */
  public static List<Layer> resNet34() {
    return resNet(false, false, 3, 4, 6, 3);
  }

  /** ResNet-50 as in the paper: bottleneck blocks, the stride in their first 1 × 1 convolution. */
  public static List<Layer> resNet50() {
    return resNet(true, true, 3, 4, 6, 3);
  }

  /** ResNet-50 as torchvision has it: the stride in the blocks' 3 × 3 convolution. */
  public static List<Layer> resNet50Torchvision() {
    return resNet(true, false, 3, 4, 6, 3);
  }

  private static List<Layer> resNet(boolean bottleneck, boolean early, int... blocks) {
    List<Layer> layers = new ArrayList<>();
    addNormed(layers, 64, 7, 2, 1, true);
    layers.add(Layer.maxPool(3, 2, 1));
    int channels = 64;
    for (int stage = 0; stage < blocks.length; stage++) {
      int width = 64 << stage;
      int out = bottleneck ? 4 * width : width;
      for (int n = 0; n < blocks[stage]; n++) {
        int stride = stage > 0 && n == 0 ? 2 : 1;
        List<Layer> body = new ArrayList<>();
        if (bottleneck) {
          addNormed(body, width, 1, early ? stride : 1, 1, true);
          addNormed(body, width, 3, early ? 1 : stride, 1, true);
          addNormed(body, out, 1, 1, 1, false);
        } else {
          addNormed(body, width, 3, stride, 1, true);
          addNormed(body, out, 3, 1, 1, false);
        }
        List<Layer> shortcut = new ArrayList<>();
        if (stride > 1 || channels != out) {
          addNormed(shortcut, out, 1, stride, 1, false);
        }
        layers.add(new Residual(body, shortcut));
        layers.add(Elementwise.RELU);
        channels = out;
      }
    }
    layers.add(new GlobalAveragePool());
    layers.add(new Flatten());
    layers.add(new Linear(0, CLASSES, true));
    return layers;
  }

  /** A convolution without bias that keeps the size but for its stride, normalized. */
  private static void addNormed(
      List<Layer> layers, int channels, int kernel, int stride, int groups, boolean relu) {
    Conv2d.Spec spec =
        Conv2d.Spec.of(kernel, kernel).stride(stride).padding(kernel / 2).groups(groups);
    layers.add(new Conv(0, channels, spec, false));
    layers.add(new BatchNorm(0));
    if (relu) {
      layers.add(Elementwise.RELU);
    }
  }

  /** MobileNetV2 (Sandler et al. 2018): expand, depthwise, project. */
  public static List<Layer> mobileNetV2() {
    int[][] stages = { // expansion, channels, blocks, stride of the first
      {1, 16, 1, 1},
      {6, 24, 2, 2},
      {6, 32, 3, 2},
      {6, 64, 4, 2},
      {6, 96, 3, 1},
      {6, 160, 3, 2},
      {6, 320, 1, 1}
    };
    List<Layer> layers = new ArrayList<>();
    addNormed(layers, 32, 3, 2, 1, true);
    int channels = 32;
    for (int[] stage : stages) {
      for (int n = 0; n < stage[2]; n++) {
        int stride = n == 0 ? stage[3] : 1;
        int hidden = stage[0] * channels;
        List<Layer> body = new ArrayList<>();
        if (stage[0] > 1) {
          addNormed(body, hidden, 1, 1, 1, true);
        }
        addNormed(body, hidden, 3, stride, hidden, true);
        addNormed(body, stage[1], 1, 1, 1, false);
        if (stride == 1 && channels == stage[1]) {
          layers.add(new Residual(body, List.of()));
        } else {
          layers.addAll(body);
        }
        channels = stage[1];
      }
    }
    addNormed(layers, 1280, 1, 1, 1, true);
    layers.add(new GlobalAveragePool());
    layers.add(new Flatten());
    layers.add(Elementwise.DROPOUT);
    layers.add(new Linear(0, CLASSES, true));
    return layers;
  }
}
