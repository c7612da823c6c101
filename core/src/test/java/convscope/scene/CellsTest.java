package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** How cells are fitted into a stage; 12 pixels of margin are kept on every side. */
class CellsTest {
  private static final Stage STAGE = Stage.wide(324); // 616 × 300 within the margins

  private static Grid grid(Cells cells, int rows, int columns) {
    return new Grid("g", Role.INPUT, rows, columns, cells, new float[rows * columns]);
  }

  @Test
  void cellsAreAsLargeAsTheyMayBeWhereThereIsRoom() {
    Cells cells = Cells.of(40);
    Scene scene = cells.fit(STAGE, grid(cells, 5, 6));
    assertThat(cells.size()).isEqualTo(40);
    assertThat(scene.width()).isEqualTo(640);
    assertThat(scene.height()).isEqualTo(324);
  }

  @Test
  void theTighterSideDecidesToAHalfPixel() {
    Cells tall = Cells.of(40);
    tall.fit(STAGE, grid(tall, 11, 4)); // 300 / 11 = 27.27
    assertThat(tall.size()).isEqualTo(27);
    Cells wide = Cells.of(40);
    wide.fit(STAGE, grid(wide, 2, 22)); // 616 / 22 = 28
    assertThat(wide.size()).isBetween(27.5, 28.0);
  }

  @Test
  void theFirstCompositionWhoseNumbersCanBeReadWins() {
    Cells cells = Cells.of(40);
    Grid one = grid(cells, 6, 14);
    Grid other = grid(cells, 6, 14);
    Scene scene = cells.fit(STAGE, Layout.row(10, one, other), Layout.column(10, one, other));
    assertThat(cells.size()).isEqualTo(21.5); // (616 − 10) / 28 = 21.6, readable
    assertThat(one.top(0)).isEqualTo(other.top(0));
    assertThat(scene.marks()).hasSize(2);

    Cells small = Cells.of(40);
    Grid first = grid(small, 6, 16);
    Grid second = grid(small, 6, 16);
    small.fit(STAGE, Layout.row(10, first, second), Layout.column(10, first, second));
    assertThat(small.size()).isEqualTo(24); // in a row 18.9; one below the other 290 / 12 = 24.2
    assertThat(first.left(0)).isEqualTo(second.left(0));
  }

  @Test
  void ifNoneCanBeReadTheOneWithTheLargestCellsWins() {
    Cells cells = Cells.of(40);
    Grid row = grid(cells, 3, 60);
    Grid square = grid(cells, 20, 20);
    cells.fit(STAGE, row, square);
    assertThat(cells.size()).isEqualTo(15); // 300 / 20, not 616 / 60 = 10.3
  }

  @Test
  void sizesMadeFromOneAnotherShrinkInStep() {
    Cells cells = Cells.of(40);
    Cells half = cells.also(20);
    cells.fit(STAGE, Layout.column(0, grid(cells, 10, 5), grid(half, 10, 5)));
    assertThat(cells.size()).isEqualTo(20); // 10 · 20 + 10 · 10 = 300
    assertThat(half.size()).isEqualTo(10);
  }

  @Test
  void whatDoesNotFitAtTheSmallestCellIsScaledDownAsAWhole() {
    Cells cells = Cells.of(40);
    Scene scene = cells.fit(STAGE, grid(cells, 100, 10)); // 100 · 7 = 700 in the place of 300
    assertThat(cells.size()).isEqualTo(7);
    assertThat(scene.height()).isCloseTo(324 * 7 / 3.0, within(1e-9));
    assertThat(scene.width() / scene.height()).isCloseTo(640.0 / 324, within(1e-9));
  }

  @Test
  void theContentStandsInTheMiddle() {
    Cells cells = Cells.of(40);
    Grid grid = grid(cells, 2, 4);
    cells.fit(STAGE, grid);
    assertThat(grid.left(0)).isEqualTo((640 - 160) / 2.0);
    assertThat(grid.top(0)).isEqualTo((324 - 80) / 2.0);
  }

  @Test
  void theSizeDoesNotDependOnWhatTheCellsHold() {
    Cells cells = Cells.of(40);
    cells.fit(STAGE, grid(cells, 9, 9).blank(0, 0).mark(1, 1, "tap"));
    double size = cells.size();
    cells.fit(STAGE, grid(cells, 9, 9));
    assertThat(cells.size()).isEqualTo(size);
  }
}
