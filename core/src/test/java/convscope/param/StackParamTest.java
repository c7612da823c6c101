package convscope.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StackParamTest {
  private static final StackParam PARAM =
      Param.stack("stack", "conv3").atMost(5).limits(11, 4, 8).preset("Two", "conv3, conv3");

  private static String problem(String text) {
    Problem problem = PARAM.problemWith(text);
    return problem == null ? "" : problem.text();
  }

  @Test
  void whatIsNotWrittenIsTheUsual() {
    Stack stack = PARAM.parse("conv5,conv3d4,pool3,avg2s1,up4");
    assertThat(stack).isNotNull();
    assertThat(stack.layers())
        .isEqualTo(
            List.of(
                new Stack.Layer(Stack.Kind.CONV, 5, 1, 2, 1),
                new Stack.Layer(Stack.Kind.CONV, 3, 1, 4, 4),
                new Stack.Layer(Stack.Kind.POOL, 3, 3, 0, 1),
                new Stack.Layer(Stack.Kind.AVERAGE, 2, 1, 0, 1),
                new Stack.Layer(Stack.Kind.UP, 4, 4, 0, 1)));
  }

  @Test
  void theTextIsWrittenBackInOneFormWhateverOrderItCameIn() {
    Stack stack = PARAM.parse(" conv7p3s2 , pool3p1s2,conv3d1s1p1,conv3d2p0,pool11s11");
    assertThat(stack).isNotNull();
    assertThat(stack.plain()).isEqualTo("conv7s2,pool3s2p1,conv3,conv3p0d2,pool11");
    assertThat(PARAM.parse(stack.plain())).isEqualTo(stack);
  }

  @Test
  void theFirstBadLayerIsNamedWithWhatItNeeds() {
    String start =
        "stack: “%s” is not a list of 1 to 5 layers such as conv3,conv3s2,pool2"
            + " (conv, pool, avg, up): ";
    String end = "; using conv3";
    String[][] cases = {
      {"", "layer 1, “”, is not one of conv, pool, avg, up with its kernel"},
      {"conv3,dense", "layer 2, “dense”, is not one of conv, pool, avg, up with its kernel"},
      {"conv3,up2x", "layer 2, “up2x”, has “x” in it; use s, p and d with a number each"},
      {
        "conv3,upsample2", "layer 2, “upsample2”, is not one of conv, pool, avg, up with its kernel"
      },
      {"conv", "layer 1, “conv”, needs one kernel from 1 to 11"},
      {"conv3,conv12", "layer 2, “conv12”, needs one kernel from 1 to 11"},
      {"conv3s5", "layer 1, “conv3s5”, needs one stride from 1 to 4"},
      {"conv3s2s2", "layer 1, “conv3s2s2”, needs one stride from 1 to 4"},
      {"conv3p41", "layer 1, “conv3p41”, needs one padding from 0 to 40"},
      {"conv3d", "layer 1, “conv3d”, needs one dilation from 1 to 8"},
      {"conv3k5", "layer 1, “conv3k5”, has “k” in it; use s, p and d with a number each"},
      {"conv3,", "layer 2, “”, is not one of conv, pool, avg, up with its kernel"},
      {
        "up2,up2,up2,up2,up2,up2", "there are more than 5 layers; leave some out",
      },
    };
    for (String[] each : cases) {
      assertThat(problem(each[0])).isEqualTo(start.replace("%s", each[0]) + each[1] + end);
    }
    assertThat(problem("conv" + "3".repeat(100_000))).hasSizeLessThan(300);
  }

  @Test
  void onlyTheKindsAllowedAreRead() {
    StackParam convs = Param.stack("s", "conv3").kinds(Stack.Kind.CONV);
    assertThat(convs.parse("pool2")).isNull();
    assertThat(convs.parse("conv2")).isNotNull();
  }

  @Test
  void anotherKernelKeepsWhatIsUsualAndWhatIsNot() {
    Stack stack = PARAM.parse("conv3d2,conv3s2p0,pool2,pool3s2");
    assertThat(stack).isNotNull();
    for (int at = 0; at < 4; at++) {
      stack = stack.with(at, stack.layers().get(at).withKernel(5));
    }
    assertThat(stack.plain()).isEqualTo("conv5d2,conv5s2p0,pool5,pool5s2");
    assertThat(stack.moved(0, 2).plain()).isEqualTo("conv5s2p0,pool5,conv5d2,pool5s2");
    assertThat(stack.moved(3, 0).plain()).isEqualTo("pool5s2,conv5d2,conv5s2p0,pool5");
  }

  @Test
  void presetsAreCheckedWhenTheyAreDeclared() {
    assertThat(PARAM.presets()).containsEntry("Two", "conv3,conv3");
    assertThatThrownBy(() -> Param.stack("s", "conv3").preset("bad", "conv0"))
        .hasMessageContaining("layer 1, “conv0”, needs one kernel from 1 to 11");
  }
}
