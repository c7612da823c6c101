package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.Conv2d;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DilationTest {
  private static final Dilation TOPIC = new Dilation();
  private static final Probe<Dilated> PROBE = Probe.of(TOPIC);

  /** The places along one axis that are sums of one tap of each layer. */
  private static TreeSet<Integer> sums(int kernel, int... rates) {
    TreeSet<Integer> places = new TreeSet<>();
    places.add(0);
    for (int rate : rates) {
      TreeSet<Integer> next = new TreeSet<>();
      for (int place : places) {
        for (int tap = 0; tap < kernel; tap++) {
          next.add(place + tap * rate);
        }
      }
      places = next;
    }
    return places;
  }

  @Test
  void whatTheGradientReachesIsWhatSumsOfTapsReach() {
    for (int kernel = 2; kernel <= 4; kernel++) {
      for (int[] rates : new int[][] {{1, 1, 1}, {2, 2, 2}, {1, 2, 3}, {1, 1, 6}, {3, 1, 4}}) {
        Dilated.Stack stack = Dilated.Stack.of(kernel, rates);
        TreeSet<Integer> reached = sums(kernel, rates);
        assertThat(stack.read(3)).isEqualTo(reached.size() * reached.size());
        assertThat(stack.size(3)).isEqualTo(reached.last() + 1);
        float paths = 0;
        for (int n = 0; n < stack.cells(3); n++) {
          boolean read = reached.contains(n / stack.size(3)) && reached.contains(n % stack.size(3));
          assertThat(stack.paths().get(3).data()[n] != 0).isEqualTo(read);
          paths += stack.paths().get(3).data()[n];
        }
        assertThat((double) paths).isEqualTo(Math.pow(kernel * kernel, 3));
        assertThat(stack.blind()).isZero();
      }
    }
  }

  @Test
  void equalDilationsOfTwoLeaveHolesAndOneTwoThreeNone() {
    Dilated run = PROBE.result();
    assertThat(run.stack().read(3)).isEqualTo(49);
    assertThat(run.stack().holes(3)).isEqualTo(120);
    assertThat(run.against().holes(3)).isZero();
    assertThat(run.stack().size(3)).isEqualTo(13).isEqualTo(run.against().size(3));
    assertThat(run.stack().rates()).hasSameSizeAs(run.against().rates()); // as many weights
  }

  /** Neighbouring outputs, with the intersection of the shifted sums as the oracle. */
  @Test
  void underEqualDilationsOfTwoNeighboursShareNothing() {
    for (int[] rates : new int[][] {{2, 2, 2}, {1, 2, 3}, {1, 1, 6}, {2, 4, 8}}) {
      TreeSet<Integer> here = sums(3, rates);
      TreeSet<Integer> beside = new TreeSet<>();
      here.forEach(place -> beside.add(place + 1));
      beside.retainAll(here);
      assertThat(Dilated.Stack.of(3, rates).shared(3, 1)).isEqualTo(here.size() * beside.size());
    }
    assertThat(Dilated.Stack.of(3, 2, 2, 2).shared(3, 1)).isZero();
    assertThat(PROBE.step(4).caption())
        .isEqualTo(
            "The output shares none of the 49 cells that it reads with the output beside it; with"
                + " dilations 1, 2, 3 it shares 156 of 169.");
  }

  /** The finding of “try this”: a layer may step as far as the field of the smaller ones. */
  @Test
  void nothingIsMissedExactlyWhenNoDilationExceedsTheFieldOfTheSmallerOnes() {
    for (int first = 1; first <= 4; first++) {
      for (int second = first; second <= 6; second++) {
        for (int third = second; third <= 9; third++) {
          boolean covered =
              first == 1
                  && second <= Dilated.field(3, first)
                  && third <= Dilated.field(3, first, second);
          assertThat(Dilated.Stack.of(3, first, second, third).holes(3) == 0)
              .as(first + ", " + second + ", " + third)
              .isEqualTo(covered);
        }
      }
    }
    assertThat(Dilated.field(3, 1, 2)).isEqualTo(7);
  }

  @Test
  void aDilatedKernelIsAnOrdinaryOneWithZerosBetween() {
    Tensor w = new Rng(5).gaussian(1, 1, 1, 4, 4);
    for (int rate = 1; rate <= 5; rate++) {
      int side = Dilated.span(4, rate);
      Tensor x = new Rng(4).gaussian(1, 1, 1, side + 4, side + 4);
      Tensor spread = Tensor.zeros(1, 1, side, side);
      for (int n = 0; n < w.size(); n++) {
        spread.set(w.data()[n], 0, 0, n / 4 * rate, n % 4 * rate);
      }
      Tensor dilated = Conv2d.forward(x, w, null, Conv2d.Spec.of(4, 4).dilation(rate));
      Tensor plain = Conv2d.forward(x, spread, null, Conv2d.Spec.of(side, side));
      assertThat(dilated.minus(plain).largestSize()).isZero();
    }
  }

  @Test
  void eachStepGoesThroughOneLayerMoreFromTheLastToTheFirst() {
    assertThat(PROBE.at("stack=1-2-5").step(1).caption())
        .startsWith("Layer 3 has dilation 5: its 9 weights");
    assertThat(PROBE.at("stack=1-2-5").step(3).caption()).startsWith("Layer 1 has dilation 1");
    assertThat(PROBE.step(0).caption()).contains("back");
  }

  @Test
  void takingTheFieldForWhatIsReadFailsWhereThereAreHoles() {
    assertThat(PROBE.at("mistake=on").caption())
        .contains("The field is 169 cells, but only 49 are read")
        .endsWith("changes the output by 0.");
    assertThat(PROBE.at("mistake=on&stack=1-2-3").caption()).contains("right by luck");
  }

  @Test
  void aFieldTooLargeToDrawIsRefusedWithARemedy() {
    assertThat(PROBE.at("kernel=5&stack=2-4-8").problem())
        .isEqualTo(
            "Dilation: kernel 5 with these dilations sees 57 × 57 cells, and the figure draws at"
                + " most 49; lower the kernel or a dilation");
    Values against = PROBE.at("kernel=5&against=2-4-8").values();
    assertThat(TOPIC.check(against, Given.NOTHING))
        .isNotNull()
        .satisfies(problem -> assertThat(problem.param()).isEqualTo("against"));
  }

  @Test
  void theProseTellsWhatWasComputed() {
    assertThat(TOPIC.facts())
        .containsEntry("aspp", "37")
        .containsEntry("full", "25")
        .containsEntry("weights", "9")
        .containsEntry("holes", "120")
        .containsEntry("otherHoles", "0");
  }
}
