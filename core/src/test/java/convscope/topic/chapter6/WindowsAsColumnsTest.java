package convscope.topic.chapter6;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.exercise.Question;
import convscope.op.Im2col;
import convscope.param.Schema;
import convscope.param.Values;
import convscope.tensor.Rng;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowsAsColumnsTest {
  private static final Probe<Unrolled> PROBE = Probe.of(new WindowsAsColumns());
  private static final String[] QUERIES = {
    "",
    "size=1&kernel=1",
    "size=6x3&kernel=2x3&channels=2&input=noise",
    "size=1x2&kernel=3&padding=1", // a kernel higher than the input
    "size=7x5&kernel=2&stride=4", // a stride larger than the kernel
    "size=7x6&kernel=3x2&dilation=2&padding=1&stride=2&channels=2&filters=1",
  };

  /** What the padded input has at a place, by the topic's own parameters alone. */
  private static float read(Unrolled it, int c, int row, int column) {
    return row < 0 || column < 0 || row >= it.height() || column >= it.width()
        ? 0
        : it.x().at(0, c, row, column);
  }

  @Test
  void everyColumnIsItsWindowAndTheProductIsTheConvolution() {
    for (String query : QUERIES) {
      Probe<Unrolled> probe = PROBE.at(query);
      Values values = probe.values();
      Unrolled it = probe.result();
      int kernelHigh = values.pair("kernel").height();
      int kernelWide = values.pair("kernel").width();
      int stride = values.integer("stride");
      int dilation = values.integer("dilation");
      int padding = values.integer("padding");
      int next = 0;
      for (int i = 0; i * stride + dilation * (kernelHigh - 1) < it.height() + 2 * padding; i++) {
        for (int j = 0; j * stride + dilation * (kernelWide - 1) < it.width() + 2 * padding; j++) {
          for (int o = 0; o < it.w().dim(0); o++) {
            double sum = 0;
            int row = 0;
            for (int c = 0; c < it.channels(); c++) {
              for (int u = 0; u < kernelHigh; u++) {
                for (int v = 0; v < kernelWide; v++, row++) {
                  int r = i * stride + u * dilation - padding;
                  int s = j * stride + v * dilation - padding;
                  assertThat(it.shown().at(row, next)).isEqualTo(read(it, c, r, s));
                  assertThat(it.row(row, next)).isEqualTo(r);
                  assertThat(it.column(row, next)).isEqualTo(s);
                  sum += (double) it.w().at(o, c, u, v) * read(it, c, r, s);
                }
              }
            }
            assertThat(it.product().at(o, next)).isEqualTo((float) sum);
            assertThat(it.y().at(0, o, i, j)).isEqualTo((float) sum);
          }
          next++;
        }
      }
      assertThat(it.count()).as(query).isEqualTo(next);
      assertThat(it.spoilt()).isZero();
      assertThat(it.blowUp())
          .isEqualTo((double) kernelHigh * kernelWide * next / (it.height() * it.width()));
    }
  }

  @Test
  void col2imIsTheAdjointWhateverTheColumns() {
    for (String query : QUERIES) {
      for (String columns : new String[] {"copies", "ones", "gradient"}) {
        String more = (query.isEmpty() ? "" : query + "&") + "show=col2im&columns=" + columns;
        Unrolled it = PROBE.at(more).result();
        double left = 0;
        double right = 0;
        for (int n = 0; n < it.c().size(); n++) {
          left += (double) it.cols().data()[n] * it.c().data()[n];
        }
        Tensor back = it.scattered(it.c(), it.count());
        for (int n = 0; n < it.x().size(); n++) {
          right += (double) it.x().data()[n] * back.data()[n];
        }
        assertThat(left).as(more).isEqualTo(right); // whole numbers
        assertThat(back.data()).isEqualTo(Im2col.col2im(it.c(), it.x().shape(), it.spec()).data());
      }
    }
  }

  @Test
  void addedBackEveryCellIsCountedOnceForEachWindowThatReadsIt() {
    for (String query : QUERIES) {
      Unrolled it = PROBE.at(query).result();
      Tensor twice = it.scattered(it.cols(), it.count());
      for (int n = 0; n < it.x().size(); n++) {
        int plane = it.height() * it.width();
        int times = 0;
        for (int row = 0; row < it.rows(); row++) {
          for (int k = 0; k < it.count(); k++) {
            times +=
                it.channel(row) == n / plane
                        && it.row(row, k) == n % plane / it.width()
                        && it.column(row, k) == n % it.width()
                    ? 1
                    : 0;
          }
        }
        assertThat(it.readers().data()[n]).isEqualTo(times);
        assertThat(twice.data()[n]).isEqualTo(times * it.x().data()[n]);
      }
    }
    assertThat(PROBE.at("show=col2im").caption())
        .contains("once for each of the 1 to 6 windows that read it");
  }

  @Test
  void rowsInTheWrongOrderSpoilTheProduct() {
    Unrolled down = PROBE.at("mistake=down").result();
    // the first window is 1 2 3, 6 7 8, 11 12 13, the weights 1 to 9
    double right = 1 + 2 * 2 + 3 * 3 + 4 * 6 + 5 * 7 + 6 * 8 + 7 * 11 + 8 * 12 + 9 * 13;
    double wrong = 1 + 2 * 6 + 3 * 11 + 4 * 2 + 5 * 7 + 6 * 12 + 7 * 3 + 8 * 8 + 9 * 13;
    assertThat(down.y().data()[0]).isEqualTo((float) right);
    assertThat(down.product().data()[0]).isEqualTo((float) wrong);
    assertThat(PROBE.at("mistake=down").caption())
        .contains("6 of 12 outputs are wrong (dashed), y[0, 0] is 363 and not 411");
    Unrolled mixed = PROBE.at("mistake=mixed&channels=2&filters=1&size=3").result();
    double sum = 0; // weights 1 to 18 meet 1, 10, 2, 11, …
    for (int r = 0; r < 18; r++) {
      sum += (r + 1) * (r % 2 == 0 ? 1 + r / 2 : 10 + r / 2);
    }
    assertThat(mixed.product().data()[0]).isEqualTo((float) sum);
    assertThat(mixed.spoilt()).isEqualTo(1);
  }

  @Test
  void theFigureSaysWhereTheMistakeIsRightByLuck() {
    String symmetric = "mistake=down&preset=laplacian";
    assertThat(PROBE.at(symmetric).result().spoilt()).isZero();
    assertThat(PROBE.at(symmetric).caption()).contains("right by luck");
    assertThat(PROBE.at("mistake=mixed").caption()).contains("agree exactly"); // one channel
  }

  @Test
  void theGradientOfTheColumnsBecomesThatOfTheInput() {
    Unrolled it = PROBE.at("show=col2im&columns=gradient&stride=2&padding=1&channels=2").result();
    Tensor back = it.scattered(it.c(), it.count());
    // the loss ⟨g, Y⟩ is linear in x: moving a cell by 1 moves it by the gradient
    int cell = 7;
    Tensor moved = it.x().copy();
    moved.data()[cell] += 1;
    Tensor cols = Im2col.forward(moved, it.spec());
    double more = 0;
    for (int n = 0; n < it.cols().size(); n++) {
      int k = n % it.count();
      for (int o = 0; o < it.g().dim(0); o++) {
        double weight = it.w().data()[o * it.rows() + n / it.count()];
        more += it.g().at(o, k) * weight * (cols.data()[n] - it.cols().data()[n]);
      }
    }
    assertThat((double) back.data()[cell]).isEqualTo(more, within(1e-9));
    assertThat(PROBE.at("show=col2im&columns=gradient").caption()).contains("agree exactly");
  }

  @Test
  void pointingAtAnyOfTheThreeLightsTheOtherTwo() {
    // cols[4, 1] is the middle tap of the second window: x[1, 2] = 8
    assertThat(linked("cols/4,1")).contains("in/1,2", "k/0,4", "k/1,4").doesNotContain("in/1,1");
    assertThat(linked("in/1,2")).contains("cols/5,0", "cols/4,1", "cols/3,2", "y/0,0", "out/1,0");
    assertThat(linked("k/0,4")).contains("cols/4,0", "cols/4,2", "in/2,1");
    assertThat(linked("y/1,5")).contains("k/1,0").doesNotContain("k/0,0");
    assertThat(PROBE.pick("y/0,5").equation()).startsWith("Y[0, 5] = 1·8 + 2·9 + 3·10");
    assertThat(PROBE.pick("out/1,2").equation()).startsWith("Y[0, 5] = 1·8 + 2·9 + 3·10");
    assertThat(PROBE.pick("cols/4,1").caption()).contains("is a copy of x[1, 2] = 8");
    assertThat(PROBE.pick("in/1,2").caption()).startsWith("x[1, 2] stands in cols 6 times");
    assertThat(PROBE.pick("in/0,0").caption()).contains("1 time, once for each window");
    for (String none : new String[] {"in1/0,0", "in/4,0", "in/-1,0", "back/0,0", "cols/9,0"}) {
      assertThat(PROBE.pick(none).svg()).as(none).isEqualTo(PROBE.svg());
    }
    Probe<Unrolled> back = PROBE.at("show=col2im").step(1);
    for (String none : new String[] {"in/0,0", "k/0,0", "y/0,3", "out/1,1", "back1/0,0"}) {
      assertThat(back.pick(none).svg()).as(none).isEqualTo(back.svg());
    }
  }

  private static String linked(String key) {
    StringBuilder keys = new StringBuilder();
    String svg = PROBE.pick(key).svg();
    int at = svg.indexOf("linked");
    while (at >= 0) {
      int from = svg.indexOf("data-k=\"", at) + 8;
      keys.append(svg, from, svg.indexOf('"', from)).append(' ');
      at = svg.indexOf("linked", from);
    }
    return keys.toString();
  }

  @Test
  void bothChannelsCanBeTypedInto() {
    Probe<Unrolled> two = PROBE.at("channels=2");
    WindowsAsColumns topic = new WindowsAsColumns();
    Values typed = topic.change(two.values(), two.result(), "in1/0,1", "-5");
    Unrolled it = topic.compute(typed, two.given());
    assertThat(it.x().at(0, 1, 0, 1)).isEqualTo(-5);
    assertThat(it.x().at(0, 1, 0, 0)).isEqualTo(21);
    assertThat(it.x().at(0, 0, 3, 4)).isEqualTo(20);
    Values again = topic.change(typed, it, "in/0,1", "9");
    it = topic.compute(again, two.given());
    assertThat(it.x().at(0, 0, 0, 1)).isEqualTo(9);
    assertThat(it.x().at(0, 1, 0, 1)).isEqualTo(-5);
    assertThat(String.valueOf(topic.checkCell("in1/0,1", "x"))).contains("not a number from");
    assertThat(String.valueOf(topic.checkCell("cols/0,1", "1")))
        .contains("Only cells of the input");
  }

  @Test
  void whatDoesNotFitIsRefusedInWords() {
    assertThat(PROBE.at("size=2x5").problem())
        .isEqualTo(
            "Im2col: kernel 3 (dilation 1) exceeds padded input 2; raise padding to 1 or use"
                + " kernel ≤ 2");
    assertThat(PROBE.at("size=7&kernel=1").problem())
        .isEqualTo(
            "size: this window stands at 49 places, and up to 36 columns are drawn; use a smaller"
                + " input, a larger stride or less padding");
  }

  @Test
  void theExercisePlaysItsOwnNumbersHere() {
    Exercise exercise = Exercises.get("im2col-matrix");
    WindowsAsColumns topic = new WindowsAsColumns();
    for (int n = 0; n < 90; n++) {
      Question question = exercise.question(new Rng(n), n % 3 + 1);
      assertThat(question.topic().isEmpty() ? exercise.topic() : question.topic())
          .isEqualTo(topic.slug());
      Map<String, String> plays = new HashMap<>(question.figure());
      plays.remove("step");
      Schema.Parsed parsed = topic.schema().parse(plays);
      assertThat(parsed.problems()).isEmpty();
      assertThat(topic.check(parsed.values(), Given.NOTHING)).isNull();
      float[] cols = topic.compute(parsed.values(), Given.NOTHING).cols().data();
      double[] right = question.parts().get(1).right().values();
      assertThat(cols).hasSize(right.length);
      for (int k = 0; k < right.length; k++) {
        assertThat((double) cols[k]).isEqualTo(right[k]);
      }
    }
  }
}
