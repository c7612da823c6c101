package convscope.net.onnx;

import convscope.engine.Engine;
import convscope.net.graph.Sizes;
import java.util.ArrayList;
import java.util.List;

/** Copies numbers into another order: each axis of the output goes through the input in steps. */
final class Moving {
  private static final int FLOAT = 4;

  private final Engine engine;
  private final int rows;
  private final int columns;
  private final int rowTable;
  private final int columnTable;
  private final int[] starts; // of the matrices before the last two axes

  /**
   * Lays out the tables.
   *
   * @param shape of the output
   * @param steps numbers of the input from one place of an axis to the next
   */
  Moving(Engine engine, long[] shape, int[] steps) {
    this.engine = engine;
    List<long[]> axes = new ArrayList<>(); // size, step: those that go on in the same step as one
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 1) {
        continue;
      }
      long[] last = axes.isEmpty() ? null : axes.get(axes.size() - 1);
      if (last != null && last[1] == steps[i] * shape[i]) {
        last[0] *= shape[i];
        last[1] = steps[i];
      } else {
        axes.add(new long[] {shape[i], steps[i]});
      }
    }
    while (axes.size() < 2) {
      axes.add(0, new long[] {1, 0});
    }
    int outer = axes.size() - 2;
    rows = (int) axes.get(outer)[0];
    columns = (int) axes.get(outer + 1)[0];
    rowTable = table(rows, axes.get(outer)[1]);
    columnTable = table(columns, axes.get(outer + 1)[1]);
    long[] before = new long[outer];
    int[] by = new int[outer];
    for (int i = 0; i < outer; i++) {
      before[i] = axes.get(i)[0];
      by[i] = (int) axes.get(i)[1];
    }
    starts = Sizes.product(before, 0, outer) == 0 ? new int[0] : Strides.walk(before, 0, by);
  }

  private int table(int count, long step) {
    int[] distances = new int[count];
    for (int i = 0; i < count; i++) {
      distances[i] = (int) (FLOAT * step) * i;
    }
    int address = engine.allocate(count);
    engine.kernels().table(address, distances);
    return address;
  }

  void run(int to, int from) {
    for (int i = 0; i < starts.length; i++) {
      engine
          .kernels()
          .gather(
              to + FLOAT * i * rows * columns,
              FLOAT * columns,
              0,
              from + FLOAT * starts[i],
              0,
              1,
              rowTable,
              rows,
              columnTable,
              columns);
    }
  }
}
