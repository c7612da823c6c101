package convscope.scene;

/**
 * Two thin lines from the right corners of a block of one panel's cells to the left corners of
 * another's, as a magnifier's: this comes from there. Places are found when it is written, after
 * all panels have theirs.
 */
public record Link(String key, Role role, Panel from, int[] block, Panel to, int[] toBlock)
    implements Mark {
  /**
   * @param block {@code {row, column, high, wide}} in {@code from}
   * @param toBlock the same in {@code to}
   */
  public Link {}

  @Override
  public void write(Markup out) {
    double right = from.left(block[1] + block[3]);
    double left = to.left(toBlock[1]);
    if (right > left) { // one below the other: lines would cross the cells
      return;
    }
    new Line(key + "/1", role, "thin", right, from.top(block[0]), left, to.top(toBlock[0]))
        .write(out);
    new Line(
            key + "/2",
            role,
            "thin",
            right,
            from.top(block[0] + block[2]),
            left,
            to.top(toBlock[0] + toBlock[2]))
        .write(out);
  }

  @Override
  public String toString() {
    return "Link " + key; // no doubles: printing them brings 9 KB of tables into the module
  }
}
