package convscope.topic.chapter5;

import convscope.net.ReceptiveField;
import convscope.param.Stack;
import convscope.scene.Handle;
import convscope.scene.Line;
import convscope.scene.Mark;
import convscope.scene.Markup;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Units;
import convscope.scene.Window;
import convscope.topic.Stacks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The maps of a stack over the positions of its input, one row a map, the input below: the name of
 * each, room for its units, and a few numbers beside. What is drawn of a map is up to the figure.
 */
final class Strip implements Mark {
  private static final double SIZE = 12; // of the texts
  private static final int MANY = 80; // units of a map that are no longer drawn one by one
  private static final int LONG = 8; // layers that are too many to take hold of each
  private static final int WIDEST = 11; // kernel, as in the control
  private static final double GRIP = 8; // room for what a layer is moved by
  private static final double PULL = 6; // the least that a kernel's size is pulled by
  private static final double CLOSE = 4.5; // units nearer than this are not told apart

  private final StackedFields fields;
  private final int shown; // the last layer that is not pale
  private final double[] columns; // widths of the numbers beside the rows
  private final String[] heads; // of the numbers, the text twin's included
  private final double x;
  private final double top; // of the rows
  private final double width;
  private final double rowHeight;
  private final double left; // of the positions
  private final double step; // from a position to the next

  /**
   * @param columns the widths of the first numbers; the text twin has all of them
   * @param heads what numbers stand beside a layer's row ({@link StackedFields#number})
   * @param height of title and rows
   */
  Strip(
      StackedFields fields,
      int shown,
      double[] columns,
      String[] heads,
      double x,
      double y,
      double width,
      double height) {
    this.fields = fields;
    this.shown = shown;
    this.columns = columns;
    this.heads = heads;
    this.x = x;
    this.width = width;
    rowHeight = Math.min(46, (height - Title.HEIGHT) / (fields.depth() + 1));
    top = y + (height - Title.HEIGHT - rowHeight * (fields.depth() + 1)) / 2 + Title.HEIGHT;
    double names = 10;
    for (int layer = 0; layer <= fields.depth(); layer++) {
      names = Math.max(names, Text.width(fields.name(layer), SIZE) + 10);
    }
    double table = 8;
    for (double column : columns) {
      table += column;
    }
    names += moves() ? GRIP : 0;
    left = x + names;
    step = (width - names - table) / (fields.last() - fields.first() + 1);
  }

  /** The middle of a layer's row. */
  double middle(int layer) {
    return top + (fields.depth() - layer + 0.5) * rowHeight;
  }

  /** The side of a unit where there is room. */
  double side() {
    return Math.min(rowHeight * 0.46, 15);
  }

  /** Where an input position is; halves are between two. What the drawing ends before is cut. */
  double x(double position) {
    double inside = Math.max(fields.first() - 0.5, Math.min(fields.last() + 0.5, position));
    return left + (inside - fields.first() + 0.5) * step;
  }

  private double spacing(int layer) {
    return fields.field(layer).jump() * step;
  }

  /** Whether a map's units are too many to be told apart. */
  boolean dense(int layer) {
    return spacing(layer) < CLOSE || fields.sizes()[layer] > MANY;
  }

  /**
   * Adds the units of a map, or its extent where they are too many.
   *
   * @param css by unit its fill level and state, or nothing for one without a place
   * @param more by unit what is said of it after its number
   */
  void row(Scene scene, int layer, Role role, IntFunction<String> css, IntFunction<String> more) {
    ReceptiveField field = fields.field(layer);
    int count = fields.sizes()[layer];
    if (dense(layer)) {
      scene.add(band("m" + layer, role, field.place(0), field.place(count - 1), layer));
      return;
    }
    String name = layer == 0 ? "input" : "layer " + layer + ", " + fields.name(layer);
    double size = Math.min(side(), spacing(layer) - 1.5);
    Units units = new Units("u" + layer, role, middle(layer), size, name + ", " + count + " units");
    for (int i = 0; i < count; i++) {
      if (!css.apply(i).isEmpty()) {
        String what = (layer == 0 ? "position " : "unit ") + i + more.apply(i);
        units.add(x(field.place(i)), i, css.apply(i), what);
      }
    }
    scene.add(units);
  }

  /** A frame around the input positions from one to another, at a height of its own. */
  Window frame(
      String key, Role role, String style, double from, double to, double middle, double high) {
    double start = x(from - 0.5);
    double wide = Math.max(3, x(to + 0.5) - start);
    return new Window(key, role, style, start, middle - high / 2, wide, high);
  }

  /** A bar from one position to another in a map's row. */
  Window band(String key, Role role, double from, double to, int layer) {
    return frame(key, role, "band", from, to, middle(layer), side());
  }

  /** A measuring line between two positions, and below it what it measures. */
  void measure(Scene scene, String key, Role role, String text, double from, double to, double y) {
    Line.measure(scene, key, role, x(from), x(to), y);
    label(scene, text, role, (from + to) / 2, y + 15);
  }

  /** Words centred at a position, but not beyond the ends of the strip. */
  void label(Scene scene, String text, Role role, double position, double baseline) {
    scene.add(new Text(text, SIZE, role).centred(x(position), baseline, x, x + width));
  }

  /** Input, the layer that is shown, or another. */
  Role role(int layer) {
    return layer == 0 ? Role.INPUT : layer == shown ? Role.OUTPUT : Role.NEUTRAL;
  }

  /** Adds names and numbers. */
  void place(Scene scene, String title, String part) {
    scene.add(this);
    scene.add(Title.above(title, "", Role.OUTPUT, part, x, top - 3));
    row(scene, -1, top - 12, "label");
    int every = (int) Math.ceil(SIZE / rowHeight); // rows may be closer than their text is high
    for (int layer = fields.depth(); layer >= 0; layer--) {
      if (layer == shown || (layer % every == 0 && Math.abs(layer - shown) >= every)) {
        double baseline = middle(layer) + 4;
        String css = layer > shown ? "label pale" : "label";
        double begin = x + (moves() ? GRIP : 0);
        String look = layer == 0 ? "label input" : css;
        scene.add(new Text(fields.name(layer), SIZE, look).at(begin, baseline));
        if (moves() && layer > 0) {
          move(scene, layer);
        }
        row(scene, layer, baseline, css);
      }
    }
  }

  /** Whether layers can be taken hold of: there are others to move one past, but not too many. */
  private boolean moves() {
    return fields.depth() > 1 && fields.depth() <= LONG;
  }

  /** Lets a layer be dragged by its name to the place of another. */
  private void move(Scene scene, int layer) {
    List<Handle.Stop> stops = new ArrayList<>();
    for (int to = 1; to <= fields.depth(); to++) {
      stop(stops, fields.stack().moved(layer - 1, to - 1), middle(to));
    }
    double y = middle(layer);
    double high = Math.min(rowHeight, 2 * GRIP);
    double end = x + GRIP + Text.width(fields.name(layer), SIZE);
    Handle.Area name = new Handle.Area(x, y - high / 2, end, y + high / 2);
    scene.add(Handle.among("stack", "order" + layer, false, stops, name, x + 2, high * 0.7));
  }

  /** Lets the end of what a layer's window reads be pulled, which changes its kernel. */
  void pull(Scene scene, int layer, int at, double foot) {
    Stack.Layer now = fields.layer(layer);
    double reach = reach(layer, at, now.withKernel(now.kernel() + 1)) - reach(layer, at, now);
    double pitch = Math.max(PULL, reach * spacing(layer - 1));
    List<Handle.Stop> stops = new ArrayList<>();
    for (int size = 1; size <= WIDEST; size++) {
      double place = foot + (size - now.kernel()) * pitch;
      stop(stops, fields.stack().with(layer - 1, now.withKernel(size)), place);
    }
    double y = middle(layer - 1);
    Handle.Area end = new Handle.Area(foot, y - side() / 2, foot, y + side() / 2);
    scene.add(Handle.among("stack", "kernel" + layer, true, stops, end, foot, side()));
  }

  /** How far to one side a unit of layer {@code at} sees below a layer, if that were another. */
  private double reach(int layer, int at, Stack.Layer other) {
    Stack stack = new Stack(fields.stack().with(layer - 1, other).layers().subList(layer - 1, at));
    return (Stacks.fields(stack).get(at - layer + 1).size() - 1) / 2.0;
  }

  private void stop(List<Handle.Stop> stops, Stack stack, double place) {
    if (Stacks.problem(stack, fields.size()) == null) {
      stops.add(new Handle.Stop(place, stack.plain()));
    }
  }

  /** A line of the table, its columns ending at the right. */
  private void row(Scene scene, int layer, double baseline, String css) {
    double end = x + width;
    for (int c = columns.length - 1; c >= 0; c--) {
      String look = c == 0 && (layer == shown || layer < 0) ? "label output" : css;
      scene.add(
          new Text(fields.number(heads[c], layer), SIZE, look).anchor("end").at(end, baseline));
      end -= columns[c];
    }
  }

  /** The rows are the marks that the figure adds. */
  @Override
  public void write(Markup out) {}

  @Override
  public void tell(Twin twin) {
    List<List<String>> rows = new ArrayList<>();
    for (int layer = -1; layer <= fields.depth(); layer++) {
      List<String> row = new ArrayList<>();
      row.add(layer < 0 ? "layer" : layer + " " + fields.name(layer));
      for (String head : heads) {
        row.add(fields.number(head, layer));
      }
      rows.add(row);
    }
    twin.table("Layers", rows.get(0), rows.subList(1, rows.size()));
  }
}
