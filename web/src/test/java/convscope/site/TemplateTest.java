package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  @Test
  void textIsEscapedAndHtmlIsNot() {
    Map<String, String> values = Map.of("title", "a < \"b\" & $1", "body", "<p>$0\\</p>");
    assertThat(Template.fill("t.html", "<h1 title='{{title}}'>{{&body}}", values))
        .isEqualTo("<h1 title='a &lt; &quot;b&quot; &amp; $1'><p>$0\\</p>");
  }

  @Test
  void aGapWithoutAValueIsRefused() {
    assertThatThrownBy(() -> Template.fill("t.html", "{{titel}}", Map.of("title", "")))
        .hasMessage("t.html: no value for {{titel}}; there are: title");
  }
}
