package convscope.engine;

/**
 * The linear memory of the {@link Kernels} as a stack: what is taken last is given back first.
 * Addresses and distances count bytes.
 */
final class Arena {
  static final int FLOAT = 4; // bytes
  static final int ALIGN = 64; // a cache line

  final Kernels kernels;
  private final long limit;
  private int top;

  /**
   * @param limit bytes in all, less than 2 GiB
   */
  Arena(Kernels kernels, long limit) {
    this.kernels = kernels;
    this.limit = limit;
    top = kernels.base();
  }

  /**
   * The address of room for {@code count} numbers, with what happened to be there.
   *
   * @throws IllegalArgumentException if operands and scratch together exceed the limit
   */
  int allocate(long count) {
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
  int mark() {
    return top;
  }

  /** Gives back what was allocated since the mark was taken. */
  void release(int mark) {
    top = mark;
  }

  /** Room for distances, with them in it. */
  int table(int[] values) {
    int address = allocate(values.length);
    kernels.table(address, values);
    return address;
  }
}
