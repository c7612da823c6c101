package convscope.topic;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import convscope.net.Safetensors;
import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.CrossEntropy;
import convscope.op.Linear;
import convscope.op.MaxPool2d;
import convscope.op.PoolSpec;
import convscope.op.Softmax;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;

/**
 * The network that runs through the course: it reads a digit of 28 × 28 pixels, 0 to 1.
 *
 * <pre>
 *   Conv2d(1, 8, 5), ReLU, MaxPool2d(2), Conv2d(8, 16, 5), ReLU, MaxPool2d(2), Flatten, Linear(256, 10)
 * </pre>
 *
 * Its 5,994 weights were learned from the first 8,000 of our 10,000 MNIST digits; {@code
 * docs/training.md} says how, and how often it is right. All is computed by the operators
 * themselves, without a tape, so that every number on the way can be shown.
 */
public record DigitReader(Weights weights) {
  /** The name under which the host hands its weights over, for a topic's {@code needs}. */
  public static final String FILE = "digit-reader";

  /** How many digits it tells apart. */
  public static final int CLASSES = 10;

  private static final Conv2d.Spec WINDOW = Conv2d.Spec.of(5, 5);
  private static final PoolSpec POOL = PoolSpec.of(2, 2);

  /**
   * All that is learned, or a gradient by it.
   *
   * @param w1 the first convolution's filters, (8, 1, 5, 5)
   * @param b1 (8)
   * @param w2 the second one's, (16, 8, 5, 5)
   * @param b2 (16)
   * @param w3 the linear layer's, (10, 256); its input is the pooled map (16, 4, 4), row-major
   * @param b3 (10)
   */
  public record Weights(Tensor w1, Tensor b1, Tensor w2, Tensor b2, Tensor w3, Tensor b3) {
    /** {@code this − η · gradient}, each number rounded once: a step of plain SGD. */
    Weights minus(double eta, Weights gradient) {
      return new Weights(
          step(w1, eta, gradient.w1),
          step(b1, eta, gradient.b1),
          step(w2, eta, gradient.w2),
          step(b2, eta, gradient.b2),
          step(w3, eta, gradient.w3),
          step(b3, eta, gradient.b3));
    }

    private static Tensor step(Tensor values, double eta, Tensor gradient) {
      Tensor moved = Tensor.zeros(values.shape());
      for (int i = 0; i < moved.size(); i++) {
        moved.data()[i] = (float) (values.data()[i] - eta * gradient.data()[i]);
      }
      return moved;
    }
  }

  /** The reader with the weights that the host handed over. */
  public static DigitReader of(Given given) {
    return of(given.bytes(FILE));
  }

  /** The reader of a file's bytes. */
  public static DigitReader of(byte[] file) {
    return new DigitReader(
        new Weights(
            Safetensors.read(file, "0.weight", Shape.of(8, 1, 5, 5)),
            Safetensors.read(file, "0.bias", Shape.of(8)),
            Safetensors.read(file, "3.weight", Shape.of(16, 8, 5, 5)),
            Safetensors.read(file, "3.bias", Shape.of(16)),
            Safetensors.read(file, "7.weight", Shape.of(CLASSES, 256)),
            Safetensors.read(file, "7.bias", Shape.of(CLASSES))));
  }

  /**
   * Everything on the way forward.
   *
   * @param x the digit, (1, 1, 28, 28), 0 to 1
   * @param label what it is, 0 to 9
   * @param conv1 (1, 8, 24, 24), before the activation
   * @param relu1 (1, 8, 24, 24)
   * @param pool1 y (1, 8, 12, 12), and where in relu1 each maximum was
   * @param conv2 (1, 16, 8, 8), before the activation
   * @param relu2 (1, 16, 8, 8)
   * @param pool2 y (1, 16, 4, 4), and where in relu2 each maximum was
   * @param logits (1, 10)
   * @param probabilities softmax of the logits, (1, 10)
   * @param loss {@code −ln p[label]}
   */
  public record Pass(
      DigitReader reader,
      Tensor x,
      int label,
      Tensor conv1,
      Tensor relu1,
      MaxPool2d.Result pool1,
      Tensor conv2,
      Tensor relu2,
      MaxPool2d.Result pool2,
      Tensor logits,
      Tensor probabilities,
      float loss) {
    /** The digit with the largest logit, the first of equal ones. */
    public int answer() {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = logits.data()[c] > logits.data()[best] ? c : best;
      }
      return best;
    }

    /** The loss's gradient by everything, from the logits back to the digit. */
    public Gradients gradients() {
      Weights w = reader.weights;
      Tensor dLogits =
          CrossEntropy.backward(Tensor.scalar(1), logits, new int[] {label}, ClassLabels.MEAN);
      Linear.Gradients linear = Linear.backward(dLogits, flat(pool2.y()), w.w3);
      Tensor dPool2 = Tensor.of(linear.dx().data(), pool2.y().shape());
      Tensor dRelu2 = MaxPool2d.backward(dPool2, pool2.indices(), relu2.shape());
      Tensor dConv2 = Unary.RELU.backward(dRelu2, conv2);
      Conv2d.Gradients second = Conv2d.backward(dConv2, pool1.y(), w.w2, WINDOW);
      Tensor dRelu1 = MaxPool2d.backward(second.dx(), pool1.indices(), relu1.shape());
      Tensor dConv1 = Unary.RELU.backward(dRelu1, conv1);
      Conv2d.Gradients first = Conv2d.backward(dConv1, x, w.w1, WINDOW);
      return new Gradients(
          first.dx(),
          dConv1,
          dRelu1,
          second.dx(),
          dConv2,
          dRelu2,
          dPool2,
          dLogits,
          new Weights(
              first.dWeight(),
              first.dBias(),
              second.dWeight(),
              second.dBias(),
              linear.dWeight(),
              linear.dBias()));
    }

    @Override
    public String toString() {
      return "Pass";
    }
  }

  /**
   * {@code ∂L/∂} of each number that {@link Pass} shows, of its shape.
   *
   * @param x by the digit's pixels, (1, 1, 28, 28)
   * @param conv1 by the first convolution's output, (1, 8, 24, 24)
   * @param logits {@code p − onehot(label)}, (1, 10)
   */
  public record Gradients(
      Tensor x,
      Tensor conv1,
      Tensor relu1,
      Tensor pool1,
      Tensor conv2,
      Tensor relu2,
      Tensor pool2,
      Tensor logits,
      Weights weights) {}

  /**
   * Reads a digit.
   *
   * @param image (1, 1, 28, 28), or as many numbers in another shape; 0 for the ground to 1
   * @param label what it is, 0 to 9, for the loss
   */
  public Pass pass(Tensor image, int label) {
    Tensor x = image.reshaped(1, 1, 28, 28);
    Tensor conv1 = Conv2d.forward(x, weights.w1, weights.b1, WINDOW);
    Tensor relu1 = Unary.RELU.forward(conv1);
    MaxPool2d.Result pool1 = MaxPool2d.forward(relu1, POOL);
    Tensor conv2 = Conv2d.forward(pool1.y(), weights.w2, weights.b2, WINDOW);
    Tensor relu2 = Unary.RELU.forward(conv2);
    MaxPool2d.Result pool2 = MaxPool2d.forward(relu2, POOL);
    Tensor logits = Linear.forward(flat(pool2.y()), weights.w3, weights.b3);
    Tensor probabilities = Softmax.forward(logits, 1);
    float loss = CrossEntropy.forward(logits, new int[] {label}, ClassLabels.MEAN).data()[0];
    return new Pass(
        this, x, label, conv1, relu1, pool1, conv2, relu2, pool2, logits, probabilities, loss);
  }

  /** The pass of one of the {@link HeldOutDigits}, with the weights that the host handed over. */
  public static Pass read(Given given, int digit) {
    HeldOutDigits digits = HeldOutDigits.of(given);
    Tensor image = Tensor.of(digits.image(digit), HeldOutDigits.SIDE, HeldOutDigits.SIDE);
    return of(given).pass(image, digits.label(digit));
  }

  private static Tensor flat(Tensor maps) {
    return maps.reshaped(1, maps.size());
  }

  /**
   * The reader after one step of plain gradient descent: each weight moved by −η · its gradient.
   */
  public DigitReader withStep(Gradients gradients, double eta) {
    return new DigitReader(weights.minus(eta, gradients.weights));
  }
}
