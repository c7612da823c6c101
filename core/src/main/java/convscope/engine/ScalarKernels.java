package convscope.engine;

/**
 * The kernels in plain Java: for browsers without SIMD, and the engine's own tests. The memory is
 * an array of floats; tables lie in it as the floats with their bits.
 */
public final class ScalarKernels implements Kernels {
  private float[] memory = new float[0];

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int base() {
    return 0;
  }

  @Override
  public void reserve(int end) {
    int floats = end / 4 + SLACK / 4;
    if (floats > memory.length) {
      float[] larger = new float[Math.max(floats, 2 * memory.length)];
      System.arraycopy(memory, 0, larger, 0, memory.length);
      memory = larger;
    }
  }

  @Override
  public void write(int at, float[] from, int start, int count) {
    System.arraycopy(from, start, memory, at / 4, count);
  }

  @Override
  public void read(int at, float[] to, int start, int count) {
    System.arraycopy(memory, at / 4, to, start, count);
  }

  @Override
  public void table(int at, int[] values) {
    for (int i = 0; i < values.length; i++) {
      memory[at / 4 + i] = Float.intBitsToFloat(values[i]);
    }
  }

  @Override
  public void clear(int at, int count) {
    for (int i = at / 4; i < at / 4 + count; i++) {
      memory[i] = 0;
    }
  }

  /** The number of floats of distance {@code index} of a table; negative for a negative one. */
  private int distance(int table, int index) {
    return Float.floatToRawIntBits(memory[table / 4 + index]) >> 2;
  }

  @Override
  public void pack(
      int height,
      int to,
      int from,
      int table,
      int taps,
      int rowStride,
      int blocks,
      int blockStride) {
    int target = to / 4;
    for (int block = 0; block < blocks; block++) {
      for (int p = 0; p < taps; p++) {
        int source = (from + block * blockStride) / 4 + distance(table, p);
        for (int r = 0; r < height; r++) {
          memory[target++] = memory[source + r * rowStride / 4];
        }
      }
    }
  }

  @Override
  public void tiles(
      int height,
      int blocks,
      int taps,
      int a,
      int aBlock,
      int table,
      int x,
      int xRow,
      int y,
      int yRow,
      int yPlane,
      int rows,
      int columns,
      int bias,
      int biasBlock,
      int mode) {
    int[] distances = new int[taps];
    for (int p = 0; p < taps; p++) {
      distances[p] = distance(table, p);
    }
    for (int block = 0; block < blocks; block++) {
      int weights = (a + block * aBlock) / 4;
      int start = (bias + block * biasBlock) / 4;
      int plane = (y + block * height * yPlane) / 4;
      for (int i = 0; i < rows; i++) {
        int in = (x + i * xRow) / 4;
        int out = plane + i * yRow / 4;
        int pairs = height - height % 2;
        int fours = columns - columns % 4;
        for (int j = 0; j < fours; j += 4) {
          for (int r = 0; r < pairs; r += 2) {
            int at = out + r * yPlane / 4 + j;
            pair(distances, weights + r, height, in + j, at, yPlane / 4, start + r, mode);
          }
        }
        single(distances, weights, height, pairs, in, out, yPlane / 4, start, 0, fours, mode);
        single(distances, weights, height, 0, in, out, yPlane / 4, start, fours, columns, mode);
      }
    }
  }

  /** Rows of A from {@code row} on, windows from {@code from} to before {@code to}. */
  private void single(
      int[] distances,
      int weights,
      int height,
      int row,
      int in,
      int out,
      int plane,
      int start,
      int from,
      int to,
      int mode) {
    for (int r = row; r < height; r++) {
      for (int j = from; j < to; j++) {
        int at = out + j + r * plane;
        float sum = (mode & ACCUMULATE) != 0 ? memory[at] : memory[start + r];
        int w = weights + r;
        for (int distance : distances) {
          sum += memory[w] * memory[in + j + distance];
          w += height;
        }
        memory[at] = (mode & RELU) != 0 && sum < 0 ? 0 : sum;
      }
    }
  }

  /** Two rows of A times four windows, the sums in registers. */
  private void pair(
      int[] distances, int weights, int height, int in, int out, int plane, int start, int mode) {
    float[] m = memory;
    boolean more = (mode & ACCUMULATE) != 0;
    int next = out + plane;
    float s00 = more ? m[out] : m[start];
    float s01 = more ? m[out + 1] : m[start];
    float s02 = more ? m[out + 2] : m[start];
    float s03 = more ? m[out + 3] : m[start];
    float s10 = more ? m[next] : m[start + 1];
    float s11 = more ? m[next + 1] : m[start + 1];
    float s12 = more ? m[next + 2] : m[start + 1];
    float s13 = more ? m[next + 3] : m[start + 1];
    int w = weights;
    for (int distance : distances) {
      float w0 = m[w];
      float w1 = m[w + 1];
      int x = in + distance;
      s00 += w0 * m[x];
      s10 += w1 * m[x];
      s01 += w0 * m[x + 1];
      s11 += w1 * m[x + 1];
      s02 += w0 * m[x + 2];
      s12 += w1 * m[x + 2];
      s03 += w0 * m[x + 3];
      s13 += w1 * m[x + 3];
      w += height;
    }
    boolean relu = (mode & RELU) != 0;
    m[out] = relu && s00 < 0 ? 0 : s00;
    m[out + 1] = relu && s01 < 0 ? 0 : s01;
    m[out + 2] = relu && s02 < 0 ? 0 : s02;
    m[out + 3] = relu && s03 < 0 ? 0 : s03;
    m[next] = relu && s10 < 0 ? 0 : s10;
    m[next + 1] = relu && s11 < 0 ? 0 : s11;
    m[next + 2] = relu && s12 < 0 ? 0 : s12;
    m[next + 3] = relu && s13 < 0 ? 0 : s13;
  }

  @Override
  public void dots(
      int height,
      int taps,
      int a,
      int aRow,
      int aPlane,
      int aImage,
      int x,
      int xRow,
      int xImage,
      int table,
      int out,
      int outRow,
      int rows,
      int columns,
      int images) {
    float[] m = memory;
    for (int t = 0; t < taps; t++) {
      int distance = distance(table, t);
      for (int r = 0; r < height; r++) {
        float sum = 0;
        for (int n = 0; n < images; n++) {
          for (int i = 0; i < rows; i++) {
            int left = (a + r * aPlane + n * aImage + i * aRow) / 4;
            int right = (x + n * xImage + i * xRow) / 4 + distance;
            for (int j = 0; j < columns; j++) {
              sum += m[left + j] * m[right + j];
            }
          }
        }
        m[(out + r * outRow) / 4 + t] += sum;
      }
    }
  }

  @Override
  public void copy(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rows,
      int columns) {
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        System.arraycopy(
            memory,
            (from + plane * fromPlane + i * fromRow) / 4,
            memory,
            (to + plane * toPlane + i * toRow) / 4,
            columns);
      }
    }
  }

  @Override
  public void gather(
      int to,
      int toRow,
      int toPlane,
      int from,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns) {
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        int row = distance(rowTable, i);
        int target = (to + plane * toPlane + i * toRow) / 4;
        int source = (from + plane * fromPlane) / 4 + row;
        for (int j = 0; j < columns; j++) {
          int column = distance(columnTable, j);
          memory[target + j] = row < 0 || column < 0 ? 0 : memory[source + column];
        }
      }
    }
  }

  @Override
  public void scatter(
      int to,
      int toPlane,
      int from,
      int fromRow,
      int fromPlane,
      int planes,
      int rowTable,
      int rows,
      int columnTable,
      int columns) {
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        int source = (from + plane * fromPlane + i * fromRow) / 4;
        int target = (to + plane * toPlane) / 4 + distance(rowTable, i);
        for (int j = 0; j < columns; j++) {
          memory[target + distance(columnTable, j)] += memory[source + j];
        }
      }
    }
  }

  @Override
  public void sums(int to, int from, int count, int planes, int plane, int images, int image) {
    for (int p = 0; p < planes; p++) {
      float sum = 0;
      for (int n = 0; n < images; n++) {
        int start = (from + p * plane + n * image) / 4;
        for (int i = start; i < start + count; i++) {
          sum += memory[i];
        }
      }
      memory[to / 4 + p] += sum;
    }
  }

  @Override
  public void relu(int y, int x, int count) {
    for (int i = 0; i < count; i++) {
      float value = memory[x / 4 + i];
      memory[y / 4 + i] = value < 0 ? 0 : value;
    }
  }

  @Override
  public void gate(int dy, int y, int count) {
    for (int i = 0; i < count; i++) {
      if (!(memory[y / 4 + i] > 0)) {
        memory[dy / 4 + i] = 0;
      }
    }
  }

  @Override
  public void maxPool(int y, int x, int planes, int height, int width, int kernel, int stride) {
    int rows = (height - kernel) / stride + 1;
    int columns = (width - kernel) / stride + 1;
    int to = y / 4;
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        int line = x / 4 + (plane * height + i * stride) * width;
        for (int j = 0; j < columns; j++) {
          float most = memory[line + j * stride];
          for (int u = 0; u < kernel; u++) {
            for (int v = 0; v < kernel; v++) {
              most = Math.max(most, memory[line + u * width + j * stride + v]);
            }
          }
          memory[to++] = most;
        }
      }
    }
  }

  @Override
  public void maxPoolGradient(
      int dx,
      int dy,
      int x,
      int y,
      int planes,
      int height,
      int width,
      int kernel,
      int stride,
      boolean gated) {
    clear(dx, planes * height * width);
    int rows = (height - kernel) / stride + 1;
    int columns = (width - kernel) / stride + 1;
    int window = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int i = 0; i < rows; i++) {
        int line = (plane * height + i * stride) * width;
        for (int j = 0; j < columns; j++, window++) {
          float most = memory[y / 4 + window];
          for (int k = 0; (!gated || most > 0) && k < kernel * kernel; k++) {
            int at = line + k / kernel * width + j * stride + k % kernel;
            if (memory[x / 4 + at] == most) {
              memory[dx / 4 + at] += memory[dy / 4 + window];
              break;
            }
          }
        }
      }
    }
  }

  @Override
  public void moments(
      int to, int a, int aShift, int b, int bShift, int count, int planes, int images) {
    for (int p = 0; p < planes; p++) {
      float left = memory[aShift / 4 + p];
      float right = memory[bShift / 4 + p];
      float sum = 0;
      for (int n = 0; n < images; n++) {
        int start = (n * planes + p) * count;
        float part = 0; // of one image, so that long sums stay exact
        for (int i = start; i < start + count; i++) {
          part += (memory[a / 4 + i] - left) * (memory[b / 4 + i] - right);
        }
        sum += part;
      }
      memory[to / 4 + p] = sum;
    }
  }

  @Override
  public void blend(
      int y,
      int a,
      int aFactor,
      int b,
      int bShift,
      int bFactor,
      int shift,
      int count,
      int planes,
      int images,
      boolean relu) {
    for (int n = 0; n < images; n++) {
      for (int p = 0; p < planes; p++) {
        float left = memory[aFactor / 4 + p];
        float right = memory[bFactor / 4 + p];
        float middle = memory[bShift / 4 + p];
        float more = memory[shift / 4 + p];
        int start = (n * planes + p) * count;
        for (int i = start; i < start + count; i++) {
          float value = memory[a / 4 + i] * left + ((memory[b / 4 + i] - middle) * right + more);
          memory[y / 4 + i] = relu && value < 0 ? 0 : value;
        }
      }
    }
  }

  @Override
  public void clamp(int y, int x, int count, float low, float high) {
    for (int i = 0; i < count; i++) {
      memory[y / 4 + i] = Math.min(Math.max(memory[x / 4 + i], low), high);
    }
  }

  @Override
  public void gelu(int y, int x, int count) {
    for (int i = 0; i < count; i++) {
      float half = 0.5f * memory[x / 4 + i];
      float t = Math.min(4, Math.max(-4, 1.4142135f * half));
      float square = t * t;
      float numerator = ERF[6];
      for (int k = 5; k >= 0; k--) {
        numerator = numerator * square + ERF[k];
      }
      float denominator = ERF[11];
      for (int k = 10; k >= 7; k--) {
        denominator = denominator * square + ERF[k];
      }
      memory[y / 4 + i] = half + half * (t * numerator / denominator);
    }
  }

  @Override
  public void standardize(
      int y, int x, int scale, int shift, int rows, int columns, float epsilon) {
    for (int row = 0; row < rows; row++) {
      int from = x / 4 + row * columns;
      int to = y / 4 + row * columns;
      float mean = 0;
      for (int i = 0; i < columns; i++) {
        mean += memory[from + i];
      }
      mean /= columns;
      float variance = 0;
      for (int i = 0; i < columns; i++) {
        float d = memory[from + i] - mean;
        variance += d * d;
      }
      float factor = 1 / (float) Math.sqrt(variance / columns + epsilon);
      for (int i = 0; i < columns; i++) {
        memory[to + i] =
            (memory[from + i] - mean) * factor * memory[scale / 4 + i] + memory[shift / 4 + i];
      }
    }
  }

  @Override
  public void spin(int rounds) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    float a = 0.999f;
    for (int i = 0; i < rounds * (SPIN_FLOPS / 16); i++) {
      s0 = s0 * a + a;
      s1 = s1 * a + a;
      s2 = s2 * a + a;
      s3 = s3 * a + a;
      s4 = s4 * a + a;
      s5 = s5 * a + a;
      s6 = s6 * a + a;
      s7 = s7 * a + a;
    }
    memory[0] = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
    memory[0] = 0; // nobody reads it: the loop must only not be dropped
  }
}
