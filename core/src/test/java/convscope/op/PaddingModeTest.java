package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaddingModeTest {
  @Test
  void eachModeReadsAbcAsItsDrawingSays() {
    assertThat(read(PaddingMode.ZEROS)).isEqualTo("....abc....");
    assertThat(read(PaddingMode.REFLECT)).isEqualTo("abcbabcbabc");
    assertThat(read(PaddingMode.REPLICATE)).isEqualTo("aaaaabccccc");
    assertThat(read(PaddingMode.CIRCULAR)).isEqualTo("cabcabcabca");
  }

  @Test
  void aSingleElementIsItsOwnMirror() {
    assertThat(PaddingMode.REFLECT.source(-3, 1)).isZero();
    assertThat(PaddingMode.CIRCULAR.source(5, 1)).isZero();
  }

  @Test
  void namesReadBack() {
    for (PaddingMode mode : PaddingMode.values()) {
      assertThat(PaddingMode.parse(mode.text())).isEqualTo(mode);
    }
    assertThat(PaddingMode.parse("reflect")).isEqualTo(PaddingMode.REFLECT);
    assertThatThrownBy(() -> PaddingMode.parse("same"))
        .hasMessage(
            "PaddingMode: unknown mode \"same\"; use zeros, reflect, replicate or circular");
  }

  @Test
  void namesAreThoseOfUrls() {
    assertThat(PaddingMode.ZEROS.text()).isEqualTo("zeros");
    assertThat(PaddingMode.REFLECT.text()).isEqualTo("reflect");
    assertThat(PaddingMode.REPLICATE.text()).isEqualTo("replicate");
    assertThat(PaddingMode.CIRCULAR.text()).isEqualTo("circular");
  }

  private static String read(PaddingMode mode) {
    StringBuilder out = new StringBuilder();
    for (int i = -4; i < 7; i++) {
      int at = mode.source(i, 3);
      out.append(at < 0 ? '.' : "abc".charAt(at));
    }
    return out.toString();
  }
}
