package convscope.net;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The named networks have the parameters, operations and fields that are published of them. */
class PresetsTest {
  private static long parameters(List<Layer> layers, int channels, int side) {
    ShapeTrace trace = ShapeTrace.of(layers, Shape.of(1, channels, side, side));
    assertThat(trace.sentence()).isNull();
    long count = 0;
    for (int l = 0; l < layers.size(); l++) {
      for (Shape shape : layers.get(l).parameters(trace.input(l))) {
        count += shape.size();
      }
    }
    return count;
  }

  /** torchvision's weights pages; 61,706 is the usual dense form of LeNet-5. */
  @Test
  void parametersAreThePublishedOnes() {
    assertThat(parameters(Presets.leNet5(), 1, 32)).isEqualTo(61_706);
    assertThat(parameters(Presets.alexNet(), 3, 224)).isEqualTo(61_100_840);
    assertThat(parameters(Presets.vgg16(), 3, 224)).isEqualTo(138_357_544);
    assertThat(parameters(Presets.resNet18(), 3, 224)).isEqualTo(11_689_512);
    assertThat(parameters(Presets.resNet34(), 3, 224)).isEqualTo(21_797_672);
    assertThat(parameters(Presets.resNet50(), 3, 224)).isEqualTo(25_557_032);
    assertThat(parameters(Presets.resNet50Torchvision(), 3, 224)).isEqualTo(25_557_032);
    assertThat(parameters(Presets.mobileNetV2(), 3, 224)).isEqualTo(3_504_872);
  }

  private static ReceptiveField beforeTheHead(List<Layer> layers) {
    int end = 0;
    while (!(layers.get(end) instanceof Flatten || layers.get(end) instanceof GlobalAveragePool)) {
      end++;
    }
    ReceptiveField field = ReceptiveField.of(layers.subList(0, end), true);
    assertThat(field).isNotNull();
    return field;
  }

  /** Araujo, Norris &amp; Sim 2019, table of receptive fields. */
  @Test
  void fieldsAreThePublishedOnes() {
    assertThat(beforeTheHead(Presets.alexNet()).size()).isEqualTo(195);
    assertThat(beforeTheHead(Presets.vgg16()).size()).isEqualTo(212);
    assertThat(beforeTheHead(Presets.resNet50()).size()).isEqualTo(483);
    assertThat(beforeTheHead(Presets.resNet50()).jump()).isEqualTo(32);
  }

  /** With the stride in its 3 × 3 convolution, the first of a stage still has the smaller jump. */
  @Test
  void movingTheStrideOfResNet50MakesItsFieldSmaller() {
    ReceptiveField field = beforeTheHead(Presets.resNet50Torchvision());
    long recursion = 11; // after the first pooling, with jump 4
    int jump = 4;
    for (int[] stage : new int[][] {{3, 1}, {4, 2}, {6, 2}, {3, 2}}) {
      recursion += 2L * jump;
      jump *= stage[1];
      recursion += 2L * jump * (stage[0] - 1);
    }
    assertThat(field.size()).isEqualTo(recursion).isEqualTo(427);
    assertThat(field.jump()).isEqualTo(32);
  }
}
