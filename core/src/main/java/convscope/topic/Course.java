package convscope.topic;

import java.util.List;

/**
 * The plan of the course: ten chapters of five topics in reading order, those to come included. A
 * topic exists once it is in {@link Topics}.
 */
public final class Course {
  /**
   * One chapter.
   *
   * @param number from 1
   * @param slug its folder in the site
   * @param title its heading
   * @param summary what the reader learns there, in one sentence
   * @param entries its topics in reading order
   */
  public record Chapter(
      int number, String slug, String title, String summary, List<Entry> entries) {
    /** Whether any of its topics exists, and so its page. */
    public boolean exists() {
      return entries.stream().anyMatch(Entry::exists);
    }

    /** Those of its topics that exist, in reading order. */
    public List<Topic<?>> topics() {
      return entries.stream()
          .filter(Entry::exists)
          .<Topic<?>>map(entry -> Topics.get(entry.slug()))
          .toList();
    }
  }

  /**
   * One topic's place in the plan.
   *
   * @param number of the chapter and in the chapter, such as {@code 1.2}
   * @param slug as in {@link Topic#slug()}
   * @param title as in {@link Topic#title()}
   */
  public record Entry(String number, String slug, String title) {
    public boolean exists() {
      return Topics.all().stream().anyMatch(topic -> topic.slug().equals(slug));
    }
  }

  private static final List<Chapter> CHAPTERS =
      List.of(
          chapter(
              1,
              "local-linear-map",
              "Convolution as a local linear map",
              "A convolution is a matrix that is almost all zeros and repeats the same few weights.",
              "local-receptive-field",
              "Local receptive field",
              "weight-sharing",
              "Weight sharing",
              "translation-equivariance",
              "Translation equivariance",
              "cross-correlation",
              "Cross-correlation and convolution",
              "channels",
              "Channels and filters"),
          chapter(
              2,
              "output-shape",
              "Output-shape arithmetic",
              "Kernel, stride, padding and dilation decide the size of the output; one formula says how.",
              "stride",
              "Stride",
              "padding",
              "Padding",
              "dilation",
              "Dilation",
              "output-height",
              "Output height and width",
              "same-convolution",
              "Same convolution"),
          chapter(
              3,
              "parameters-flops",
              "Parameters and FLOPs",
              "Count the weights, the multiplications and the memory of a layer before running it.",
              "parameter-count",
              "Parameter count",
              "output-elements",
              "Output elements and memory",
              "flops",
              "FLOPs and MACs",
              "one-by-one",
              "The 1 × 1 convolution",
              "depthwise-separable",
              "Depthwise separable convolution"),
          chapter(
              4,
              "pooling",
              "Pooling and downsampling",
              "Make maps smaller, and see what is kept, what is lost and what turns up that was not there.",
              "max-pooling",
              "Max pooling",
              "average-pooling",
              "Average pooling",
              "strided-convolution",
              "Strided convolution",
              "global-average-pooling",
              "Global average pooling",
              "aliasing",
              "Aliasing"),
          chapter(
              5,
              "receptive-field",
              "Receptive field",
              "How much of the image one unit deep in a network can see, and how much it really uses.",
              "single-layer",
              "Single layer",
              "stacked-layers",
              "Stacked layers",
              "jump",
              "Jump and start",
              "dilation-effect",
              "The effect of dilation",
              "effective-receptive-field",
              "Effective receptive field"),
          chapter(
              6,
              "backprop",
              "Backpropagation through convolution",
              "The gradients of a convolution are convolutions again; follow each number back.",
              "kernel-gradient",
              "Kernel gradient",
              "input-gradient",
              "Input gradient",
              "bias-gradient",
              "Bias gradient",
              "im2col",
              "im2col and col2im",
              "gradient-check",
              "Gradient check"),
          chapter(
              7,
              "building-blocks",
              "CNN building blocks",
              "Normalization, residual paths and bottlenecks: what each block does to signals and gradients.",
              "conv-activation-norm",
              "Convolution, activation, normalization",
              "residual-block",
              "Residual block",
              "bottleneck-block",
              "Bottleneck block",
              "batch-normalization",
              "Batch normalization",
              "dropout-augmentation",
              "Dropout and augmentation"),
          chapter(
              8,
              "vision-tasks",
              "Vision tasks",
              "From feature maps to classes, boxes and masks, with small networks trained here.",
              "classification",
              "Classification",
              "detection",
              "Detection",
              "segmentation",
              "Segmentation",
              "feature-pyramids",
              "Feature pyramids",
              "transfer-learning",
              "Transfer learning"),
          chapter(
              9,
              "modern-ai",
              "CNNs and modern AI",
              "What a convolution assumes, what attention does not, and when the assumption pays.",
              "inductive-bias",
              "Inductive bias",
              "data-efficiency",
              "Data efficiency",
              "hybrid-models",
              "Hybrid models",
              "patch-embedding",
              "Patch embedding",
              "when-cnns-matter",
              "When CNNs matter"),
          chapter(
              10,
              "diagnostics",
              "Diagnostics",
              "Find the broken layer: shapes, kernels, activations, receptive fields, ablations.",
              "shape-checks",
              "Shape checks",
              "kernel-visualization",
              "Kernel visualization",
              "activation-statistics",
              "Activation statistics",
              "receptive-field-test",
              "Receptive-field test",
              "ablations",
              "Ablations"));

  private Course() {}

  public static List<Chapter> chapters() {
    return CHAPTERS;
  }

  /** The title of the topic with that slug. */
  public static String title(String slug) {
    for (Chapter chapter : CHAPTERS) {
      for (Entry entry : chapter.entries()) {
        if (entry.slug().equals(slug)) {
          return entry.title();
        }
      }
    }
    throw new IllegalArgumentException("Course: no topic “" + slug + "” in the plan");
  }

  /** The topics are given as slug, title, slug, title, … */
  private static Chapter chapter(
      int number, String name, String title, String summary, String... topics) {
    Entry[] entries = new Entry[topics.length / 2];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new Entry(number + "." + (i + 1), topics[2 * i], topics[2 * i + 1]);
    }
    return new Chapter(number, number + "-" + name, title, summary, List.of(entries));
  }
}
