package convscope.engine;

import static convscope.engine.Arena.FLOAT;

/** Outputs that read the same taps: all of the forward pass, or one phase of a gradient. */
final class Part {
  private final Arena arena;
  private final Tiles tiles;
  final Axis rows;
  final Axis columns;
  final int taps; // of one channel

  /** Where the outputs go. */
  int to;

  int toRow;
  int toPlane;
  int rowTable;
  int columnTable;

  /** Distances of the taps of a chunk's channels. */
  int table;

  int packed; // the weights
  private int outputs;
  private int depth; // length of the sums
  private final int[] tap; // the taps' numbers in the kernel
  private final int kernelWidth;

  Part(Arena arena, Tiles tiles, Axis rows, Axis columns, int kernelWidth) {
    this.arena = arena;
    this.tiles = tiles;
    this.rows = rows;
    this.columns = columns;
    this.kernelWidth = kernelWidth;
    int[] reads = new int[rows.shift.length * kernelWidth];
    int count = 0;
    for (int t = 0; t < reads.length; t++) {
      if (rows.shift[t / kernelWidth] >= 0 && columns.shift[t % kernelWidth] >= 0) {
        reads[count++] = t;
      }
    }
    taps = count;
    tap = reads;
  }

  /** Packs the weights of all groups; transposed for the input's gradient. */
  void pack(Layer layer, int weight, boolean transposed) {
    reserve(layer, transposed);
    if (outputs == 1 && !transposed) {
      packed = weight;
      return;
    }
    packed = arena.allocate((long) layer.spec().groups() * outputs * depth);
    fill(layer, weight, transposed);
  }

  /** Makes room for weights that are packed once. */
  void reserve(Layer layer) {
    reserve(layer, false);
    packed = arena.allocate((long) layer.spec().groups() * outputs * depth);
  }

  private void reserve(Layer layer, boolean transposed) {
    outputs = transposed ? layer.groupChannels() : layer.groupOutputs();
    depth = (transposed ? layer.groupOutputs() : layer.groupChannels()) * taps;
  }

  /** Packs weights into that room. */
  void fill(Layer layer, int weight, boolean transposed) {
    int all = layer.taps();
    int inner = layer.groupChannels();
    int sums = transposed ? layer.groupOutputs() : inner;
    int[] distances = new int[depth];
    for (int c = 0; c < sums; c++) {
      for (int t = 0; t < taps; t++) {
        distances[c * taps + t] = FLOAT * ((transposed ? c * inner : c) * all + tap[t]);
      }
    }
    int mark = arena.mark();
    int from = arena.table(distances);
    int rowStride = FLOAT * (transposed ? all : inner * all);
    for (int group = 0; group < layer.spec().groups(); group++) {
      tiles.pack(
          packed + FLOAT * group * outputs * depth,
          weight + FLOAT * group * layer.groupOutputs() * inner * all,
          from,
          depth,
          rowStride,
          outputs);
    }
    arena.release(mark);
  }

  void locate(Planes planes) {
    int[] distances = new int[planes.chunk * taps];
    for (int c = 0; c < planes.chunk; c++) {
      for (int t = 0; t < taps; t++) {
        int u = tap[t] / kernelWidth;
        int v = tap[t] % kernelWidth;
        int plane = rows.phase[u] * columns.phases + columns.phase[v];
        distances[c * taps + t] =
            c * planes.channel
                + plane * planes.plane
                + rows.shift[u] * planes.row
                + FLOAT * columns.shift[v];
      }
    }
    table = arena.table(distances);
  }

  /** Adds what a chunk of channels gives to the outputs of a band. */
  void run(Planes planes, int group, int channel, int firstRow, int bias, boolean relu) {
    int windows = Math.min(planes.band, rows.windows - firstRow);
    if (packed == 0 || windows <= 0) {
      return;
    }
    int length = Math.min(planes.chunk, planes.channels - channel) * taps;
    boolean flat = toRow == planes.row; // rows of windows follow each other
    tiles.multiply(
        outputs,
        length,
        packed + FLOAT * group * outputs * depth,
        depth,
        channel * taps,
        table,
        planes.at(channel, 0),
        planes.row,
        to + firstRow * toRow,
        toRow,
        toPlane,
        flat ? 1 : windows,
        flat ? windows * columns.windows : columns.windows,
        channel > 0,
        bias,
        relu);
  }
}
