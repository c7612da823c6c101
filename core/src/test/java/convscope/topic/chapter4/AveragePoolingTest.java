package convscope.topic.chapter4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.View;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AveragePoolingTest {
  private static final AveragePooling TOPIC = new AveragePooling();

  private static Values values(String query) {
    Map<String, String> texts = new HashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      texts.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    var parsed = TOPIC.schema().parse(texts);
    assertThat(parsed.problems()).isEmpty();
    return parsed.values();
  }

  private static Averaged averaged(String query) {
    return TOPIC.compute(values(query), name -> null);
  }

  @Test
  void bothDivisorsAreThoseOfCellsCountedOneByOne() {
    for (String query : new String[] {"", "size=7x4&kernel=4&stride=3&padding=2", "stride=1"}) {
      Averaged pool = averaged(query);
      int kernel = pool.values().integer("kernel");
      int stride = pool.values().integer("stride");
      int padding = pool.values().integer("padding");
      for (int i = 0; i < pool.outHeight(); i++) {
        for (int j = 0; j < pool.outWidth(); j++) {
          int inside = 0;
          double sum = 0;
          for (int r = 0; r < pool.input().height(); r++) {
            for (int c = 0; c < pool.input().width(); c++) {
              int u = r + padding - i * stride;
              int v = c + padding - j * stride;
              if (u >= 0 && u < kernel && v >= 0 && v < kernel) {
                inside++;
                sum += pool.input().at(r, c);
              }
            }
          }
          int n = i * pool.outWidth() + j;
          assertThat(pool.divisors(false).data()[n]).isEqualTo(inside);
          assertThat(pool.divisors(true).data()[n]).isEqualTo(kernel * kernel);
          assertThat(pool.real().data()[n]).isEqualTo((float) (sum / inside));
          assertThat(pool.counted().data()[n]).isEqualTo((float) (sum / kernel / kernel));
        }
      }
    }
  }

  @Test
  void theConventionsDifferAtTheBorderOnly() {
    Averaged pool = averaged("");
    assertThat(pool.border()).isEqualTo(8);
    assertThat(pool.difference().data()[4]).isZero();
    assertThat(averaged("padding=0").border()).isZero();
    assertThat(TOPIC.figure(averaged("padding=0"), new View(0, "", false, true)).alt())
        .contains("the conventions agree everywhere");
  }

  @Test
  void aFlatImageStaysFlatOnlyIfThePaddingDoesNotCount() {
    Averaged pool = averaged("mistake=on");
    assertThat(pool.real().data()).containsOnly(1);
    assertThat(pool.counted().data()[0]).isEqualTo(4 / 9f, within(1e-7f));
    assertThat(pool.counted().data()[1]).isEqualTo(6 / 9f, within(1e-7f));
    assertThat(pool.counted().data()[4]).isEqualTo(1);
    assertThat(TOPIC.figure(pool, new View(8, "", false, true)).alt())
        .contains("8 of 9 outputs fall below it, down to 0.44; without, all stay 1.");
  }

  @Test
  void theEquationDividesTheSameSumTwice() {
    // the last corner of the digit: 0 + 8 + 0 + 11 on the input
    String equation = TOPIC.figure(averaged(""), new View(8, "", false, true)).equation();
    assertThat(equation.replaceAll("<[^>]*>", ""))
        .contains("padding counted 19 / 9 = 2.11,")
        .contains("not counted 19 / 4 = 4.75");
  }

  @Test
  void paddingAsWideAsTheWindowIsRefusedInTheOperatorsWords() {
    Problem problem = TOPIC.check(values("kernel=2&padding=2"), name -> null);
    assertThat(problem)
        .extracting(Problem::text)
        .isEqualTo(
            "AveragePool2d: padding 2 leaves windows of kernel 2 (dilation 1) without input;"
                + " use padding ≤ 1");
  }
}
