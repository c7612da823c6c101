package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
  private static Grid grid(int rows, int columns) {
    return new Grid("g", Role.INPUT, rows, columns, 10, new float[rows * columns]);
  }

  @Test
  void columnsAreAsWideAsTheirWidestBoxAndBoxesStandInTheMiddle() {
    Grid small = grid(1, 1);
    Grid wide = grid(3, 5);
    Grid high = grid(4, 2);
    Table table =
        new Table(6, 8, new Box[] {small, grid(2, 2)}, new Box[] {wide}, new Box[] {high});
    assertThat(table.width()).isEqualTo(50 + 6 + 20);
    assertThat(table.height()).isEqualTo(20 + 8 + 30 + 8 + 40);
    table.place(new Scene(100, 200), 3, 4);
    assertThat(small.left(0)).isEqualTo(3 + 20);
    assertThat(small.top(0)).isEqualTo(4 + 5);
    assertThat(wide.left(0)).isEqualTo(3);
    assertThat(wide.top(0)).isEqualTo(4 + 28);
    assertThat(high.left(0)).isEqualTo(3 + 15);
    assertThat(high.top(0)).isEqualTo(4 + 66);
  }

  /** Cells are fitted after a composition is written. */
  @Test
  void aTableFollowsTheSizeOfItsCells() {
    Cells cells = Cells.of(40);
    Grid grid = new Grid("g", Role.INPUT, 4, 4, cells, new float[16]);
    Table table = new Table(0, 0, new Box[] {grid});
    cells.fit(Stage.wide(104), table);
    assertThat(table.width()).isEqualTo(80);
  }

  @Test
  void aRowOnOneLowerEdgeEndsWhereItsHighestBoxEnds() {
    Grid low = grid(1, 1);
    Grid high = grid(3, 1);
    Layout.bottoms(5, low, high).place(new Scene(100, 100), 0, 0);
    assertThat(low.top(1)).isEqualTo(high.top(3)).isEqualTo(30);
    assertThat(high.left(0)).isEqualTo(15);
  }
}
