package convscope.autodiff;

import convscope.autodiff.Tape.Edge;
import convscope.linalg.Gemm;
import convscope.op.AdaptivePool2d;
import convscope.op.Attention;
import convscope.op.AveragePool2d;
import convscope.op.BatchNorm2d;
import convscope.op.Binary;
import convscope.op.BlurPool2d;
import convscope.op.BoxDecoding;
import convscope.op.Broadcast;
import convscope.op.ClassLabels;
import convscope.op.Concat;
import convscope.op.Conv1d;
import convscope.op.Conv2d;
import convscope.op.ConvTranspose2d;
import convscope.op.CrossEntropy;
import convscope.op.DepthToSpace;
import convscope.op.Dropout;
import convscope.op.ElementLoss;
import convscope.op.FastConv2d;
import convscope.op.Gather;
import convscope.op.GemmOp;
import convscope.op.GlobalPool;
import convscope.op.GroupNorm;
import convscope.op.Im2col;
import convscope.op.InstanceNorm;
import convscope.op.LayerNorm;
import convscope.op.Linear;
import convscope.op.LogSoftmax;
import convscope.op.MatMul;
import convscope.op.MaxPool2d;
import convscope.op.MaxUnpool;
import convscope.op.MultiHeadAttention;
import convscope.op.NegativeLogLikelihood;
import convscope.op.NormGradients;
import convscope.op.PRelu;
import convscope.op.Pad;
import convscope.op.PaddingMode;
import convscope.op.PatchEmbedding;
import convscope.op.PoolSpec;
import convscope.op.Reduce;
import convscope.op.Reduction;
import convscope.op.Reshape;
import convscope.op.Resize;
import convscope.op.RmsNorm;
import convscope.op.SliceAxis;
import convscope.op.Softmax;
import convscope.op.Split;
import convscope.op.TokenEmbedding;
import convscope.op.Transpose;
import convscope.op.Unary;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tensor on a {@link Tape}, with the gradient that backward leaves on it. Every operator with a
 * backward is a method here: its forward, and one edge per operand. Shapes, formulas and errors are
 * the operator's own.
 */
public final class Var {
  private final Tape tape;
  private final String name; // what made it: an operation, or a variable's own name in quotes
  private final Tensor value;
  private final int index; // place on the tape
  private final boolean differentiable; // depends on a variable
  private final long fingerprint; // of an output's elements when it was made
  private List<Edge> edges; // none for variables and constants
  private boolean consumed;
  private @Nullable Tensor gradient;

  Var(Tape tape, String name, Tensor value, int index, boolean differentiable, List<Edge> edges) {
    this.tape = tape;
    this.name = name;
    this.value = value;
    this.index = index;
    this.differentiable = differentiable;
    this.edges = edges;
    this.fingerprint = edges.isEmpty() ? 0 : Tape.fingerprint(value);
  }

  public Tensor value() {
    return value;
  }

  public Shape shape() {
    return value.shape();
  }

  public Tape tape() {
    return tape;
  }

  /**
   * {@code ∂L/∂this}, summed over every backward of the tape so far; zeros where no loss depends on
   * it. The tensor is this Var's own.
   */
  public Tensor gradient() {
    if (!differentiable) {
      throw new IllegalStateException(
          "Var: " + this + " has no gradient; make it, or what it is computed from, a variable");
    }
    if (!tape.hasGoneBackward()) {
      throw new IllegalStateException(
          "Var: " + this + " has no gradient yet; call backward on the loss first");
    }
    Tensor sum = gradient == null ? Tensor.zeros(shape()) : gradient;
    gradient = sum;
    return sum;
  }

  /** Backward from this loss, a single element: its gradient with respect to itself is 1. */
  public void backward() {
    if (value.size() != 1) {
      throw new IllegalArgumentException(
          "Tape: backward from "
              + this
              + ", which has "
              + value.size()
              + " elements; reduce it to one, or give backward the gradient of each");
    }
    Tensor one = Tensor.zeros(shape());
    one.data()[0] = 1;
    tape.backward(this, one);
  }

  /** Backward with an upstream gradient {@code seed = ∂L/∂this}, of this shape. */
  public void backward(Tensor seed) {
    tape.backward(this, seed);
  }

  /** {@code Conv2d 1×2×3×3}: what made it, and its shape. */
  @Override
  public String toString() {
    return name + " " + shape();
  }

  int index() {
    return index;
  }

  boolean differentiable() {
    return differentiable;
  }

  List<Edge> edges() {
    return edges;
  }

  /** Of the elements as they were made; of variables and constants, as they are now. */
  long fingerprint() {
    return isLeaf() ? Tape.fingerprint(value) : fingerprint;
  }

  boolean changed() {
    return !isLeaf() && fingerprint != Tape.fingerprint(value);
  }

  boolean consumed() {
    return consumed;
  }

  /** Lets go of what backward kept alive. */
  void consume() {
    consumed = !isLeaf();
    edges = List.of();
  }

  private boolean isLeaf() {
    return edges.isEmpty() && !consumed;
  }

  /** Adds to the gradient, whose tensor is never one that was handed in. */
  void accumulate(Tensor arriving) {
    if (gradient == null) {
      gradient = arriving.copy();
      return;
    }
    for (int i = 0; i < arriving.size(); i++) {
      gradient.data()[i] += arriving.data()[i];
    }
  }

  // Convolutions

  /** As matrix products where the tape has a Gemm, else the direct version. */
  public Var conv2d(Var weight, @Nullable Var bias, Conv2d.Spec spec) {
    FastConv2d fast = tape.conv2d();
    if (fast != null) {
      return tape.record(
          "Conv2d",
          fast.forward(value, weight.value, value(bias), spec),
          Tape.edge(this, dy -> fast.inputGradient(dy, weight.value, shape(), spec)),
          Tape.edge(weight, dy -> fast.weightGradient(dy, value, weight.shape(), spec)),
          Tape.edge(bias, dy -> Conv2d.biasGradient(dy)));
    }
    return tape.record(
        "Conv2d",
        Conv2d.forward(value, weight.value, value(bias), spec),
        Tape.edge(this, dy -> Conv2d.inputGradient(dy, weight.value, shape(), spec)),
        Tape.edge(weight, dy -> Conv2d.weightGradient(dy, value, weight.shape(), spec)),
        Tape.edge(bias, dy -> Conv2d.biasGradient(dy)));
  }

  public Var conv1d(Var weight, @Nullable Var bias, Conv1d.Spec spec) {
    Joint<Conv2d.Gradients> all = joint(dy -> Conv1d.backward(dy, value, weight.value, spec));
    return tape.record(
        "Conv1d",
        Conv1d.forward(value, weight.value, value(bias), spec),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(weight, dy -> all.of(dy).dWeight()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var convTranspose2d(Var weight, @Nullable Var bias, ConvTranspose2d.Spec spec) {
    Joint<Conv2d.Gradients> all =
        joint(dy -> ConvTranspose2d.backward(dy, value, weight.value, spec));
    return tape.record(
        "ConvTranspose2d",
        ConvTranspose2d.forward(value, weight.value, value(bias), spec),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(weight, dy -> all.of(dy).dWeight()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var im2col(Conv2d.Spec spec) {
    return tape.record(
        "Im2col",
        Im2col.forward(value, spec),
        Tape.edge(this, dy -> Im2col.backward(dy, shape(), spec)));
  }

  public Var col2im(Shape image, Conv2d.Spec spec) {
    return tape.record(
        "Col2im",
        Im2col.col2im(value, image, spec),
        Tape.edge(this, dy -> Im2col.col2imBackward(dy, spec)));
  }

  // Pooling, padding, resizing

  public Var maxPool2d(PoolSpec spec) {
    return routed("MaxPool2d", MaxPool2d.forward(value, spec));
  }

  public Var adaptiveMaxPool2d(int outHeight, int outWidth) {
    return routed("AdaptiveMaxPool2d", AdaptivePool2d.max(value, outHeight, outWidth));
  }

  public Var globalMaxPool() {
    return routed("GlobalMaxPool", GlobalPool.max(value));
  }

  private Var routed(String operation, MaxPool2d.Result pooled) {
    return tape.record(
        operation,
        pooled.y(),
        Tape.edge(this, dy -> MaxPool2d.backward(dy, pooled.indices(), shape())));
  }

  /** {@code indices} as max pooling gives them; {@code output} is the shape it pooled. */
  public Var maxUnpool(int[] indices, Shape output) {
    return tape.record(
        "MaxUnpool",
        MaxUnpool.forward(value, indices, output),
        Tape.edge(this, dy -> MaxUnpool.backward(dy, indices, shape())));
  }

  public Var averagePool2d(PoolSpec spec, boolean countPadding) {
    return tape.record(
        "AveragePool2d",
        AveragePool2d.forward(value, spec, countPadding),
        Tape.edge(this, dy -> AveragePool2d.backward(dy, shape(), spec, countPadding)));
  }

  public Var adaptiveAveragePool2d(int outHeight, int outWidth) {
    return tape.record(
        "AdaptiveAveragePool2d",
        AdaptivePool2d.average(value, outHeight, outWidth),
        Tape.edge(this, dy -> AdaptivePool2d.averageBackward(dy, shape())));
  }

  public Var globalAveragePool() {
    return tape.record(
        "GlobalAveragePool",
        GlobalPool.average(value),
        Tape.edge(this, dy -> GlobalPool.averageBackward(dy, shape())));
  }

  public Var blurPool2d(int size, int stride) {
    return tape.record(
        "BlurPool2d",
        BlurPool2d.forward(value, size, stride),
        Tape.edge(this, dy -> BlurPool2d.backward(dy, shape(), size, stride)));
  }

  public Var pad(int[] before, int[] after, PaddingMode mode, float fill) {
    return tape.record(
        "Pad",
        Pad.forward(value, before, after, mode, fill),
        Tape.edge(this, dy -> Pad.backward(dy, shape(), before, after, mode)));
  }

  public Var resize(int axis, Resize.Axis resampling) {
    return tape.record(
        "Resize",
        Resize.forward(value, axis, resampling),
        Tape.edge(this, dy -> Resize.backward(dy, axis, resampling)));
  }

  public Var nearestUpsample(int factor) {
    return tape.record(
        "NearestUpsample",
        Resize.nearestUpsample(value, factor),
        Tape.edge(this, dy -> Resize.nearestUpsampleBackward(dy, factor)));
  }

  public Var bilinearUpsample(int factor) {
    return tape.record(
        "BilinearUpsample",
        Resize.bilinearUpsample(value, factor),
        Tape.edge(this, dy -> Resize.bilinearUpsampleBackward(dy, factor)));
  }

  public Var depthToSpace(int block, boolean depthFirst) {
    return tape.record(
        "DepthToSpace",
        DepthToSpace.forward(value, block, depthFirst),
        Tape.edge(this, dy -> DepthToSpace.back(dy, block, depthFirst)));
  }

  public Var spaceToDepth(int block, boolean depthFirst) {
    return tape.record(
        "SpaceToDepth",
        DepthToSpace.back(value, block, depthFirst),
        Tape.edge(this, dy -> DepthToSpace.forward(dy, block, depthFirst)));
  }

  // Matrix products

  public Var linear(Var weight, @Nullable Var bias) {
    Gemm gemm = tape.gemm();
    Joint<Linear.Gradients> all =
        joint(
            dy ->
                gemm == null
                    ? Linear.backward(dy, value, weight.value)
                    : Linear.backward(dy, value, weight.value, gemm));
    return tape.record(
        "Linear",
        gemm == null
            ? Linear.forward(value, weight.value, value(bias))
            : Linear.forward(value, weight.value, value(bias), gemm),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(weight, dy -> all.of(dy).dWeight()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var matMul(Var b) {
    Gemm gemm = tape.gemm();
    Joint<MatMul.Gradients> both =
        joint(
            dy ->
                gemm == null
                    ? MatMul.backward(dy, value, b.value)
                    : MatMul.backward(dy, value, b.value, gemm));
    return tape.record(
        "MatMul",
        gemm == null ? MatMul.forward(value, b.value) : MatMul.forward(value, b.value, gemm),
        Tape.edge(this, dy -> both.of(dy).da()),
        Tape.edge(b, dy -> both.of(dy).db()));
  }

  /** {@code alpha · this · b + beta · c}. */
  public Var gemm(Var b, @Nullable Var c, GemmOp.Spec spec) {
    Shape cShape = c == null ? null : c.shape();
    Joint<GemmOp.Gradients> all = joint(dy -> GemmOp.backward(dy, value, b.value, cShape, spec));
    return tape.record(
        "Gemm",
        GemmOp.forward(value, b.value, value(c), spec),
        Tape.edge(this, dy -> all.of(dy).da()),
        Tape.edge(b, dy -> all.of(dy).db()),
        Tape.edge(c, dy -> Objects.requireNonNull(all.of(dy).dc())));
  }

  // Element by element

  public Var relu() {
    return apply(Unary.RELU);
  }

  /** Any function of one element: {@code x.apply(Unary.GELU)}. */
  public Var apply(Unary function) {
    return tape.record(
        function.name(),
        function.forward(value),
        Tape.edge(this, dy -> function.backward(dy, value)));
  }

  public Var plus(Var b) {
    return apply(Binary.ADD, b);
  }

  public Var times(Var b) {
    return apply(Binary.MUL, b);
  }

  /** Any function of two elements, with broadcasting: {@code a.apply(Binary.DIV, b)}. */
  public Var apply(Binary function, Var b) {
    Joint<Binary.Gradients> both = joint(dy -> function.backward(dy, value, b.value));
    return tape.record(
        function.name(),
        function.forward(value, b.value),
        Tape.edge(this, dy -> both.of(dy).da()),
        Tape.edge(b, dy -> both.of(dy).db()));
  }

  public Var prelu(Var slope) {
    Joint<PRelu.Gradients> both = joint(dy -> PRelu.backward(dy, value, slope.value));
    return tape.record(
        "PReLU",
        PRelu.forward(value, slope.value),
        Tape.edge(this, dy -> both.of(dy).dx()),
        Tape.edge(slope, dy -> both.of(dy).dSlope()));
  }

  public Var broadcast(Shape to) {
    return tape.record(
        "Broadcast",
        Broadcast.forward(value, to),
        Tape.edge(this, dy -> Broadcast.backward(dy, shape())));
  }

  // Normalization and dropout

  /** Normalized with the batch's own statistics. */
  public Var batchNorm2d(@Nullable Var scale, @Nullable Var bias, double epsilon) {
    return normalized(
        "BatchNorm2d",
        BatchNorm2d.train(value, value(scale), value(bias), epsilon),
        scale,
        bias,
        dy -> BatchNorm2d.trainBackward(dy, value, value(scale), epsilon));
  }

  /** Normalized with running statistics, which are constants. */
  public Var batchNorm2d(
      @Nullable Var scale, @Nullable Var bias, Tensor mean, Tensor variance, double epsilon) {
    return normalized(
        "BatchNorm2d",
        BatchNorm2d.evaluate(value, value(scale), value(bias), mean, variance, epsilon),
        scale,
        bias,
        dy -> BatchNorm2d.evaluateBackward(dy, value, value(scale), mean, variance, epsilon));
  }

  public Var layerNorm(int axis, @Nullable Var scale, @Nullable Var bias, double epsilon) {
    return normalized(
        "LayerNorm",
        LayerNorm.forward(value, axis, value(scale), value(bias), epsilon),
        scale,
        bias,
        dy -> LayerNorm.backward(dy, value, axis, value(scale), epsilon));
  }

  public Var groupNorm(int groups, @Nullable Var scale, @Nullable Var bias, double epsilon) {
    return normalized(
        "GroupNorm",
        GroupNorm.forward(value, groups, value(scale), value(bias), epsilon),
        scale,
        bias,
        dy -> GroupNorm.backward(dy, value, groups, value(scale), epsilon));
  }

  public Var instanceNorm(@Nullable Var scale, @Nullable Var bias, double epsilon) {
    return normalized(
        "InstanceNorm",
        InstanceNorm.forward(value, value(scale), value(bias), epsilon),
        scale,
        bias,
        dy -> InstanceNorm.backward(dy, value, value(scale), epsilon));
  }

  private Var normalized(
      String operation,
      Tensor y,
      @Nullable Var scale,
      @Nullable Var bias,
      Function<Tensor, NormGradients> backward) {
    Joint<NormGradients> all = joint(backward);
    return tape.record(
        operation,
        y,
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(scale, dy -> all.of(dy).dScale()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var rmsNorm(int axis, @Nullable Var scale, double epsilon) {
    Joint<RmsNorm.Gradients> both =
        joint(dy -> RmsNorm.backward(dy, value, axis, value(scale), epsilon));
    return tape.record(
        "RmsNorm",
        RmsNorm.forward(value, axis, value(scale), epsilon),
        Tape.edge(this, dy -> both.of(dy).dx()),
        Tape.edge(scale, dy -> both.of(dy).dScale()));
  }

  public Var dropout(double p, long seed) {
    Dropout.Result dropped = Dropout.forward(value, p, seed);
    return tape.record(
        "Dropout", dropped.y(), Tape.edge(this, dy -> Dropout.backward(dy, dropped.mask(), p)));
  }

  // Shapes and sums

  /** The same elements under another shape. */
  public Var reshape(Shape to) {
    return tape.record(
        "Reshape",
        Reshape.forward(value, to.dims()),
        Tape.edge(this, dy -> Reshape.backward(dy, shape())));
  }

  /** (N, C, H, W) to (N, C·H·W). */
  public Var flatten() {
    return tape.record(
        "Reshape", Reshape.flatten(value), Tape.edge(this, dy -> Reshape.backward(dy, shape())));
  }

  public Var transpose(int... order) {
    return tape.record(
        "Transpose",
        Transpose.forward(value, order),
        Tape.edge(this, dy -> Transpose.backward(dy, order)));
  }

  public static Var concat(int axis, Var first, Var... more) {
    Var[] parts = new Var[more.length + 1];
    Tensor[] values = new Tensor[parts.length];
    int[] lengths = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = i == 0 ? first : more[i - 1];
      values[i] = parts[i].value;
    }
    Tensor y = Concat.forward(axis, values);
    Joint<Tensor[]> all = joint(dy -> Concat.backward(dy, axis, lengths));
    Edge[] edges = new Edge[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int part = i;
      lengths[i] = values[i].dim(axis);
      edges[i] = new Edge(parts[i], dy -> all.of(dy)[part]);
    }
    return first.tape.record("Concat", y, edges);
  }

  /** Every {@code step}-th index of an axis from {@code start} up to {@code end}, exclusive. */
  public Var slice(int axis, int start, int end, int step) {
    return tape.record(
        "SliceAxis",
        SliceAxis.forward(value, axis, start, end, step),
        Tape.edge(this, dy -> SliceAxis.backward(dy, shape(), axis, start, end, step)));
  }

  /** The parts, {@code lengths[i]} long along {@code axis}, one after the other. */
  public Var[] split(int axis, int... lengths) {
    Tensor[] values = Split.forward(value, axis, lengths);
    Var[] parts = new Var[values.length];
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      int from = start;
      int to = from + lengths[i];
      parts[i] =
          tape.record(
              "Split",
              values[i],
              Tape.edge(this, dy -> SliceAxis.backward(dy, shape(), axis, from, to, 1)));
      start = to;
    }
    return parts;
  }

  /** Slices by index: the rows of an embedding table on axis 0. */
  public Var gather(int[] indices, Shape indexShape, int axis) {
    return tape.record(
        "Gather",
        Gather.forward(value, indices, indexShape, axis),
        Tape.edge(this, dy -> Gather.backward(dy, indices, indexShape, shape(), axis)));
  }

  /** All elements in one. */
  public Var sum() {
    return reduce(Reduce.SUM, false);
  }

  /** The mean of all elements. */
  public Var mean() {
    return reduce(Reduce.MEAN, false);
  }

  /** Along {@code axes}, or all of them: {@code x.reduce(Reduce.MEAN, false, 2, 3)}. */
  public Var reduce(Reduce how, boolean keepAxes, int... axes) {
    return tape.record(
        "Reduce",
        how.forward(value, keepAxes, axes),
        Tape.edge(this, dy -> how.backward(dy, value, keepAxes, axes)));
  }

  // Tokens and boxes

  /** This as queries; {@code mask} is a constant, or null. */
  public Var attention(Var keys, Var values, @Nullable Tensor mask, boolean causal) {
    Gemm gemm = tape.gemm();
    Tensor k = keys.value;
    Tensor v = values.value;
    Attention.Result result =
        gemm == null
            ? Attention.forward(value, k, v, mask, causal)
            : Attention.forward(value, k, v, mask, causal, gemm);
    Joint<Attention.Gradients> all =
        joint(
            dy ->
                gemm == null
                    ? Attention.backward(dy, value, k, v, result.weights())
                    : Attention.backward(dy, value, k, v, result.weights(), gemm));
    return tape.record(
        "Attention",
        result.y(),
        Tape.edge(this, dy -> all.of(dy).dq()),
        Tape.edge(keys, dy -> all.of(dy).dk()),
        Tape.edge(values, dy -> all.of(dy).dv()));
  }

  /** Self-attention of tokens; the weights are those of {@link MultiHeadAttention.Weights}. */
  public Var multiHeadAttention(
      Var qkv,
      @Nullable Var qkvBias,
      Var out,
      @Nullable Var outBias,
      int heads,
      @Nullable Tensor mask,
      boolean causal) {
    Gemm gemm = tape.gemm();
    MultiHeadAttention.Weights weights =
        new MultiHeadAttention.Weights(qkv.value, value(qkvBias), out.value, value(outBias));
    Joint<MultiHeadAttention.Gradients> all =
        joint(dy -> MultiHeadAttention.backward(dy, value, weights, heads, mask, causal, gemm));
    return tape.record(
        "MultiHeadAttention",
        MultiHeadAttention.forward(value, weights, heads, mask, causal, gemm).y(),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(qkv, dy -> all.of(dy).dQkv()),
        Tape.edge(qkvBias, dy -> all.of(dy).dQkvBias()),
        Tape.edge(out, dy -> all.of(dy).dOut()),
        Tape.edge(outBias, dy -> all.of(dy).dOutBias()));
  }

  public Var patchEmbedding(Var weight, @Nullable Var bias) {
    Joint<Conv2d.Gradients> all = joint(dy -> PatchEmbedding.backward(dy, value, weight.value));
    return tape.record(
        "PatchEmbedding",
        PatchEmbedding.forward(value, weight.value, value(bias)),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(weight, dy -> all.of(dy).dWeight()),
        Tape.edge(bias, dy -> all.of(dy).dBias()));
  }

  public Var tokenEmbedding(Var classToken, Var position) {
    Joint<TokenEmbedding.Gradients> all = joint(TokenEmbedding::backward);
    return tape.record(
        "TokenEmbedding",
        TokenEmbedding.forward(value, classToken.value, position.value),
        Tape.edge(this, dy -> all.of(dy).dx()),
        Tape.edge(classToken, dy -> all.of(dy).dClassToken()),
        Tape.edge(position, dy -> all.of(dy).dPosition()));
  }

  /** This as deltas of constant anchors. */
  public Var decodedBoxes(Tensor anchors) {
    return tape.record(
        "BoxDecoding",
        BoxDecoding.forward(anchors, value),
        Tape.edge(this, dy -> BoxDecoding.backward(dy, anchors, value)));
  }

  // Softmax and losses

  public Var softmax(int axis) {
    Tensor y = Softmax.forward(value, axis);
    return tape.record("Softmax", y, Tape.edge(this, dy -> Softmax.backward(dy, y, axis)));
  }

  public Var logSoftmax(int axis) {
    Tensor y = LogSoftmax.forward(value, axis);
    return tape.record("LogSoftmax", y, Tape.edge(this, dy -> LogSoftmax.backward(dy, y, axis)));
  }

  public Var crossEntropy(int[] labels, ClassLabels spec) {
    return tape.record(
        "CrossEntropy",
        CrossEntropy.forward(value, labels, spec),
        Tape.edge(this, dLoss -> CrossEntropy.backward(dLoss, value, labels, spec)));
  }

  public Var negativeLogLikelihood(int[] labels, ClassLabels spec) {
    return tape.record(
        "NegativeLogLikelihood",
        NegativeLogLikelihood.forward(value, labels, spec),
        Tape.edge(this, dLoss -> NegativeLogLikelihood.backward(dLoss, value, labels, spec)));
  }

  /** A loss between elements: {@code x.loss(ElementLoss.MSE, target, Reduction.MEAN)}. */
  public Var loss(ElementLoss loss, Var target, Reduction reduction) {
    Joint<ElementLoss.Gradients> both =
        joint(dLoss -> loss.backward(dLoss, value, target.value, reduction));
    return tape.record(
        loss.name(),
        loss.forward(value, target.value, reduction),
        Tape.edge(this, dLoss -> both.of(dLoss).dx()),
        Tape.edge(target, dLoss -> both.of(dLoss).dTarget()));
  }

  private static @Nullable Tensor value(@Nullable Var operand) {
    return operand == null ? null : operand.value;
  }

  /** A backward that gives the gradients of all operands at once: it runs for the first edge. */
  private static final class Joint<G> {
    private final Function<Tensor, G> backward;
    private @Nullable G result;

    Joint(Function<Tensor, G> backward) {
      this.backward = backward;
    }

    G of(Tensor dy) {
      G known = result == null ? backward.apply(dy) : result;
      result = known;
      return known;
    }
  }

  private static <G> Joint<G> joint(Function<Tensor, G> backward) {
    return new Joint<>(backward);
  }
}
