package convscope.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RngTest {
  @Test
  void theBitsAreThoseOfSplitMix64() {
    Rng rng = new Rng(42);
    SplittableRandom jdk = new SplittableRandom(42); // the same algorithm in the JDK
    for (int i = 0; i < 1000; i++) {
      assertThat(rng.nextLong()).isEqualTo(jdk.nextLong());
    }
  }

  @Test
  void gaussianHasMeanZeroVarianceOneAndLightTails() {
    Rng rng = new Rng(3);
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    int count = 200_000;
    for (int i = 0; i < count; i++) {
      double value = rng.nextGaussian();
      sum += value;
      squares += value * value;
      beyondTwo += Math.abs(value) > 2 ? 1 : 0;
    }
    assertThat(sum / count).isCloseTo(0, within(0.01));
    assertThat(squares / count).isCloseTo(1, within(0.02));
    assertThat((double) beyondTwo / count).isCloseTo(0.0455, within(0.003));
  }

  @Test
  void everyValueBelowTheBoundIsAboutAsFrequent() {
    Rng rng = new Rng(9);
    int[] seen = new int[7];
    for (int i = 0; i < 70_000; i++) {
      seen[rng.nextInt(7)]++;
    }
    for (int count : seen) {
      assertThat(count).isBetween(9_500, 10_500);
    }
    assertThatThrownBy(() -> rng.nextInt(0)).hasMessage("Rng: bound 0; use 1 or more");
  }

  @Test
  void floatsAndDoublesFillTheUnitIntervalWithoutReachingOne() {
    Rng rng = new Rng(0);
    double sum = 0;
    for (int i = 0; i < 100_000; i++) {
      float f = rng.nextFloat();
      double d = rng.nextDouble();
      assertThat(f).isBetween(0f, 1 - 0x1p-24f);
      assertThat(d).isBetween(0.0, 1 - 0x1p-53);
      sum += f + d + rng.nextFloat(-2, 2);
    }
    assertThat(sum / 100_000).isCloseTo(1, within(0.02));
  }

  @Test
  void aPermutationHoldsEveryNumberOnceAndDependsOnTheSeed() {
    int[] order = new Rng(1).permutation(50);
    assertThat(order).isEqualTo(new Rng(1).permutation(50));
    assertThat(order).isNotEqualTo(new Rng(2).permutation(50));
    Arrays.sort(order);
    for (int i = 0; i < 50; i++) {
      assertThat(order[i]).isEqualTo(i);
    }
    assertThat(new Rng(1).permutation(0)).isEmpty();
  }

  @Test
  void aSplitGeneratorGoesItsOwnWay() {
    Rng parent = new Rng(5);
    Rng child = parent.split();
    assertThat(child.nextLong()).isNotEqualTo(parent.nextLong());
    assertThat(new Rng(8).gaussian(2, 3, 4).shape()).isEqualTo(Shape.of(3, 4));
    assertThat(new Rng(8).uniform(1, 2, 100).data()[99]).isBetween(1f, 2f);
  }
}
