package convscope.topic.chapter5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.topic.Figure;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class EffectiveReceptiveFieldTest {
  private static final EffectiveReceptiveField TOPIC = new EffectiveReceptiveField();
  private static final Given PICTURES = pictures();

  private static Given pictures() {
    Given given = new Given();
    for (String name : new String[] {"photo-camera", "photo-chelsea", "photo-coffee", "own"}) {
      given.picture(name, new Picture(50, 60, new byte[4 * 50 * 60], ""));
    }
    return given;
  }

  private static Probe<EffectiveField> at(String query) {
    return Probe.of(TOPIC).with(PICTURES).at(query);
  }

  private static EffectiveField field(String query) {
    return at(query).result();
  }

  private static double[] map(EffectiveField field, int seeds) {
    return field.sum(seeds, field.layers());
  }

  private static double deviation(EffectiveField field, int layers) {
    return EffectiveField.deviation(
        EffectiveField.profile(field.sum(EffectiveField.SEEDS, layers)));
  }

  private static String caption(String query, int step, String pick) {
    return at(query).step(step).pick(pick).figure().caption().replaceAll("<[^>]*>", "");
  }

  /** The chance of each sum of the offsets of one tap a layer: the throw of so many dice. */
  private static double[] dice(int kernel, int[] dilations, int side) {
    double[] chances = new double[side];
    int throwsInAll = 1;
    for (int d : dilations) {
      throwsInAll *= kernel;
    }
    for (int one = 0; one < throwsInAll; one++) {
      int rest = one;
      int sum = 0;
      for (int d : dilations) {
        sum += rest % kernel * d;
        rest /= kernel;
      }
      chances[sum] += 1.0 / throwsInAll;
    }
    return chances;
  }

  @Test
  void equalWeightsGiveTheRepeatedBoxFilterCellByCell() {
    int[][] dilations = {{1, 1, 1, 1, 1, 1}, {2, 2, 2}, {1, 2, 4, 1}};
    String[] queries = {
      "layers=6&kernel=3", "layers=3&kernel=5&dilation=two", "layers=4&kernel=2&dilation=cycle"
    };
    for (int n = 0; n < queries.length; n++) {
      EffectiveField field = field("weights=equal&" + queries[n]);
      double[] dice = dice(field.kernel(), dilations[n], field.side());
      double[] map = map(field, 1);
      double[] profile = EffectiveField.profile(map);
      for (int r = 0; r < field.side(); r++) {
        for (int c = 0; c < field.side(); c++) {
          assertThat(map[r * field.side() + c]).isCloseTo(dice[r] * dice[c], within(1e-7));
        }
        assertThat(profile[r]).isCloseTo(dice[r], within(1e-6));
      }
      assertThat(EffectiveField.deviation(profile))
          .isCloseTo(field.expected(field.layers()), within(1e-5));
    }
  }

  @Test
  void withEqualWeightsTheWidthGrowsAsTheRootOfTheDepth() {
    EffectiveField field = field("weights=equal&layers=20");
    for (int layers = 1; layers <= 20; layers++) {
      double exact = Math.sqrt(layers * (9 - 1) / 12.0);
      assertThat(deviation(field, layers)).isCloseTo(exact, within(1e-4));
      assertThat(field.side(layers)).isEqualTo(2 * layers + 1);
    }
    assertThat(deviation(field, 20)).isCloseTo(2 * deviation(field, 5), within(1e-4));
    assertThat(deviation(field("weights=equal&layers=5&dilation=two"), 5))
        .isCloseTo(2 * deviation(field, 5), within(1e-4));
  }

  @Test
  void randomWeightsGiveTheRootOfTheNumberOfPaths() {
    for (String query :
        new String[] {
          "", "layers=20", "kernel=5&layers=8", "dilation=cycle&layers=9", "kernel=7&layers=6"
        }) {
      EffectiveField field = field(query);
      double measured = deviation(field, field.layers());
      assertThat(measured / field.expected(field.layers())).as(query).isBetween(0.94, 1.06);
      double equal = field("weights=equal&" + query).expected(field.layers());
      assertThat(measured / equal).as("nearly √2 of equal weights").isBetween(1.2, 1.5);
    }
    assertThat(field("layers=1").expected(1))
        .as("one layer: a box")
        .isCloseTo(0.8165, within(1e-3));
    double far = field("layers=20").expected(20) / Math.sqrt(20 * 8 / 12.0);
    assertThat(far).as("many layers: twice the variance").isCloseTo(Math.sqrt(2), within(0.04));
  }

  @Test
  void aReluClosesPathsAndOpensNone() {
    double[] linear = map(field("weights=equal&layers=8"), 1);
    double[] relu = map(field("weights=equal&layers=8&nonlinearity=relu"), 1);
    double all = 0;
    double open = 0;
    for (int p = 0; p < linear.length; p++) {
      assertThat(relu[p]).isBetween(0.0, linear[p] + 1e-9);
      all += linear[p];
      open += relu[p];
    }
    assertThat(all).isCloseTo(1, within(1e-5));
    assertThat(open).isBetween(1e-4, 0.5);
    EffectiveField random = field("nonlinearity=relu&layers=12");
    assertThat(deviation(random, 12) / random.expected(12)).isBetween(0.8, 1.1);
  }

  @Test
  void theHeartHoldsTheShareAndNoSmallerSetDoes() {
    EffectiveField field = field("");
    double[] map = map(field, EffectiveField.SEEDS);
    boolean[] heart = EffectiveField.heart(map);
    double all = 0;
    double held = 0;
    double least = Double.MAX_VALUE;
    double mostOutside = 0;
    for (int p = 0; p < map.length; p++) {
      all += map[p];
      held += heart[p] ? map[p] : 0;
      least = heart[p] ? Math.min(least, map[p]) : least;
      mostOutside = heart[p] ? mostOutside : Math.max(mostOutside, map[p]);
    }
    assertThat(held / all).isGreaterThanOrEqualTo(0.95);
    assertThat((held - least) / all).isLessThan(0.95);
    assertThat(mostOutside).isLessThanOrEqualTo(least);
    assertThat(EffectiveField.count(EffectiveField.heart(new double[] {60, 30, 6, 4})))
        .isEqualTo(3);
    assertThat(EffectiveField.count(EffectiveField.heart(new double[4]))).isZero();
  }

  @Test
  void theUsedShareShrinksWithTheDepth() {
    double before = 1.01;
    for (int layers : new int[] {2, 5, 10, 20}) {
      double[] map = map(field("weights=equal&layers=" + layers), 1);
      double share = (double) EffectiveField.count(EffectiveField.heart(map)) / map.length;
      assertThat(share).isLessThan(before * 0.85);
      before = share;
    }
  }

  @Test
  void aSeedIsTheSameNetworkInWhateverOrderItIsAskedFor() {
    EffectiveField one = field("nonlinearity=relu&layers=4");
    EffectiveField other = field("nonlinearity=relu&layers=4");
    double[] late = map(one, 9);
    double[] early = map(one, 3);
    assertThat(map(other, 3)).isEqualTo(early);
    assertThat(map(other, 9)).isEqualTo(late);
    assertThat(late).isNotEqualTo(early);
  }

  @Test
  void theCaptionTellsHowManyNetworksAndWhatACellCounts() {
    assertThat(caption("", 0, ""))
        .startsWith("One random network. The theoretical field is 21 × 21");
    assertThat(caption("", 6, "")).startsWith("The mean of 7 random networks.");
    assertThat(caption("weights=equal", 6, "")).contains("every network is the same");
    assertThat(caption("", 19, "erf/0,0")).contains("in the theoretical field, but hardly counts");
    assertThat(caption("weights=equal", 19, "erf/10,10"))
        .contains("has 100\u00a0% of the strongest")
        .contains("among those that hold 95 %");
    assertThat(caption("mistake=even", 19, "")).contains("it would take 419.");
    assertThat(caption("dilation=two&layers=5", 19, "")).contains("Every second cell is a hole");
  }

  @Test
  void onAnImageTheFieldFollowsThePointerAndStaysInside() {
    for (String pick : new String[] {"", "in/0,0", "in/49,59", "in/-1,4", "in/900,900"}) {
      Figure figure = at("picture=photo-camera&layers=5").narrow().step(3).pick(pick).figure();
      assertThat(figure.scene().rasters()).hasSize(1);
      assertThat(figure.scene().rasters().get(0).rows()).isEqualTo(50);
    }
  }

  @Test
  void aFieldTooWideToMeasureIsRefusedWithTheRemedy() {
    assertThat(at("kernel=7").problem())
        .isEqualTo(
            "layers: the field of these layers is 61 cells wide, and up to 49 are measured here; use"
                + " fewer layers, a smaller kernel or less dilation");
  }
}
