package convscope.topic.home;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.topic.Course;
import convscope.topic.Probe;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShapeMapTest {
  private static final Probe<Shapes> PROBE = Probe.of(new ShapeMap());

  /** How many windows fit, by trying each place. */
  private static int places(int in, int kernel, int stride, int padding) {
    int count = 0;
    for (int from = -padding; from + kernel <= in + padding; from += stride) {
      count++;
    }
    return count;
  }

  @Test
  void everyShapeIsThatOfATensorMadeByItsOperator() {
    int compared = 0;
    for (int kernel = 1; kernel <= 5; kernel++) {
      for (int stride = 1; stride <= 3; stride++) {
        for (int padding = 0; padding <= 2; padding++) {
          for (String size : new String[] {"4x12", "7x5", "12x12"}) {
            Probe<Shapes> probe =
                PROBE.at(
                    "batch=3&channels=4&out-channels=5&classes=2&kernel="
                        + kernel
                        + "&stride="
                        + stride
                        + "&padding="
                        + padding
                        + "&size="
                        + size);
            if (probe.problem() != null) {
              continue;
            }
            Shapes shapes = probe.result();
            int height = probe.values().pair("size").height();
            int width = probe.values().pair("size").width();
            String maps =
                places(height, kernel, stride, padding)
                    + ", "
                    + places(width, kernel, stride, padding)
                    + ")";
            assertThat(Shapes.shape(shapes.images()))
                .isEqualTo("(3, 4, " + height + ", " + width + ")");
            assertThat(Shapes.shape(shapes.kernels()))
                .isEqualTo("(5, 4, " + kernel + ", " + kernel + ")");
            assertThat(Shapes.shape(shapes.maps())).isEqualTo("(3, 5, " + maps);
            assertThat(Shapes.shape(shapes.coarse())).isEqualTo("(3, 2, " + maps);
            assertThat(Shapes.shape(shapes.logits())).isEqualTo("(3, 2)");
            assertThat(Shapes.shape(shapes.pixels()))
                .isEqualTo("(3, 2, " + height + ", " + width + ")");
            compared++;
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(100);
  }

  @Test
  void averagingTheSegmentationGivesTheClassification() {
    Shapes shapes = PROBE.at("batch=3&classes=4").result();
    int positions = shapes.coarse().dim(2) * shapes.coarse().dim(3);
    Set<Float> different = new HashSet<>();
    for (int row = 0; row < 3 * 4; row++) {
      double sum = 0;
      for (int i = 0; i < positions; i++) {
        sum += shapes.coarse().data()[row * positions + i];
      }
      assertThat(shapes.logits().data()[row])
          .isCloseTo((float) (sum / positions), org.assertj.core.data.Offset.offset(1e-4f));
      different.add(shapes.logits().data()[row]);
    }
    assertThat(different).hasSizeGreaterThan(8); // or the claim would be empty
    assertThat(shapes.difference()).isLessThan(1e-4f);
  }

  @Test
  void enlargingCopiesTheNearestPosition() {
    Shapes shapes = PROBE.at("size=8x8&kernel=2&stride=2&padding=0").result();
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 8; column++) {
        assertThat(shapes.pixels().at(1, 2, row, column))
            .isEqualTo(shapes.coarse().at(1, 2, row / 2, column / 2));
      }
    }
  }

  @Test
  void aStageIsExplainedWhereTheReaderPoints() {
    String[] names = {
      "Image batch", "Kernel bank", "Feature map", "Classification", "Segmentation"
    };
    for (int n = 0; n < names.length; n++) {
      String pointed = PROBE.step(0).pick("stage/0," + n).figure().caption();
      assertThat(pointed).contains(names[n] + "</b>").contains("href=\"course:");
      assertThat(PROBE.step(n).narrow().figure().caption()).isEqualTo(pointed);
    }
    assertThat(PROBE.pick("stage/0,5").figure().caption()).isEqualTo(PROBE.figure().caption());
    assertThat(PROBE.equation()).contains("8", "10").doesNotContain("NaN");
    assertThat(PROBE.twin()).contains("image batch (2, 3, 8, 10), 480 numbers");
  }

  @Test
  void everyLinkLeadsToATopicOfTheCourse() {
    Set<String> places = new HashSet<>();
    Set<String> titles = new HashSet<>();
    for (Course.Chapter chapter : Course.chapters()) {
      for (Course.Entry entry : chapter.entries()) {
        if (entry.exists()) {
          places.add(chapter.slug() + "/index.html#" + entry.slug());
          titles.add(entry.title());
        }
      }
    }
    for (String[] link : ShapeMapFigure.LINKS) {
      assertThat(places).contains(link[0]);
      assertThat(titles).contains(link[1]);
    }
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(PROBE.at("size=4x4&kernel=5&padding=0").problem())
        .startsWith("Conv2d: kernel 5 (dilation 1) exceeds");
  }
}
