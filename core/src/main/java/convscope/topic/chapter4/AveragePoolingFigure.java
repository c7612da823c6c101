package convscope.topic.chapter4;

import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Layout;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.topic.Figure;
import convscope.topic.Sliding;
import convscope.topic.View;

/** Draws an {@link Averaged}: the window, and divisor and mean with the padding and without. */
final class AveragePoolingFigure {
  private final Averaged pool;
  private final Sliding at;

  AveragePoolingFigure(Averaged pool, View view) {
    this.pool = pool;
    at = new Sliding(pool.input(), pool.spec().window(), view);
  }

  Figure figure() {
    return Figure.of(scene(), equation(), caption());
  }

  private Scene scene() {
    float most = Math.max(pool.counted().largestSize(), pool.real().largestSize());
    Panel x = Pooling.input(at, pool.spec());
    Panel counted = at.output("counted", Role.OUTPUT, "y", pool.counted()).scaledTo(most);
    Panel real = at.output("real", Role.OUTPUT, "y", pool.real()).scaledTo(most);
    int width = pool.real().dim(3);
    for (int out = 0; pool.flat() && out <= at.last(); out++) {
      if (pool.difference().data()[out] != 0) {
        counted.outline("mistake/" + out, Role.GRADIENT, "dashed", out / width, out % width, 1, 1);
      }
    }
    if (at.picture()) {
      counted.title("padding counted", "");
      real.title("not counted", "");
      Box lens = at.lens();
      return at.scene(
          Layout.row(18, x, lens, Layout.row(30, counted, real)),
          Layout.column(10, Layout.row(18, x, lens), Layout.row(30, counted, real)));
    }
    Panel d = divisors("d", true);
    Panel e = divisors("e", false);
    Box with = named("padding counted", Layout.row(12, d, counted));
    Box without = named("padding not counted", Layout.row(12, e, real));
    Box both = Layout.column(14, with, without);
    return at.scene(
        Layout.row(26, x, both),
        Layout.column(12, x, both),
        Layout.column(12, x, Layout.row(14, with, without)));
  }

  private Panel divisors(String key, boolean countPadding) {
    float paler = 2 * pool.divisor(0, 0, true); // than what they divide
    return at.map(key, Role.NEUTRAL, "divisor", pool.divisors(countPadding)).scaledTo(paler);
  }

  private static Box named(String name, Box grids) {
    return Layout.stack(4, new Text(name, 13, Role.NEUTRAL), grids);
  }

  // ---- words

  /** The sum of the window's numbers over both divisors. */
  private Equation equation() {
    float[] taps = at.taps();
    Equation sum = Equation.of("[output {}] = (", at.name());
    double total = 0;
    for (int t = 0; t < taps.length; t++) {
      total += taps[t];
      sum.say(t == 0 ? "" : " + ").say(at.onInput(t) ? "[input {}]" : "[padding {}]", taps[t]);
    }
    String words = "{} {} / {} = [output {}]";
    return sum.say(") / d: ")
        .together(
            words + ",",
            "padding counted",
            total,
            pool.divisor(at.i, at.j, true),
            pool.counted().data()[at.n])
        .say(" ")
        .together(
            words, "not counted", total, pool.divisor(at.i, at.j, false), pool.real().data()[at.n]);
  }

  private Prose caption() {
    int all = pool.divisor(at.i, at.j, true);
    int inside = pool.divisor(at.i, at.j, false);
    Prose prose =
        Prose.of(
            "The [kernel:K {} window] of [output {}] has {} of its {} cells on the [input input]",
            Pooling.window(pool.spec()),
            at.name(),
            inside,
            all);
    if (inside == all) {
      prose.add(", so both conventions divide by {}. ", all);
    } else {
      prose.add(
          " and {} on the [padding:P padding]: the sum is divided by {} or by {}. ",
          all - inside,
          all,
          inside);
    }
    if (pool.border() == 0) {
      return prose.add(
          pool.flat()
              ? "Without padding a flat image stays flat."
              : "No window reaches into padding: the conventions agree everywhere.");
    }
    return pool.flat()
        ? prose.add(
            "The image is flat, yet with the padding counted {} of {} outputs fall below it, down"
                + " to {}; without, all stay {}.",
            pool.border(),
            pool.real().size(),
            pool.counted().smallest(),
            pool.real().smallest())
        : prose.add(
            "The conventions differ at {} of {} windows, by up to {}.",
            pool.border(),
            pool.real().size(),
            pool.difference().largestSize());
  }
}
