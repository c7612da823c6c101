package convscope.topic.chapter2;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.op.Window;
import convscope.param.ChoiceParam;
import convscope.param.Pair;
import convscope.param.Problem;
import convscope.param.Values;
import convscope.topic.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OutputHeightTest {
  private static final OutputHeight TOPIC = new OutputHeight();
  private static final Probe<OutputSize> PROBE = Probe.of(TOPIC);

  private static OutputSize size(String query) {
    return PROBE.at(query).result();
  }

  private static Search search(OutputSize size) {
    return Objects.requireNonNull(size.search());
  }

  private static Pair out(String query) {
    OutputSize size = size(query);
    assertThat(size.agrees()).as(query).isTrue();
    return size.out();
  }

  /** How many windows fit: tries every start and looks whether all its taps are inside. */
  private static int counted(int in, int kernel, int stride, int padding, int dilation) {
    int count = 0;
    for (int start = -padding; start < in + padding; start += stride) {
      boolean fits = true;
      for (int tap = 0; tap < kernel; tap++) {
        fits &= start + tap * dilation < in + padding;
      }
      count += fits ? 1 : 0;
    }
    return count;
  }

  private static Axis axis(int in, int kernel, int stride, int padding, int dilation) {
    Window window = Window.of(kernel).stride(stride).padding(padding).dilation(dilation);
    return Axis.of(Convention.FLOOR, true, in, window);
  }

  // ---- the formula

  @Test
  void theFloorFormulaCountsTheWindowsThatFit() {
    int checked = 0;
    for (int in = 1; in <= 12; in++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int padding = 0; padding <= 3; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              Axis axis = axis(in, kernel, stride, padding, dilation);
              int counted = counted(in, kernel, stride, padding, dilation);
              assertThat(Math.max(0, axis.out())).as(axis.toString()).isEqualTo(counted);
              if (counted > 0) {
                int read = 0;
                for (int place = -padding; place < in + padding; place++) {
                  read += axis.readers(place) > 0 ? 1 : 0;
                }
                assertThat(axis.dropped()).isBetween(0, stride - 1);
                assertThat(axis.steppedOver().length + axis.dropped() + read)
                    .isEqualTo(in + 2 * padding);
              }
              checked++;
            }
          }
        }
      }
    }
    assertThat(checked).isEqualTo(12 * 5 * 4 * 4 * 3);
  }

  @Test
  void theCheckAgreesWithTheFormulaUnderEveryConvention() {
    int ran = 0;
    for (Convention convention : Convention.values()) {
      for (int in = 1; in <= 9; in++) {
        for (int kernel = 1; kernel <= 4; kernel++) {
          for (int stride = 1; stride <= 4; stride++) {
            for (int padding = 0; padding <= 2; padding++) {
              for (int dilation = 1; dilation <= 2; dilation++) {
                Geometry geometry =
                    new Geometry(
                        convention,
                        new Pair(in, 5),
                        new Pair(kernel, 2),
                        stride,
                        padding,
                        dilation,
                        0);
                if (geometry.problem() == null) {
                  assertThat(geometry.run()).as(geometry.toString()).isEqualTo(geometry.out());
                  ran++;
                }
              }
            }
          }
        }
      }
    }
    assertThat(ran).isGreaterThan(4000);
  }

  @Test
  void theDefaultInputsDifferAndTheirOutputsDoNot() {
    OutputSize size = size("");
    assertThat(size.drawn().in()).isEqualTo(new Pair(8, 7));
    assertThat(size.out()).isEqualTo(new Pair(4, 4));
    assertThat(size.height().dropped()).isEqualTo(1);
    assertThat(size.width().dropped()).isZero();
    assertThat(PROBE.caption())
        .endsWith(
            "Heights 7 and 8 both give 4: the floor drops 1 padding row. Running Conv2d gives 4 × 4"
                + " too.");
    assertThat(PROBE.equation())
        .startsWith("Hout=⌊8+2·1−1·(3−1)−12⌋+1\u2002 =⌊72⌋+1\u2002 =⌊3.5⌋+1\u2002 =3+1=4")
        .endsWith("=⌊3⌋+1\u2002 =3+1=4");
  }

  // ---- conventions, against values worked by hand from the libraries' documentation

  @Test
  void sameIsTheInputDividedByTheStrideRoundedUpWhateverTheKernel() {
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int stride = 1; stride <= 4; stride++) {
        int up = (10 + stride - 1) / stride;
        String query = "size=10&kernel=" + kernel + "&stride=" + stride + "&convention=";
        assertThat(out(query + "same")).isEqualTo(new Pair(up, up));
        assertThat(out(query + "same-upper")).isEqualTo(new Pair(up, up));
        assertThat(out(query + "same-lower")).isEqualTo(new Pair(up, up));
      }
    }
  }

  @Test
  void theOddPaddingCellOfSameIsAtTheEndAndWithSameLowerAtTheBeginning() {
    String same = "size=8&convention=same";
    assertThat(pads(same + "-upper&kernel=3&stride=2")).isEqualTo("0 + 1");
    assertThat(pads(same + "-lower&kernel=3&stride=2")).isEqualTo("1 + 0");
    assertThat(pads(same + "&kernel=4&stride=1")).isEqualTo("1 + 2");
    assertThat(pads(same + "&kernel=3&stride=1&dilation=2")).isEqualTo("2 + 2");
  }

  private static String pads(String query) {
    return size(query).height().pads();
  }

  @Test
  void validIsTheSmallerInputDividedByTheStrideRoundedUp() {
    assertThat(out("convention=valid&size=8x7&kernel=3&stride=2")).isEqualTo(new Pair(3, 3));
    assertThat(out("convention=valid&size=10&kernel=4&stride=3")).isEqualTo(new Pair(3, 3));
    assertThat(out("convention=valid&size=10&kernel=3&stride=1&dilation=3"))
        .isEqualTo(new Pair(4, 4));
  }

  @Test
  void ceilModeKeepsAWindowThatHangsOverTheEdge() {
    OutputSize size = size("convention=ceil&size=8x9&kernel=3&stride=2&padding=1");
    assertThat(size.out()).isEqualTo(new Pair(5, 5));
    assertThat(size.ran()).isEqualTo(size.out());
    assertThat(size.height().reach() - size.height().end()).isEqualTo(1);
    assertThat(size.width().reach()).isEqualTo(size.width().end());
  }

  @Test
  void ceilModeDropsAWindowThatWouldStartPastTheInput() {
    OutputSize size = size("convention=ceil&size=5&kernel=2&stride=3&padding=1");
    // ⌈(5 + 2 − 1 − 1)/3⌉ + 1 = 3, and the third would start at 6 = 5 + 1 of the padded input
    assertThat(size.height().dropsLast()).isTrue();
    assertThat(size.out()).isEqualTo(new Pair(2, 2));
    assertThat(size.ran()).isEqualTo(size.out());
  }

  /** Places are those of the input, as in the caption: row 3·4 − 2, past the last of 9. */
  @Test
  void theDroppedWindowIsNamedByTheRowOfTheInputAtWhichItWouldStart() {
    Probe<OutputSize> probe = PROBE.at("convention=ceil&size=9&kernel=4&stride=4&padding=2");
    assertThat(probe.equation()).contains(":\u00a0row\u00a010\u00a0is\u00a0past");
    assertThat(probe.caption()).contains("would start at row 10, past the input");
  }

  @Test
  void outputPaddingGivesTheSizesThatTheFloorMadeAlike() {
    assertThat(out("convention=transposed&size=4")).isEqualTo(new Pair(7, 7));
    assertThat(out("convention=transposed&size=4&output-padding=1")).isEqualTo(new Pair(8, 8));
    Window halving = Window.of(3).stride(2).padding(1);
    assertThat(halving.out(7)).isEqualTo(4);
    assertThat(halving.out(8)).isEqualTo(4);
  }

  // ---- solving

  @Test
  void everySolutionIsListedAndNoneThatIsNotOne() {
    int solved = 0;
    for (String convention : new String[] {"floor", "valid", "ceil", "transposed"}) {
      for (Unknown unknown : Unknown.values()) {
        for (int wanted = 1; wanted <= 9 && unknown != Unknown.OUT; wanted++) {
          String query =
              "convention="
                  + convention
                  + "&unknown="
                  + ChoiceParam.text(unknown)
                  + "&out="
                  + wanted
                  + "x"
                  + Math.max(1, wanted - 1)
                  + "&size=9x8&stride=2";
          OutputSize size = size(query);
          Search search = search(size);
          Set<String> found = new TreeSet<>();
          for (Geometry solution : search.solved() ? search.best() : List.<Geometry>of()) {
            assertThat(solution.problem()).isNull();
            assertThat(solution.run()).as(query).isEqualTo(search.wanted());
            found.add(solution.toString());
          }
          assertThat(found).as(query).isEqualTo(bruteForce(unknown, PROBE.at(query).values()));
          assertThat(search.best()).doesNotHaveDuplicates();
          assertThat(size.agrees()).isTrue();
          solved += found.size();
        }
      }
    }
    assertThat(solved).isGreaterThan(150);
  }

  /** All geometries in the schema's ranges that really give the wanted output. */
  private static Set<String> bruteForce(Unknown unknown, Values values) {
    Set<String> found = new TreeSet<>();
    Convention convention = values.constant("convention", Convention.values());
    boolean padded = convention != Convention.VALID;
    Pair in = values.pair("size");
    Pair kernel = values.pair("kernel");
    int stride = values.integer("stride");
    int padding = padded ? values.integer("padding") : 0;
    int dilation = values.integer("dilation");
    List<Geometry> all = new ArrayList<>();
    switch (unknown) {
      case IN -> {
        for (int h = 1; h <= 16; h++) {
          for (int w = 1; w <= 16; w++) {
            all.add(new Geometry(convention, new Pair(h, w), kernel, stride, padding, dilation, 0));
          }
        }
      }
      case KERNEL -> {
        for (int h = 1; h <= 7; h++) {
          for (int w = 1; w <= 7; w++) {
            all.add(new Geometry(convention, in, new Pair(h, w), stride, padding, dilation, 0));
          }
        }
      }
      default -> {
        for (int s = 1; s <= 4; s++) {
          for (int p = 0; p <= (padded ? 4 : 0); p++) {
            for (int d = 1; d <= 3; d++) {
              boolean strides = unknown == Unknown.STRIDE || unknown == Unknown.PADDING_STRIDE;
              boolean paddings = unknown == Unknown.PADDING || unknown == Unknown.PADDING_STRIDE;
              if ((strides || s == stride)
                  && (paddings || p == padding)
                  && (unknown == Unknown.DILATION || d == dilation)) {
                all.add(new Geometry(convention, in, kernel, s, p, d, 0));
              }
            }
          }
        }
      }
    }
    for (Geometry geometry : all) {
      if (geometry.problem() == null && geometry.run().equals(values.pair("out"))) {
        found.add(geometry.toString());
      }
    }
    return found;
  }

  @Test
  void whereThereIsNoSolutionTheFigureSaysSoAndNamesTheNearestOutputs() {
    OutputSize size = size("unknown=padding&out=5x4");
    assertThat(search(size).answer())
        .isEqualTo("No padding in range gives 5 × 4; nearest: 4 × 4 (P = 1), 5 × 5 (P = 2)");
    assertThat(PROBE.at("unknown=padding&out=5x4").caption()).contains("No padding in range");
  }

  @Test
  void anInputThatNoSizeReachesNamesTheSizesOnEitherSide() {
    OutputSize size = size("unknown=in&convention=transposed&out=8");
    assertThat(search(size).answer())
        .isEqualTo(
            "No input size in range gives 8 × 8; nearest: 7 × 7 (size = 4 × 4), 7 × 9 (size = 4 × 5),"
                + " 9 × 7 (size = 5 × 4) and more");
  }

  @Test
  void solvingForTheInputListsBothSizesThatTheFloorMakesAlike() {
    OutputSize size = size("unknown=in");
    assertThat(search(size).answer()).isEqualTo("size = 7 × 7, 7 × 8, 8 × 7 or 8 × 8 give 4 × 4");
    assertThat(size("unknown=in&solution=4").drawn().in()).isEqualTo(new Pair(8, 8));
    assertThat(size("unknown=in&solution=64").drawn().in()).isEqualTo(new Pair(8, 8));
  }

  // ---- transposed convolution

  @Test
  void scatterZeroInsertionAndMatrixGiveTheOperatorsOutputExactly() {
    int checked = 0;
    for (int in = 1; in <= 6; in++) {
      for (int kernel = 1; kernel <= 5; kernel++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int padding = 0; padding <= 3; padding++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              for (int more = 0; more < Math.max(stride, dilation); more++) {
                Window window = axis(in, kernel, stride, padding, dilation).window();
                Axis axis = new Axis(Convention.TRANSPOSED, true, in, window, more);
                if (axis.out() < 1) {
                  continue;
                }
                Transposed example = Transposed.of(axis);
                assertThat(example.difference()).as(axis.toString()).isZero();
                assertThat(example.y()).hasSize(axis.out());
                assertThat(example.partial(in - 1)).containsExactly(example.y());
                checked++;
              }
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(2500);
  }

  @Test
  void aSmallTransposedConvolutionIsAsComputedByHand() {
    Transposed example =
        Transposed.of(Axis.of(Convention.TRANSPOSED, true, 3, Window.of(3).stride(2)));
    assertThat(example.x()).containsExactly(2, 1, 3);
    assertThat(example.w()).containsExactly(1, 2, 3);
    // 2·(1 2 3) at 0, 1·(1 2 3) at 2, 3·(1 2 3) at 4
    assertThat(example.y()).containsExactly(2, 4, 6 + 1, 2, 3 + 3, 6, 9);
    assertThat(example.stretched()).containsExactly(0, 0, 2, 0, 1, 0, 3, 0, 0);
    assertThat(example.partial(0)).containsExactly(2, 4, 6, 0, 0, 0, 0);
  }

  // ---- problems and mistakes

  @Test
  void whatDoesNotFitIsSaidInTheOperatorsOwnWords() {
    assertThat(problem("size=4&kernel=7&padding=0").text())
        .isEqualTo(
            "Conv2d: kernel 7 (dilation 1) exceeds padded input 4; raise padding to 2 or use kernel ≤ 4");
    assertThat(problem("size=4&kernel=7&padding=0").param()).isEqualTo("kernel");
    Problem more = problem("convention=transposed&output-padding=2");
    assertThat(more.text())
        .isEqualTo("ConvTranspose2d: output padding 2 with stride 2 and dilation 1; use 0 to 1");
    assertThat(more.param()).isEqualTo("output-padding");
    Problem cut = problem("convention=transposed&size=1&kernel=1&padding=2");
    assertThat(cut.text()).startsWith("ConvTranspose2d: padding leaves an output height of -3");
    assertThat(cut.param()).isEqualTo("padding");
    assertThat(problem("convention=ceil&kernel=2&padding=3").text())
        .startsWith("MaxPool2d: padding 3");
    assertThat(problem("unknown=stride&size=2&kernel=7&padding=0").text())
        .startsWith("Conv2d: kernel 7 (dilation 1) exceeds padded input 2");
  }

  private static Problem problem(String query) {
    Problem problem = TOPIC.check(PROBE.at(query).values(), Given.NOTHING);
    return Objects.requireNonNull(problem, query);
  }

  @Test
  void eachMistakeIsShownToDisagreeWithTheRun() {
    assertThat(size("mistake=plus-one").wrong()).isEqualTo(new Pair(3, 3));
    assertThat(size("mistake=floor").wrong()).isEqualTo(new Pair(5, 4));
    assertThat(size("mistake=dilation&dilation=2").wrong()).isEqualTo(new Pair(4, 4));
    assertThat(size("mistake=dilation&dilation=2").ran()).isEqualTo(new Pair(3, 3));
    assertThat(PROBE.at("mistake=plus-one").caption())
        .contains("Without the + 1 the answer would be 3 × 3, but window 3 fits along the height");
    assertThat(PROBE.at("mistake=floor").caption())
        .contains("Rounded the other way the answer would be 5 × 4, but window 4 would need row 9,")
        .contains("and the padding ends at 8. Running Conv2d gives 4 × 4 too.");
    assertThat(PROBE.at("mistake=floor&size=7").caption()).contains("by luck the same");
  }

  @Test
  void aFormulaWithoutThePartThatASlipForgetsSaysSo() {
    assertThat(PROBE.at("convention=same&mistake=plus-one").caption())
        .contains("This convention’s formula has no + 1 to forget.")
        .doesNotContain("luck");
    assertThat(size("convention=valid&mistake=plus-one").wrong()).isEqualTo(new Pair(3, 3));
    assertThat(PROBE.at("convention=same&mistake=dilation").caption()).contains("has no kernel");
    assertThat(PROBE.at("convention=transposed&mistake=floor").caption())
        .contains("has nothing to round");
  }

  /** The paper has 55. */
  @Test
  void alexNetsWindowsAreThoseThatFitCountedOneByOne() {
    assertThat(TOPIC.facts())
        .containsEntry("alexExact", "53.25") // (224 − 11)/4
        .containsEntry("alexFloor", String.valueOf(counted(224, 11, 4, 0, 1)))
        .containsEntry("alexPadded", String.valueOf(counted(224, 11, 4, 2, 1)))
        .containsEntry("alexLarger", String.valueOf(counted(227, 11, 4, 0, 1)));
    assertThat(counted(224, 11, 4, 0, 1)).isEqualTo(54);
    assertThat(counted(227, 11, 4, 0, 1)).isEqualTo(55).isEqualTo(counted(224, 11, 4, 2, 1));
  }

  /**
   * ceil(4/3) + 1 = 3 by the formula; PyTorch leaves out the window in the padding after the end.
   */
  @Test
  void ceilModeGivesTwoWhereTheFormulaWouldGiveThree() {
    assertThat(out("convention=ceil&size=4&kernel=2&stride=3&padding=1")).isEqualTo(new Pair(2, 2));
  }

  @Test
  void aMatrixHasNoNumberWhereItHasNoWeight() {
    Probe<OutputSize> probe = PROBE.at("convention=transposed&size=4&view=matrix");
    assertThat(probe.svg()).contains("aria-label=\"no weight\"").doesNotContain("aria-label=\"0\"");
  }

  @Test
  void pointingAtADroppedCellSaysWhyNoWindowReadsIt() {
    assertThat(PROBE.pick("h/0,8").caption())
        .isEqualTo(
            "The padding row 8 is dropped by the floor: the next window would need row 9, and the"
                + " last is 8.");
    assertThat(PROBE.pick("h/0,3").caption()).contains("windows 1 and 2");
  }
}
