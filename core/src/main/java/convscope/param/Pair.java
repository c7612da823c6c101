package convscope.param;

/** Two whole numbers, height first: {@code 3x5}. */
public record Pair(int height, int width) {
  /** {@code 3} if both are 3, otherwise {@code 3x5}. */
  public String plain() {
    return height == width ? String.valueOf(height) : height + "x" + width;
  }

  /** For people: {@code 3 × 5}. */
  @Override
  public String toString() {
    return height + " × " + width;
  }
}
