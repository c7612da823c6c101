package convscope.engine;

import convscope.op.Conv2d;
import convscope.op.PaddingMode;
import convscope.op.Window;
import convscope.tensor.Shape;

/**
 * Convolution, its gradients and matrix products at the speed of the machine.
 *
 * <p>Operands lie in the linear memory of the {@link Kernels}: {@link #allocate} gives room, {@link
 * #mark} and {@link #release} take it back in the reverse order. Convolution is a matrix product
 *
 * <pre>
 *   Y (O × outH·outW) = W (O × C·kH·kW) · cols (C·kH·kW × outH·outW)
 * </pre>
 *
 * whose second matrix is never built: the input is copied once into padded planes, one for each of
 * the stride's phases ({@link Axis}), in which row p of cols lies at a fixed distance and is read
 * in place. The same loops give the input's gradient, with the kernel transposed and one pass for
 * each phase of the stride; the weight's gradient is inner products over the same planes. Blocks
 * are chosen so that what the innermost loop reads stays in the first-level cache.
 *
 * <p>Scratch memory of a call: the packed weights, as large as the weights; planes of at most
 * {@link #PLANES} bytes, or of one row of windows and one channel where that is more; for the
 * input's gradient with a stride or a padding that reads, one image of it; for a product with both
 * factors transposed, one factor. It is given back when the call returns.
 *
 * <p>Sums run in float32. Padding reads zeros that take part in the sums, so an infinite weight
 * over padding gives NaN. Not safe for use by several threads at once.
 */
public final class Engine {
  /** Bytes of input planes at a time: they stay in a second-level cache. */
  static final int PLANES = 256 * 1024;

  /** Bytes of input and weights that the innermost loops read again and again. */
  private static final int FIRST_LEVEL = 24 * 1024;

  /** Bytes of the output's gradient that {@link Kernels#dots} reads for every tap. */
  private static final int DOTS = 12 * 1024;

  private static final int ALIGN = 64; // a cache line
  private static final int HEIGHT = Kernels.HEIGHT;
  private static final int FLOAT = 4; // bytes
  private static final int TILE = 8; // windows
  private static final int PLANE_USES = 8; // as long as to fill one number of a plane
  private static final int MOST = 1 << 28; // numbers that addresses can tell apart

  private final Kernels kernels;
  private final int zeros; // as many as a block has rows
  private final long limit;
  private int top;

  /** An engine that takes at most 1 GiB. */
  public Engine(Kernels kernels) {
    this(kernels, 1L << 30);
  }

  /**
   * An engine with bounded memory.
   *
   * @param limit bytes for operands and scratch together, less than 2 GiB
   */
  public Engine(Kernels kernels, long limit) {
    this.kernels = kernels;
    this.limit = limit;
    top = kernels.base();
    zeros = allocate(HEIGHT);
    kernels.clear(zeros, HEIGHT);
  }

  /** {@code scalar}, {@code simd} or {@code relaxed-simd}. */
  public String name() {
    return kernels.name();
  }

  /** What it calculates with. */
  public Kernels kernels() {
    return kernels;
  }

  // ---- memory

  /**
   * The address of room for {@code count} numbers, with what happened to be there.
   *
   * @throws IllegalArgumentException if operands and scratch together exceed the limit
   */
  public int allocate(long count) {
    long end = top + FLOAT * count + Kernels.SLACK;
    if (end - kernels.base() > limit) {
      throw new IllegalArgumentException(
          "Engine: "
              + ((end - kernels.base() - 1) / (1 << 20) + 1)
              + " MiB wanted for operands and scratch, the limit is "
              + limit / (1 << 20)
              + " MiB; use a smaller batch or image");
    }
    int address = top;
    int rounded = (int) ((end + ALIGN - 1) / ALIGN * ALIGN);
    kernels.reserve(rounded);
    top = rounded;
    return address;
  }

  /** The place up to which memory is taken, for {@link #release}. */
  public int mark() {
    return top;
  }

  /** Gives back what was allocated since the mark was taken. */
  public void release(int mark) {
    top = mark;
  }

  /** Room for the numbers of an array from {@code start} on, with them in it. */
  public int put(float[] from, int start, int count) {
    int address = allocate(count);
    kernels.write(address, from, start, count);
    return address;
  }

  /** Copies numbers out. */
  public void get(int address, float[] to, int start, int count) {
    kernels.read(address, to, start, count);
  }

  private int table(int[] values) {
    int address = allocate(values.length);
    kernels.table(address, values);
    return address;
  }

  // ---- convolution

  /**
   * A convolution's sizes, checked.
   *
   * @param images N
   * @param channels C
   * @param outChannels O
   */
  public record Layer(
      int images, int channels, int height, int width, int outChannels, Conv2d.Spec spec) {
    public Layer {
      String problem =
          spec.groups() < 1
              ? Conv2d.problem(channels, outChannels, spec.groups())
              : Conv2d.problem(
                  Shape.of(images, channels, height, width),
                  Shape.of(
                      outChannels,
                      channels / spec.groups(),
                      spec.kernelHeight(),
                      spec.kernelWidth()),
                  null,
                  spec);
      if (problem != null) {
        throw new IllegalArgumentException(problem);
      }
      double most =
          Math.max(
              (double) images * channels * height * width,
              1.0 * images * outChannels * spec.outputHeight(height) * spec.outputWidth(width));
      if (most > MOST) {
        throw new IllegalArgumentException(
            "Engine: an operand of "
                + (long) (most / (1 << 20))
                + " Mi numbers; the engine takes "
                + MOST / (1 << 20)
                + " Mi; use a smaller batch or image");
      }
    }

    public int outHeight() {
      return spec.outputHeight(height);
    }

    public int outWidth() {
      return spec.outputWidth(width);
    }

    /** Numbers of x. */
    public int inputs() {
      return images * channels * height * width;
    }

    /** Numbers of y. */
    public int outputs() {
      return images * outChannels * outArea();
    }

    /** Numbers of the weight. */
    public int weights() {
      return outChannels * groupChannels() * taps();
    }

    int area() {
      return height * width;
    }

    int outArea() {
      return outHeight() * outWidth();
    }

    int taps() {
      return spec.kernelHeight() * spec.kernelWidth();
    }

    int groupChannels() {
      return channels / spec.groups();
    }

    int groupOutputs() {
      return outChannels / spec.groups();
    }

    /** Multiplications and additions of one pass, each counted. */
    public double flops() {
      return 2.0 * outputs() * groupChannels() * taps();
    }

    private Axis rows() {
      return Axis.of(height, spec.vertical(), spec.mode());
    }

    private Axis columns() {
      return Axis.of(width, spec.horizontal(), spec.mode());
    }
  }

  /**
   * The output of a convolution, as {@link Conv2d#forward}.
   *
   * @param x address of (N, C, H, W)
   * @param weight address of (O, C/groups, kH, kW)
   * @param bias address of (O), or 0 for none
   * @param y address of (N, O, outH, outW)
   * @param relu whether negative outputs become zero
   */
  public void conv2d(Layer layer, int x, int weight, int bias, int y, boolean relu) {
    int mark = mark();
    Reader reader =
        new Reader(
            layer.height,
            layer.width,
            layer.groupChannels(),
            layer.rows(),
            columns(layer.columns(), layer.spec.kernelHeight() * layer.groupOutputs()),
            1);
    Part part = new Part(reader.rows, reader.columns, layer.spec.kernelWidth());
    part.pack(layer, weight, false);
    part.toRow = FLOAT * layer.outWidth();
    part.toPlane = FLOAT * layer.outArea();
    reader.settle(part);
    for (int n = 0; n < layer.images; n++) {
      for (int group = 0; group < layer.spec.groups(); group++) {
        int plane = n * layer.channels + group * layer.groupChannels();
        int first = group * layer.groupOutputs();
        part.to = y + (n * layer.outChannels + first) * part.toPlane;
        reader.start(x + FLOAT * plane * layer.area(), 0);
        for (int c = 0; c < reader.channels; c += reader.chunk) {
          for (int row = 0; row < reader.rows.windows; row += reader.band) {
            reader.fill(c, row);
            part.run(
                reader,
                group,
                c,
                row,
                bias == 0 ? 0 : bias + FLOAT * first,
                relu && c + reader.chunk >= reader.channels);
          }
        }
      }
    }
    release(mark);
  }

  /**
   * The gradient of the input, as {@link Conv2d#inputGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param weight address of (O, C/groups, kH, kW)
   * @param dx address of (N, C, H, W), overwritten
   */
  public void conv2dInputGradient(Layer layer, int dy, int weight, int dx) {
    int mark = mark();
    Conv2d.Spec spec = layer.spec;
    boolean zero = spec.mode() == PaddingMode.ZEROS;
    // the grid on which gradients arise: the input itself, or the input with its padding
    Window vertical = zero ? spec.vertical() : spec.vertical().padding(0);
    Window horizontal = zero ? spec.horizontal() : spec.horizontal().padding(0);
    int gridRows = zero ? layer.height : spec.vertical().padded(layer.height);
    int gridColumns = zero ? layer.width : spec.horizontal().padded(layer.width);
    Axis[] rows = Axis.adjoint(gridRows, layer.outHeight(), vertical);
    Axis[] columns = Axis.adjoint(gridColumns, layer.outWidth(), horizontal);
    boolean direct = zero && rows.length * columns.length == 1;
    if (!direct) {
      kernels.clear(dx, layer.inputs());
    }
    if (rows.length * columns.length == 1) {
      columns[0] = columns(columns[0], spec.kernelHeight() * layer.groupChannels());
    }
    Reader reader =
        new Reader(
            layer.outHeight(), layer.outWidth(), layer.groupOutputs(), rows[0], columns[0], 1);
    Part[] parts = new Part[rows.length * columns.length];
    for (int a = 0; a < rows.length; a++) {
      for (int b = 0; b < columns.length; b++) {
        Part part = new Part(rows[a], columns[b], spec.kernelWidth());
        parts[a * columns.length + b] = part;
        if (part.taps == 0 || part.rows.windows == 0 || part.columns.windows == 0) {
          continue;
        }
        part.pack(layer, weight, true);
        part.toRow = FLOAT * part.columns.windows;
        part.toPlane = part.rows.windows * part.toRow;
        if (!direct) {
          part.to = allocate((long) layer.groupChannels() * part.toPlane / FLOAT);
          part.rowTable =
              table(targets(layer.height, spec.vertical(), spec.mode(), a, part.rows, layer.width));
          part.columnTable =
              table(targets(layer.width, spec.horizontal(), spec.mode(), b, part.columns, 1));
        }
      }
    }
    reader.settle(parts);
    for (int n = 0; n < layer.images; n++) {
      for (int group = 0; group < spec.groups(); group++) {
        int plane = n * layer.outChannels + group * layer.groupOutputs();
        int into = dx + FLOAT * (n * layer.channels + group * layer.groupChannels()) * layer.area();
        if (direct) {
          parts[0].to = into;
        }
        reader.start(dy + FLOAT * plane * layer.outArea(), 0);
        for (int c = 0; c < reader.channels; c += reader.chunk) {
          for (int row = 0; row < reader.rows.windows; row += reader.band) {
            reader.fill(c, row);
            for (Part part : parts) {
              part.run(reader, group, c, row, 0, false);
            }
          }
        }
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
    release(mark);
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

  /**
   * The gradient of the weight, as {@link Conv2d#weightGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param x address of (N, C, H, W)
   * @param dWeight address of (O, C/groups, kH, kW), overwritten
   */
  public void conv2dWeightGradient(Layer layer, int dy, int x, int dWeight) {
    int mark = mark();
    kernels.clear(dWeight, layer.weights());
    int outArea = FLOAT * layer.outArea();
    int outRow = FLOAT * layer.outWidth();
    // small images go through the loops together
    int together = Math.max(1, Math.min(layer.images, DOTS / (HEIGHT * outArea)));
    Reader reader =
        new Reader(
            layer.height,
            layer.width,
            layer.groupChannels(),
            layer.rows(),
            columns(layer.columns(), layer.spec.kernelHeight() * layer.groupOutputs()),
            together);
    Part part = new Part(reader.rows, reader.columns, layer.spec.kernelWidth());
    reader.settle(part);
    int depth = layer.groupChannels() * part.taps;
    int image = FLOAT * layer.channels * layer.area();
    int outImage = layer.outChannels * outArea;
    int some = Math.max(1, DOTS / (HEIGHT * outRow)); // rows of windows at a time
    boolean flat = outRow == reader.row; // rows of windows follow each other in memory
    for (int n = 0; n < layer.images; n += reader.images) {
      int images = Math.min(reader.images, layer.images - n);
      for (int group = 0; group < layer.spec.groups(); group++) {
        int plane = n * layer.channels + group * layer.groupChannels();
        reader.start(x + FLOAT * plane * layer.area(), image);
        for (int c = 0; c < reader.channels; c += reader.chunk) {
          int channels = Math.min(reader.chunk, reader.channels - c);
          for (int row = 0; row < reader.rows.windows; row += reader.band) {
            reader.fill(c, row, images);
            int end = Math.min(row + reader.band, reader.rows.windows);
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
                    reader.at(c, r - row),
                    reader.row,
                    reader.image,
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
    release(mark);
  }

  /**
   * The gradient of the bias, as {@link Conv2d#biasGradient}.
   *
   * @param dy address of (N, O, outH, outW)
   * @param dBias address of (O), overwritten
   */
  public void conv2dBiasGradient(Layer layer, int dy, int dBias) {
    kernels.clear(dBias, layer.outChannels);
    int area = FLOAT * layer.outArea();
    kernels.sums(
        dBias,
        dy,
        layer.outArea(),
        layer.outChannels,
        area,
        layer.images,
        layer.outChannels * area);
  }

  /**
   * The columns of windows, with a plane for each tap where it pays: a row of windows that does not
   * fill its tiles wastes part of the last one, while more planes must be filled once.
   *
   * @param uses how often a number of a plane is multiplied
   */
  private static Axis columns(Axis columns, int uses) {
    int beyond = columns.windows % TILE;
    double wasted = beyond == 0 ? 0 : (double) (TILE - beyond) / columns.windows;
    return wasted * uses > PLANE_USES * (columns.shift.length - columns.phases)
        ? columns.apart()
        : columns;
  }

  /** The input of one image and group as planes, a band of rows and some channels at a time. */
  private final class Reader {
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
    private int plane; // bytes of one plane
    private int scratch;
    private int rowTable;
    private int columnTable;
    private int from;
    private int fromImage;

    Reader(int height, int width, int channels, Axis rows, Axis columns, int images) {
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
        int most = PLANES / row / phases; // rows of all channels together
        images = Math.max(1, Math.min(images, most / (chunk * rows.length)));
        chunk = evenly(channels, Math.min(chunk, most / (halo + 1)));
        band = Math.max(1, Math.min(rows.windows, most / (chunk * images) - halo));
        plane = (band + halo) * row;
        channel = phases * plane;
        if (!spreads(channel)) {
          channel += ALIGN;
        }
        image = chunk * channel;
        scratch = allocate((long) images * image / FLOAT);
        int[] rowSource = new int[rows.source.length];
        for (int i = 0; i < rowSource.length; i++) {
          rowSource[i] = FLOAT * rows.source[i] * width;
        }
        int[] columnSource = new int[columns.source.length];
        for (int i = 0; i < columnSource.length; i++) {
          columnSource[i] = FLOAT * columns.source[i];
        }
        rowTable = table(rowSource);
        columnTable = table(columnSource);
      }
      for (Part part : parts) {
        part.locate(this);
      }
    }

    /** Whether lines at this distance from each other find different places in a cache. */
    private static boolean spreads(int distance) {
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

    void fill(int firstChannel, int firstRow) {
      fill(firstChannel, firstRow, 1);
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
  }

  /** Outputs that read the same taps: all of the forward pass, or one phase of a gradient. */
  private final class Part {
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

    Part(Axis rows, Axis columns, int kernelWidth) {
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
      int all = layer.taps();
      int inner = layer.groupChannels();
      int sums = transposed ? layer.groupOutputs() : inner;
      outputs = transposed ? inner : layer.groupOutputs();
      depth = sums * taps;
      if (outputs == 1 && !transposed) {
        packed = weight;
        return;
      }
      int[] distances = new int[depth];
      for (int c = 0; c < sums; c++) {
        for (int t = 0; t < taps; t++) {
          distances[c * taps + t] = FLOAT * ((transposed ? c * inner : c) * all + tap[t]);
        }
      }
      packed = allocate((long) layer.spec.groups() * outputs * depth);
      int mark = mark();
      int from = table(distances);
      int rowStride = FLOAT * (transposed ? all : inner * all);
      for (int group = 0; group < layer.spec.groups(); group++) {
        packRows(
            packed + FLOAT * group * outputs * depth,
            weight + FLOAT * group * layer.groupOutputs() * inner * all,
            from,
            depth,
            rowStride,
            outputs);
      }
      release(mark);
    }

    void locate(Reader reader) {
      int[] distances = new int[reader.chunk * taps];
      for (int c = 0; c < reader.chunk; c++) {
        for (int t = 0; t < taps; t++) {
          int u = tap[t] / kernelWidth;
          int v = tap[t] % kernelWidth;
          int plane = rows.phase[u] * columns.phases + columns.phase[v];
          distances[c * taps + t] =
              c * reader.channel
                  + plane * reader.plane
                  + rows.shift[u] * reader.row
                  + FLOAT * columns.shift[v];
        }
      }
      table = table(distances);
    }

    /** Adds what a chunk of channels gives to the outputs of a band. */
    void run(Reader reader, int group, int channel, int firstRow, int bias, boolean relu) {
      int windows = Math.min(reader.band, rows.windows - firstRow);
      if (packed == 0 || windows <= 0) {
        return;
      }
      int length = Math.min(reader.chunk, reader.channels - channel) * taps;
      boolean flat = toRow == reader.row; // rows of windows follow each other
      multiply(
          outputs,
          length,
          packed + FLOAT * group * outputs * depth,
          depth,
          channel * taps,
          table,
          reader.at(channel, 0),
          reader.row,
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

  /** Rows of the next block, when so many are left: two middling ones rather than a thin one. */
  private static int blockHeight(int left) {
    return left <= HEIGHT ? left : left <= HEIGHT + 2 ? 4 : HEIGHT;
  }

  /** How many blocks of that height come now. */
  private static int blocks(int left, int height) {
    return height < HEIGHT ? 1 : Math.max(1, (left - 3) / HEIGHT);
  }

  /** Packs the rows of a matrix for {@link #multiply}. */
  private void packRows(int to, int from, int table, int depth, int rowStride, int rows) {
    for (int done = 0; done < rows; ) {
      int height = blockHeight(rows - done);
      int blocks = blocks(rows - done, height);
      kernels.pack(
          height,
          to + FLOAT * done * depth,
          from + done * rowStride,
          table,
          depth,
          rowStride,
          blocks,
          height * rowStride);
      done += blocks * height;
    }
  }

  /** {@link Kernels#tiles} over all rows of a packed matrix. */
  private void multiply(
      int rowsOfA,
      int length,
      int packed,
      int depth,
      int skip,
      int table,
      int x,
      int xRow,
      int y,
      int yRow,
      int yPlane,
      int rows,
      int columns,
      boolean accumulate,
      int bias,
      boolean relu) {
    int mode = (accumulate ? Kernels.ACCUMULATE : 0) + (relu ? Kernels.RELU : 0);
    for (int done = 0; done < rowsOfA; ) {
      int height = blockHeight(rowsOfA - done);
      int blocks = blocks(rowsOfA - done, height);
      kernels.tiles(
          height,
          blocks,
          length,
          packed + FLOAT * (done * depth + height * skip),
          FLOAT * height * depth,
          table,
          x,
          xRow,
          y + done * yPlane,
          yRow,
          yPlane,
          rows,
          columns,
          bias == 0 ? zeros : bias + FLOAT * done,
          bias == 0 ? 0 : FLOAT * height,
          mode);
      done += blocks * height;
    }
  }

  // ---- matrix products

  /** Columns of B at a time. */
  private static final int COLUMNS = 1024;

  /** Length of the stretches in which sums run. */
  private static final int STRETCH = 256;

  /** Length of the stretches where both factors are read along their rows. */
  private static final int LONG_STRETCH = 768;

  /** {@code C = op(A)·op(B)} or {@code C += …}, as {@link convscope.linalg.Gemm#multiply}. */
  public void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      int a,
      int b,
      int c,
      boolean accumulate) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0 || (transposeB && !transposeA)) {
      if (!accumulate) {
        kernels.clear(c, m * n);
      }
      if (k > 0) {
        innerProducts(m, n, k, a, b, c);
      }
      return;
    }
    int mark = mark();
    int right = b;
    if (transposeB) {
      right = allocate((long) k * n);
      kernels.gather(
          right,
          FLOAT * n,
          0,
          b,
          0,
          1,
          table(multiples(FLOAT, k)),
          k,
          table(multiples(FLOAT * k, n)),
          n);
    }
    int packed = allocate((long) m * k);
    int rowStride = transposeA ? FLOAT : FLOAT * k;
    packRows(packed, a, table(multiples(transposeA ? FLOAT * m : FLOAT, k)), k, rowStride, m);
    int stretch = Math.min(k, STRETCH);
    int width = Math.min(n, COLUMNS);
    // lines one row of B apart may all want the same place in the cache: then read a copy
    boolean copy = m > 2 * HEIGHT && k > 8 && !Reader.spreads(FLOAT * n);
    int pitch = FLOAT * (copy ? width + ALIGN / FLOAT : n);
    int scratch = copy ? allocate((long) stretch * pitch / FLOAT) : 0;
    int table = table(multiples(pitch, stretch));
    for (int j = 0; j < n; j += width) {
      int columns = Math.min(width, n - j);
      for (int p = 0; p < k; p += stretch) {
        int length = Math.min(stretch, k - p);
        int x = right + FLOAT * (p * n + j);
        if (copy) {
          kernels.copy(scratch, pitch, 0, x, FLOAT * n, 0, 1, length, columns);
          x = scratch;
        }
        multiply(
            m,
            length,
            packed,
            k,
            p,
            table,
            x,
            0,
            c + FLOAT * j,
            0,
            FLOAT * n,
            1,
            columns,
            accumulate || p > 0,
            0,
            false);
      }
    }
    release(mark);
  }

  /** {@code C += A·Bᵀ}: both are read along their rows. */
  private void innerProducts(int m, int n, int k, int a, int b, int c) {
    int mark = mark();
    int table = table(multiples(FLOAT * k, n));
    for (int p = 0; p < k; p += LONG_STRETCH) {
      for (int i = 0; i < m; i += HEIGHT) {
        kernels.dots(
            Math.min(HEIGHT, m - i),
            n,
            a + FLOAT * (i * k + p),
            0,
            FLOAT * k,
            0,
            b + FLOAT * p,
            0,
            0,
            table,
            c + FLOAT * i * n,
            FLOAT * n,
            1,
            Math.min(LONG_STRETCH, k - p),
            1);
      }
    }
    release(mark);
  }

  private static int[] multiples(int distance, int count) {
    int[] table = new int[count];
    for (int i = 0; i < count; i++) {
      table[i] = i * distance;
    }
    return table;
  }

  /** Floating-point operations of {@code rounds} rounds of {@link #spin}. */
  public static double spinFlops(int rounds) {
    return (double) rounds * Kernels.SPIN_FLOPS;
  }

  /**
   * Multiplies and adds in registers only, for an estimate of what the machine could do at most.
   */
  public void spin(int rounds) {
    kernels.spin(rounds);
  }
}
