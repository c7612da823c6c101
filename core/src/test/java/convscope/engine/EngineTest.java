package convscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.linalg.ScalarGemm;
import org.junit.jupiter.api.Test;

/**
 * The engine's plans, with plain Java as kernels; the browser's tests run the same checks on SIMD.
 */
class EngineTest {
  private final Engine engine = new Engine(new ScalarKernels());

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
}
