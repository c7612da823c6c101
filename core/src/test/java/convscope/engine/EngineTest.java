package convscope.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.linalg.Gemm;
import convscope.linalg.ScalarGemm;
import convscope.op.Conv2d;
import convscope.op.Conv2d.Spec;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

/**
 * The engine's plans, with plain Java as kernels; the browser's tests run the same checks on SIMD.
 */
class EngineTest {
  private final Engine engine = new Engine(new ScalarKernels());

  @Test
  void whatLiesBetweenLayersAgreesWithTheOperators() {
    EngineCheck.Report report = EngineCheck.betweenLayers(engine);
    assertThat(report.cases()).isEqualTo(4761);
    assertThat(report.worst()).isLessThan(1e-5);
  }

  @Test
  void everySmallConvolutionAndItsGradientsEqualTheDirectOnes() {
    EngineCheck.Report report = EngineCheck.smallConvolutions(new EngineConv2d(engine));
    assertThat(report.cases()).isEqualTo(1458);
    assertThat(report.worst()).isLessThan(1e-5);
  }

  @Test
  void layersLargerThanABlockOfTheCacheEqualTheDirectOnes() {
    EngineCheck.Report report = EngineCheck.largeConvolutions(new EngineConv2d(engine));
    assertThat(report.cases()).isGreaterThan(15);
    assertThat(report.worst()).isLessThan(1e-4);
  }

  @Test
  void everySmallProductEqualsTheScalarOne() {
    EngineCheck.Report report = EngineCheck.smallProducts(new EngineGemm(engine), new ScalarGemm());
    assertThat(report.cases()).isEqualTo(19 * 19 * 7 * 8);
    assertThat(report.worst()).isLessThan(1e-5);
  }

  @Test
  void largeProductsAndThoseWithNaNEqualTheScalarOnes() {
    EngineCheck.Report large = EngineCheck.largeProducts(new EngineGemm(engine), new ScalarGemm());
    assertThat(large.cases()).isEqualTo(96);
    assertThat(large.worst()).isLessThan(2e-4);
    EngineCheck.Report special =
        EngineCheck.productsWithNaN(new EngineGemm(engine), new ScalarGemm());
    assertThat(special.cases()).isEqualTo(1320);
    assertThat(special.worst()).isLessThan(1e-5);
  }

  @Test
  void theCheckItselfFindsAWrongProductAndALoneNaN() {
    Gemm wrong = new ScalarGemm();
    assertThat(EngineCheck.largeProducts(off(wrong, 1.01f), wrong).worst()).isGreaterThan(1e-3);
    assertThat(EngineCheck.largeProducts(off(wrong, Float.NaN), wrong).worst()).isNaN();
  }

  /** A product whose first number is off by that factor. */
  private static Gemm off(Gemm gemm, float factor) {
    return (ta, tb, m, n, k, a, aStart, b, bStart, c, cStart, more) -> {
      gemm.multiply(ta, tb, m, n, k, a, aStart, b, bStart, c, cStart, more);
      c[cStart] *= factor;
    };
  }

  @Test
  void biasAndReluAreFusedIntoTheLastBlockOfChannels() {
    Rng rng = new Rng(3);
    Spec spec = Spec.of(3, 3).padding(1);
    for (int channels : new int[] {1, 200}) { // one block and several
      Tensor x = rng.gaussian(1, 2, channels, 5, 9);
      Tensor w = rng.gaussian(1, 6, channels, 3, 3);
      Tensor b = rng.gaussian(1, 6);
      Tensor want = Conv2d.forward(x, w, b, spec);
      Layer layer = new Layer(2, channels, 5, 9, 6, spec);
      int mark = engine.mark();
      int y = engine.allocate(layer.outputs());
      engine.conv2d(
          layer,
          engine.put(x.data(), 0, x.size()),
          engine.put(w.data(), 0, w.size()),
          engine.put(b.data(), 0, b.size()),
          y,
          true);
      float[] got = new float[want.size()];
      engine.get(y, got, 0, got.length);
      engine.release(mark);
      for (int at = 0; at < got.length; at++) {
        assertThat(got[at]).isCloseTo(Math.max(0, want.data()[at]), within(2e-4f));
      }
    }
  }

  @Test
  void whatDoesNotFitIsRefusedAndTheEngineGoesOn() {
    Engine small = new Engine(new ScalarKernels(), 1 << 20);
    EngineConv2d convolution = new EngineConv2d(small);
    int mark = small.mark();
    Tensor w = Tensor.full(1, 1, 1, 3, 3);
    assertThatThrownBy(
            () -> convolution.forward(Tensor.zeros(1, 1, 600, 600), w, null, Spec.of(3, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Engine: 2 MiB wanted for operands and scratch, the limit is 1 MiB; use a smaller batch"
                + " or image");
    assertThat(small.mark()).isEqualTo(mark); // nothing is left behind
    assertThat(convolution.forward(Tensor.full(2, 1, 1, 3, 3), w, null, Spec.of(3, 3)).data())
        .containsExactly(18);
    assertThatThrownBy(() -> new Layer(64, 64, 512, 512, 64, Spec.of(3, 3).padding(1)))
        .hasMessage(
            "Engine: an operand of 1024 Mi numbers; the engine takes 256 Mi; use a smaller batch or"
                + " image");
    assertThatThrownBy(() -> new Layer(1, 3, 4, 4, 4, Spec.of(3, 3).groups(2)))
        .hasMessageStartingWith("Conv2d: groups 2 must divide 3 input and 4 output channels");
    assertThatThrownBy(() -> new Layer(1, 3, 4, 4, 4, Spec.of(3, 3).groups(0)))
        .hasMessageStartingWith("Conv2d: groups 0 is not positive");
  }

  @Test
  void errorsOfTensorsAreThoseOfTheDirectVersion() {
    EngineConv2d convolution = new EngineConv2d(engine);
    Tensor x = Tensor.zeros(1, 1, 2, 2);
    Tensor w = Tensor.zeros(1, 1, 3, 3);
    assertThatThrownBy(() -> convolution.forward(x, w, null, Spec.of(3, 3)))
        .hasMessage(
            "Conv2d: kernel 3 (dilation 1) exceeds padded input 2; raise padding to 1 or use kernel"
                + " ≤ 2");
    assertThatThrownBy(
            () -> convolution.weightGradient(x, x, w.shape(), Spec.of(3, 3).padding(1).stride(2)))
        .hasMessageStartingWith("Conv2d: gradient of shape 1×1×2×2 for an output of shape");
  }

  @Test
  void spinningLeavesTheMemoryAlone() {
    int mark = engine.mark();
    int address = engine.put(new float[] {1, 2, 3}, 0, 3);
    engine.spin(10);
    float[] got = new float[3];
    engine.get(address, got, 0, 3);
    engine.release(mark);
    assertThat(got).containsExactly(1, 2, 3);
    assertThat(Engine.spinFlops(1000)).isEqualTo(96_000);
  }
}
