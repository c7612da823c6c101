package convscope.scene;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Boxes beside or below one another; a layout is a box itself. */
public final class Layout implements Box {
  private final boolean down;
  private final double gap;
  private final List<Box> boxes;
  private final double
      across; // where boxes stand across: 0 at the start, 0.5 centred, 1 at the end

  private Layout(boolean down, double gap, double across, List<Box> boxes) {
    this.down = down;
    this.across = across;
    this.gap = gap;
    this.boxes = boxes;
  }

  /** Left to right, centred vertically. */
  public static Layout row(double gap, Box... boxes) {
    return new Layout(false, gap, 0.5, List.of(boxes));
  }

  /** Left to right, on the same lower edge. */
  public static Layout bottoms(double gap, Box... boxes) {
    return new Layout(false, gap, 1, List.of(boxes));
  }

  /** Top to bottom, centred horizontally. */
  public static Layout column(double gap, Box... boxes) {
    return new Layout(true, gap, 0.5, List.of(boxes));
  }

  /** So many a line, left to right, and the lines one below the other. */
  public static Layout lines(int perLine, double gap, double below, Box... boxes) {
    List<Box> lines = new ArrayList<>();
    for (int n = 0; n < boxes.length; n += perLine) {
      lines.add(row(gap, Arrays.copyOfRange(boxes, n, Math.min(n + perLine, boxes.length))));
    }
    return new Layout(true, below, 0.5, lines);
  }

  /** Top to bottom, from the same left edge. */
  public static Layout stack(double gap, Box... boxes) {
    return new Layout(true, gap, 0, List.of(boxes));
  }

  @Override
  public double width() {
    return down ? across(true) : along(true);
  }

  @Override
  public double height() {
    return down ? along(false) : across(false);
  }

  private double along(boolean widths) {
    double sum = gap * Math.max(0, boxes.size() - 1);
    for (Box box : boxes) {
      sum += widths ? box.width() : box.height();
    }
    return sum;
  }

  private double across(boolean widths) {
    double most = 0;
    for (Box box : boxes) {
      most = Math.max(most, widths ? box.width() : box.height());
    }
    return most;
  }

  @Override
  public void place(Scene scene, double x, double y) {
    double at = down ? y : x;
    for (Box box : boxes) {
      if (down) {
        box.place(scene, x + (width() - box.width()) * across, at);
        at += box.height() + gap;
      } else {
        box.place(scene, at, y + (height() - box.height()) * across);
        at += box.width() + gap;
      }
    }
  }
}
