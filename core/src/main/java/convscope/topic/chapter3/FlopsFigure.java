package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.param.Pair;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.topic.Blocks;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws {@link Work}: the blocks, and the product built up factor by factor or counted by all. */
final class FlopsFigure {
  private static final String[] UNITS = {"", "thousand ", "million ", "10⁹ "};

  private final Work work;
  private final View view;

  FlopsFigure(Work work, View view) {
    this.work = work;
    this.view = view;
  }

  Figure figure() {
    Box blocks = blocks();
    double room = view.width() - 24;
    Bars bars = work.ways() ? ways(room) : factors(room);
    bars.mark(view.row(work.ways() ? "way" : "part", Way.values().length), "picked");
    bars.within(view.stage().height() - 40 - blocks.height());
    Scene scene = Scene.of(view.stage(), Layout.column(16, blocks, bars));
    return Figure.of(scene, Flops.live(work), caption());
  }

  private Box blocks() {
    Pair size = work.size();
    Pair out = work.out();
    int rows = work.spec().kernelHeight();
    int columns = work.spec().kernelWidth();
    double most =
        Math.max(Math.max(size.height(), size.width()), Math.max(out.height(), out.width()));
    double high = view.narrow() ? 50 : 72;
    double unit = high / most;
    double large = Math.min(high / Math.max(rows, columns), Math.max(unit, 9)); // often a dot
    return Layout.row(
        view.narrow() ? 8 : 30,
        block("input x", "C_in", Role.INPUT, unit, work.inChannels(), size.height(), size.width()),
        Blocks.sign("★"),
        block("kernel", "K", Role.KERNEL, large, work.depth(), rows, columns),
        Blocks.sign("="),
        block(
            "output y", "C_out", Role.OUTPUT, unit, work.outChannels(), out.height(), out.width()));
  }

  private Box block(String name, String part, Role role, double unit, int... shape) {
    return Blocks.of(view, name, part, role, unit, "", shape);
  }

  /** A dot for every factor multiplied so far; the rest is still to come. */
  private Bars factors(double width) {
    Bars bars = new Bars("part", width, "multiply–accumulates");
    bars.log(1, Math.max(10, Math.max(work.macs(), work.miscounted())));
    for (int n = 0; n < Work.FACTORS; n++) {
      Work.Part part = work.parts().get(n);
      Role role = n == 0 ? Role.KERNEL : n == 1 ? Role.INPUT : Role.OUTPUT;
      bars.add(part.name() + ", " + part.times(), role, part.macs(), Num.count(part.macs()));
      bars.mark(n, n > view.step() ? "faint" : "");
    }
    return miscounted(bars, 1);
  }

  private Bars ways(double width) {
    double unit = 1;
    int power = 0;
    long most = Math.max(Way.BIAS.count(work), work.miscounted());
    while (most / unit >= 10_000 && power < UNITS.length - 1) {
      unit *= 1000;
      power++;
    }
    Bars bars = new Bars("way", width, UNITS[power] + "operations").linear(most / unit);
    for (Way each : Way.values()) {
      long count = each.count(work);
      bars.add(each.label, Role.OUTPUT, count / unit, Num.count(count));
      bars.mark(each.ordinal(), each == work.way() ? "" : "faint");
    }
    return miscounted(bars, unit);
  }

  private Bars miscounted(Bars bars, double unit) {
    long wrong = work.miscounted();
    return work.mistake().equals("none")
        ? bars
        : bars.wrong("miscounted", wrong / unit, Num.count(wrong));
  }

  // ---- the words

  private Prose caption() {
    Prose prose = new Prose();
    if (work.ways()) {
      int row = view.row("way", Way.values().length);
      Way way = row < 0 ? work.way() : Way.values()[row];
      prose.add("{}: [output {}]. ", way.label, way.count(work)).say(way.reason);
    } else {
      int row = view.row("part", Work.FACTORS);
      int n = row < 0 ? view.step() : row;
      Work.Part part = work.parts().get(n);
      String words = "The whole layer takes [kernel {MAC}] for [output:C_out {kernel}]";
      prose.add(words, work.macs(), work.outChannels());
      if (n < Work.FACTORS - 1) {
        prose.add("; {} takes [kernel {}] ({}).", part.name(), part.macs(), part.times());
      } else {
        prose.add(
            " and [neutral:N {image}]. Of the {product} for one image, kernel and channel {} {is|are} with zeros of the"
                + " padding.",
            work.batch(),
            work.products(),
            work.padding() == 0 ? "none" : Num.count(work.padding()),
            work.padding() < 2);
      }
    }
    return mistake(prose);
  }

  private Prose mistake(Prose prose) {
    long wrong = work.miscounted();
    long macs = work.macs();
    if (work.mistake().equals("none")) {
      return prose;
    }
    if (work.mistake().equals("macs")) {
      return prose.add(
          " Taken for FLOPs, [gradient {MAC}] are half of the {} operations.", wrong, 2 * wrong);
    }
    return prose
        .add(
            work.mistake().equals("size")
                ? " With the input’s size for the output’s"
                : " Without the groups")
        .add(" the count would be [gradient {}], ", wrong)
        .add(
            wrong == macs
                ? "right by luck here."
                : "{} times the MACs.".replace("{}", Num.decimal(wrong / (double) macs, 2)));
  }
}
