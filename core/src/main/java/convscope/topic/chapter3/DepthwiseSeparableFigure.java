package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Blocks;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws {@link Separable}: the one convolution, the two stages, and both compared. */
final class DepthwiseSeparableFigure {
  private final Separable found;
  private final View view;
  private final int step; // 0 first stage, 1 second, 2 all
  private final double gap;

  DepthwiseSeparableFigure(Separable found, View view) {
    this.found = found;
    this.view = view;
    step = view.step();
    gap = view.narrow() ? 9 : 18;
  }

  Figure figure() {
    Box all =
        view.narrow()
            ? Layout.column(6, whole(), Layout.stack(6, first(), second()), bars())
            : Layout.column(12, whole(), Layout.row(gap, first(), second()), bars());
    return Figure.of(Scene.of(view.stage(), all), DepthwiseSeparable.live(found), caption());
  }

  private Box whole() {
    int k = found.kernel();
    String css = step == 2 ? "" : "pale";
    return Layout.stack(
        2,
        new Text("one convolution", 13, Role.NEUTRAL),
        Layout.row(
            gap,
            map("input x", Role.INPUT, found.in(), ""),
            Blocks.sign("★"),
            kernels(found.out() + (found.out() == 1 ? " kernel" : " kernels"), css, found.in(), k),
            Blocks.sign("="),
            map("output y", Role.OUTPUT, found.out(), css)));
  }

  private Box first() {
    String css = step == 1 ? "pale" : "";
    return Layout.stack(
        2,
        new Text("two stages", 13, Role.NEUTRAL),
        Layout.row(
            gap,
            map("input x ", Role.INPUT, found.in(), ""),
            Blocks.sign("★"),
            kernels(found.in() + " depthwise", css, 1, found.kernel()),
            Blocks.sign("=")));
  }

  private Box second() {
    return Layout.row(
        gap,
        map("one map each", Role.OUTPUT, found.in(), ""),
        Blocks.sign("★"),
        kernels(found.out() + " pointwise", step == 0 ? "pale" : "", found.in(), 1),
        Blocks.sign("="),
        map("output y ", Role.OUTPUT, found.out(), step == 0 ? "pale" : ""));
  }

  private Box map(String name, Role role, int channels, String css) {
    double unit = (view.narrow() ? 21.0 : 58) / found.size();
    return Blocks.of(view, name, "", role, unit, css, channels, found.size(), found.size());
  }

  private Box kernels(String name, String css, int channels, int side) {
    double unit = Math.min(9, view.width() / 15 / side);
    return Blocks.of(view, name, "", Role.KERNEL, unit, css, channels, side, side);
  }

  /** The two stages as a share of the one convolution. */
  private Bars bars() {
    boolean wrong = !found.mistake().equals("none");
    double time = found.times() == null ? 0 : found.times()[1] / found.times()[0];
    double most =
        Math.max(Math.max(1, found.ratio()), Math.max(time, wrong ? found.miscounted() : 0));
    Bars bars = new Bars("bar", view.width() - 24, "% of the one convolution").linear(100 * most);
    long stages = found.stages();
    long whole = found.whole();
    add(bars, "parameters", Role.KERNEL, found.ratio(), Num.count(stages), Num.count(whole));
    String macs = Num.count(found.macs(stages));
    add(bars, "MACs", Role.KERNEL, found.ratio(), macs, Num.count(found.macs(whole)));
    if (found.times() != null) {
      add(bars, "time", Role.OUTPUT, time, ms(found.times()[1]), ms(found.times()[0]));
    }
    if (wrong) {
      double share = found.miscounted();
      bars.wrong("miscounted", 100 * share, Num.percent(share, 1));
    }
    return bars.within(view.narrow() ? 128 : 150);
  }

  private static void add(
      Bars bars, String name, Role role, double share, String part, String whole) {
    String text = part + " of " + whole;
    String spoken = name + ": " + text + ", " + Num.percent(share, 1);
    bars.add(name, role, 100 * share, text, spoken, "");
  }

  private static String ms(double time) {
    return Num.decimal(time, time < 1 ? 3 : time < 100 ? 2 : 0) + " ms";
  }

  // ---- the words

  private Prose caption() {
    if (!found.mistake().equals("none")) {
      return Prose.of(
          "With the {depthwise kernels|mixing} alone it would be [gradient {}]; both stages together"
              + " are [kernel {}].",
          found.mistake().equals("pointwise"),
          Num.percent(found.miscounted(), 1),
          Num.percent(found.ratio(), 1));
    }
    if (view.row("bar", 3) == 2) {
      return time(new Prose());
    }
    String share = Num.percent(found.ratio(), 1);
    Prose prose = stage(step, share);
    return step < 2 && found.times() == null ? prose : time(prose.add(" "));
  }

  /** What the step's stage does, or what both save. */
  private Prose stage(int step, String share) {
    return switch (step) {
      case 0 ->
          Prose.of(
              "First stage: each of the [input:C_in {channel}] is convolved with [kernel a kernel of its"
                  + " own]: {weight}. Channels do not meet. Both stages take [kernel {}] of the"
                  + " weights of one convolution.",
              found.in(),
              found.depthwise(),
              share);
      case 1 ->
          Prose.of(
              "Second stage: at every place [kernel:C_out {pointwise kernel}] {mixes|mix} the"
                  + " [input:C_in {channel}]: {weight}."
                  + " Places do not meet.",
              found.out(),
              found.out() == 1,
              found.in(),
              found.pointwise());
      default -> Prose.of("Two stages take [kernel {}] of the weights and of the MACs.", share);
    };
  }

  /** What the clock said. */
  private Prose time(Prose prose) {
    double[] times = found.times();
    return times == null
        ? prose.add("Measure, and their time is compared as well.")
        : prose.add(
            "On this machine they took {} in place of {}, {} of the time.",
            ms(times[1]),
            ms(times[0]),
            Num.percent(times[1] / times[0], 1));
  }
}
