package convscope.topic.chapter5;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class DilationEffectTest {
  private static final DilationEffect TOPIC = new DilationEffect();
  private static final String[] PATTERNS = {"doubling", "ones", "twos", "powers", "hybrid"};

  private static Probe<DilatedStack> at(String query) {
    return Probe.of(TOPIC).at(query);
  }

  private static DilatedStack stack(String query) {
    return at(query).result();
  }

  private static String caption(String query, int step, String pick) {
    return at(query).step(step).pick(pick).figure().caption().replaceAll("<[^>]*>", "");
  }

  /** Paths by enumeration: one tap of every layer, their offsets added up. */
  private static int[] paths(int kernel, int[] dilations, int field) {
    int[] counts = new int[field];
    int choices = 1;
    for (int d : dilations) {
      choices *= kernel;
    }
    for (int choice = 0; choice < choices; choice++) {
      int rest = choice;
      int offset = 0;
      for (int d : dilations) {
        offset += rest % kernel * d;
        rest /= kernel;
      }
      counts[offset]++;
    }
    return counts;
  }

  @Test
  void gradientsOfTheRealLayersCountThePathsOfEveryPattern() {
    int checked = 0;
    for (String pattern : PATTERNS) {
      for (int kernel = 2; kernel <= 4; kernel++) {
        for (int layers = 1; layers <= 6; layers++) {
          String query = "dilations=" + pattern + "&kernel=" + kernel + "&layers=" + layers;
          if (at(query).problem() != null) {
            continue;
          }
          DilatedStack stack = stack(query);
          int[] counts = paths(kernel, stack.dilations(), stack.field());
          int read = 0;
          for (int cell = 0; cell < stack.field(); cell++) {
            assertThat(stack.paths(0, cell)).as(query + " " + cell).isEqualTo(counts[cell]);
            read += counts[cell] > 0 ? 1 : 0;
          }
          assertThat(stack.paths(0, -1)).as("before the field").isZero();
          assertThat(stack.paths(0, stack.field())).as("after the field").isZero();
          assertThat(stack.read()).isEqualTo(read);
          assertThat(stack.holes()).isEqualTo(stack.field() - read);
          assertThat(stack.readPlane()).as("a square is a product").isEqualTo(read * read);
          for (int l = 0; l <= layers; l++) {
            assertThat((long) stack.reach()[l]).isEqualTo(stack.fields().get(l).size());
            assertThat(stack.plain()[l]).isEqualTo(1 + l * (kernel - 1));
          }
          checked++;
        }
      }
    }
    assertThat(checked).isGreaterThan(60);
  }

  @Test
  void doublingGrowsExponentiallyAndPowersOfTheKernelReachEachCellOnce() {
    for (int layers = 1; layers <= 6; layers++) {
      DilatedStack doubling = stack("layers=" + layers);
      assertThat(doubling.field()).isEqualTo(1 << layers);
      assertThat(doubling.weights()).isEqualTo(2 * layers);
    }
    DilatedStack powers = stack("dilations=powers&kernel=3&layers=4");
    assertThat(powers.field()).isEqualTo(81);
    for (int cell = 0; cell < 81; cell++) {
      assertThat(powers.paths(0, cell)).isEqualTo(1);
    }
  }

  @Test
  void equalDilationsLeaveHolesAndMixedOnesCloseThem() {
    DilatedStack twos = stack("dilations=twos&kernel=3&layers=3");
    assertThat(twos.field()).isEqualTo(13);
    assertThat(twos.read()).isEqualTo(7);
    assertThat(caption("dilations=twos&kernel=3&layers=3", 3, ""))
        .contains("6 of them are holes that no path leaves: it reads 7. In 2D it reads 49 of 169");
    assertThat(caption("dilations=twos&kernel=3&layers=3", 3, "in/0,1")).contains("a hole");
    DilatedStack hybrid = stack("dilations=hybrid&kernel=3&layers=3");
    assertThat(hybrid.field()).isEqualTo(17);
    assertThat(hybrid.holes()).isZero();
    // with K = 2 the same dilations are too far apart: 4 is no sum of some of 1, 2 and 5
    assertThat(stack("dilations=hybrid&layers=3").holes()).isEqualTo(1);
  }

  @Test
  void everyStepCarriesTheGradientThroughOneMoreLayer() {
    assertThat(caption("", 0, "")).contains("has not left it yet");
    assertThat(caption("", 1, ""))
        .contains("has passed 1 layer: the cells with a gradient now span 9");
    assertThat(caption("", 3, "")).contains("has passed 3 layers").contains("now span 15");
    assertThat(caption("", 4, "")).contains("With 8 weights the output sees 16 cells");
    assertThat(caption("kernel=3", 0, "in/0,10")).contains("cell 10 reaches the output by 5 paths");
    assertThat(caption("", 4, "in/0,16")).contains("cannot change it");
  }

  private static void hasOne(boolean[] cells) {
    int count = 0;
    for (boolean cell : cells) {
      count += cell ? 1 : 0;
    }
    assertThat(count).isEqualTo(1);
  }

  @Test
  void aPathLeadsThroughACellIfItReadsOrIsRead() {
    DilatedStack stack = stack(""); // input cell i is read by the cells i and i − 1 of layer 1
    boolean[][] input = stack.linked(0, 5); // cells count from −1
    assertThat(input[0]).satisfies(DilationEffectTest::hasOne);
    assertThat(input[1][4]).isFalse();
    assertThat(input[1][5]).isTrue();
    assertThat(input[1][6]).isTrue();
    assertThat(input[1][7]).isFalse();
    assertThat(input[4]).contains(true);
    boolean[][] layer = stack.linked(1, 4);
    assertThat(layer[0][5]).isTrue();
    assertThat(layer[0][6]).isTrue();
    assertThat(layer[0][7]).isFalse();
    assertThat(layer[1]).satisfies(DilationEffectTest::hasOne);
    boolean[][] output = stack.linked(4, 0);
    for (int level = 0; level <= 4; level++) {
      for (int cell = 0; cell < stack.cells(level); cell++) {
        boolean reached = stack.paths(level, cell - 1) > 0;
        assertThat(output[level][cell]).as(level + " " + cell).isEqualTo(reached);
      }
    }
  }

  @Test
  void bothMistakesClaimAFieldThatTheGradientRefutes() {
    assertThat(stack("mistake=dilation").claimed()).isEqualTo(5);
    assertThat(stack("mistake=sum").claimed()).isEqualTo(2 + 3 + 5 + 9);
    assertThat(stack("mistake=none").claimed()).isZero();
    assertThat(caption("mistake=dilation&dilations=ones", 4, ""))
        .contains("by luck the right number");
    assertThat(caption("mistake=sum", 4, "")).contains("The mistake claims 19.");
  }

  @Test
  void aFieldTooWideToDrawIsRefusedWithTheRemedy() {
    assertThat(at("kernel=3&layers=6").problem())
        .isEqualTo(
            "layers: 6 layers see 127 cells, and the figure has room for 81; use fewer layers, a"
                + " smaller kernel or other dilations");
  }
}
