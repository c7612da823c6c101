package convscope.topic;

import convscope.topic.chapter1.Channels;
import convscope.topic.chapter1.CrossCorrelation;
import convscope.topic.chapter1.LocalReceptiveField;
import convscope.topic.chapter1.TranslationEquivariance;
import convscope.topic.chapter1.WeightSharing;
import convscope.topic.chapter2.Dilation;
import convscope.topic.chapter2.OutputHeight;
import convscope.topic.chapter2.Padding;
import convscope.topic.chapter2.SameConvolution;
import convscope.topic.chapter2.Stride;
import convscope.topic.chapter3.DepthwiseSeparable;
import convscope.topic.chapter3.Flops;
import convscope.topic.chapter3.OneByOne;
import convscope.topic.chapter3.OutputElements;
import convscope.topic.chapter3.ParameterCount;
import convscope.topic.chapter4.Aliasing;
import convscope.topic.chapter4.AveragePooling;
import convscope.topic.chapter4.GlobalAveragePooling;
import convscope.topic.chapter4.MaxPooling;
import convscope.topic.chapter4.StridedConvolution;
import convscope.topic.chapter5.DilationEffect;
import convscope.topic.chapter5.EffectiveReceptiveField;
import convscope.topic.chapter5.Jump;
import convscope.topic.chapter5.SingleLayer;
import convscope.topic.chapter5.StackedLayers;
import convscope.topic.chapter6.BiasGradient;
import convscope.topic.chapter6.GradientCheck;
import convscope.topic.chapter6.InputGradient;
import convscope.topic.chapter6.KernelGradient;
import convscope.topic.chapter6.WindowsAsColumns;
import convscope.topic.chapter7.BatchNormalization;
import convscope.topic.chapter7.BottleneckBlock;
import convscope.topic.chapter7.ConvActivationNorm;
import convscope.topic.chapter7.DropoutAugmentation;
import convscope.topic.chapter7.ResidualBlock;
import convscope.topic.home.ShapeMap;
import java.util.ArrayList;
import java.util.List;

/** Every topic, in reading order: an explicit list. */
public final class Topics {
  private static final List<Topic<?>> ALL =
      List.of(
          // one a line, in reading order
          new LocalReceptiveField(),
          new WeightSharing(),
          new TranslationEquivariance(),
          new CrossCorrelation(),
          new Channels(),
          new Stride(),
          new Padding(),
          new Dilation(),
          new OutputHeight(),
          new SameConvolution(),
          new ParameterCount(),
          new OutputElements(),
          new Flops(),
          new OneByOne(),
          new DepthwiseSeparable(),
          new MaxPooling(),
          new AveragePooling(),
          new StridedConvolution(),
          new GlobalAveragePooling(),
          new Aliasing(),
          new SingleLayer(),
          new StackedLayers(),
          new Jump(),
          new DilationEffect(),
          new EffectiveReceptiveField(),
          new KernelGradient(),
          new InputGradient(),
          new BiasGradient(),
          new WindowsAsColumns(),
          new GradientCheck(),
          new ConvActivationNorm(),
          new ResidualBlock(),
          new BottleneckBlock(),
          new BatchNormalization(),
          new DropoutAugmentation());

  private static final Topic<?> SHAPE_MAP = new ShapeMap();

  private Topics() {}

  public static List<Topic<?>> all() {
    return ALL;
  }

  /** The figure of the home page, which is no topic of the course. */
  public static Topic<?> shapeMap() {
    return SHAPE_MAP;
  }

  /** Every figure: those of the topics, then the home page's. */
  public static List<Topic<?>> figures() {
    List<Topic<?>> figures = new ArrayList<>(ALL);
    figures.add(SHAPE_MAP);
    return figures;
  }

  /** The topic of that slug. */
  public static Topic<?> get(String slug) {
    StringBuilder known = new StringBuilder();
    for (Topic<?> topic : ALL) {
      if (topic.slug().equals(slug)) {
        return topic;
      }
      known.append(known.isEmpty() ? "" : ", ").append(topic.slug());
    }
    throw new IllegalArgumentException("topic: there is no “" + slug + "”; use one of " + known);
  }
}
