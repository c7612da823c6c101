package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.net.Layer;
import convscope.net.ReceptiveField;
import convscope.param.Param;
import convscope.param.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;

class StacksTest {
  private static Stack stack(String text) {
    return Param.stack("stack", text).fallback();
  }

  @Test
  void pathsAreThoseThatAreCountedByHand() {
    // two windows of 3: 1 2 3 2 1 ways, around unit 4
    assertThat(Stacks.paths(stack("conv3,conv3"), 2, 9, 4))
        .containsExactly(0, 0, 1, 2, 3, 2, 1, 0, 0);
    // max pooling reads its whole window
    assertThat(Stacks.paths(stack("conv3,pool2"), 2, 6, 1)).containsExactly(0, 1, 2, 2, 1, 0);
    // dilation leaves holes, and padding takes what it covers
    assertThat(Stacks.paths(stack("conv3d2"), 1, 5, 0)).containsExactly(1, 0, 1, 0, 0);
    // the first layers alone
    assertThat(Stacks.paths(stack("conv3,conv3"), 1, 5, 2)).containsExactly(0, 1, 1, 1, 0);
    assertThat(Stacks.paths(stack("up2"), 1, 3, 3)).containsExactly(0, 1, 0);
  }

  @Test
  void fieldsOfTheLayersAndOfTheirTextAreTheSame() {
    Stack stack = stack("conv5s2,pool3s2p1,conv3d3,avg2,up4s2p1");
    List<ReceptiveField> fields = Stacks.fields(stack);
    ReceptiveField field = ReceptiveField.INPUT;
    List<Layer> layers = Stacks.layers(stack, 8);
    assertThat(fields).hasSize(layers.size() + 1);
    for (int l = 0; l < layers.size(); l++) {
      field = field.through(List.of(layers.get(l)), l % 2 == 0);
      assertThat(field).isNotNull();
      assertThat(fields.get(l + 1).size()).isEqualTo(field.size());
      assertThat(fields.get(l + 1).start()).isEqualTo(field.start());
    }
  }

  @Test
  void theFirstLayerThatDoesNotFitIsNamedInItsOperatorsWords() {
    assertThat(Stacks.problem(stack("conv3,pool2,conv7p0"), 9))
        .isEqualTo(
            "layer 3 of 3, Conv2d: kernel 7 (dilation 1) exceeds padded input 4; raise padding to 2"
                + " or use kernel ≤ 4");
    assertThat(Stacks.problem(stack("up4,up4,up4,up4"), 9))
        .isEqualTo("layer 4 gives 2304 units; use at most 2048");
    assertThat(
            Stacks.problem(
                stack(
                    "up3,pool2,up3,pool2,up3,pool2,up3,pool2,up3,pool2,up3,pool2,up3,pool2,up3,pool2"),
                4))
        .isEqualTo("ReceptiveField: transposed convolutions enlarge 6561 times; use at most 4096");
    assertThat(Stacks.problem(stack("conv3,pool2"), 9)).isNull();
    assertThat(Stacks.sizes(stack("conv3,pool2,up2"), 9)).containsExactly(9, 9, 4, 8);
  }
}
