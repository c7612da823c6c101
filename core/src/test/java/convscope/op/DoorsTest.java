package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.linalg.ScalarGemm;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every way into an operator, forward and backward, has its check: operands that do not go together
 * are refused in a sentence before anything is indexed. The sentences themselves are tested with
 * each operator's {@code problem(…)}.
 */
class DoorsTest {
  private static final @Nullable Tensor NONE = null;
  private static final Tensor WRONG = z(7); // no operator's gradient, image or weight
  private static final Conv2d.Spec TWO = Conv2d.Spec.of(2, 2);
  private static final PoolSpec POOL = PoolSpec.of(2, 2);
  private static final PoolSpec LARGE = PoolSpec.of(9, 9);
  private static final Tensor IMAGE = z(1, 2, 4, 4);
  private static final Tensor KERNEL = z(3, 2, 2, 2);
  private static final Tensor OTHER_KERNEL = z(3, 5, 2, 2); // reads five channels

  private int refused;

  private static Tensor z(int... dims) {
    return Tensor.zeros(dims);
  }

  private void refuses(String operation, ThrowingCallable... calls) {
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(operation + ": ")
          .hasMessageContaining("; ");
      refused++;
    }
  }

  @Test
  void convolutions() {
    Tensor dy = z(1, 3, 3, 3);
    refuses(
        "Conv2d",
        () -> Conv2d.forward(IMAGE, OTHER_KERNEL, NONE, TWO),
        () -> Conv2d.inputGradient(dy, OTHER_KERNEL, IMAGE.shape(), TWO),
        () -> Conv2d.inputGradient(WRONG, KERNEL, IMAGE.shape(), TWO),
        () -> Conv2d.weightGradient(dy, IMAGE, OTHER_KERNEL.shape(), TWO),
        () -> Conv2d.weightGradient(WRONG, IMAGE, KERNEL.shape(), TWO),
        () -> Conv2d.biasGradient(WRONG));
    GemmConv2d fast = new GemmConv2d(new ScalarGemm());
    refuses(
        "Conv2d",
        () -> fast.forward(IMAGE, OTHER_KERNEL, NONE, TWO),
        () -> fast.inputGradient(dy, OTHER_KERNEL, IMAGE.shape(), TWO),
        () -> fast.inputGradient(WRONG, KERNEL, IMAGE.shape(), TWO),
        () -> fast.weightGradient(dy, IMAGE, OTHER_KERNEL.shape(), TWO),
        () -> fast.weightGradient(WRONG, IMAGE, KERNEL.shape(), TWO));
    Conv1d.Spec signal = Conv1d.Spec.of(2);
    refuses(
        "Conv1d",
        () -> Conv1d.forward(z(1, 2, 4), z(3, 5, 2), NONE, signal),
        () -> Conv1d.backward(z(1, 3, 3), z(1, 2, 4), z(3, 5, 2), signal),
        () -> Conv1d.backward(WRONG, z(1, 2, 4), z(3, 2, 2), signal),
        () -> Conv1d.backward(z(1, 3, 7), z(1, 2, 4), z(3, 2, 2), signal));
    ConvTranspose2d.Spec transposed = ConvTranspose2d.Spec.of(TWO);
    refuses(
        "ConvTranspose2d",
        () -> ConvTranspose2d.forward(IMAGE, OTHER_KERNEL, NONE, transposed),
        () -> ConvTranspose2d.backward(z(1, 5, 5, 5), IMAGE, OTHER_KERNEL, transposed),
        () -> ConvTranspose2d.backward(WRONG, IMAGE, z(2, 3, 2, 2), transposed));
    refuses(
        "Im2col",
        () -> Im2col.forward(WRONG, TWO),
        () -> Im2col.forward(IMAGE, Conv2d.Spec.of(9, 9)),
        () -> Im2col.backward(WRONG, IMAGE.shape(), TWO),
        () -> Im2col.backward(WRONG, WRONG.shape(), TWO),
        () -> Im2col.backward(WRONG, IMAGE.shape(), Conv2d.Spec.of(9, 9)));
    refuses(
        "Col2im",
        () -> Im2col.col2im(WRONG, IMAGE.shape(), TWO),
        () -> Im2col.col2imBackward(WRONG, TWO),
        () -> Im2col.col2imBackward(IMAGE, Conv2d.Spec.of(9, 9)));
    assertThat(refused).isEqualTo(26);
  }

  @Test
  void pooling() {
    refuses(
        "MaxPool2d",
        () -> MaxPool2d.forward(WRONG, POOL),
        () -> MaxPool2d.forward(IMAGE, LARGE),
        () -> MaxPool2d.backward(WRONG, new int[3], IMAGE.shape()));
    refuses(
        "MaxUnpool",
        () -> MaxUnpool.forward(z(1, 1, 1, 2), new int[] {0}, Shape.of(1, 1, 2, 2)),
        () -> MaxUnpool.forward(z(1, 1, 1, 1), new int[] {4}, Shape.of(1, 1, 2, 2)),
        () -> MaxUnpool.forward(z(1, 1, 1, 1), new int[] {-1}, Shape.of(1, 1, 2, 2)),
        () -> MaxUnpool.backward(z(1, 1, 2, 2), new int[] {4}, Shape.of(1, 1, 1, 1)));
    refuses(
        "AveragePool2d",
        () -> AveragePool2d.forward(WRONG, POOL, true),
        () -> AveragePool2d.forward(IMAGE, LARGE, true),
        () -> AveragePool2d.backward(z(1, 2, 3, 3), WRONG.shape(), POOL, true),
        () -> AveragePool2d.backward(z(1, 2, 3, 3), IMAGE.shape(), LARGE, true),
        () -> AveragePool2d.backward(WRONG, IMAGE.shape(), POOL, true));
    refuses(
        "AdaptivePool2d",
        () -> AdaptivePool2d.average(WRONG, 1, 1),
        () -> AdaptivePool2d.average(IMAGE, 0, 1),
        () -> AdaptivePool2d.averageBackward(WRONG, IMAGE.shape()),
        () -> AdaptivePool2d.averageBackward(z(1, 2, 1, 1), WRONG.shape()),
        () -> AdaptivePool2d.averageBackward(z(1, 3, 1, 1), IMAGE.shape()),
        () -> AdaptivePool2d.max(WRONG, 1, 1),
        () -> AdaptivePool2d.max(IMAGE, 1, 0));
    refuses(
        "GlobalPool",
        () -> GlobalPool.average(WRONG),
        () -> GlobalPool.average(z(1, 2, 0)),
        () -> GlobalPool.averageBackward(WRONG, IMAGE.shape()),
        () -> GlobalPool.max(WRONG));
    refuses(
        "BlurPool2d",
        () -> BlurPool2d.forward(WRONG, 3, 2),
        () -> BlurPool2d.forward(IMAGE, 0, 2),
        () -> BlurPool2d.forward(IMAGE, 8, 2),
        () -> BlurPool2d.forward(IMAGE, 3, 0),
        () -> BlurPool2d.backward(IMAGE, WRONG.shape(), 3, 2),
        () -> BlurPool2d.backward(IMAGE, IMAGE.shape(), 3, 0),
        () -> BlurPool2d.backward(WRONG, IMAGE.shape(), 3, 2));
    assertThat(refused).isEqualTo(30);
  }

  @Test
  void paddingAndResizing() {
    int[] one = {1};
    refuses(
        "Pad",
        () -> Pad.forward(IMAGE, one, one, PaddingMode.ZEROS, 0),
        () -> Pad.backward(z(6), IMAGE.shape(), one, one, PaddingMode.ZEROS),
        () -> Pad.backward(z(6), Shape.of(3), one, one, PaddingMode.ZEROS));
    Resize.Coordinates half = Resize.Coordinates.HALF_PIXEL;
    refuses(
        "Resize",
        () -> Resize.Axis.nearest(0, 2, 1, half, Resize.Nearest.FLOOR),
        () -> Resize.Axis.nearest(2, 0, 1, half, Resize.Nearest.FLOOR),
        () -> Resize.Axis.nearest(0, new double[] {0}, Resize.Nearest.FLOOR),
        () -> Resize.Axis.linear(0, 2, 1, half, false),
        () -> Resize.Axis.linear(0, new double[] {0}),
        () -> Resize.Axis.cubic(0, 2, 1, half, false, -0.75, false),
        () -> Resize.forward(IMAGE, 2, Resize.Axis.linear(5, 3, 0.6, half, false)),
        () -> Resize.backward(IMAGE, 2, Resize.Axis.linear(5, 3, 0.6, half, false)),
        () -> Resize.nearestUpsample(WRONG, 2),
        () -> Resize.nearestUpsample(IMAGE, 0),
        () -> Resize.bilinearUpsample(WRONG, 2),
        () -> Resize.bilinearUpsample(IMAGE, 0));
    refuses("DepthToSpace", () -> DepthToSpace.forward(IMAGE, 2, true));
    refuses("SpaceToDepth", () -> DepthToSpace.back(IMAGE, 3, true));
    assertThat(refused).isEqualTo(17);
  }

  @Test
  void products() {
    refuses(
        "Linear",
        () -> Linear.forward(z(2, 3), z(4, 5), NONE),
        () -> Linear.forward(z(2, 3), z(4, 3), z(5)),
        () -> Linear.backward(z(2, 4), z(2, 3), z(4, 5)),
        () -> Linear.backward(z(2, 5), z(2, 3), z(4, 3)));
    refuses(
        "MatMul",
        () -> MatMul.forward(z(2, 3), z(4, 5)),
        () -> MatMul.backward(z(2, 5), z(2, 3), z(4, 5)),
        () -> MatMul.backward(z(2, 4), z(2, 3), z(3, 5)));
    GemmOp.Spec plain = GemmOp.Spec.PLAIN;
    refuses(
        "Gemm",
        () -> GemmOp.forward(z(2, 3), z(4, 5), NONE, plain),
        () -> GemmOp.forward(z(2, 3), z(3, 5), z(4), plain),
        () -> GemmOp.backward(z(2, 5), z(2, 3), z(4, 5), null, plain),
        () -> GemmOp.backward(z(2, 4), z(2, 3), z(3, 5), null, plain));
    assertThat(refused).isEqualTo(11);
  }

  @Test
  void elements() {
    refuses("ReLU", () -> Unary.RELU.backward(z(2), z(3)));
    refuses(
        "Add",
        () -> Binary.ADD.forward(z(2), z(3)),
        () -> Binary.ADD.backward(z(3), z(2), z(3)),
        () -> Binary.ADD.backward(z(2), z(3), z(3)));
    refuses(
        "PReLU",
        () -> PRelu.forward(z(3), z(2, 3)),
        () -> PRelu.backward(z(2, 3), z(3), z(2, 3)),
        () -> PRelu.backward(z(2), z(3), z(1)));
    refuses(
        "Broadcast",
        () -> Broadcast.forward(z(3), Shape.of(2)),
        () -> Broadcast.forward(z(3), Shape.of(1)),
        () -> Broadcast.backward(z(2), Shape.of(3)));
    assertThat(refused).isEqualTo(10);
  }

  @Test
  void normalizations() {
    Tensor x = z(2, 3, 2, 2);
    refuses(
        "BatchNorm2d",
        () -> BatchNorm2d.statistics(WRONG),
        () -> BatchNorm2d.train(x, z(2), NONE, 1e-5),
        () -> BatchNorm2d.train(x, NONE, z(2), 1e-5),
        () -> BatchNorm2d.train(x, NONE, NONE, -1),
        () -> BatchNorm2d.evaluate(x, z(2), NONE, z(3), z(3), 1e-5),
        () -> BatchNorm2d.evaluate(x, NONE, NONE, z(2), z(3), 1e-5),
        () -> BatchNorm2d.evaluate(x, NONE, NONE, z(3), z(2), 1e-5),
        () -> BatchNorm2d.trainBackward(x, x, z(2), 1e-5),
        () -> BatchNorm2d.trainBackward(WRONG, x, NONE, 1e-5),
        () -> BatchNorm2d.evaluateBackward(x, x, z(2), z(3), z(3), 1e-5),
        () -> BatchNorm2d.updated(z(2), z(3), 0.1),
        () -> BatchNorm2d.updated(z(3), z(3), 1.1));
    refuses(
        "LayerNorm",
        () -> LayerNorm.forward(x, 4, NONE, NONE, 1e-5),
        () -> LayerNorm.forward(x, -1, z(3), NONE, 1e-5),
        () -> LayerNorm.statistics(x, 4, 1e-5),
        () -> LayerNorm.statistics(x, -1, -1),
        () -> LayerNorm.backward(x, x, -1, z(3), 1e-5),
        () -> LayerNorm.backward(WRONG, x, -1, NONE, 1e-5));
    refuses(
        "GroupNorm",
        () -> GroupNorm.forward(x, 2, NONE, NONE, 1e-5),
        () -> GroupNorm.backward(x, x, 2, NONE, 1e-5),
        () -> GroupNorm.backward(WRONG, x, 3, NONE, 1e-5));
    refuses(
        "InstanceNorm",
        () -> InstanceNorm.forward(x, z(2), NONE, 1e-5),
        () -> InstanceNorm.backward(x, x, z(2), 1e-5),
        () -> InstanceNorm.backward(WRONG, x, NONE, 1e-5));
    refuses(
        "RmsNorm",
        () -> RmsNorm.forward(x, -1, z(3), 1e-5),
        () -> RmsNorm.backward(x, x, -1, z(3), 1e-5),
        () -> RmsNorm.backward(WRONG, x, -1, NONE, 1e-5));
    refuses(
        "Dropout",
        () -> Dropout.forward(x, 1.5, 1),
        () -> Dropout.backward(x, x, 1.5),
        () -> Dropout.backward(WRONG, x, 0.5));
    assertThat(refused).isEqualTo(30);
  }

  @Test
  void losses() {
    Tensor scores = z(2, 3);
    int[] labels = {0, 2};
    int[] wrong = {0, 3};
    ClassLabels mean = ClassLabels.MEAN;
    refuses(
        "CrossEntropy",
        () -> CrossEntropy.forward(scores, wrong, mean),
        () -> CrossEntropy.backward(z(), scores, wrong, mean),
        () -> CrossEntropy.backward(z(2), scores, labels, mean));
    refuses(
        "NegativeLogLikelihood",
        () -> NegativeLogLikelihood.forward(scores, wrong, mean),
        () -> NegativeLogLikelihood.backward(z(), scores, wrong, mean),
        () -> NegativeLogLikelihood.backward(z(2), scores, labels, mean));
    refuses(
        "MSELoss",
        () -> ElementLoss.MSE.forward(z(2), z(3), Reduction.MEAN),
        () -> ElementLoss.MSE.backward(z(), z(2), z(3), Reduction.MEAN),
        () -> ElementLoss.MSE.backward(z(3), z(2), z(2), Reduction.NONE),
        () -> ElementLoss.MSE.backward(z(2), z(2), z(2), Reduction.SUM));
    refuses("SmoothL1Loss", () -> ElementLoss.smoothL1(-1));
    refuses("HuberLoss", () -> ElementLoss.huber(0));
    refuses(
        "Softmax",
        () -> Softmax.forward(scores, 2),
        () -> Softmax.backward(scores, scores, 2),
        () -> Softmax.backward(WRONG, scores, 1));
    refuses(
        "LogSoftmax",
        () -> LogSoftmax.forward(scores, 2),
        () -> LogSoftmax.backward(scores, scores, 2),
        () -> LogSoftmax.backward(WRONG, scores, 1));
    assertThat(refused).isEqualTo(18);
  }

  @Test
  void shapes() {
    Tensor x = z(2, 3);
    int[] indices = {0, 2};
    Shape two = Shape.of(2);
    refuses(
        "Concat",
        () -> Concat.forward(0, x, z(2, 4)),
        () -> Concat.forward(2, x),
        () -> Concat.backward(x, 1, 1, 1),
        () -> Concat.backward(x, 2, 3));
    refuses(
        "Split",
        () -> Split.forward(x, 1, 1, 1),
        () -> Split.forward(x, 2, 3),
        () -> Split.even(x.shape(), 1, 0),
        () -> Split.backward(0, x, z(2, 4)),
        () -> Split.backward(2, x));
    refuses(
        "SliceAxis",
        () -> SliceAxis.forward(x, 2, 0, 1, 1),
        () -> SliceAxis.forward(x, 1, 0, 1, 0),
        () -> SliceAxis.backward(x, x.shape(), 1, 0, 1, 0),
        () -> SliceAxis.backward(x, x.shape(), 1, 0, 1, 1));
    refuses("Transpose", () -> Transpose.forward(x, 0, 0), () -> Transpose.backward(x, 0, 0));
    refuses("Reshape", () -> Reshape.forward(x, 4), () -> Reshape.backward(x, Shape.of(4)));
    refuses(
        "Gather",
        () -> Gather.forward(x, indices, two, 0),
        () -> Gather.backward(x, indices, two, x.shape(), 0),
        () -> Gather.backward(x, indices, two, x.shape(), 1));
    refuses(
        "Reduce",
        () -> Reduce.SUM.forward(x, false, 2),
        () -> Reduce.SUM.backward(x, x, false, 2),
        () -> Reduce.SUM.backward(x, x, false, 1));
    assertThat(refused).isEqualTo(23);
  }

  @Test
  void tokensAndBoxes() {
    Tensor q = z(2, 3, 4);
    refuses(
        "Attention",
        () -> Attention.forward(q, z(2, 3, 5), q, NONE, false),
        () -> Attention.forward(q, q, q, z(4, 3), false),
        () -> Attention.backward(q, q, z(2, 3, 5), q, z(2, 3, 3)),
        () -> Attention.backward(WRONG, q, q, q, z(2, 3, 3)),
        () -> Attention.backward(q, q, q, q, z(2, 3, 4)));
    MultiHeadAttention.Weights weights =
        new MultiHeadAttention.Weights(z(12, 4), NONE, z(4, 4), NONE);
    refuses(
        "MultiHeadAttention",
        () -> MultiHeadAttention.forward(q, weights, 3, NONE, false),
        () -> MultiHeadAttention.backward(q, q, weights, 3, NONE, false),
        () -> MultiHeadAttention.backward(WRONG, q, weights, 2, NONE, false));
    refuses(
        "PatchEmbedding",
        () -> PatchEmbedding.forward(IMAGE, OTHER_KERNEL, NONE),
        () -> PatchEmbedding.unfolded(IMAGE, OTHER_KERNEL, NONE),
        () -> PatchEmbedding.backward(z(1, 4, 3), IMAGE, OTHER_KERNEL),
        () -> PatchEmbedding.backward(WRONG, IMAGE, KERNEL));
    refuses(
        "TokenEmbedding",
        () -> TokenEmbedding.forward(q, z(5), z(4, 4)),
        () -> TokenEmbedding.forward(q, z(4), z(3, 4)),
        () -> TokenEmbedding.backward(WRONG));
    refuses(
        "BoxDecoding",
        () -> BoxDecoding.forward(z(2, 4), z(3, 4)),
        () -> BoxDecoding.backward(z(2, 4), z(2, 4), z(3, 4)),
        () -> BoxDecoding.backward(z(3, 4), z(2, 4), z(2, 4)),
        () -> BoxDecoding.encode(z(2, 4), z(3, 4)));
    refuses("Iou", () -> Iou.forward(WRONG, z(2, 4)), () -> Iou.forward(z(2, 4), WRONG));
    refuses("NonMaxSuppression", () -> NonMaxSuppression.select(z(2, 4), z(3), 0.5, 0, 1));
    assertThat(refused).isEqualTo(22);
  }
}
