package convscope.param;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryStringTest {
  @Test
  void theJdkDecodesWhatItWrites() {
    for (String text :
        new String[] {"", "a b", "x&y=z", "“√” <script>é", "1,0;-1", "%41", "+", "\u0001", "🎈"}) {
      String written = QueryString.write(Map.of("k", text));
      assertThat(URLDecoder.decode(written.substring(2), StandardCharsets.UTF_8)).isEqualTo(text);
      assertThat(written).matches("k=[A-Za-z0-9._~,;:/%-]*");
    }
  }
}
