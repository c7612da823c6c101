package convscope.topic.chapter2;

import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Paragraph;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Spans;
import convscope.scene.Title;
import convscope.scene.Window;
import convscope.topic.Cell;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One axis of the input seen from the side: its cells as a strip, under it a row for every window,
 * and at the end of the row the output cell that the window gives.
 */
final class AxisPanel implements Box {
  static final double ROW = 18;

  private static final double GAP = 12; // between the strip and the output cells
  private static final double NOTE = 12;

  private final Axis axis;
  private final Mistake mistake;
  private final String key;
  private final String unit; // row or column
  private final boolean height;
  private final double cell;
  private final double width;
  private final int current;
  private final @Nullable Cell pick;
  private final List<Paragraph> notes = new ArrayList<>();

  /**
   * @param current the window that is shown strongly
   * @param width the room for the notes below
   */
  AxisPanel(
      OutputSize size,
      boolean height,
      double cell,
      double width,
      int current,
      @Nullable Cell pick) {
    this.axis = height ? size.height() : size.width();
    this.mistake = size.mistake();
    this.key = height ? "h" : "w";
    this.unit = height ? "row" : "column";
    this.height = height;
    this.cell = cell;
    this.width = width;
    this.current = current;
    this.pick = pick;
    for (String note : Notes.of(axis, unit)) {
      notes.add(new Paragraph(note, width, NOTE, Role.NEUTRAL));
    }
    if (mistake != Mistake.NONE) {
      notes.add(new Paragraph(Notes.wrong(axis, mistake, unit), width, NOTE, Role.GRADIENT));
    }
  }

  /** How many columns the strip, the windows and a mistaken window take. */
  static int columns(OutputSize size, boolean height) {
    Axis axis = height ? size.height() : size.width();
    return last(axis, size.mistake()) + axis.before();
  }

  /** One past the last place that anything reaches. */
  private static int last(Axis axis, Mistake mistake) {
    int last = Math.max(axis.end(), axis.reach());
    return axis.wrong(mistake) > axis.out()
        ? Math.max(last, axis.start(axis.out()) + axis.span())
        : last;
  }

  /** The room beside the strip that the output cells take. */
  static double beside() {
    return GAP + ROW;
  }

  @Override
  public double width() {
    return width;
  }

  private int rows() {
    return axis.out() + (axis.wrong(mistake) > axis.out() ? 1 : 0);
  }

  @Override
  public double height() {
    double notesHeight = 0;
    for (Paragraph note : notes) {
      notesHeight += note.height();
    }
    return Title.HEIGHT + cell + 8 + rows() * ROW + 6 + notesHeight;
  }

  @Override
  public void place(Scene scene, double left, double top) {
    int columns = last(axis, mistake) + axis.before();
    scene.add(
        Title.above(
            height ? "height" : "width",
            axis.in() + padding() + " → " + axis.out(),
            Role.INPUT,
            "x",
            left,
            top + Title.HEIGHT));
    double stripTop = top + Title.HEIGHT;
    double rowsTop = stripTop + cell + 8;
    double rowsBottom = rowsTop + rows() * ROW;
    Grid strip = strip();
    Spans spans = spans(columns);
    shadeUnread(scene, left, stripTop + cell, rowsBottom);
    strip.place(scene, left, stripTop);
    spans.place(scene, left, rowsTop);
    Grid outputs = outputs();
    double outputsLeft = left + columns * cell + GAP;
    outputs.place(scene, outputsLeft, rowsTop);
    if (axis.overhang() > 0) {
      scene.add(
          new Window(
              key + "/beyond",
              Role.PADDING,
              "dashed",
              left + axis.padded() * cell,
              stripTop,
              axis.overhang() * cell,
              cell));
    }
    mistaken(scene, left, rowsTop);
    scene.add(
        new Window(
            key + "/window",
            Role.KERNEL,
            left + (axis.start(current) + axis.before()) * cell - 1,
            stripTop - 1,
            axis.span() * cell + 2,
            cell + 2));
    double y = rowsBottom + 6;
    for (Paragraph note : notes) {
      note.place(scene, left, y);
      y += note.height();
    }
  }

  private String padding() {
    int before = axis.before();
    int after = axis.after();
    return before + after == 0 ? "" : ", padding " + before + " + " + after;
  }

  private Grid strip() {
    Grid strip =
        new Grid(key, Role.INPUT, 1, axis.padded(), cell, new float[axis.padded()])
            .origin(0, -axis.before())
            .part("x", "input " + unit + "s");
    for (int place = -axis.before(); place < axis.end(); place++) {
      boolean inside = place >= 0 && place < axis.in();
      boolean read = axis.read(place);
      String name = inside ? unit + " " + place : "padding " + unit;
      strip
          .label(0, place, inside ? String.valueOf(place) : "", name + (read ? "" : ", never read"))
          .level(0, place, !inside || !read ? 0 : axis.reads(current, place) ? 5 : 2);
      if (!inside) {
        strip.mark(0, place, "padding");
      }
      if (!read) {
        strip.mark(0, place, "dropped");
      }
      if (axis.reads(current, place)) {
        strip.mark(0, place, "tap");
      }
      if (pick != null && pick.within(key + "w", axis.out(), 1) && axis.reads(pick.row(), place)) {
        strip.mark(0, place, "linked");
      }
    }
    if (pick != null && pick.grid().equals(key)) {
      strip.mark(0, pick.column(), "picked");
    }
    return strip;
  }

  private Spans spans(int columns) {
    Spans spans =
        new Spans(
            key + "w",
            Role.KERNEL,
            columns,
            convscope.scene.Cells.of(cell),
            "windows along the " + unit + "s");
    for (int i = 0; i < axis.out(); i++) {
      int[] taps = new int[axis.kernel()];
      for (int u = 0; u < taps.length; u++) {
        taps[u] = i * axis.stride() + u * axis.dilation();
      }
      String css = i == current ? "l9 current" : "l3";
      if (pick != null && pick.grid().equals(key) && axis.reads(i, pick.column())) {
        css += " linked";
      }
      spans.add(taps, "window " + i + " reads " + Notes.reads(axis, i, unit), css);
    }
    return spans;
  }

  private Grid outputs() {
    Grid outputs =
        new Grid(key + "o", Role.OUTPUT, axis.out(), 1, ROW, new float[axis.out()])
            .part("y", "output " + unit + "s");
    for (int i = 0; i < axis.out(); i++) {
      outputs
          .label(i, 0, String.valueOf(i), "output " + unit + " " + i)
          .level(i, 0, i == current ? 8 : 2);
      if (pick != null && pick.grid().equals(key) && axis.reads(i, pick.column())) {
        outputs.mark(i, 0, "linked");
      }
    }
    return outputs.mark(current, 0, "target");
  }

  /** A shade under every run of cells that no window reads: no row of windows enters it. */
  private void shadeUnread(Scene scene, double left, double top, double bottom) {
    int from = -axis.before();
    while (from < axis.end()) {
      int to = from;
      while (to < axis.end() && !axis.read(to)) {
        to++;
      }
      if (to > from) {
        scene.add(
            new Window(
                key + "/unread/" + from,
                Role.PADDING,
                "band",
                left + (from + axis.before()) * cell,
                top,
                (to - from) * cell,
                bottom - top));
      }
      from = to + 1;
    }
  }

  /** What the mistake gets wrong: a window that does not exist, or windows it does not count. */
  private void mistaken(Scene scene, double left, double top) {
    int wrong = axis.wrong(mistake);
    int first = Math.max(0, Math.min(wrong, axis.out()));
    if (wrong == axis.out()) {
      return;
    }
    int end = wrong > axis.out() ? axis.out() + 1 : axis.out();
    scene.add(
        new Window(
            key + "/mistake",
            Role.GRADIENT,
            "dashed",
            left + first * axis.stride() * cell,
            top + first * ROW + 1,
            ((end - 1 - first) * axis.stride() + axis.span()) * cell,
            (end - first) * ROW - 2));
  }
}
