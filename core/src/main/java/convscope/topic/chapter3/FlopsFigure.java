package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.param.Pair;
import convscope.scene.Bars;
import convscope.scene.Box;
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

/** Draws {@link Work}: the blocks, the product built up factor by factor, and the conventions. */
final class FlopsFigure {
  private static final double MARGIN = 20;

  private final Work work;
  private final View view;
  private final int step;
  private final Way way;
  private final String mistake;
  private final @Nullable Cell pick;
  private final double room;

  FlopsFigure(Work work, View view) {
    this.work = work;
    this.view = view;
    step = view.step();
    way = Way.of(work.values().choice("count"));
    mistake = work.values().choice("mistake");
    pick = Cell.parse(view.pick());
    room = view.width() - 2 * MARGIN;
  }

  Figure figure() {
    Prose caption = caption();
    String alt =
        "The layer takes "
            + Num.count(work.macs())
            + " MACs; counted like "
            + way.label()
            + " it is "
            + Num.count(way.count(work))
            + ". "
            + caption.plain();
    return new Figure(scene(), alt, Flops.live(work), caption.html(), twin());
  }

  private Scene scene() {
    Pair size = work.values().pair("size");
    int depth = work.inChannels() / work.groups();
    double unit =
        90.0
            / Math.max(
                Math.max(size.height(), size.width()),
                Math.max(work.out().height(), work.out().width()));
    Box input =
        block("input x", work.inChannels(), size.height(), size.width(), unit, Role.INPUT, "C_in");
    int side = Math.max(work.spec().kernelHeight(), work.spec().kernelWidth());
    double large = Math.min(90.0 / side, Math.max(unit, 9)); // at the maps' scale often a dot
    Box kernel =
        block(
            "kernel",
            depth,
            work.spec().kernelHeight(),
            work.spec().kernelWidth(),
            large,
            Role.KERNEL,
            "K");
    Box output =
        block(
            "output y",
            work.outChannels(),
            work.out().height(),
            work.out().width(),
            unit,
            Role.OUTPUT,
            "C_out");
    Text sign = new Text("★", 20, "sign");
    Text equals = new Text("=", 20, "sign");
    Box blocks =
        view.narrow()
            ? Layout.stack(12, input, kernel, output)
            : Layout.row(34, input, sign, kernel, equals, output);
    Paragraph check = new Paragraph(work.check(), room, 13, Role.NEUTRAL);
    return Scene.of(
        view.width(), MARGIN, Layout.column(22, blocks, ladder(), conventions(), check));
  }

  private static Box block(
      String name, int channels, int rows, int columns, double unit, Role role, String part) {
    String shape = channels + " × " + rows + " × " + columns;
    Volume volume =
        new Volume(name, role, channels, rows, columns, unit, 3 + 3 * Math.sqrt(channels))
            .name(name + ", " + shape);
    return new Headed(name, shape, role, part, volume);
  }

  /** A bar for every factor multiplied so far; the rest is still to come. */
  private Box ladder() {
    Bars bars = new Bars("part", room, "multiply–accumulates");
    bars.log(1, Math.max(10, work.macs()));
    for (int n = 0; n < Work.FACTORS; n++) {
      String text = Num.count(work.upTo(n));
      String name = Work.part(n) + ", " + work.times(n);
      Role role = n == 0 ? Role.KERNEL : n == 1 ? Role.INPUT : Role.OUTPUT;
      String css = n > step ? "faint" : "";
      bars.add(name, role, work.upTo(n), text, name + ": " + text, css);
    }
    return bars;
  }

  private Box conventions() {
    long most = Math.max(Way.BIAS.count(work), work.counted(mistake));
    int power = 0;
    double unit = 1;
    while (most / unit >= 10_000 && power < 3) {
      unit *= 1000;
      power++;
    }
    String[] names = {"operations", "thousand operations", "million operations", "10⁹ operations"};
    Bars bars = new Bars("way", room, names[power]).linear(most / unit);
    for (Way each : Way.values()) {
      String text = Num.count(each.count(work));
      bars.add(
          each.label(),
          Role.OUTPUT,
          each.count(work) / unit,
          text,
          each.label() + ": " + text,
          each == way ? "" : "faint");
    }
    if (!mistake.equals("none")) {
      String text = Num.count(work.counted(mistake));
      bars.add(
          "miscounted",
          Role.GRADIENT,
          work.counted(mistake) / unit,
          text,
          "miscounted: " + text,
          "dashed");
    }
    return bars;
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.within("way", Way.values().length, 1)) {
      return reason(prose, Way.values()[pick.row()]);
    }
    int part = pick != null && pick.within("part", Work.FACTORS, 1) ? pick.row() : step;
    if (part < Work.FACTORS - 1 || pick != null) {
      prose
          .say("The work for " + Work.part(part) + ": ")
          .say(Role.KERNEL, Num.count(work.upTo(part)) + " MACs")
          .say(" (" + work.times(part) + "). ");
    }
    if (mistake.equals("none")) {
      return reason(prose, way);
    }
    long wrong = work.counted(mistake);
    prose.say(
        switch (mistake) {
          case "macs" -> "Called FLOPs, the number of MACs, ";
          case "size" -> "With the input’s size for the output’s, ";
          default -> "Without the groups, ";
        });
    prose.say(Role.GRADIENT, Num.count(wrong));
    if (mistake.equals("macs")) {
      return prose.say(", is half of the " + Num.count(2 * wrong) + " operations.");
    }
    return prose.say(
        wrong == work.macs()
            ? ", is right by luck here."
            : ", is " + Num.decimal(wrong / (double) work.macs(), 2) + " times the MACs.");
  }

  private Prose reason(Prose prose, Way like) {
    return prose
        .say(like.label() + ": ")
        .say(Role.OUTPUT, Num.count(like.count(work)))
        .say(". " + like.reason());
  }

  private String twin() {
    List<List<String>> parts = new ArrayList<>();
    for (int n = 0; n < Work.FACTORS; n++) {
      parts.add(List.of(Work.part(n), work.times(n), Num.count(work.upTo(n))));
    }
    List<List<String>> ways = new ArrayList<>();
    for (Way each : Way.values()) {
      ways.add(List.of(each.label(), Num.count(each.count(work)), each.reason()));
    }
    return new Twin()
        .say(caption().plain())
        .say(work.check())
        .table("Factor by factor", List.of("for", "factor", "MACs"), parts)
        .table("Count like", List.of("convention", "count", "reason"), ways)
        .toString();
  }
}
