package convscope.topic.chapter7;

import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Blocks;
import convscope.topic.Figure;
import convscope.topic.View;

/** Draws a {@link Bottleneck}: its maps as volumes, and its weights beside those of two 3 × 3. */
final class BottleneckFigure {
  private static final int ALL = 3; // the step at which the three are counted together

  private final Bottleneck block;
  private final View view;
  private final int step;

  BottleneckFigure(Bottleneck block, View view) {
    this.block = block;
    this.view = view;
    step = view.step();
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  /** In millions, or as it is below one. */
  static String millions(long count) {
    return count < 1_000_000 ? Num.count(count) : Num.count(Num.round(count / 1e6)) + " M";
  }

  // ---- drawing

  private Scene scene() {
    Box x = map("input x", Role.INPUT, block.channels(), 0);
    Box a = map("a", Role.NEUTRAL, block.middle(), 0);
    Box b = map("b", Role.NEUTRAL, block.middle(), 1);
    Box y = map("F(x)", Role.OUTPUT, block.channels(), 2);
    double gap = view.narrow() ? 8 : 10;
    Box maps =
        view.narrow()
            ? Layout.column(
                2, Layout.row(gap, x, arrow(0), a, arrow(1)), Layout.row(gap, b, arrow(2), y))
            : Layout.row(gap, x, arrow(0), a, arrow(1), b, arrow(2), y);
    return Scene.of(view.stage(), Layout.column(10, maps, bars()));
  }

  /** A map as a volume, pale until the step that makes it. */
  private Box map(String name, Role role, int channels, int from) {
    double unit = (view.narrow() ? 26.0 : 52) / block.size();
    String css = step < from ? "pale" : "";
    return Blocks.of(view, name, "", role, unit, css, channels, block.size(), block.size());
  }

  /** What leads from a map to the next. */
  private Box arrow(int stage) {
    Text kernel = new Text(kernel(stage), 13, Role.KERNEL);
    Text sign = new Text("→", 18, "sign");
    return Layout.column(0, kernel, sign, new Text(" ", 13, Role.NEUTRAL));
  }

  private String kernel(int stage) {
    return stage != 1 ? "1 × 1" : block.depthwise() ? "3 × 3 dw" : "3 × 3";
  }

  private String name(int stage) {
    boolean wide = block.middle() > block.channels();
    return switch (stage) {
      case 0 -> wide ? "1 × 1, expand" : "1 × 1, reduce";
      case 1 -> block.depthwise() ? "3 × 3, depthwise" : "3 × 3";
      default -> wide ? "1 × 1, project" : "1 × 1, restore";
    };
  }

  /** Weights on a linear axis from zero, with the MACs as text. */
  private Bars bars() {
    long most = Math.max(block.plain(), block.weights());
    Bars bars = new Bars("bar", view.stage().room(), "weights").linear(most);
    bars.room("3 × 3, depthwise", "99,999,999, 99,999 M MACs");
    add(bars, "two 3 × 3", Role.NEUTRAL, block.plain(), block.plainMacs());
    add(bars, "this block", Role.OUTPUT, block.weights(), block.macs());
    for (int stage = 0; stage < ALL; stage++) {
      add(bars, name(stage), Role.KERNEL, block.weights(stage), block.macs(stage));
      bars.mark(stage + 2, step == stage ? "picked" : "");
    }
    if (block.mistake().equals("middle")) {
      String text = Num.count(block.miscounted()) + ", " + millions(block.macs(1)) + " MACs";
      bars.wrong("miscounted", block.miscounted(), text);
    }
    return bars.within(190);
  }

  private static void add(Bars bars, String name, Role role, long weights, long macs) {
    String text = Num.count(weights) + ", " + millions(macs) + " MACs";
    bars.add(name, role, weights, text, name + ": " + text);
  }

  // ---- words

  private Equation equation() {
    Equation out = Equation.of("");
    for (int stage = 0; stage < ALL; stage++) {
      int in = stage == 0 ? block.channels() : block.middle();
      int kernels = stage == 2 ? block.channels() : block.middle();
      out.say(stage == 0 ? "" : " + ");
      if (stage == 1 && block.depthwise()) {
        out.together("[kernel 9·{}]", kernels);
      } else {
        out.together(stage == 1 ? "[kernel 9·{}·{}]" : "[kernel {}·{}]", in, kernels);
      }
    }
    return out.say(" ")
        .together("= [output {}]", block.weights())
        .say(" ")
        .together("against 2·9·{}² = {}", block.channels(), block.plain());
  }

  private Prose caption() {
    if (block.mistake().equals("middle")) {
      return Prose.of(
          "With the 3 × 3 alone it would be [gradient {}] weights; the two 1 × 1 have {} more.",
          block.weights(1),
          block.weights(0) + block.weights(2));
    }
    if (block.mistake().equals("flops")) {
      return Prose.of(
          "A MAC is a multiplication and an addition: {} MACs are [gradient {}] FLOPs. Whoever"
              + " compares one with the other is wrong by 2.",
          millions(block.macs()),
          millions(2 * block.macs()));
    }
    return switch (step) {
      case 0 ->
          Prose.of(
              "[kernel 1 × 1] mixes the [input {channel}] into {}: {weight}.",
              block.channels(),
              block.middle(),
              block.weights(0));
      case 1 ->
          Prose.of(
              "[kernel 3 × 3] looks around in {channel}{, each by itself|}: {weight}, {} of the"
                  + " block’s.",
              block.middle(),
              block.depthwise(),
              block.weights(1),
              Num.percent(block.weights(1) / (double) block.weights(), 0));
      case 2 ->
          Prose.of(
              "[kernel 1 × 1] gives {channel} back: {weight}. F(x) has the shape of x, so x can be"
                  + " added.",
              block.channels(),
              block.weights(2));
      default ->
          Prose.of(
              "Together [output {weight}], {} of those of two 3 × 3. Each is used once at every"
                  + " position, so the MACs stand in the same ratio.",
              block.weights(),
              Num.percent(block.share(), 1));
    };
  }
}
