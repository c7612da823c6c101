package convscope.topic.chapter3;

import convscope.num.Num;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws {@link Separable}: the one convolution, the two stages, and both in bars. */
final class DepthwiseSeparableFigure {
  private static final double MARGIN = 20;

  private final Separable found;
  private final View view;
  private final int step; // 0 first stage, 1 second, 2 all
  private final @Nullable Cell pick;
  private final double @Nullable [] times;
  private final double room;

  DepthwiseSeparableFigure(Separable found, View view) {
    this.found = found;
    this.view = view;
    step = view.step();
    pick = Cell.parse(view.pick());
    times = found.times();
    room = view.width() - 2 * MARGIN;
  }

  Figure figure() {
    Prose caption = caption();
    String alt =
        "Two stages take "
            + Num.count(found.separableParameters())
            + " weights in place of "
            + Num.count(found.parameters())
            + ", "
            + Num.percent(found.ratio(), 1)
            + ", and the same share of the MACs. "
            + time()
            + " "
            + caption.plain();
    return new Figure(scene(), alt, DepthwiseSeparable.live(found).line(), caption.html(), twin());
  }

  private static String ms(double time) {
    return Num.decimal(time, time < 1 ? 3 : time < 100 ? 2 : 0) + " ms";
  }

  /** What the clock said, as a sentence. */
  private String time() {
    return times == null
        ? "The time of both is not measured yet for these sizes."
        : "On this machine they took "
            + ms(times[1])
            + " in place of "
            + ms(times[0])
            + ", "
            + Num.percent(times[1] / times[0], 1)
            + " of the time.";
  }

  // ---- the drawing

  private Scene scene() {
    int k = found.kernel();
    Box x = block("x", "input x", Role.INPUT, found.in(), found.size(), true);
    Box whole = kernel("w", found.out() + " kernels", found.in(), k, step == 2 ? "" : "pale");
    Box y = block("y", "output y", Role.OUTPUT, found.out(), found.size(), step == 2);
    Box again = block("x2", "input x", Role.INPUT, found.in(), found.size(), true);
    Box depthwise = kernel("d", found.in() + " depthwise", 1, k, step == 1 ? "pale" : "");
    Box middle = block("m", "one map each", Role.OUTPUT, found.in(), found.size(), true);
    Box pointwise = kernel("p", found.out() + " pointwise", found.in(), 1, step == 0 ? "pale" : "");
    Box same = block("y2", "output y", Role.OUTPUT, found.out(), found.size(), step > 0);
    double gap = view.narrow() ? 5 : 22;
    Box one = Layout.row(gap, x, sign("★"), whole, sign("="), y);
    Box stages =
        view.narrow()
            ? Layout.stack(
                14,
                Layout.row(gap, again, sign("★"), depthwise, sign("=")),
                Layout.row(gap, middle, sign("★"), pointwise, sign("="), same))
            : Layout.row(
                gap, again, sign("★"), depthwise, sign("="), middle, sign("★"), pointwise,
                sign("="), same);
    Box drawing =
        Layout.stack(
            12,
            new Text("one convolution", 14, Role.NEUTRAL),
            one,
            new Text("two stages", 14, Role.NEUTRAL),
            stages);
    Paragraph check = new Paragraph(found.check(), room, 13, Role.NEUTRAL);
    return Scene.of(view.width(), MARGIN, Layout.column(22, drawing, bars(), check));
  }

  private static Text sign(String text) {
    return new Text(text, 18, "sign");
  }

  private Box block(String key, String name, Role role, int channels, int size, boolean shown) {
    double side = view.narrow() ? 44 : 62;
    return labelled(key, name, role, channels, size, side / size, shown ? "" : "pale");
  }

  private Box kernel(String key, String name, int channels, int k, String css) {
    return labelled(key, name, Role.KERNEL, channels, k, Math.min(9, 44.0 / k), css);
  }

  private Box labelled(
      String key, String name, Role role, int channels, int side, double unit, String css) {
    String shape = channels + " × " + side + " × " + side;
    double depth = (view.narrow() ? 2 : 3) * (1 + Math.sqrt(channels));
    Volume volume =
        new Volume(key, role, channels, side, side, unit, depth)
            .name(name + ", " + shape)
            .style(css);
    return Layout.stack(4, volume, new Text(name, 12, role), new Text(shape, 11, Role.NEUTRAL));
  }

  private Bars bars() {
    String mistake = found.values().choice("mistake");
    double wrong = mistake.equals("none") ? 0 : found.counted(mistake);
    double timeShare = times == null ? 0 : times[1] / times[0];
    double most = Math.max(Math.max(1, found.ratio()), Math.max(timeShare, wrong));
    Bars bars = new Bars("bar", room, "% of the one convolution").linear(100 * most);
    long all = found.parameters();
    long stages = found.separableParameters();
    add(bars, "parameters, one", Role.NEUTRAL, 1, Num.count(all), "");
    add(bars, "parameters, two stages", Role.KERNEL, found.ratio(), Num.count(stages), "");
    add(bars, "MACs, one", Role.NEUTRAL, 1, Num.count(found.macs(all)), "");
    String macs = Num.count(found.macs(stages));
    add(bars, "MACs, two stages", Role.KERNEL, found.ratio(), macs, "");
    String unknown = "not measured";
    String first = times == null ? unknown : ms(times[0]);
    String second = times == null ? unknown : ms(times[1]);
    add(bars, "time, one", Role.NEUTRAL, times == null ? 0 : 1, first, "");
    add(bars, "time, two stages", Role.OUTPUT, timeShare, second, "");
    if (!mistake.equals("none")) {
      add(bars, "miscounted", Role.GRADIENT, wrong, Num.percent(wrong, 1), "dashed");
    }
    return bars;
  }

  private static void add(
      Bars bars, String name, Role role, double share, String text, String css) {
    String spoken = name + ": " + text + (share == 0 ? "" : ", " + Num.percent(share, 1));
    bars.add(name, role, 100 * share, text, spoken, css);
  }

  // ---- the words

  private Prose caption() {
    Prose prose = new Prose();
    String mistake = found.values().choice("mistake");
    if (!mistake.equals("none")) {
      double wrong = found.counted(mistake);
      return prose
          .say(
              mistake.equals("pointwise")
                  ? "With the depthwise kernels alone it would be "
                  : "With the mixing alone it would be ")
          .say(Role.GRADIENT, Num.percent(wrong, 1))
          .say("; both stages together are ")
          .say(Role.KERNEL, Num.percent(found.ratio(), 1))
          .say(".");
    }
    if (pick != null && pick.within("bar", 6, 1) && pick.row() > 3) {
      return prose.say(time());
    }
    return switch (step) {
      case 0 ->
          prose
              .say("First stage: each of the ")
              .say(Role.INPUT, found.in() + " channels")
              .say(" is convolved with ")
              .say(Role.KERNEL, "a kernel of its own")
              .say(": " + Num.count(found.depthwise()) + " weights. Channels do not meet.");
      case 1 ->
          prose
              .say("Second stage: at every place ")
              .say(Role.KERNEL, found.out() + " pointwise kernels")
              .say(" mix the " + found.in() + " channels: ")
              .say(Num.count(found.pointwise()) + " weights. Places do not meet.");
      default ->
          prose
              .say("Two stages take ")
              .say(Role.KERNEL, Num.percent(found.ratio(), 1))
              .say(" of the weights and of the MACs. " + time());
    };
  }

  private String twin() {
    long all = found.parameters();
    long stages = found.separableParameters();
    String unknown = "not measured yet";
    return new Twin()
        .say(caption().plain())
        .say(found.check())
        .table(
            "Compared",
            List.of("", "one convolution", "two stages", "share"),
            List.of(
                List.of(
                    "parameters", Num.count(all), Num.count(stages), Num.percent(found.ratio(), 1)),
                List.of(
                    "MACs",
                    Num.count(found.macs(all)),
                    Num.count(found.macs(stages)),
                    Num.percent(found.ratio(), 1)),
                List.of(
                    "time",
                    times == null ? unknown : ms(times[0]),
                    times == null ? unknown : ms(times[1]),
                    times == null ? "" : Num.percent(times[1] / times[0], 1))))
        .say(
            "The first stage has "
                + Num.count(found.depthwise())
                + " weights, the second "
                + Num.count(found.pointwise())
                + ".")
        .toString();
  }
}
