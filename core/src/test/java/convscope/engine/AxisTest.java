package convscope.engine;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.op.PaddingMode;
import convscope.op.Window;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where windows read, against the definition: window i reads under tap u at i·S + u·D − P. */
class AxisTest {
  @Test
  void everyWindowReadsUnderEveryTapWhatTheDefinitionSaysInSharedPlanesAndInOneForEachTap() {
    int cases = 0;
    for (int size : new int[] {1, 2, 5, 8}) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 3; stride++) {
          for (int dilation = 1; dilation <= 2; dilation++) {
            for (int pad = 0; pad <= 2; pad++) {
              int room = size + 2 * pad - dilation * (kernel - 1) - 1;
              if (room < 0) {
                continue;
              }
              for (PaddingMode mode :
                  new PaddingMode[] {PaddingMode.ZEROS, PaddingMode.REPLICATE}) {
                Axis axis = Axis.of(size, new Window(kernel, stride, pad, pad, dilation), mode);
                for (Axis either : new Axis[] {axis, axis.apart()}) {
                  for (int i = 0; i < axis.windows; i++) {
                    for (int u = 0; u < kernel; u++) {
                      int at = either.phase[u] * either.length + either.shift[u] + i;
                      assertThat(either.source[at])
                          .isEqualTo(mode.source(i * stride + u * dilation - pad, size));
                    }
                  }
                  cases++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(cases).isGreaterThan(600);
  }

  @Test
  void aPlaneForEachTapHasNoGapBetweenRowsOfWindows() {
    Axis axis = Axis.of(14, Window.of(3).padding(1), PaddingMode.ZEROS);
    assertThat(axis.length).isEqualTo(16);
    assertThat(axis.apart().length).isEqualTo(14);
    assertThat(axis.apart().phases).isEqualTo(3);
  }

  @Test
  void aRunTellsWhereAPlaneReadsTheInputInOrderAndIsMissingWhereItDoesNot() {
    Axis padded = Axis.of(5, Window.of(3).padding(1), PaddingMode.ZEROS);
    assertThat(padded.run[0]).isEqualTo(new Axis.Run(1, 0, 5));
    assertThat(padded.apart().run)
        .isEqualTo(
            new Axis.Run[] {new Axis.Run(1, 0, 4), new Axis.Run(0, 0, 5), new Axis.Run(0, 1, 4)});
    Axis strided = Axis.of(6, Window.of(2).stride(2), PaddingMode.ZEROS);
    assertThat(Arrays.asList(strided.run)).containsOnlyNulls();
    assertThat(Axis.of(5, Window.of(3).padding(1), PaddingMode.CIRCULAR).run[0]).isNull();
    Axis outside = Axis.of(1, Window.of(1).padding(1), PaddingMode.ZEROS);
    assertThat(outside.run[0]).isEqualTo(new Axis.Run(1, 0, 1));
    assertThat(Axis.of(4, Window.of(3), PaddingMode.ZEROS).isInput()).isTrue();
    assertThat(padded.isInput()).isFalse();
  }
}
