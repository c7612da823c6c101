package convscope.topic.home;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.Course;
import convscope.topic.View;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShapeMapTest {
  private static final ShapeMap MAP = new ShapeMap();

  private static Values values(String... pairs) {
    Map<String, String> texts = new java.util.HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      texts.put(pairs[i], pairs[i + 1]);
    }
    return MAP.schema().parse(texts).values();
  }

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
            Values values =
                values(
                    "kernel",
                    "" + kernel,
                    "stride",
                    "" + stride,
                    "padding",
                    "" + padding,
                    "size",
                    size,
                    "batch",
                    "3",
                    "channels",
                    "4",
                    "out-channels",
                    "5",
                    "classes",
                    "2");
            if (MAP.check(values, Given.NOTHING) != null) {
              continue;
            }
            Shapes shapes = Shapes.of(values);
            int height = values.pair("size").height();
            int width = values.pair("size").width();
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
    Shapes shapes = Shapes.of(values("batch", "3", "classes", "4"));
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
    assertThat(shapes.difference()).isLessThan(1e-4);
  }

  @Test
  void enlargingCopiesTheNearestPosition() {
    Shapes shapes = Shapes.of(values("size", "8x8", "kernel", "2", "stride", "2", "padding", "0"));
    for (int row = 0; row < 8; row++) {
      for (int column = 0; column < 8; column++) {
        assertThat(shapes.pixels().at(1, 2, row, column))
            .isEqualTo(shapes.coarse().at(1, 2, row / 2, column / 2));
      }
    }
  }

  @Test
  void aStageIsExplainedWhereTheReaderPoints() {
    Shapes shapes = Shapes.of(MAP.schema().defaults());
    String[] names = {
      "Image batch", "Kernel bank", "Feature map", "Classification", "Segmentation"
    };
    for (int n = 0; n < names.length; n++) {
      String pointed = MAP.figure(shapes, new View(0, "stage/0," + n, MAP.head().wide())).caption();
      assertThat(pointed).contains(names[n] + "</b>").contains("href=\"course:");
      assertThat(MAP.figure(shapes, new View(n, "", new ShapeMap().head().narrow())).caption())
          .isEqualTo(pointed);
    }
    assertThat(MAP.figure(shapes, new View(2, "stage/0,5", new ShapeMap().head().wide())).caption())
        .isEqualTo(MAP.figure(shapes, new View(2, "", new ShapeMap().head().wide())).caption());
    assertThat(MAP.figure(shapes, new View(2, "", new ShapeMap().head().wide())).equation())
        .contains("8", "10")
        .doesNotContain("NaN");
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
    Problem problem =
        MAP.check(values("size", "4x4", "kernel", "5", "padding", "0"), Given.NOTHING);
    assertThat(problem).isNotNull();
    assertThat(problem.text()).startsWith("Conv2d: kernel 5 (dilation 1) exceeds");
  }
}
