package convscope.engine;

import static convscope.engine.Arena.FLOAT;

import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;

/** Convolution and its gradients over {@link Planes}, without im2col. */
final class Convolution {
  /** Bytes of the output's gradient that {@link Kernels#dots} reads for every tap. */
  private static final int DOTS = 12 * 1024;

  private static final int HEIGHT = Kernels.HEIGHT;

  private final Arena arena;
  private final Tiles tiles;
  private final Kernels kernels;

  Convolution(Arena arena, Tiles tiles) {
    this.arena = arena;
    this.tiles = tiles;
    kernels = arena.kernels;
  }

  /** See {@link Engine#conv2d}. */
  void forward(Layer layer, int x, int weight, int bias, int y, boolean relu) {
    int mark = arena.mark();
    Forward forward = new Forward(layer);
    forward.part.pack(layer, weight, false);
    forward.planes.settle(forward.part);
    forward.run(x, bias, y, relu);
    arena.release(mark);
  }

  /** See {@link Engine#prepare}. */
  PreparedConvolution prepare(Layer layer) {
    Forward forward = new Forward(layer);
    forward.part.reserve(layer);
    forward.planes.settle(forward.part);
    return forward;
  }

  /** A forward pass, laid out. */
  private final class Forward implements PreparedConvolution {
    private final Layer layer;
    private final Planes planes;
    private final Part part;

    Forward(Layer layer) {
      this.layer = layer;
      planes =
          new Planes(
              arena,
              layer.height(),
              layer.width(),
              layer.groupChannels(),
              layer.rows(),
              Planes.columns(layer.columns(), layer.spec().kernelHeight() * layer.groupOutputs()),
              1);
      part = new Part(arena, tiles, planes.rows, planes.columns, layer.spec().kernelWidth());
      part.toRow = FLOAT * layer.outWidth();
      part.toPlane = FLOAT * layer.outArea();
    }

    @Override
    public void pack(int weight) {
      part.fill(layer, weight, false);
    }

    @Override
    public void run(int x, int bias, int y, boolean relu) {
      for (int n = 0; n < layer.images(); n++) {
        for (int group = 0; group < layer.spec().groups(); group++) {
          int plane = n * layer.channels() + group * layer.groupChannels();
          int first = group * layer.groupOutputs();
          part.to = y + (n * layer.outChannels() + first) * part.toPlane;
          planes.start(x + FLOAT * plane * layer.area(), 0);
          sweep(planes, group, bias == 0 ? 0 : bias + FLOAT * first, relu, part);
        }
      }
    }
  }

  /** Adds up the outputs of all parts, chunk by chunk of the channels and band by band. */
  private static void sweep(Planes planes, int group, int bias, boolean relu, Part... parts) {
    for (int c = 0; c < planes.channels; c += planes.chunk) {
      boolean last = c + planes.chunk >= planes.channels;
      for (int row = 0; row < planes.rows.windows; row += planes.band) {
        planes.fill(c, row, 1);
        for (Part part : parts) {
          part.run(planes, group, c, row, bias, relu && last);
        }
      }
    }
  }

  /** See {@link Engine#conv2dInputGradient}. */
  void inputGradient(Layer layer, int dy, int weight, int dx) {
    int mark = arena.mark();
    Conv2d.Spec spec = layer.spec();
    boolean zero = spec.mode() == PaddingMode.ZEROS;
    // the grid on which gradients arise: the input itself, or the input with its padding
    Window vertical = zero ? spec.vertical() : spec.vertical().padding(0);
    Window horizontal = zero ? spec.horizontal() : spec.horizontal().padding(0);
    int gridRows = zero ? layer.height() : spec.vertical().padded(layer.height());
    int gridColumns = zero ? layer.width() : spec.horizontal().padded(layer.width());
    Axis[] rows = Axis.adjoint(gridRows, layer.outHeight(), vertical);
    Axis[] columns = Axis.adjoint(gridColumns, layer.outWidth(), horizontal);
    boolean direct = zero && rows.length * columns.length == 1;
    if (!direct) {
      kernels.clear(dx, layer.inputs());
    }
    if (rows.length * columns.length == 1) {
      columns[0] = Planes.columns(columns[0], spec.kernelHeight() * layer.groupChannels());
    }
    Planes planes =
        new Planes(
            arena,
            layer.outHeight(),
            layer.outWidth(),
            layer.groupOutputs(),
            rows[0],
            columns[0],
            1);
    Part[] parts = new Part[rows.length * columns.length];
    for (int a = 0; a < rows.length; a++) {
      for (int b = 0; b < columns.length; b++) {
        Part part = new Part(arena, tiles, rows[a], columns[b], spec.kernelWidth());
        parts[a * columns.length + b] = part;
        if (part.taps == 0 || part.rows.windows == 0 || part.columns.windows == 0) {
          continue;
        }
        part.pack(layer, weight, true);
        part.toRow = FLOAT * part.columns.windows;
        part.toPlane = part.rows.windows * part.toRow;
        if (!direct) {
          part.to = arena.allocate((long) layer.groupChannels() * part.toPlane / FLOAT);
          part.rowTable =
              arena.table(
                  targets(
                      layer.height(), spec.vertical(), spec.mode(), a, part.rows, layer.width()));
          part.columnTable =
              arena.table(
                  targets(layer.width(), spec.horizontal(), spec.mode(), b, part.columns, 1));
        }
      }
    }
    planes.settle(parts);
    for (int n = 0; n < layer.images(); n++) {
      for (int group = 0; group < spec.groups(); group++) {
        int plane = n * layer.outChannels() + group * layer.groupOutputs();
        int into =
            dx + FLOAT * (n * layer.channels() + group * layer.groupChannels()) * layer.area();
        if (direct) {
          parts[0].to = into;
        }
        planes.start(dy + FLOAT * plane * layer.outArea(), 0);
        sweep(planes, group, 0, false, parts);
        for (Part part : parts) {
          if (!direct && part.packed != 0) {
            kernels.scatter(
                into,
                FLOAT * layer.area(),
                part.to,
                part.toRow,
                part.toPlane,
                layer.groupChannels(),
                part.rowTable,
                part.rows.windows,
                part.columnTable,
                part.columns.windows);
          }
        }
      }
    }
    arena.release(mark);
  }

  /** Where the grid positions of a phase lie in the input, as distances; −1 for nowhere. */
  private static int[] targets(
      int size, Window window, PaddingMode mode, int phase, Axis axis, int pitch) {
    int[] table = new int[axis.windows];
    for (int q = 0; q < table.length; q++) {
      boolean zero = mode == PaddingMode.ZEROS;
      int at = zero ? q * window.stride() + phase : mode.source(window.start(q) + phase, size);
      table[q] = FLOAT * at * pitch;
    }
    return table;
  }

  /** See {@link Engine#conv2dWeightGradient}. */
  void weightGradient(Layer layer, int dy, int x, int dWeight) {
    int mark = arena.mark();
    kernels.clear(dWeight, layer.weights());
    int outArea = FLOAT * layer.outArea();
    int outRow = FLOAT * layer.outWidth();
    // small images go through the loops together
    int together = Math.max(1, Math.min(layer.images(), DOTS / (HEIGHT * outArea)));
    Planes planes =
        new Planes(
            arena,
            layer.height(),
            layer.width(),
            layer.groupChannels(),
            layer.rows(),
            Planes.columns(layer.columns(), layer.spec().kernelHeight() * layer.groupOutputs()),
            together);
    Part part = new Part(arena, tiles, planes.rows, planes.columns, layer.spec().kernelWidth());
    planes.settle(part);
    int depth = layer.groupChannels() * part.taps;
    int image = FLOAT * layer.channels() * layer.area();
    int outImage = layer.outChannels() * outArea;
    int some = Math.max(1, DOTS / (HEIGHT * outRow)); // rows of windows at a time
    boolean flat = outRow == planes.row; // rows of windows follow each other in memory
    for (int n = 0; n < layer.images(); n += planes.images) {
      int images = Math.min(planes.images, layer.images() - n);
      for (int group = 0; group < layer.spec().groups(); group++) {
        int plane = n * layer.channels() + group * layer.groupChannels();
        planes.start(x + FLOAT * plane * layer.area(), image);
        for (int c = 0; c < planes.channels; c += planes.chunk) {
          int channels = Math.min(planes.chunk, planes.channels - c);
          for (int row = 0; row < planes.rows.windows; row += planes.band) {
            planes.fill(c, row, images);
            int end = Math.min(row + planes.band, planes.rows.windows);
            for (int r = row; r < end; r += some) {
              int rows = Math.min(some, end - r);
              for (int o = 0; o < layer.groupOutputs(); o += HEIGHT) {
                int first = group * layer.groupOutputs() + o;
                kernels.dots(
                    Math.min(HEIGHT, layer.groupOutputs() - o),
                    channels * part.taps,
                    dy + n * outImage + first * outArea + r * outRow,
                    outRow,
                    outArea,
                    outImage,
                    planes.at(c, r - row),
                    planes.row,
                    planes.image,
                    part.table,
                    dWeight + FLOAT * (first * depth + c * part.taps),
                    FLOAT * depth,
                    flat ? 1 : rows,
                    flat ? rows * layer.outWidth() : layer.outWidth(),
                    images);
              }
            }
          }
        }
      }
    }
    arena.release(mark);
  }

  /** See {@link Engine#conv2dBiasGradient}. */
  void biasGradient(Layer layer, int dy, int dBias) {
    kernels.clear(dBias, layer.outChannels());
    int area = FLOAT * layer.outArea();
    kernels.sums(
        dBias,
        dy,
        layer.outArea(),
        layer.outChannels(),
        area,
        layer.images(),
        layer.outChannels() * area);
  }
}
