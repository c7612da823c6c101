package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeaVmTest {
  /** What the build compiled, in another process, among other modules. */
  private static final Path BUILT = Path.of("target/wasm");

  @Test
  void moduleHasTheSameBytesWhateverWentBefore(@TempDir Path out) throws Exception {
    int unused = new Object().hashCode(); // one more, and all later identity hash codes are others

    TeaVm.compile("convscope.web.BenchExports", BUILT.resolve("entries"), out, "bench.wasm");

    assertThat(out.resolve("bench.wasm")).hasSameBinaryContentAs(BUILT.resolve("bench.wasm"));
  }
}
