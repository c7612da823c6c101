package convscope.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.PoolSpec;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostsTest {
  private static Costs counts(List<Layer> layers, int... input) {
    return Costs.of(ShapeTrace.of(layers, Shape.of(input)));
  }

  private static double billions(long count) {
    return Math.floor(count / 1e6 + 0.5) / 1e3;
  }

  /** The “_ops” of torchvision's weights, in units of 10⁹. */
  @Test
  void macsAreThoseThatTorchvisionPublishes() {
    assertThat(macs(Presets.alexNet())).isEqualTo(0.714);
    assertThat(macs(Presets.vgg16())).isEqualTo(15.47);
    assertThat(macs(Presets.resNet18())).isEqualTo(1.814);
    assertThat(macs(Presets.resNet34())).isEqualTo(3.664);
    assertThat(macs(Presets.resNet50Torchvision())).isEqualTo(4.089);
    assertThat(macs(Presets.mobileNetV2())).isEqualTo(0.301);
  }

  private static double macs(List<Layer> layers) {
    return billions(counts(layers, 1, 3, 224, 224).operations(Counts.Convention.MACS));
  }

  /** torchinfo's own reference output: resnet18 on (1, 3, 64, 64) has 148.57 M mult-adds. */
  @Test
  void torchinfosCountIsTheOneInItsTests() {
    Costs counts = counts(Presets.resNet18(), 1, 3, 64, 64);
    assertThat(counts.operations(Counts.Convention.TORCHINFO))
        .isBetween(148_565_000L, 148_574_999L);
    assertThat(counts.parameters()).isEqualTo(11_689_512);
  }

  /** The example in fvcore's documentation: 3,000 for a 1 × 1 convolution, 10,000 for the layer. */
  @Test
  void fvcoresCountIsTheOneInItsDocumentation() {
    List<Layer> layers =
        List.of(
            Layer.conv(10, 1, 1, 0, 1),
            Elementwise.RELU,
            new Flatten(),
            new Linear(1000, 10, true));
    Costs counts = counts(layers, 1, 3, 10, 10);
    assertThat(counts.operations(Counts.Convention.FVCORE)).isEqualTo(13_000);
    assertThat(counts.rows().get(0).operations(Counts.Convention.FVCORE)).isEqualTo(3_000);
    assertThat(counts.operations(Counts.Convention.FLOPS_AND_BIAS))
        .isEqualTo(2 * 13_000 + 1000 + 10);
    // biases like weights: 3 · 10 + 10 at 100 positions, then 10,000 and 10
    assertThat(counts.operations(Counts.Convention.TORCHINFO)).isEqualTo(4_000 + 10_010);
  }

  @Test
  void normalizationAndTransposedConvolutionShowWhereTheToolsDiffer() {
    Costs norm = counts(List.of(new BatchNorm(0)), 2, 8, 5, 6);
    assertThat(norm.operations(Counts.Convention.FVCORE)).isEqualTo(2 * 2 * 8 * 5 * 6);
    assertThat(norm.operations(Counts.Convention.TORCHINFO)).isEqualTo(2 * 16);
    assertThat(norm.operations(Counts.Convention.FLOPS_AND_BIAS)).isZero();
    Costs up = counts(List.of(Layer.transposed(4, 2, 2, 0, 1)), 1, 3, 5, 6);
    assertThat(up.operations(Counts.Convention.MACS)).isEqualTo(5 * 6 * 3 * 4 * 4);
    assertThat(up.operations(Counts.Convention.FVCORE)).isEqualTo(5 * 6 * 3 * 4 * 4);
    assertThat(up.operations(Counts.Convention.TORCHINFO)).isEqualTo(10 * 12 * (3 * 4 * 4 + 4));
  }

  /** Products counted one by one, along the taps and through the groups. */
  @Test
  void macsAreTheProductsOfANaiveLoop() {
    Rng rng = new Rng(5);
    for (int n = 0; n < 200; n++) {
      int groups = 1 + rng.nextInt(3);
      int in = groups * (1 + rng.nextInt(2));
      int out = groups * (1 + rng.nextInt(3));
      Conv2d.Spec spec =
          Conv2d.Spec.of(1 + rng.nextInt(3), 1 + rng.nextInt(4))
              .stride(1 + rng.nextInt(4), 1 + rng.nextInt(2))
              .padding(rng.nextInt(2), rng.nextInt(3))
              .dilation(1 + rng.nextInt(2))
              .groups(groups);
      Layer layer = new Conv(0, out, spec, rng.nextInt(2) == 0);
      Shape x = Shape.of(2, in, 7, 9);
      if (layer.problem(x) != null) {
        continue;
      }
      Shape y = layer.output(x);
      long products = 0;
      for (int image = 0; image < 2; image++) {
        for (int o = 0; o < out; o++) {
          for (int place = 0; place < y.dim(2) * y.dim(3); place++) {
            for (int tap = 0; tap < spec.kernelHeight() * spec.kernelWidth(); tap++) {
              products += in / groups;
            }
          }
        }
      }
      assertThat(layer.macs(x)).isEqualTo(products);
    }
  }

  /** Each product goes into its sum: the first of a sum is stored, every other one is added. */
  @Test
  void exactOperationsOfATransposedConvolutionAreThoseOfANaiveScatter() {
    assertThat(exact(transposed(1, 1, 2), 1, 1, 2, 2)).isEqualTo(4); // products alone
    assertThat(exact(transposed(2, 2, 6), 1, 1, 2, 2)).isEqualTo(16);
    assertThat(exact(transposed(3, 3, 1), 1, 1, 1, 1)).isEqualTo(9);
    Rng rng = new Rng(6);
    for (int n = 0; n < 200; n++) {
      int groups = 1 + rng.nextInt(2);
      int in = groups * (1 + rng.nextInt(2));
      int out = groups * (1 + rng.nextInt(2));
      Conv2d.Spec window =
          Conv2d.Spec.of(1 + rng.nextInt(3), 1 + rng.nextInt(3))
              .stride(1 + rng.nextInt(4), 1 + rng.nextInt(4))
              .padding(rng.nextInt(4) - 1, rng.nextInt(2), rng.nextInt(4) - 1, rng.nextInt(2))
              .dilation(1 + rng.nextInt(3))
              .groups(groups);
      boolean bias = rng.nextInt(2) == 0;
      Layer layer = new Transposed(0, out, ConvTranspose2d.Spec.of(window), bias);
      Shape x = Shape.of(2, in, 3, 2);
      if (layer.problem(x) == null) {
        assertThat(exact(layer, 2, in, 3, 2))
            .as("%s", layer)
            .isEqualTo(scattered(layer, window, x));
      }
    }
  }

  private static Layer transposed(int kernelHeight, int kernelWidth, int stride) {
    Conv2d.Spec window = Conv2d.Spec.of(kernelHeight, kernelWidth).stride(stride);
    return new Transposed(1, 1, ConvTranspose2d.Spec.of(window), false);
  }

  private static long exact(Layer layer, int... input) {
    return counts(List.of(layer), input).operations(Counts.Convention.EXACT);
  }

  /** Multiplications and additions, one by one: into a map with the padding, which is cropped. */
  private static long scattered(Layer layer, Conv2d.Spec window, Shape x) {
    Shape y = layer.output(x);
    int groups = window.groups();
    long operations = 0;
    for (int image = 0; image < x.dim(0); image++) {
      for (int o = 0; o < y.dim(1); o++) {
        boolean[][] started = new boolean[40][40]; // by row and column, from −10 on
        for (int c = 0; c < x.dim(1) / groups; c++) {
          for (int i = 0; i < x.dim(2); i++) {
            for (int j = 0; j < x.dim(3); j++) {
              for (int u = 0; u < window.kernelHeight(); u++) {
                for (int v = 0; v < window.kernelWidth(); v++) {
                  int row = i * window.strideH() + u * window.dilationH() - window.padTop() + 10;
                  int column =
                      j * window.strideW() + v * window.dilationW() - window.padLeft() + 10;
                  operations += started[row][column] ? 2 : 1;
                  started[row][column] = true;
                }
              }
            }
          }
        }
        for (int p = 0; layer.parameters(x).size() > 1 && p < y.dim(2); p++) {
          for (int q = 0; q < y.dim(3); q++) {
            operations += started[p + 10][q + 10] ? 1 : 0; // an empty sum is its bias
          }
        }
      }
    }
    return operations;
  }

  @Test
  void anEmptySumTakesNoAddition() {
    assertThat(Counts.Convention.EXACT.count(0, 5, false)).isZero();
    assertThat(Counts.Convention.EXACT.count(0, 5, true)).isZero();
    assertThat(Counts.Convention.FLOPS_AND_BIAS.count(0, 5, true)).isEqualTo(5);
    List<Layer> pooled = List.of(Layer.maxPool(3, 1, 1), Layer.averagePool(2, 2, 0));
    assertThat(counts(pooled, 1, 2, 4, 4).operations(Counts.Convention.EXACT)).isZero();
  }

  @Test
  void theSumOfAResidualBlockIsARowWithoutParametersAndOperations() {
    Layer block =
        new Residual(
            List.of(Layer.conv(4, 3, 2, 1, 1), new BatchNorm(4)),
            List.of(new Conv(2, 4, Conv2d.Spec.of(1, 1).stride(2), false)));
    Costs counts = counts(List.of(block), 1, 2, 8, 8);
    assertThat(counts.rows()).hasSize(4);
    Costs.Row sum = counts.rows().get(3);
    assertThat(sum.layer()).isEqualTo(block);
    assertThat(sum.parameters()).isZero();
    for (Counts.Convention like : Counts.Convention.values()) {
      assertThat(sum.operations(like)).isZero();
    }
    assertThat(counts.parameters()).isEqualTo(4 * 2 * 9 + 4 + 8 + 4 * 2);
  }

  /** Shapes and parameters promised are those of tensors really made and run. */
  @Test
  void everyKindGivesTheShapeThatItsOperatorGives() {
    List<Layer> layers =
        List.of(
            new Conv(3, 6, Conv2d.Spec.of(3, 2).stride(2, 1).padding(1).groups(3), false),
            new BatchNorm(6),
            Elementwise.RELU,
            Layer.transposed(4, 3, 2, 1, 1),
            new Pool(true, PoolSpec.of(2, 3).stride(2, 1).ceil(true)),
            new Pool(false, PoolSpec.of(2, 2).stride(1)),
            new Residual(
                List.of(Layer.conv(5, 3, 2, 1, 1), Elementwise.DROPOUT),
                List.of(Layer.conv(5, 1, 2, 0, 1))),
            new Residual(List.of(Layer.conv(5, 3, 1, 1, 1)), List.of()),
            new GlobalAveragePool(),
            new Flatten(),
            new Linear(5, 7, true));
    ShapeTrace trace = ShapeTrace.of(layers, Shape.of(2, 3, 11, 8));
    assertThat(trace.sentence()).isNull();
    Rng rng = new Rng(2);
    Tape tape = new Tape();
    Var y = tape.constant(rng.gaussian(1, 2, 3, 11, 8));
    long made = 0;
    for (int l = 0; l < layers.size(); l++) {
      List<Var> parameters = new ArrayList<>();
      for (Shape shape : layers.get(l).parameters(y.shape())) {
        Tensor tensor = rng.gaussian(1, shape.dims());
        made += tensor.size();
        parameters.add(tape.constant(tensor));
      }
      y = layers.get(l).run(y, parameters);
      assertThat(y.shape()).as(layers.get(l).name()).isEqualTo(trace.output(l));
    }
    assertThat(Costs.of(trace).parameters()).isEqualTo(made);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 7));
  }

  @Test
  void memoryIsWhatIsAliveAtOnceAndForTrainingAllOfIt() {
    List<Layer> plain = List.of(Layer.conv(4, 3, 1, 1, 1), Layer.conv(2, 3, 1, 1, 1));
    Costs counts = counts(plain, 1, 1, 10, 10);
    assertThat(counts.forwardElements()).isEqualTo(400 + 200);
    assertThat(counts.trainingElements()).isEqualTo(100 + 400 + 200);
    // the same as the body of a block: the input waits while the second layer runs
    Costs block =
        counts(List.of(new Residual(plain, List.of(Layer.conv(2, 1, 1, 0, 1)))), 1, 1, 10, 10);
    assertThat(block.forwardElements()).isEqualTo(100 + 400 + 200);
    assertThat(block.trainingElements()).isEqualTo(100 + 400 + 200 + 200 + 200);
  }

  @Test
  void theFirstBadLayerIsNamedInItsOperatorsWords() {
    ShapeTrace trace =
        ShapeTrace.of(
            List.of(Layer.conv(8, 3, 1, 1, 1), Layer.maxPool(2, 2, 0), Layer.conv(8, 7, 1, 0, 1)),
            Shape.of(1, 3, 9, 12));
    assertThat(trace.good()).isEqualTo(2);
    assertThat(trace.sentence())
        .isEqualTo(
            "layer 3 of 3, Conv2d: kernel 7 (dilation 1) exceeds padded input 4; raise padding to 2"
                + " or use kernel ≤ 4");
    assertThatThrownBy(() -> Costs.of(trace)).hasMessageStartingWith("Costs: layer 3 of 3, Conv2d");
    assertThat(bad(new Conv(4, 8, Conv2d.Spec.of(3, 3), true)))
        .isEqualTo(
            "layer 1 of 1, Conv2d: weight 8×4×3×3 with groups 1 reads 4 channels, the input has 3;"
                + " give the weight 3 channels");
    assertThat(bad(new Conv(0, 8, Conv2d.Spec.of(3, 3).groups(2), true)))
        .contains("groups 2 must divide 3 input and 8 output channels");
    assertThat(bad(new Linear(100, 10, true)))
        .isEqualTo(
            "layer 1 of 1, Linear: input of shape 1×3×9×12 for weight 10×100; give the input a last axis"
                + " of 100");
    assertThat(bad(new Residual(List.of(Layer.conv(8, 3, 1, 1, 1)), List.of())))
        .isEqualTo(
            "layer 1 of 1, Residual: the body gives 1×8×9×12, the shortcut 1×3×9×12; give the shortcut a"
                + " projection to 1×8×9×12");
    assertThat(
            bad(
                new Transposed(
                    0, 4, ConvTranspose2d.Spec.of(Conv2d.Spec.of(2, 2).groups(3)), true)))
        .isEqualTo(
            "layer 1 of 1, ConvTranspose2d: groups 3 must divide 3 input and 4 output channels; use"
                + " a common divisor of both");
    assertThat(bad(new Conv(0, 1 << 20, Conv2d.Spec.of(3, 3).padding(1 << 12), true)))
        .contains("has more elements than an array can hold");
  }

  /** A 1×1 convolution of stride s makes 9, 5, 3, 2 or 1 rows of 9, and nothing else. */
  @Test
  void theRemedyForBranchesOfDifferentSizeIsOneThatWorks() {
    Layer valid = Layer.conv(3, 3, 1, 0, 1);
    assertThat(remedy(List.of(valid), 9, 9))
        .isEqualTo("pad the body to 9×9 or crop the shortcut to 7×7");
    assertThat(remedy(List.of(Layer.conv(8, 3, 1, 0, 1)), 9, 12))
        .isEqualTo(
            "pad the body to 9×12 or crop the shortcut to 7×10, and give the shortcut a projection"
                + " to 8 channels");
    assertThat(remedy(List.of(Layer.conv(3, 3, 2, 0, 1)), 9, 9)) // 4 rows
        .isEqualTo(
            "pad the body to 5×5 and give the shortcut a projection of stride 2, or crop the"
                + " shortcut to 4×4");
    assertThat(remedy(List.of(Layer.conv(8, 3, 2, 1, 1)), 9, 9))
        .isEqualTo("give the shortcut a projection of stride 2 to 1×8×5×5");
    assertThat(remedy(List.of(Layer.conv(8, 3, 2, 1, 1)), 9, 1))
        .isEqualTo("give the shortcut a projection of stride 2×1 to 1×8×5×1");
    assertThat(remedy(List.of(Layer.conv(3, 3, 1, 2, 1)), 9, 9))
        .isEqualTo("crop the body to 9×9 or pad the shortcut to 11×11");
    Layer across = new Conv(0, 3, Conv2d.Spec.of(3, 3).padding(0, 2), true);
    assertThat(remedy(List.of(across), 9, 9))
        .isEqualTo("give both branches the same height and width");
    assertThat(remedy(List.of(new Flatten(), new Linear(0, 5, true)), 2, 2))
        .isEqualTo("flatten both branches or neither");
    // what the first and the third remedy promise
    assertThat(remedy(List.of(Layer.conv(3, 3, 1, 1, 1)), 9, 9)).isEmpty();
    Layer halved = Layer.conv(3, 3, 2, 1, 1);
    assertThat(
            new Residual(List.of(halved), List.of(Layer.conv(3, 1, 2, 0, 1)))
                .problem(Shape.of(1, 3, 9, 9)))
        .isNull();
  }

  private static String remedy(List<Layer> body, int height, int width) {
    String problem = new Residual(body, List.of()).problem(Shape.of(1, 3, height, width));
    return problem == null ? "" : problem.substring(problem.indexOf("; ") + 2);
  }

  private static String bad(Layer layer) {
    String sentence = ShapeTrace.of(List.of(layer), Shape.of(1, 3, 9, 12)).sentence();
    return sentence == null ? "" : sentence;
  }
}
