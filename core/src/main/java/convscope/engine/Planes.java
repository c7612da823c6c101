package convscope.engine;

import static convscope.engine.Arena.ALIGN;
import static convscope.engine.Arena.FLOAT;

/**
 * The input of one image and group as planes, a band of rows and some channels at a time; or the
 * input itself, where windows read it as it is.
 */
final class Planes {
  /** Bytes of input planes at a time: they stay in a second-level cache. */
  static final int BYTES = 256 * 1024;

  /** Bytes of input and weights that the innermost loops read again and again. */
  private static final int FIRST_LEVEL = 24 * 1024;

  private static final int HEIGHT = Kernels.HEIGHT;
  private static final int TILE = 8; // windows
  private static final int PLANE_USES = 8; // as long as to fill one number of a plane

  private final Arena arena;
  private final Kernels kernels;
  final int height;
  final int width;
  final int channels;
  final Axis rows;
  final Axis columns;
  final boolean inPlace;

  /** From row to row, and from one channel's planes to the next's. */
  final int row;

  int channel;

  /** From one image to the next, of those read together. */
  int image;

  int images;

  /** Channels and rows of windows read at a time. */
  int chunk;

  int band;

  private int halo; // rows that windows of a band reach below it
  int plane; // bytes of one plane
  private int scratch;
  private int rowTable;
  private int columnTable;
  private int from;
  private int fromImage;

  Planes(Arena arena, int height, int width, int channels, Axis rows, Axis columns, int images) {
    this.arena = arena;
    kernels = arena.kernels;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.rows = rows;
    this.columns = columns;
    this.images = images;
    inPlace =
        rows.isInput() && columns.isInput() && (channels <= 8 || spreads(FLOAT * height * width));
    row = FLOAT * (inPlace ? width : columns.length);
  }

  /** Chooses the blocks, once the parts that read are known, and lays out their tables. */
  void settle(Part... parts) {
    int taps = 0;
    for (Part part : parts) {
      taps = Math.max(taps, part.taps);
      for (int shift : part.rows.shift) {
        halo = Math.max(halo, shift);
      }
    }
    int phases = rows.phases * columns.phases;
    // of a channel, the windows of a tile read its weights and a line or two of each row
    int lines = 96 * Math.min(taps, rows.phases * (halo + 1) * columns.phases);
    chunk = evenly(channels, FIRST_LEVEL / (lines + HEIGHT * FLOAT * taps));
    if (inPlace) {
      band = rows.windows;
      plane = FLOAT * height * width;
      channel = plane;
    } else {
      int most = BYTES / row / phases; // rows of all channels together
      images = Math.max(1, Math.min(images, most / (chunk * rows.length)));
      chunk = evenly(channels, Math.min(chunk, most / (halo + 1)));
      band = Math.max(1, Math.min(rows.windows, most / (chunk * images) - halo));
      plane = (band + halo) * row;
      channel = phases * plane;
      if (!spreads(channel)) {
        channel += ALIGN;
      }
      image = chunk * channel;
      scratch = arena.allocate((long) images * image / FLOAT);
      int[] rowSource = new int[rows.source.length];
      for (int i = 0; i < rowSource.length; i++) {
        rowSource[i] = FLOAT * rows.source[i] * width;
      }
      int[] columnSource = new int[columns.source.length];
      for (int i = 0; i < columnSource.length; i++) {
        columnSource[i] = FLOAT * columns.source[i];
      }
      rowTable = arena.table(rowSource);
      columnTable = arena.table(columnSource);
    }
    for (Part part : parts) {
      part.locate(this);
    }
  }

  /** Whether lines at this distance from each other find different places in a cache. */
  static boolean spreads(int distance) {
    int beyond = distance % 1024;
    return beyond >= ALIGN && beyond <= 1024 - ALIGN;
  }

  private static int evenly(int total, int most) {
    int parts = (total + Math.max(1, most) - 1) / Math.max(1, most);
    return (total + parts - 1) / parts;
  }

  /** Begins an image and group whose first channel lies there. */
  void start(int address, int imageDistance) {
    from = address;
    fromImage = imageDistance;
    if (inPlace) {
      image = imageDistance;
    }
  }

  /** Reads channels and rows of windows, of several images. */
  void fill(int firstChannel, int firstRow, int count) {
    if (inPlace) {
      return;
    }
    int some = Math.min(chunk, channels - firstChannel);
    int tall = Math.min(band + halo, rows.length - firstRow);
    for (int n = 0; n < count; n++) {
      int source = from + n * fromImage + firstChannel * FLOAT * height * width;
      int target = scratch + n * image;
      kernels.clear(target, image / FLOAT);
      for (int a = 0; a < rows.phases; a++) {
        for (int b = 0; b < columns.phases; b++) {
          int to = target + (a * columns.phases + b) * plane;
          Axis.Run down = rows.run[a];
          Axis.Run across = columns.run[b];
          if (down != null && across != null) {
            copy(to, source, some, firstRow, tall, down, across);
          } else {
            gather(to, source, some, firstRow, tall, a, b);
          }
        }
      }
    }
  }

  private void copy(
      int to, int source, int some, int firstRow, int tall, Axis.Run down, Axis.Run across) {
    int skip = Math.max(0, down.place() - firstRow);
    int done = Math.max(0, firstRow - down.place());
    int many = Math.min(tall - skip, down.count() - done);
    if (many > 0 && across.count() > 0) {
      kernels.copy(
          to + skip * row + FLOAT * across.place(),
          row,
          channel,
          source + FLOAT * ((down.source() + done) * width + across.source()),
          FLOAT * width,
          FLOAT * height * width,
          some,
          many,
          across.count());
    }
  }

  private void gather(int to, int source, int some, int firstRow, int tall, int a, int b) {
    kernels.gather(
        to,
        row,
        channel,
        source,
        FLOAT * height * width,
        some,
        rowTable + FLOAT * (a * rows.length + firstRow),
        tall,
        columnTable + FLOAT * b * columns.length,
        columns.length);
  }

  /** Where the first window of a row of the band reads. */
  int at(int firstChannel, int bandRow) {
    return inPlace ? from + firstChannel * channel + bandRow * row : scratch + bandRow * row;
  }

  /**
   * The columns of windows, with a plane for each tap where it pays: a row of windows that does not
   * fill its tiles wastes part of the last one, while more planes must be filled once.
   *
   * @param uses how often a number of a plane is multiplied
   */
  static Axis columns(Axis columns, int uses) {
    int beyond = columns.windows % TILE;
    double wasted = beyond == 0 ? 0 : (double) (TILE - beyond) / columns.windows;
    return wasted * uses > PLANE_USES * (columns.shift.length - columns.phases)
        ? columns.apart()
        : columns;
  }
}
