package convscope.topic.chapter5;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.tensor.Rng;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class SingleLayerTest {
  private static final Given PICTURES =
      new Given().picture("photo-camera", picture(100, 130)).picture("own", picture(100, 130));

  private static Picture picture(int height, int width) {
    byte[] rgba = new byte[4 * height * width];
    Rng rng = new Rng(9);
    for (int n = 0; n < rgba.length; n++) {
      rgba[n] = n % 4 == 3 ? (byte) 255 : (byte) rng.nextInt(256);
    }
    return new Picture(height, width, rgba, "");
  }

  private static Probe<OneLayer> at(String query) {
    return Probe.of(new SingleLayer()).with(PICTURES).at(query);
  }

  private static OneLayer layer(String query) {
    return at(query).result();
  }

  private static String caption(String query, int step, String pick) {
    return at(query).step(step).pick(pick).figure().caption().replaceAll("<[^>]*>", "");
  }

  /** Whether output {@code o} has a tap on a place: tries every tap. */
  private static boolean reads(int o, int place, int kernel, int dilation, int stride, int pad) {
    for (int tap = 0; tap < kernel; tap++) {
      if (o * stride - pad + tap * dilation == place) {
        return true;
      }
    }
    return false;
  }

  @Test
  void exactlyTheCellsUnderTheTapsMoveAnOutputWhateverTheStrideAndThePadding() {
    int checked = 0;
    for (int kernel = 1; kernel <= 7; kernel++) {
      for (int dilation = 1; dilation <= 3; dilation++) {
        for (int stride = 1; stride <= 4; stride++) {
          for (int padding = 0; padding <= 3; padding++) {
            String query =
                "length=16&kernel="
                    + kernel
                    + "&dilation="
                    + dilation
                    + "&stride="
                    + stride
                    + "&padding="
                    + padding;
            if (at(query).problem() != null) {
              continue;
            }
            OneLayer layer = layer(query);
            for (int o = 0; o < layer.output().dim(3); o++) {
              float[] slopes = layer.gradient(0, o).data();
              int within = 0;
              int first = 99;
              int last = -99;
              for (int p = 0; p < 16; p++) {
                boolean read = reads(o, p, kernel, dilation, stride, padding);
                assertThat(layer.change(0, o, p) != 0).as(query + " " + p).isEqualTo(read);
                assertThat(layer.change(0, o, p)).isEqualTo(slopes[p]);
                within += read ? 1 : 0;
                first = read ? Math.min(first, p) : first;
                last = read ? p : last;
              }
              OneLayer.Measured found = layer.measured(0, o);
              assertThat(found.moving()).isEqualTo(within);
              assertThat(found.outside()).isZero();
              if (within == kernel) { // the whole window is inside
                assertThat(last - first + 1).isEqualTo(layer.field());
                assertThat(found.span()).isEqualTo(layer.field());
                checked++;
              }
            }
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(500);
  }

  @Test
  void inTwoDimensionsTheFieldIsTheProductOfItsRowsAndColumns() {
    OneLayer layer = layer("view=2d&side=11&kernel=3&dilation=3&stride=2&padding=2");
    int moving = 0;
    for (int i = 0; i < layer.output().dim(2); i++) {
      for (int j = 0; j < layer.output().dim(3); j++) {
        float[] slopes = layer.gradient(i, j).data();
        for (int r = 0; r < 11; r++) {
          for (int c = 0; c < 11; c++) {
            boolean read = reads(i, r, 3, 3, 2, 2) && reads(j, c, 3, 3, 2, 2);
            assertThat(layer.change(i, j, r * 11 + c) != 0).isEqualTo(read);
            assertThat(layer.change(i, j, r * 11 + c)).isEqualTo(slopes[r * 11 + c]);
            moving += read ? 1 : 0;
          }
        }
      }
    }
    assertThat(moving).isGreaterThan(100);
  }

  @Test
  void aWeightOfZeroLeavesAHoleInTheField() {
    OneLayer sobel = layer("view=2d&weights=sobel-x&dilation=1");
    assertThat(sobel.measured(1, 1).moving()).isEqualTo(6);
    assertThat(layer("weights=identity").measured(0, 2).moving()).isEqualTo(1);
    assertThat(caption("weights=identity&dilation=1", 12, ""))
        .contains("2 cells of the field move nothing: their weights are 0");
    assertThat(caption("weights=identity", 12, ""))
        .contains(
            "4 cells of the field move nothing: between the taps, or under a weight that is 0");
  }

  @Test
  void anImagesOutputDoesNotNoticeWhatIsOutsideItsField() {
    OneLayer layer = layer("view=image&kernel=5&dilation=2&stride=1&weights=gaussian");
    assertThat(layer.input().height()).isEqualTo(33); // 100 rows in squares of 3
    assertThat(layer.input().width()).isEqualTo(43);
    OneLayer outside = layer.replaced(10, 20, false);
    OneLayer inside = layer.replaced(10, 20, true);
    assertThat(outside.out(10, 20)).isEqualTo(layer.out(10, 20));
    assertThat(outside.out(10, 21)).isNotEqualTo(layer.out(10, 21));
    assertThat(inside.out(10, 20)).isNotEqualTo(layer.out(10, 20));
    assertThat(inside.out(25, 35)).isEqualTo(layer.out(25, 35));
    int kept = 0;
    for (int p = 0; p < layer.cells(); p++) {
      kept += inside.input().x().data()[p] == layer.input().x().data()[p] ? 1 : 0;
    }
    assertThat(kept).isEqualTo(33 * 43 - 25);
    assertThat(layer.measured(10, 20).moving()).isEqualTo(25);
    assertThat(caption("view=image", 1, "in/10,10"))
        .contains("it stays")
        .contains("to the last bit");
    assertThat(caption("view=image", 2, "")).contains("goes from");
  }

  @Test
  void aPictureOfOneRowStaysAsWideAsItIs() {
    assertThat(SmallPicture.of(picture(1, 256)).dim(3)).isEqualTo(256);
    assertThat(SmallPicture.of(picture(256, 3)).dim(2)).isEqualTo(85);
    assertThat(SmallPicture.of(picture(64, 64)).data()).isEqualTo(picture(64, 64).grey());
  }

  @Test
  void everyMistakeClaimsAFieldThatTheTestRefutes() {
    // stride 2, K 3, D 2: field 5 from cell 3; taps on 3, 5 and 7
    OneLayer stride = layer("mistake=stride");
    assertThat(stride.claimed()).isEqualTo(9);
    assertThat(stride.claimedInVain(0, 2)).isEqualTo(6);
    OneLayer padding = layer("mistake=padding");
    assertThat(padding.claimed()).isEqualTo(7);
    assertThat(padding.claimedInVain(0, 2)).isEqualTo(4);
    OneLayer dilation = layer("mistake=dilation");
    assertThat(dilation.claimed()).isEqualTo(6);
    assertThat(dilation.claimedInVain(0, 2)).isEqualTo(3);
    assertThat(caption("mistake=stride", 12, ""))
        .contains("claims 9: 6 cells in the dashed outline");
    assertThat(caption("mistake=stride", 1, ""))
        .contains("dashed outline of the mistake counts it");
    assertThat(caption("mistake=stride&stride=1", 12, "")).contains("by luck the right number");
  }

  @Test
  void theCaptionTellsWhatTheChangeDid() {
    OneLayer layer = layer("");
    assertThat(layer.input().x().data()[5]).isEqualTo(8);
    assertThat(caption("", 4, "")).startsWith("Raise x[4] by 1 and y[2] stays 55");
    assertThat(caption("", 5, "")).startsWith("Raise x[5] by 1 and y[2] goes from 55 to 59");
    assertThat(caption("", 0, "change/0,3"))
        .startsWith("Raise x[3] by 1 and y[2] goes from 55 to 51");
    assertThat(caption("", 0, "out/0,0"))
        .startsWith("Of 13 cells, 2 move y[0]")
        .contains("1 place of the field lies in the padding");
  }

  @Test
  void aKernelThatDoesNotFitIsRefusedInTheOperatorsWords() {
    assertThat(at("length=5&kernel=7&padding=0").problem())
        .startsWith("Conv2d: kernel 7 (dilation 2) exceeds padded input 5");
  }

  @Test
  void theCellThatIsOneLargerIsDraggedOverInputAndChange() {
    String row = at("").step(8).svg();
    assertThat(row).contains("data-k=\"step/in\"").contains("data-k=\"step/change\"");
    assertThat(row).contains("data-count=\"13 1\"");
    String plane = at("view=2d&side=5").step(7).svg();
    assertThat(plane).contains("data-k=\"step/in\"").contains("data-count=\"5 5\"");
    assertThat(at("view=image").svg()).doesNotContain("data-sets=\"step\"");
  }
}
