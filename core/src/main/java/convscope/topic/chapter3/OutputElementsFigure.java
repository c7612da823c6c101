package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Grid;
import convscope.scene.Layout;
import convscope.scene.Paragraph;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Twin;
import convscope.scene.Volume;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Draws {@link Activations}: input and output as blocks, which tensors are in memory while each
 * layer runs, and the bytes in bars.
 */
final class OutputElementsFigure {
  private static final double MARGIN = 20;
  private static final double CELL = 48;
  private static final double NAMES = 88; // room for the tensors' names

  private final OutputElements topic;
  private final Activations found;
  private final View view;
  private final int moment;
  private final int last;
  private final String format;
  private final @Nullable Cell pick;
  private final double room;

  OutputElementsFigure(OutputElements topic, Activations found, View view) {
    this.topic = topic;
    this.found = found;
    this.view = view;
    last = found.layers().size();
    moment = view.step();
    format = found.values().choice("format");
    pick = Cell.parse(view.pick());
    room = view.width() - 2 * MARGIN;
  }

  Figure figure() {
    Prose caption = caption();
    String alt =
        "The output has "
            + Num.count(found.elements())
            + " elements, "
            + Bytes.text(found.bytes(found.elements()))
            + " in "
            + format
            + ". Forward only, at most "
            + Bytes.text(found.peak())
            + " are in use at once; training keeps "
            + Bytes.text(found.keptBytes())
            + ". "
            + caption.plain();
    return new Figure(scene(), alt, topic.live(found), caption.html(), twin());
  }

  private Scene scene() {
    Text note = new Text("one of " + found.batch() + " images drawn", 11.5, Role.NEUTRAL);
    Layout blocks =
        Layout.stack(
            12,
            block("input x", 0, Role.INPUT, found.inChannels(), "x"),
            block("output y", last, Role.OUTPUT, found.outChannels(), "C_out"),
            note);
    Alive forward = new Alive("fwd", "forward only", Role.OUTPUT, false, true);
    Alive training =
        new Alive("train", "training, pale = kept", Role.GRADIENT, true, view.narrow());
    Box top =
        view.narrow()
            ? Layout.column(20, blocks, forward, training)
            : Layout.row(34, blocks, forward, training);
    Paragraph check = new Paragraph(found.check(), room, 13, Role.NEUTRAL);
    return Scene.of(view.width(), MARGIN, Layout.column(24, top, bars(), check));
  }

  private Box block(String name, int tensor, Role role, int channels, String part) {
    int rows = tensor == 0 ? found.size().height() : found.out().height();
    int columns = tensor == 0 ? found.size().width() : found.out().width();
    double largest = 0;
    for (int side :
        new int[] {
          found.size().height(), found.size().width(), found.out().height(), found.out().width()
        }) {
      largest = Math.max(largest, side);
    }
    double depth = 3 + 3 * Math.sqrt(channels); // not to scale: 512 channels must still fit
    String shape = found.batch() + " × " + channels + " × " + rows + " × " + columns;
    Volume volume =
        new Volume("block" + tensor, role, channels, rows, columns, 76 / largest, depth)
            .name(name + ", " + shape);
    return new Headed(name, shape, role, part, volume);
  }

  /** Tensors as rows, moments as columns: which tensor is in memory when, and the sums. */
  private final class Alive implements Box {
    private final String key;
    private final String title;
    private final Role role;
    private final boolean training;
    private final boolean named;
    private final double names;

    Alive(String key, String title, Role role, boolean training, boolean named) {
      this.key = key;
      this.title = title;
      this.role = role;
      this.training = training;
      this.named = named;
      names = named ? NAMES : 0;
    }

    @Override
    public double width() {
      return names + (last + 1) * CELL;
    }

    @Override
    public double height() {
      return 44 + (last + 1) * CELL + 24;
    }

    @Override
    public void place(Scene scene, double x, double y) {
      double left = x + names;
      double top = y + 44;
      scene.add(new Text(title, 14, role).at(left, y + 13));
      Grid grid =
          new Grid(key, role, last + 1, last + 1, CELL, new float[(last + 1) * (last + 1)])
              .part("", title + ": tensors in memory while each layer runs");
      int bytes = training ? found.trainingBytesEach() : found.bytesEach();
      for (int column = 0; column <= last; column++) {
        String head = column == last ? "after" : found.layers().get(column);
        double middle = left + (column + 0.5) * CELL;
        scene.add(new Text(head, 12, Role.NEUTRAL).anchor("middle").at(middle, top - 9));
        String sum = Bytes.brief((double) found.aliveElements(column, training) * bytes);
        scene.add(
            new Text(sum, 11, Role.NEUTRAL)
                .anchor("middle")
                .at(middle, top + (last + 1) * CELL + 17));
        for (int tensor = 0; tensor <= last; tensor++) {
          boolean alive = found.alive(tensor, column, training);
          boolean idle = alive && tensor != column && tensor != column + 1;
          grid.label(
                  tensor,
                  column,
                  "",
                  found.name(tensor) + (alive ? (idle ? " kept" : " in use") : " not in memory"))
              .level(tensor, column, alive ? (idle ? 4 : 8) : 0);
        }
      }
      for (int tensor = 0; tensor <= last && named; tensor++) {
        scene.add(
            new Text(found.name(tensor), 12, Role.NEUTRAL).at(x, top + (tensor + 0.5) * CELL + 4));
      }
      if (pick != null && pick.grid().equals(key)) {
        grid.mark(pick.row(), pick.column(), "picked");
      }
      grid.place(scene, left, top);
      scene.add(grid.around(key + "/moment", Role.NEUTRAL, 0, moment, last + 1, 1));
    }
  }

  private Bars bars() {
    long elements = found.elements();
    String mistake = found.values().choice("mistake");
    double most = Math.max(elements * 4.0, Math.max(found.peak(), found.keptBytes()));
    most = Math.max(most, Math.max(found.bytes(found.parameters()), found.counted(mistake)));
    int unit = Bytes.unit(most);
    Bars bars = new Bars("bar", room, Bytes.name(unit)).linear(Bytes.in(most, unit));
    for (String each : new String[] {"fp32", "fp16", "int8"}) {
      double bytes = (double) elements * Activations.bytesEach(each);
      add(
          bars,
          unit,
          "output y in " + each,
          Role.OUTPUT,
          bytes,
          each.equals(format) ? "" : "faint");
    }
    add(bars, unit, "forward only, most at once", Role.NEUTRAL, found.peak(), "");
    String training = found.bytesEach() == 1 ? "kept for training, fp32" : "kept for training";
    add(bars, unit, training, Role.GRADIENT, found.keptBytes(), "");
    add(bars, unit, "parameters", Role.KERNEL, found.bytes(found.parameters()), "");
    if (!mistake.equals("none")) {
      add(bars, unit, "kept, miscounted", Role.GRADIENT, found.counted(mistake), "dashed");
    }
    return bars;
  }

  private static void add(Bars bars, int unit, String name, Role role, double bytes, String css) {
    String text = Bytes.text(bytes);
    bars.add(name, role, Bytes.in(bytes, unit), text, name + ": " + text, css);
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null
        && (pick.within("fwd", last + 1, last + 1) || pick.within("train", last + 1, last + 1))) {
      int tensor = pick.row();
      return prose
          .say(tensor == 0 ? Role.INPUT : Role.OUTPUT, found.name(tensor))
          .say(
              ", "
                  + Num.count(found.elements(tensor))
                  + " elements: "
                  + found.reason(tensor)
                  + ".");
    }
    String now = Bytes.text(found.bytes(found.aliveElements(moment, false)));
    String train =
        Bytes.text((double) found.aliveElements(moment, true) * found.trainingBytesEach());
    if (moment == last) {
      prose
          .say("Without training only the ")
          .say(Role.OUTPUT, "output")
          .say(" is left, " + now + ". For the backward pass stay ")
          .say(Role.GRADIENT, keptNames())
          .say(": " + Bytes.text(found.keptBytes()) + ". ");
    } else {
      prose
          .say("While " + found.layers().get(moment) + " runs, it reads ")
          .say(moment == 0 ? Role.INPUT : Role.OUTPUT, found.name(moment))
          .say(" and writes ")
          .say(Role.OUTPUT, found.name(moment + 1))
          .say(": " + now + " in use, " + train + " in training. ");
    }
    return mistake(prose);
  }

  private String keptNames() {
    StringBuilder names = new StringBuilder();
    for (int tensor = 0; tensor <= last; tensor++) {
      if (found.saved(tensor)) {
        names.append(names.isEmpty() ? "" : ", ").append(found.name(tensor));
      }
    }
    return names.toString();
  }

  private Prose mistake(Prose prose) {
    String mistake = found.values().choice("mistake");
    if (mistake.equals("none")) {
      return prose;
    }
    long wrong = found.counted(mistake);
    prose.say(
        switch (mistake) {
          case "batch" -> "With one image counted instead of the batch";
          case "stride" -> "With outputs as many as at stride 1";
          default -> "With the parameters alone";
        });
    return prose
        .say(" it would be ")
        .say(Role.GRADIENT, Bytes.text(wrong))
        .say(wrong == found.keptBytes() ? ", right by luck here." : ".");
  }

  private String twin() {
    List<List<String>> tensors = new ArrayList<>();
    for (int tensor = 0; tensor <= last; tensor++) {
      tensors.add(
          List.of(found.name(tensor), Num.count(found.elements(tensor)), found.reason(tensor)));
    }
    List<List<String>> moments = new ArrayList<>();
    for (int n = 0; n <= last; n++) {
      moments.add(
          List.of(
              n == last ? "after" : found.layers().get(n),
              Bytes.text(found.bytes(found.aliveElements(n, false))),
              Bytes.text((double) found.aliveElements(n, true) * found.trainingBytesEach())));
    }
    return new Twin()
        .say(caption().plain())
        .say(found.check())
        .say("Parameters take " + Bytes.text(found.bytes(found.parameters())) + ".")
        .table("Tensors", List.of("tensor", "elements", "backward pass"), tensors)
        .table("In memory", List.of("while", "forward only", "training"), moments)
        .toString();
  }
}
