package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class SceneTest {
  @Test
  void markupEscapesEveryTextAndAttribute() {
    String html =
        new Markup().open("p").attr("title", "\"><b>&").text("<script>&\"").close().toString();
    assertThat(html)
        .isEqualTo("<p title=\"&quot;&gt;&lt;b&gt;&amp;\">&lt;script&gt;&amp;&quot;</p>");
  }

  @Test
  void markupRefusesAnElementLeftOpen() {
    assertThatThrownBy(() -> new Markup().open("g").toString())
        .hasMessage("Markup: <g> is not closed");
  }

  @Test
  void rowsAndColumnsCentreAcrossAndKeepTheGap() {
    Grid small = new Grid("a", Role.INPUT, 1, 1, 10, new float[1]);
    Grid large = new Grid("b", Role.INPUT, 3, 2, 10, new float[6]);
    Layout row = Layout.row(5, small, large);
    assertThat(row.width()).isEqualTo(35);
    assertThat(row.height()).isEqualTo(30);
    Scene scene = Scene.of(100, 10, row);
    assertThat(scene.height()).isEqualTo(50);
    assertThat(small.left(0)).isEqualTo(32.5);
    assertThat(small.top(0)).isEqualTo(20);
    assertThat(large.left(0)).isEqualTo(47.5);
    assertThat(Layout.column(5, small, large).height()).isEqualTo(45);
  }

  @Test
  void cellsCountFromTheOriginAndFillByShareOfTheLargest() {
    Grid grid =
        new Grid("in", Role.INPUT, 1, 3, 40, new float[] {-2, 0, 1})
            .origin(0, -1)
            .mark(0, -1, "tap");
    Scene scene = Scene.of(200, 0, grid);
    String svg = SvgWriter.write(scene, "three cells");
    assertThat(svg)
        .contains("class=\"cell l10 negative tap\" role=\"gridcell\" data-k=\"in/0,-1\"")
        .contains("class=\"cell l0\" role=\"gridcell\" data-k=\"in/0,0\"")
        .contains("class=\"cell l5\" role=\"gridcell\" data-k=\"in/0,1\"")
        .contains(">−2</text>");
  }

  @Test
  void whatIsPaddedCountsFromTheMatrixAndWhatIsToComeIsBlankInScanOrder() {
    Grid grid = new Grid("in", Role.INPUT, 3, 3, 40, new float[9]).padded(1, 1, 1, 2);
    grid.blankFrom(7);
    String svg = SvgWriter.write(Scene.of(200, 0, grid), "one row in its padding");
    for (int row = -1; row <= 1; row++) {
      for (int column = -1; column <= 1; column++) {
        String css = "cell l0" + (row == 0 && column >= 0 ? "" : " padding");
        String key = "in/" + row + "," + column;
        assertThat(svg).contains("class=\"" + css + "\" role=\"gridcell\" data-k=\"" + key + "\"");
      }
    }
    assertThat(svg.split(">0</text>", -1)).hasSize(8); // seven numbers: two are to come
  }

  @Test
  void aNumberThatWouldBeTooSmallToReadIsAMarkThatTellsIt() {
    String svg =
        SvgWriter.write(
            Scene.of(60, 0, new Grid("in", Role.INPUT, 1, 1, 14, new float[] {-12.5f})),
            "one cell");
    assertThat(svg).contains("aria-label=\"−12.5\"").contains(">•</text>");
  }

  @Test
  void aWordThatWouldBeTooSmallToReadIsItsNumberOrTheCellsOrAMark() {
    Grid grid = new Grid("g", Role.INPUT, 1, 3, 14, new float[] {0, 5, 0});
    grid.label(0, 0, "7", "row 7").label(0, 1, "w12345", "a weight").label(0, 2, "output", "y");
    assertThat(SvgWriter.write(Scene.of(60, 0, grid), "three cells"))
        .contains(">7</text>", ">5</text>", ">•</text>");
  }

  @Test
  void aTitleStandsOverTheLeftEdgeOfItsGridAndRoomIsLeftWhereItIsAskedFor() {
    Grid grid = new Grid("g", Role.INPUT, 1, 1, 20, new float[1]).title("a long title", "");
    Scene.of(400, 0, Layout.row(0, grid));
    double narrow = grid.width();
    assertThat(grid.left(0)).isEqualTo((400 - narrow) / 2);
    Grid roomy = new Grid("g", Role.INPUT, 1, 1, 20, new float[1]).around(1, 2, 3, 4);
    assertThat(roomy.width()).isEqualTo(7 * 20);
    assertThat(roomy.height()).isEqualTo(5 * 20);
    Scene.of(140, 0, roomy);
    assertThat(roomy.left(0)).isEqualTo(40);
    assertThat(roomy.top(0)).isEqualTo(20);
  }

  @Test
  void levelsStayInRangeForZerosInfinitiesAndNaN() {
    assertThat(Grid.level(0, 0)).isZero();
    assertThat(Grid.level(Double.NaN, 3)).isZero();
    assertThat(Grid.level(Double.POSITIVE_INFINITY, 3)).isEqualTo(10);
    assertThat(Grid.level(0.001, 3)).isEqualTo(1);
  }

  @Test
  void aBitmapOfColoursReadsBackPixelForPixel() throws IOException {
    byte[] levels = new byte[2 * 3 * 3]; // rows of nine bytes, padded to twelve
    for (int n = 0; n < levels.length; n++) {
      levels[n] = (byte) (n * 14);
    }
    Raster raster = new Raster("in", Role.INPUT, 2, 3, levels, "rgb", 1);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(Bitmap.bytes(raster)));
    for (int n = 0; n < 6; n++) {
      int expected =
          (levels[3 * n] & 255) << 16 | (levels[3 * n + 1] & 255) << 8 | levels[3 * n + 2] & 255;
      assertThat(image.getRGB(n % 3, n / 3) & 0xffffff).isEqualTo(expected);
    }
  }

  @Test
  void theBitmapReadsBackPixelForPixelInEveryPalette() throws IOException {
    byte[] levels = {0, 1, 127, (byte) 128, (byte) 200, (byte) 255};
    for (String palette : new String[] {"grey", "signed", "gradient"}) {
      Raster raster = new Raster("in", Role.INPUT, 2, 3, levels, palette, 1);
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(Bitmap.bytes(raster)));
      assertThat(image.getWidth()).isEqualTo(3);
      assertThat(image.getHeight()).isEqualTo(2);
      for (int n = 0; n < levels.length; n++) {
        int level = levels[n] & 255;
        int rgb = image.getRGB(n % 3, n / 3) & 0xffffff;
        if (palette.equals("grey")) {
          // the sample itself: getRGB reads a grey image as linear light
          assertThat(image.getRaster().getSample(n % 3, n / 3, 0)).isEqualTo(level);
        } else if (palette.equals("gradient")) {
          int green = 255 + (0x2a - 255) * level / 255;
          assertThat(rgb >> 8 & 255).isEqualTo(green);
          assertThat(level == 255 ? rgb : 0xa82a78).isEqualTo(0xa82a78);
        } else if (level == 128) {
          assertThat(rgb).isEqualTo(0xffffff);
        } else if (level == 255) {
          assertThat(rgb).isEqualTo(0x0b7a5e);
        } else if (level == 1) {
          assertThat(rgb).isEqualTo(0x6b5fa8);
        }
      }
    }
  }

  @Test
  void aFormulaShowsItsSymbolsAndThenTheLiveNumbersInTheirRoles() {
    Formula out =
        Formula.row(
            Formula.sub(Formula.sym("H", "out", Role.OUTPUT), Formula.word("out")),
            Formula.op("="),
            Formula.floor(
                Formula.frac(Formula.sym("H", Role.INPUT), Formula.sym("S", Role.NEUTRAL))));
    assertThat(out.inline())
        .isEqualTo(
            "<math><mrow><msub><mi class=\"output\""
                + " data-part=\"out\">H</mi><mtext>out</mtext></msub><mo>=</mo><mrow><mo>⌊</mo><mfrac><mi"
                + " class=\"input\" data-part=\"H\">H</mi><mi data-part=\"S\">S</mi>"
                + "</mfrac><mo>⌋</mo></mrow></mrow></math>");
    assertThat(out.with(Map.of("out", "3", "H", "7")).inline())
        .isEqualTo(
            "<math><mrow><mn class=\"output\""
                + " data-part=\"out\">3</mn><mo>=</mo><mrow><mo>⌊</mo><mfrac><mn class=\"input\""
                + " data-part=\"H\">7</mn><mi data-part=\"S\">S</mi></mfrac><mo>⌋</mo>"
                + "</mrow></mrow></math>");
  }

  @Test
  void proseSaysTheSameInColourAndInPlainText() {
    Prose prose = new Prose().say("The ").say(Role.KERNEL, "w < 2").say(" & more");
    assertThat(prose.plain()).isEqualTo("The w < 2 & more");
    assertThat(prose.html()).isEqualTo("The <b class=\"kernel\">w &lt; 2</b> &amp; more");
  }
}
