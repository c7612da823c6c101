package convscope.topic.chapter5;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.net.ReceptiveField;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.topic.Stacks;
import convscope.topic.View;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JumpTest {
  private static final Jump TOPIC = new Jump();

  private static StackedFields fields(String... pairs) {
    Values values = TOPIC.schema().defaults();
    for (int i = 0; i < pairs.length; i += 2) {
      values = values.with(pairs[i], pairs[i + 1]);
    }
    return TOPIC.compute(values, Given.NOTHING);
  }

  private static String caption(int step, String pick, String... pairs) {
    return TOPIC.figure(fields(pairs), new View(step, pick, TOPIC.head().wide())).caption();
  }

  /** The centre and the distance of what the real gradients of neighbours reach. */
  @Test
  void unitsSitWhereTheirGradientsSay() {
    StackedFields fields = fields();
    int depth = fields.depth();
    ReceptiveField field = fields.field(depth);
    double before = Double.NaN;
    for (int unit = 1; unit < fields.sizes()[depth] - 1; unit++) {
      float[] ways = Stacks.paths(fields.stack(), depth, fields.size(), unit);
      double mass = 0;
      double moment = 0;
      for (int at = 0; at < ways.length; at++) {
        mass += ways[at];
        moment += ways[at] * at;
      }
      assertThat(moment / mass).isEqualTo(field.place(unit));
      if (unit > 1) {
        assertThat(moment / mass - before).isEqualTo(4);
      }
      before = moment / mass;
    }
    assertThat(field.jumpText()).isEqualTo("4");
    assertThat(fields.start(depth)).isEqualTo("3.5");
    assertThat(fields.shiftDifference()).isZero();
  }

  /** Transposed convolutions only at the end: behind one, spans of unlike units are joined. */
  @Test
  void theStartFollowsItsRelationWhateverTheLayers() {
    Rng rng = new Rng(8);
    for (int n = 0; n < 200; n++) {
      StringBuilder text = new StringBuilder();
      double start = 0;
      double jump = 1;
      int depth = 1 + rng.nextInt(5);
      for (int l = 0; l < depth; l++) {
        boolean up = l == depth - 1 && rng.nextInt(2) == 0;
        int kernel = up ? 2 + rng.nextInt(3) : 1 + rng.nextInt(5);
        int stride = 1 + rng.nextInt(up ? 2 : 3);
        int padding = rng.nextInt(2);
        text.append(l == 0 ? "" : ",").append(up ? "up" : "conv").append(kernel);
        text.append('s').append(stride).append('p').append(padding);
        if (up) {
          jump /= stride;
          start += (padding - (kernel - 1) / 2.0) * jump;
        } else {
          start += ((kernel - 1) / 2.0 - padding) * jump;
          jump *= stride;
        }
      }
      StackedFields fields = fields("stack", text.toString(), "size", "256");
      ReceptiveField field = fields.field(fields.depth());
      assertThat(field.jump()).as(text.toString()).isEqualTo(jump);
      assertThat(field.place(3))
          .as(text.toString())
          .isBetween(start + 3 * jump - 1e-9, start + 3 * jump + 1e-9);
    }
  }

  @Test
  void theNetworksHaveTheStartsThatTheirPaddingGivesThem() {
    Map<String, String> facts = TOPIC.facts();
    assertThat(facts).containsEntry("vggJump", "32").containsEntry("resnetJump", "32");
    assertThat(facts).containsEntry("vggStart", "15.5"); // 0.5 · (1 + 2 + 4 + 8 + 16)
    assertThat(facts).containsEntry("resnetStart", "0");
  }

  @Test
  void slipsAreOffByWhatIsSaidAndSometimesRightByLuck() {
    assertThat(caption(1, "", "mistake", "offset")).contains("would be at").contains("off by 3.5.");
    assertThat(caption(1, "", "mistake", "offset", "stack", "conv3,conv3s2"))
        .contains("right by luck");
    assertThat(caption(1, "", "mistake", "add")).contains("off by 2."); // 1 + 2 + 1 + 2 = 6, not 4
    assertThat(caption(0, "", "mistake", "add")).contains("right by luck");
  }

  @Test
  void pointingChoosesTheUnitAndItsNeighbour() {
    assertThat(caption(0, "u4/0,1")).startsWith("Units 1 and 2").contains("7.5 and 11.5");
    assertThat(caption(0, "u4/0,77")).isEqualTo(caption(0, ""));
    assertThat(caption(0, "", "stack", "pool4,pool4")).startsWith("The only unit");
    assertThat(caption(0, "", "stack", "conv1s3")).contains("2 lie between the two fields, unseen");
  }
}
