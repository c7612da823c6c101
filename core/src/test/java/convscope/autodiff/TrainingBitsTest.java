package convscope.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.linalg.ScalarGemm;
import convscope.op.ClassLabels;
import convscope.op.Conv2d;
import convscope.op.PoolSpec;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.train.Adam;
import convscope.train.Optimizer;
import convscope.train.Sgd;
import org.junit.jupiter.api.Test;

/** A training run is a function of its seed, to the bit, wherever it runs. */
class TrainingBitsTest {
  private static final int STEPS = 6;
  private static final Conv2d.Spec SAME = Conv2d.Spec.of(3, 3).padding(1);

  /** Losses and parameters of a short run. */
  private static final class Training {
    final float[] losses = new float[STEPS];
    final Tensor[] parameters;

    Training(long seed, Optimizer optimizer, boolean byProducts) {
      Rng rng = new Rng(seed);
      Tensor images = rng.gaussian(1, 8, 1, 6, 8);
      int[] labels = new int[8];
      for (int n = 0; n < labels.length; n++) {
        labels[n] = rng.nextInt(3);
      }
      parameters =
          new Tensor[] {
            rng.gaussian(0.3, 4, 1, 3, 3),
            Tensor.full(1, 4),
            Tensor.zeros(4),
            rng.gaussian(0.2, 3, 48),
            Tensor.zeros(3)
          };
      for (int step = 0; step < STEPS; step++) {
        Tape tape = byProducts ? new Tape(new ScalarGemm()) : new Tape();
        Var[] p = new Var[parameters.length];
        for (int i = 0; i < p.length; i++) {
          p[i] = tape.variable("parameter " + i, parameters[i]);
        }
        Var hidden = tape.constant(images).conv2d(p[0], null, SAME).batchNorm2d(p[1], p[2], 1e-5);
        Var pooled = hidden.relu().maxPool2d(PoolSpec.of(2, 2).stride(2)).flatten();
        Var loss =
            pooled
                .dropout(0.25, rng.nextLong())
                .linear(p[3], p[4])
                .crossEntropy(labels, ClassLabels.MEAN);
        loss.backward();
        losses[step] = loss.value().data()[0];
        for (int i = 0; i < p.length; i++) {
          optimizer.step(parameters[i], p[i].gradient());
        }
      }
    }

    long fingerprint() {
      long all = 0;
      for (Tensor parameter : parameters) {
        all = 31 * all + Tape.fingerprint(parameter);
      }
      return all;
    }
  }

  private static Training sgd(long seed, boolean byProducts) {
    return new Training(seed, new Sgd(0.1).momentum(0.5), byProducts);
  }

  private static Training adam(long seed) {
    return new Training(seed, new Adam(0.03), false);
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    assertSame(sgd(42, false), sgd(42, false));
    assertSame(sgd(42, true), sgd(42, true));
    assertSame(adam(42), adam(42));
  }

  private static void assertSame(Training first, Training second) {
    assertThat(second.losses).isEqualTo(first.losses);
    for (int i = 0; i < first.parameters.length; i++) {
      assertThat(second.parameters[i].data()).isEqualTo(first.parameters[i].data());
    }
  }

  /** Numbers of no meaning, the same on every machine: nothing here depends on the platform. */
  @Test
  void theBitsAreTheseEverywhere() {
    assertThat(
            new long[] {
              sgd(42, false).fingerprint(), sgd(42, true).fingerprint(), adam(42).fingerprint()
            })
        .containsExactly(-5526524492358049529L, -638755103941249272L, 3237181201105091827L);
  }

  @Test
  void anotherSeedGivesOtherBits() {
    assertThat(sgd(43, false).fingerprint()).isNotEqualTo(sgd(42, false).fingerprint());
  }

  @Test
  void theLossFallsAndTheFastConvolutionAgreesWithTheDirectOne() {
    Training direct = sgd(42, false);
    Training products = sgd(42, true);
    assertThat(direct.losses[STEPS - 1]).isLessThan(0.6f * direct.losses[0]);
    assertThat(adam(42).losses[STEPS - 1]).isLessThan(0.6f * direct.losses[0]);
    for (int step = 0; step < STEPS; step++) {
      assertThat(products.losses[step]).isCloseTo(direct.losses[step], within(1e-4f));
    }
  }
}
