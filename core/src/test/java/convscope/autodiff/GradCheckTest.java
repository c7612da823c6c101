package convscope.autodiff;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import convscope.linalg.ScalarGemm;
import convscope.op.Binary;
import convscope.op.ClassLabels;
import convscope.op.Concat;
import convscope.op.Conv1d;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.ElementLoss;
import convscope.op.GemmConv2d;
import convscope.op.GemmOp;
import convscope.op.PaddingMode;
import convscope.op.PoolSpec;
import convscope.op.Reduce;
import convscope.op.Reduction;
import convscope.op.Resize;
import convscope.op.Split;
import convscope.op.Unary;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every backward of every operator against differences, element by element, over awkward sizes: 1,
 * H ≠ W, kernels larger than the input, strides larger than the kernel, one channel per group.
 */
class GradCheckTest {
  private static final @Nullable Var NONE = null;

  private final Rng rng = new Rng(2024);
  private final List<String> failures = new ArrayList<>();
  private final Set<String> backwards = new TreeSet<>(); // class.method, as the checks name them
  private final Set<Object> functions = new HashSet<>(); // rows of the tables of functions
  private int elements; // moved
  private boolean listing; // names only, nothing moved

  @Test
  void everyBackwardAndEveryFunctionIsChecked() throws IllegalAccessException {
    listing = true;
    convolutions();
    convolutionsAsProducts();
    transposedConvolutions();
    columns();
    maximumPooling();
    averagePooling();
    padding();
    resizing();
    products();
    normalizations();
    functionsOfOneElement();
    functionsOfTwoElements();
    shapes();
    reductions();
    attention();
    tokensAndBoxes();
    softmaxes();
    classLosses();
    elementLosses();
    assertThat(backwards).isEqualTo(declaredBackwards());
    assertThat(functions).containsAll(declaredFunctions());
  }

  // The operators

  @Test
  void convolutions() {
    String all = "Conv2d.backward Conv2d.inputGradient Conv2d.weightGradient Conv2d.biasGradient";
    for (PaddingMode mode : PaddingMode.values()) {
      Conv2d.Spec spec = Conv2d.Spec.of(3, 2).padding(1, 2, 0, 1).stride(2, 1).mode(mode);
      conv(all, spec, any(2, 2, 3, 4), any(3, 2, 3, 2));
    }
    conv(all, Conv2d.Spec.of(1, 1), any(1, 1, 1, 1), any(1, 1, 1, 1));
    conv(all, Conv2d.Spec.of(5, 4).padding(2), any(1, 2, 2, 3), any(2, 2, 5, 4)); // kernel > input
    conv(all, Conv2d.Spec.of(2, 1).stride(3), any(2, 1, 6, 5), any(2, 1, 2, 1)); // stride > kernel
    conv(all, Conv2d.Spec.of(2, 2).dilation(2, 1).groups(2), any(1, 4, 4, 3), any(6, 2, 2, 2));
    conv(all, Conv2d.Spec.of(3, 3).padding(1).groups(3), any(1, 3, 3, 4), any(3, 1, 3, 3));
    conv(all, Conv2d.Spec.of(3, 3).padding(1).groups(2), any(2, 2, 1, 1), any(4, 1, 3, 3));
    check(
        "Conv2d.inputGradient",
        v -> v[0].conv2d(v[1], NONE, Conv2d.Spec.of(2, 2)),
        any(1, 1, 2, 3),
        any(1, 1, 2, 2));
    for (PaddingMode mode : PaddingMode.values()) {
      Conv1d.Spec spec = Conv1d.Spec.of(3).stride(2).padding(2, 1).dilation(2).groups(2).mode(mode);
      check(
          "Conv1d.backward",
          v -> v[0].conv1d(v[1], v[2], spec),
          any(2, 2, 6),
          any(4, 1, 3),
          any(4));
    }
    check(
        "Conv1d.backward",
        v -> v[0].conv1d(v[1], v[2], Conv1d.Spec.of(1).stride(3)),
        any(1, 1, 1),
        any(1, 1, 1),
        any(1));
    assertChecked(896);
  }

  private void conv(String backwards, Conv2d.Spec spec, Tensor x, Tensor weight) {
    check(backwards, v -> v[0].conv2d(v[1], v[2], spec), x, weight, any(weight.dim(0)));
  }

  @Test
  void convolutionsAsProducts() {
    String all = "FastConv2d.backward GemmConv2d.inputGradient GemmConv2d.weightGradient";
    for (PaddingMode mode : PaddingMode.values()) {
      asProduct(
          all,
          Conv2d.Spec.of(3, 2).padding(1, 2, 0, 1).stride(2, 1).mode(mode),
          any(2, 2, 3, 4),
          any(3, 2, 3, 2));
    }
    asProduct(all, Conv2d.Spec.of(1, 1), any(2, 3, 2, 3), any(2, 3, 1, 1)); // no columns needed
    asProduct(all, Conv2d.Spec.of(5, 4).padding(2), any(1, 2, 2, 3), any(2, 2, 5, 4));
    asProduct(all, Conv2d.Spec.of(3, 3).padding(1).groups(3), any(1, 3, 3, 4), any(3, 1, 3, 3));
    assertChecked(552);
  }

  private void asProduct(String backwards, Conv2d.Spec spec, Tensor x, Tensor weight) {
    GemmConv2d fast = new GemmConv2d(new ScalarGemm());
    check(
        backwards,
        v ->
            v[0].tape()
                .record(
                    "Conv2d",
                    fast.forward(v[0].value(), v[1].value(), v[2].value(), spec),
                    Tape.edge(v[0], dy -> fast.backward(dy, x, weight, spec).dx()),
                    Tape.edge(v[1], dy -> fast.backward(dy, x, weight, spec).dWeight()),
                    Tape.edge(v[2], dy -> fast.backward(dy, x, weight, spec).dBias())),
        x,
        weight,
        any(weight.dim(0)));
  }

  @Test
  void transposedConvolutions() {
    transposed(Conv2d.Spec.of(1, 1), 0, any(1, 1, 1, 1), any(1, 1, 1, 1));
    transposed(Conv2d.Spec.of(3, 2).stride(2).padding(1, 0), 1, any(2, 2, 2, 3), any(2, 3, 3, 2));
    transposed(Conv2d.Spec.of(2, 3).dilation(2, 1).groups(2), 0, any(1, 4, 3, 2), any(4, 2, 2, 3));
    transposed(Conv2d.Spec.of(1, 2).stride(3).groups(2), 2, any(1, 2, 2, 1), any(2, 1, 1, 2));
    transposed(Conv2d.Spec.of(4, 3).padding(2, 1), 0, any(1, 1, 2, 3), any(1, 2, 4, 3));
    assertChecked(184);
  }

  private void transposed(Conv2d.Spec window, int outputPadding, Tensor x, Tensor weight) {
    ConvTranspose2d.Spec spec = ConvTranspose2d.Spec.of(window).outputPadding(outputPadding);
    check(
        "ConvTranspose2d.backward",
        v -> v[0].convTranspose2d(v[1], v[2], spec),
        x,
        weight,
        any(weight.dim(1) * window.groups()));
  }

  @Test
  void columns() {
    Conv2d.Spec spec = Conv2d.Spec.of(3, 2).stride(1, 2).padding(1, 1, 0, 2).dilation(1, 2);
    check("Im2col.backward", v -> v[0].im2col(spec), any(2, 2, 3, 4));
    check("Im2col.backward", v -> v[0].im2col(Conv2d.Spec.of(1, 1)), any(1, 1, 1, 1));
    check(
        "Im2col.backward",
        v -> v[0].im2col(Conv2d.Spec.of(2, 2).padding(1).mode(PaddingMode.REFLECT)),
        any(1, 1, 2, 3));
    Shape image = Shape.of(2, 2, 3, 4);
    int cells = spec.outputHeight(3) * spec.outputWidth(4);
    check("Im2col.col2imBackward", v -> v[0].col2im(image, spec), any(2, 12, cells));
    assertChecked(199);
  }

  @Test
  void maximumPooling() {
    String max = "MaxPool2d.backward";
    check(max, v -> v[0].maxPool2d(PoolSpec.of(2, 2).stride(2)), apart(2, 2, 4, 5));
    check(max, v -> v[0].maxPool2d(PoolSpec.of(3, 2).padding(1, 1, 1, 0)), apart(1, 2, 3, 4));
    check(
        max,
        v -> v[0].maxPool2d(PoolSpec.of(2, 2).dilation(2).ceil(true).stride(2)),
        apart(1, 1, 6, 4));
    check(max, v -> v[0].maxPool2d(PoolSpec.of(1, 1).stride(3)), apart(1, 1, 4, 1));
    check(max, v -> v[0].adaptiveMaxPool2d(2, 3), apart(2, 1, 5, 4));
    check(max, v -> v[0].globalMaxPool(), apart(2, 3, 2, 3));
    check(max, v -> v[0].globalMaxPool(), apart(2, 3, 5));
    check(
        "MaxUnpool.backward",
        v -> v[0].maxUnpool(new int[] {5, 0, 17, 12}, Shape.of(1, 2, 3, 3)),
        any(1, 2, 1, 2));
    assertChecked(242);
  }

  @Test
  void averagePooling() {
    String average = "AveragePool2d.backward";
    for (boolean counted : new boolean[] {false, true}) {
      check(
          average, v -> v[0].averagePool2d(PoolSpec.of(2, 2).stride(2), counted), any(2, 2, 4, 5));
      check(
          average,
          v ->
              v[0].averagePool2d(
                  PoolSpec.of(3, 2).padding(1, 1, 1, 0).ceil(true).stride(2), counted),
          any(1, 2, 4, 5));
      check(
          average, v -> v[0].averagePool2d(PoolSpec.of(1, 1).stride(3), counted), any(1, 1, 4, 1));
    }
    check("AdaptivePool2d.averageBackward", v -> v[0].adaptiveAveragePool2d(2, 3), any(2, 1, 5, 4));
    check("AdaptivePool2d.averageBackward", v -> v[0].adaptiveAveragePool2d(3, 1), any(1, 2, 2, 3));
    check("GlobalPool.averageBackward", v -> v[0].globalAveragePool(), any(2, 3, 2, 3));
    check("GlobalPool.averageBackward", v -> v[0].globalAveragePool(), any(1, 2, 4));
    check("BlurPool2d.backward", v -> v[0].blurPool2d(3, 2), any(1, 2, 5, 4));
    check("BlurPool2d.backward", v -> v[0].blurPool2d(5, 1), any(1, 1, 4, 6));
    assertChecked(408);
  }

  @Test
  void padding() {
    for (PaddingMode mode : PaddingMode.values()) {
      check(
          "Pad.backward",
          v -> v[0].pad(new int[] {0, 0, 1, 2}, new int[] {0, 0, 2, 0}, mode, 3),
          any(1, 2, 3, 4));
    }
    check(
        "Pad.backward",
        v -> v[0].pad(new int[] {0, -1}, new int[] {1, -1}, PaddingMode.ZEROS, 0),
        any(2, 5));
    assertChecked(106);
  }

  @Test
  void resizing() {
    String along = "Resize.backward";
    for (boolean antialias : new boolean[] {false, true}) {
      check(
          along,
          v ->
              v[0].resize(
                  2, Resize.Axis.linear(5, 3, 0.6, Resize.Coordinates.HALF_PIXEL, antialias)),
          any(1, 2, 5, 2));
      check(
          along,
          v ->
              v[0].resize(
                  3,
                  Resize.Axis.cubic(
                      3, 7, 7.0 / 3, Resize.Coordinates.ALIGN_CORNERS, antialias, -0.75, true)),
          any(1, 1, 2, 3));
    }
    check(
        along,
        v ->
            v[0].resize(
                2,
                Resize.Axis.nearest(
                    2, 5, 2.5, Resize.Coordinates.ASYMMETRIC, Resize.Nearest.FLOOR)),
        any(1, 2, 2, 3));
    check("Resize.nearestUpsampleBackward", v -> v[0].nearestUpsample(2), any(2, 1, 2, 3));
    check("Resize.nearestUpsampleBackward", v -> v[0].nearestUpsample(3), any(1, 2, 1, 1));
    check("Resize.bilinearUpsampleBackward", v -> v[0].bilinearUpsample(2), any(1, 2, 2, 3));
    for (boolean depthFirst : new boolean[] {false, true}) {
      check("DepthToSpace.back", v -> v[0].depthToSpace(2, depthFirst), any(1, 8, 1, 2));
      check("DepthToSpace.back", v -> v[0].spaceToDepth(2, depthFirst), any(1, 2, 4, 2));
    }
    assertChecked(154);
  }

  @Test
  void products() {
    check("Linear.backward", v -> v[0].linear(v[1], v[2]), any(3, 4), any(2, 4), any(2));
    check("Linear.backward", v -> v[0].linear(v[1], v[2]), any(2, 3, 4), any(5, 4), any(5));
    check("Linear.backward", v -> v[0].linear(v[1], NONE), any(1, 1), any(1, 1));
    check("MatMul.backward", v -> v[0].matMul(v[1]), any(3, 4), any(4, 2));
    check("MatMul.backward", v -> v[0].matMul(v[1]), any(2, 1, 3, 4), any(3, 4, 2));
    check("MatMul.backward", v -> v[0].matMul(v[1]), any(4), any(2, 4, 3));
    check("MatMul.backward", v -> v[0].matMul(v[1]), any(2, 3, 4), any(4));
    check("MatMul.backward", v -> v[0].matMul(v[1]), any(1, 1), any(1, 1));
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        GemmOp.Spec spec = new GemmOp.Spec(0.5, -2, ta, tb);
        Tensor a = ta ? any(3, 2) : any(2, 3);
        Tensor b = tb ? any(4, 3) : any(3, 4);
        check("GemmOp.backward", v -> v[0].gemm(v[1], v[2], spec), a, b, any(2, 4));
        check("GemmOp.backward", v -> v[0].gemm(v[1], v[2], spec), a, b, any(2, 1));
      }
    }
    check("GemmOp.backward", v -> v[0].gemm(v[1], NONE, GemmOp.Spec.PLAIN), any(1, 1), any(1, 1));
    assertChecked(385);
  }

  @Test
  void normalizations() {
    // far apart, since the slope of 1/σ changes fast where σ is small
    String train = "BatchNorm2d.trainBackward";
    check(train, v -> v[0].batchNorm2d(v[1], v[2], 1e-5), apart(2, 3, 2, 3), any(3), any(3));
    check(train, v -> v[0].batchNorm2d(v[1], v[2], 1e-5), apart(5, 2), any(2), any(2));
    check(train, v -> v[0].batchNorm2d(NONE, NONE, 1e-5), apart(1, 2, 1, 4));
    for (Tensor x : new Tensor[] {apart(2, 2, 2, 3), apart(1, 2, 1, 1)}) {
      Tensor mean = any(2);
      Tensor variance = positive(2);
      check(
          "BatchNorm2d.evaluateBackward",
          v -> v[0].batchNorm2d(v[1], v[2], mean, variance, 1e-5),
          x,
          any(2),
          any(2));
    }
    String layer = "LayerNorm.backward";
    check(layer, v -> v[0].layerNorm(-1, v[1], v[2], 1e-5), apart(2, 3, 4), any(4), any(4));
    check(layer, v -> v[0].layerNorm(1, v[1], v[2], 1e-5), apart(2, 3, 2), any(3, 2), any(3, 2));
    check(layer, v -> v[0].layerNorm(-1, NONE, NONE, 1e-5), apart(3, 4));
    String group = "GroupNorm.backward";
    check(group, v -> v[0].groupNorm(2, v[1], v[2], 1e-5), apart(2, 4, 2, 3), any(4), any(4));
    check(group, v -> v[0].groupNorm(1, v[1], v[2], 1e-5), apart(1, 3, 1, 2), any(3), any(3));
    String instance = "InstanceNorm.backward";
    check(instance, v -> v[0].instanceNorm(v[1], v[2], 1e-5), apart(2, 2, 2, 3), any(2), any(2));
    check(instance, v -> v[0].instanceNorm(NONE, NONE, 1e-5), apart(1, 2, 5));
    check("RmsNorm.backward", v -> v[0].rmsNorm(-1, v[1], 1e-5), apart(2, 3, 4), any(4));
    check("RmsNorm.backward", v -> v[0].rmsNorm(1, NONE, 1e-5), apart(2, 3, 2));
    check("Dropout.backward", v -> v[0].dropout(0.4, 7), any(4, 5));
    assertChecked(332);
  }

  @Test
  void functionsOfOneElement() throws IllegalAccessException {
    for (Object row : rows(Unary.class)) {
      Unary function = (Unary) row;
      boolean half = function == Unary.LOG || function == Unary.SQRT;
      unary(function, half ? positive(2, 5) : apart(3, 7));
    }
    unary(Unary.leakyRelu(0.1), apart(3, 4));
    unary(Unary.elu(1.5), apart(3, 4));
    unary(Unary.hardSigmoid(0.2, 0.5), apart(5, 8));
    unary(Unary.clip(-1, 1.5), apart(5, 4));
    unary(Unary.clip(Double.NEGATIVE_INFINITY, 0), apart(4));
    check("PRelu.backward", v -> v[0].prelu(v[1]), apart(2, 3, 2, 1), any(3, 1, 1));
    check("PRelu.backward", v -> v[0].prelu(v[1]), apart(1), any(1));
    assertChecked(398);
  }

  private void unary(Unary function, Tensor x) {
    functions.add(function);
    check("Unary.backward", v -> v[0].apply(function), x);
  }

  @Test
  void functionsOfTwoElements() throws IllegalAccessException {
    for (Object row : rows(Binary.class)) {
      Binary function = (Binary) row;
      functions.add(function);
      check("Binary.backward", v -> v[0].apply(function, v[1]), positive(2, 3), positive(2, 3));
      check("Binary.backward", v -> v[0].apply(function, v[1]), positive(2, 1, 3), positive(4, 1));
      check("Binary.backward", v -> v[0].apply(function, v[1]), positive(1), positive());
      check("Binary.backward", v -> v[0].apply(function, v[0]), positive(4)); // one operand twice
    }
    check("Broadcast.backward", v -> v[0].broadcast(Shape.of(2, 3, 2)), any(3, 1));
    check("Broadcast.backward", v -> v[0].broadcast(Shape.of(2, 2)), any());
    assertChecked(144);
  }

  @Test
  void shapes() {
    check("Reshape.backward", v -> v[0].reshape(Shape.of(3, 4)), any(2, 3, 2));
    check("Reshape.backward", v -> v[0].flatten(), any(2, 3, 1, 2));
    check("Transpose.backward", v -> v[0].transpose(2, 0, 1), any(2, 3, 4));
    check("Transpose.backward", v -> v[0].transpose(0, 2, 1, 3), any(1, 2, 3, 2));
    check(
        "Concat.backward",
        v -> Var.concat(1, v[0], v[1], v[2]),
        any(2, 1, 2),
        any(2, 3, 2),
        any(2, 2, 2));
    check("Concat.backward", v -> Var.concat(-1, v[0], v[0]), any(2, 3)); // one operand twice
    check("SliceAxis.backward", v -> v[0].slice(1, 1, 6, 2), any(2, 6));
    check("SliceAxis.backward", v -> v[0].slice(0, -1, -5, -2), any(4, 2));
    check("SliceAxis.backward", v -> product(v[0].split(-1, 2, 2)), any(3, 4));
    check(
        "Split.backward",
        v ->
            v[0].tape()
                .record(
                    "Split",
                    Concat.forward(1, Split.forward(v[0].value(), 1, 2, 3)),
                    Tape.edge(v[0], dy -> Split.backward(1, Concat.backward(dy, 1, 2, 3)))),
        any(2, 5, 2));
    check(
        "Gather.backward", v -> v[0].gather(new int[] {3, 0, 3, -1}, Shape.of(2, 2), 0), any(4, 3));
    check("Gather.backward", v -> v[0].gather(new int[] {1}, Shape.of(1), 1), any(2, 3, 2));
    assertChecked(166);
  }

  private static Var product(Var... parts) {
    return parts[0].times(parts[1]);
  }

  @Test
  void reductions() {
    for (Reduce how : Reduce.values()) {
      check("Reduce.backward", v -> v[0].reduce(how, false, 2, 3), apart(2, 2, 2, 3));
      check("Reduce.backward", v -> v[0].reduce(how, true, -2), apart(2, 3, 2));
      check("Reduce.backward", v -> v[0].reduce(how, false), apart(3, 4));
      check("Reduce.backward", v -> v[0].reduce(how, true, 0), apart(1, 3));
    }
    check("Reduce.backward", v -> v[0].sum(), any(2, 3));
    check("Reduce.backward", v -> v[0].mean(), any(2, 3));
    assertChecked(216);
  }

  @Test
  void attention() {
    Tensor mask = Tensor.of(new float[] {0, 1, Float.NEGATIVE_INFINITY, -0.5f, 0, 2}, 2, 3);
    String attention = "Attention.backward";
    for (boolean causal : new boolean[] {false, true}) {
      check(
          attention,
          v -> v[0].attention(v[1], v[2], null, causal),
          any(2, 3, 4),
          any(2, 3, 4),
          any(2, 3, 2));
      check(
          attention,
          v -> v[0].attention(v[1], v[2], mask, causal),
          any(2, 2, 2, 1),
          any(2, 2, 3, 1),
          any(2, 2, 3, 2));
      check(
          "MultiHeadAttention.backward",
          v -> v[0].multiHeadAttention(v[1], v[2], v[3], v[4], 2, null, causal),
          any(2, 3, 4),
          any(12, 4),
          any(12),
          any(4, 4),
          any(4));
    }
    check(
        "MultiHeadAttention.backward",
        v -> v[0].multiHeadAttention(v[1], NONE, v[2], NONE, 3, null, false),
        any(1, 2, 3),
        any(9, 3),
        any(3, 3));
    assertChecked(458);
  }

  @Test
  void tokensAndBoxes() {
    String patch = "PatchEmbedding.backward";
    check(patch, v -> v[0].patchEmbedding(v[1], v[2]), any(2, 2, 5, 4), any(3, 2, 2, 2), any(3));
    check(patch, v -> v[0].patchEmbedding(v[1], NONE), any(1, 1, 1, 2), any(1, 1, 1, 1));
    check(
        "TokenEmbedding.backward",
        v -> v[0].tokenEmbedding(v[1], v[2]),
        any(2, 3, 4),
        any(4),
        any(4, 4));
    Tensor anchors = Tensor.of(new float[] {0, 0, 2, 1, -1, 3, 2, 4}, 2, 4);
    check("BoxDecoding.backward", v -> v[0].decodedBoxes(anchors), any(2, 4));
    assertChecked(162);
  }

  @Test
  void softmaxes() {
    check("Softmax.backward", v -> v[0].softmax(1), any(2, 4, 3));
    check("Softmax.backward", v -> v[0].softmax(-1), any(3, 1));
    check("LogSoftmax.backward", v -> v[0].logSoftmax(1), any(2, 4, 3));
    check("LogSoftmax.backward", v -> v[0].logSoftmax(0), any(5));
    assertChecked(56);
  }

  @Test
  void classLosses() {
    int[] labels = {2, 0, 3, 1, 2, 2};
    for (Reduction reduction : Reduction.values()) {
      for (ClassLabels each :
          new ClassLabels[] {
            ClassLabels.MEAN,
            ClassLabels.MEAN.weights(positive(4)),
            ClassLabels.MEAN.ignore(2),
            ClassLabels.MEAN.smooth(0.2).weights(positive(4)).ignore(0)
          }) {
        ClassLabels spec = each.reduce(reduction);
        check("CrossEntropy.backward", v -> v[0].crossEntropy(labels, spec), any(6, 4));
        check("CrossEntropy.backward", v -> v[0].crossEntropy(labels, spec), any(2, 4, 1, 3));
        if (spec.smoothing() == 0) {
          check(
              "NegativeLogLikelihood.backward",
              v -> v[0].negativeLogLikelihood(labels, spec),
              any(2, 4, 3));
        }
      }
    }
    assertChecked(792);
  }

  @Test
  void elementLosses() throws IllegalAccessException {
    for (Object row : rows(ElementLoss.class)) {
      functions.add(row);
      elementLoss((ElementLoss) row);
    }
    elementLoss(ElementLoss.smoothL1(0.75));
    elementLoss(ElementLoss.huber(0.75));
    assertChecked(180);
  }

  private void elementLoss(ElementLoss loss) {
    for (Reduction reduction : Reduction.values()) {
      // x and target differ by odd multiples of 1/8, so no kink at a multiple of 1/4 is near
      Tensor x = apart(2, 3);
      Tensor target = Tensor.of(new float[] {-2, 3.75f, 0.25f, 1.5f, -0.5f, 0.75f}, 2, 3);
      check("ElementLoss.backward", v -> v[0].loss(loss, v[1], reduction), x, target);
    }
  }

  // The machinery

  /** Moves every element of every operand; {@code methods} are the backward methods that run. */
  private void check(String methods, GradCheck.Function function, Tensor... operands) {
    backwards.addAll(List.of(methods.split(" ")));
    if (listing) {
      return;
    }
    int size = 0;
    for (Tensor operand : operands) {
      size += operand.size();
    }
    GradCheck.Report report = GradCheck.check(function, operands);
    if (!report.passes() || report.checked() != size) {
      failures.add(methods + " " + shapes(operands) + ": " + report);
    }
    elements += report.checked();
  }

  private void assertChecked(int count) {
    if (!listing) {
      assertThat(failures).isEmpty();
      assertThat(elements).as("elements checked").isEqualTo(count);
    }
  }

  private static String shapes(Tensor... operands) {
    StringBuilder list = new StringBuilder();
    for (Tensor operand : operands) {
      list.append(list.length() == 0 ? "" : ", ").append(operand.shape());
    }
    return list.toString();
  }

  /** Every public method of package op that gives gradients. */
  private static Set<String> declaredBackwards() {
    Set<String> methods = new TreeSet<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("convscope.op")) {
      for (JavaMethod method : type.getMethods()) {
        if (method.getModifiers().contains(JavaModifier.PUBLIC)
            && !method.getModifiers().contains(JavaModifier.ABSTRACT)
            && method.getName().matches("back|.*[bB]ackward|.*Gradient")) {
          methods.add(type.getSimpleName() + "." + method.getName());
        }
      }
    }
    return methods;
  }

  private static List<Object> declaredFunctions() throws IllegalAccessException {
    List<Object> all = new ArrayList<>();
    for (Class<?> table : List.of(Unary.class, Binary.class, ElementLoss.class)) {
      all.addAll(rows(table));
    }
    return all;
  }

  /** The constants of a table of functions. */
  private static List<Object> rows(Class<?> table) throws IllegalAccessException {
    List<Object> rows = new ArrayList<>();
    for (Field field : table.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == table) {
        rows.add(field.get(null));
      }
    }
    assertThat(rows).isNotEmpty();
    return rows;
  }

  private Tensor any(int... dims) {
    return rng.gaussian(1, dims);
  }

  /** At least 1/2 from 0. */
  private Tensor positive(int... dims) {
    return rng.uniform(0.5f, 2, dims);
  }

  /** Odd multiples of 1/8, all different: no tie and no kink at a multiple of 1/4 is near. */
  private Tensor apart(int... dims) {
    Tensor x = Tensor.zeros(dims);
    int[] order = rng.permutation(x.size());
    for (int i = 0; i < order.length; i++) {
      x.data()[i] = (order[i] - order.length / 2) / 4f + 0.125f;
    }
    return x;
  }
}
