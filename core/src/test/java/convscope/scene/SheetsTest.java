package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SheetsTest {
  private static final float[] TWO = {0, 2, -1, 0, 4, 4, 4, 4}; // (2, 2, 2)

  private static String written(Sheets sheets) {
    Scene scene = Scene.of(200, 10, sheets);
    return SvgWriter.write(scene, "alt");
  }

  @Test
  void aStackIsAsLargeAsOneSheetAndTheOffsetsOfTheOthers() {
    Sheets sheets = new Sheets("w", Role.KERNEL, 5, 3, 2, 10, 6);
    assertThat(sheets.width()).isEqualTo(2 * 10 + 4 * 6);
    assertThat(sheets.height()).isEqualTo(3 * 10 + 4 * 6);
    Scene scene = Scene.of(200, 10, sheets);
    assertThat(sheets.top(0)).as("the first in front, at the bottom").isEqualTo(10 + 4 * 6);
    assertThat(sheets.left(4) + 20).isEqualTo(scene.width() / 2 + sheets.width() / 2);
  }

  @Test
  void cellsAreColouredByTheirShareOfTheLargestAndZerosNotAtAll() {
    String svg = written(new Sheets("w", Role.KERNEL, 2, 2, 2, 10, 6).values(TWO, 4));
    assertThat(svg)
        .containsOnlyOnce("class=\"tint l10\"") // the back sheet: one path for four cells
        .containsOnlyOnce("class=\"tint l5\"")
        .containsOnlyOnce("class=\"tint l3 negative\"");
    assertThat(svg.split("z", -1)).hasSize(1 + 4 + 1 + 1);
    assertThat(svg.indexOf("l10")).as("painted from the back").isLessThan(svg.indexOf("l5"));
  }

  @Test
  void aLiftedSheetIsAGridInItsPlaceOverTheOthers() {
    Grid grid = new Grid("k", Role.KERNEL, 2, 2, 10, new float[] {4, 4, 4, 4});
    Sheets sheets = new Sheets("w", Role.KERNEL, 2, 2, 2, 10, 6).values(TWO, 4).lift(1, grid);
    String svg = written(sheets);
    assertThat(svg.split("class=\"sheet\"", -1)).as("one sheet remains").hasSize(2);
    assertThat(grid.left(0)).isEqualTo(sheets.left(1));
    assertThat(grid.top(0)).isEqualTo(sheets.top(1));
    assertThat(svg.indexOf("data-k=\"k\"")).isGreaterThan(svg.indexOf("data-k=\"w\""));
  }

  @Test
  void sheetsToComeAreEmpty() {
    String svg =
        written(new Sheets("w", Role.KERNEL, 2, 2, 2, 10, 6).values(TWO, 4).coloured(0, 1));
    assertThat(svg).doesNotContain("l10").contains("l5");
  }
}
