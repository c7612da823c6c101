package convscope.topic.chapter1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.Figure;
import convscope.topic.View;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private final Channels topic = new Channels();

  private ChannelSum compute(Values values) {
    return topic.compute(values, Given.NOTHING);
  }

  private Values layer(int channels, int filters, int groups) {
    return topic
        .schema()
        .defaults()
        .with("input", "noise")
        .with("weights", "noise")
        .with("channels", String.valueOf(channels))
        .with("filters", String.valueOf(filters))
        .with("groups", String.valueOf(groups));
  }

  /** The oracle: seven plain loops over the definition, with the group of a filter counted off. */
  @Test
  void everyMapIsTheBiasAndTheSumOverTheChannelsOfItsGroup() {
    int layers = 0;
    for (int channels = 1; channels <= 8; channels++) {
      for (int filters = 1; filters <= 8; filters++) {
        for (int groups = 1; groups <= 8; groups++) {
          Values values = layer(channels, filters, groups).with("padding", "1");
          if (topic.check(values, Given.NOTHING) != null) {
            assertThat(channels % groups == 0 && filters % groups == 0).isFalse();
            continue;
          }
          ChannelSum sum = compute(values);
          int reads = channels / groups;
          for (int o = 0; o < filters; o++) {
            int group = 0;
            while (o >= (group + 1) * (filters / groups)) {
              group++;
            }
            assertThat(sum.agrees(o)).isTrue();
            for (int i = 0; i < 5; i++) {
              for (int j = 0; j < 5; j++) {
                double total = 1;
                for (int c = 0; c < reads; c++) {
                  for (int u = 0; u < 3; u++) {
                    for (int v = 0; v < 3; v++) {
                      int row = i + u - 1;
                      int column = j + v - 1;
                      if (row >= 0 && row < 5 && column >= 0 && column < 5) {
                        total +=
                            sum.weight().at(o, c, u, v)
                                * sum.x().at(0, group * reads + c, row, column);
                      }
                    }
                  }
                }
                assertThat(sum.output().at(0, o, i, j)).isEqualTo((float) total, within(1e-3f));
              }
            }
          }
          assertThat(sum.parameters()).isEqualTo(filters * reads * 9 + filters);
          layers++;
        }
      }
    }
    assertThat(layers).isEqualTo(92); // all with a group count that divides both
  }

  @Test
  void groupsThatDoNotDivideAreRefusedInTheOperatorsWords() {
    Problem problem = topic.check(layer(3, 4, 2), Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.text())
        .isEqualTo(
            "Conv2d: groups 2 must divide 3 input and 4 output channels; use a common divisor of both");
  }

  @Test
  void redMinusGreenIsNothingOnYellowAndMostOnRed() {
    ChannelSum sum = compute(topic.schema().defaults().with("kernel", "1").with("bias", "0"));
    assertThat(sum.output().at(0, 0, 0, 0)).as("red").isEqualTo(9);
    assertThat(sum.output().at(0, 0, 0, 4)).as("yellow").isZero();
    assertThat(sum.output().at(0, 1, 0, 4)).as("green minus blue on yellow").isEqualTo(9);
    assertThat(sum.output().at(0, 0, 4, 4)).as("white").isZero();
  }

  @Test
  void stepsAddOneChannelAtATimeAndThenTheBias() {
    ChannelSum sum = compute(layer(4, 2, 2));
    assertThat(topic.steps(sum).count()).isEqualTo(2 * 3);
    float[] parts = sum.parts(1);
    assertThat(sum.sum(parts, 1, false)).isEqualTo(sum.part(1, 0).data());
    assertThat(alt(sum, 3))
        .startsWith("Filter 1 reads channels 2 to 3 of its group; now kernel w[1, 2]");
    assertThat(alt(sum, 5)).contains("make one map, as the whole convolution does");
    for (int n = 0; n < 9; n++) {
      assertThat(sum.sum(parts, 2, true)[n]).isEqualTo(sum.output().at(0, 1, n / 3, n % 3));
    }
  }

  @Test
  void depthwiseReadsOneChannelEach() {
    ChannelSum sum = compute(layer(3, 3, 3));
    assertThat(alt(sum, 2)).startsWith("Filter 1 reads channel 1 (green) alone (depthwise)");
    assertThat(sum.parameters()).isEqualTo(3 * 9 + 3);
  }

  @Test
  void oneKernelForAllChannelsFailsUnlessTheKernelsAreTheSame() {
    Values mistake = topic.schema().defaults().with("mistake", "on");
    ChannelSum opponent = compute(mistake);
    assertThat(opponent.wrong(0)).isPositive();
    assertThat(alt(opponent, 3)).contains("outputs are not those of the filter");
    ChannelSum edges = compute(mistake.with("weights", "edges"));
    assertThat(edges.wrong(0)).isZero();
    assertThat(alt(edges, 3)).contains("right by luck");
  }

  @Test
  void aPhotographComesApartIntoItsColours() {
    byte[] rgba = {(byte) 200, 100, 50, (byte) 255, 0, 0, 0, 0};
    Picture picture = new Picture(1, 2, rgba, "");
    Values values =
        topic.schema().defaults().with("input", "own").with("kernel", "1").with("bias", "0");
    ChannelSum sum = topic.compute(values, new Given().picture("own", picture));
    assertThat(sum.x().data())
        .as("no opacity is white")
        .containsExactly(200, 255, 100, 255, 50, 255);
    assertThat(sum.output().data()).containsExactly(100, 0, 50, 0);
    Figure figure = topic.figure(sum, new View(1, "", new Channels().head().wide()));
    assertThat(figure.scene().rasters()).hasSize(4);
    assertThat(figure.scene().rasters().get(0).levels())
        .containsExactly(200, 100, 50, 255, 255, 255);
    assertThat(figure.scene().rasters().get(1).levels())
        .as("green alone")
        .containsExactly(0, 100, 0, 0, 255, 0);
  }

  private String alt(ChannelSum sum, int step) {
    return topic.figure(sum, new View(step, "", new Channels().head().wide())).alt();
  }
}
