package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProseTest {
  @Test
  void plainTextKeepsWordsTogetherAndWritesIndicesAsTheyAreTyped() {
    assertThat(
            Prose.plain(
                "<h3>In  real models</h3><p>A <b class=\"kernel\">ker</b>nel: <math><msub><mi class=\"output\">H</mi>"
                    + "<mtext>out</mtext></msub><mo>&lt;</mo><mn>3</mn></math></p>"))
        .isEqualTo("In real models: A kernel: H_out<3");
  }
}
