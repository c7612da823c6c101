package convscope.topic.chapter3;

import convscope.num.Num;
import convscope.scene.Bars;
import convscope.scene.Box;
import convscope.scene.Layout;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Room;
import convscope.scene.Scene;
import convscope.scene.Text;
import convscope.scene.Volume;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;

/** Draws a {@link KernelBank}: its kernels as blocks, its count beside a dense layer's. */
final class ParameterCountFigure {
  private static final double GAP = 14; // between kernels
  private static final double BIAS = 12; // side of a bias
  private static final double TITLE = 31;

  private final KernelBank bank;
  private final View view;
  private final int counted; // kernels
  private final int picked; // dot
  private final double room;
  private final String image;

  ParameterCountFigure(KernelBank bank, View view) {
    this.bank = bank;
    this.view = view;
    counted = view.step() + 1;
    picked = view.row("bar", bank.mistake().equals("none") ? 2 : 3);
    room = view.width() - 24;
    image = Num.size(bank.image(), bank.image());
  }

  Figure figure() {
    Bars bars = bars();
    double high = view.stage().height() - 24 - bars.height() - 16;
    Box all = Layout.stack(16, new Room(bank(high - TITLE), room, high), bars);
    return Figure.of(Scene.of(view.stage(), all), ParameterCount.live(bank), caption());
  }

  /** The axis holds the largest image, so that the image moves only its own dot. */
  private Bars bars() {
    KernelBank largest = bank.at(ParameterCount.MAX_IMAGE);
    Bars bars = new Bars("bar", room, "parameters").log(1, largest.dense());
    add(bars, "convolution", Role.KERNEL, bank.parameters());
    add(bars, "dense layer, " + image, Role.NEUTRAL, bank.dense());
    if (!bank.mistake().equals("none")) {
      bars.wrong("miscounted", bank.miscounted(), Num.count(bank.miscounted()));
    }
    bars.mark(picked, "picked");
    return bars.room("dense layer, 224 × 224", Num.count(largest.dense()));
  }

  private static void add(Bars bars, String name, Role role, long count) {
    bars.add(name, role, count, Num.count(count));
  }

  /** The kernels in rows, each with its bias below, as many as have room. */
  private Box bank(double high) {
    Box first = kernel(0);
    int perRow = (int) Math.max(1, (room + GAP) / (first.width() + GAP));
    int places = perRow * (int) Math.max(1, (high + GAP) / (first.height() + GAP));
    int more = bank.outChannels() > places ? bank.outChannels() - places + 1 : 0;
    int drawn = bank.outChannels() - more;
    List<Box> lines = new ArrayList<>();
    String words = "W: {kernel} of {} × {}{, a bias b each|}";
    String size = bank.kernel().toString();
    Prose title = Prose.of(words, bank.outChannels(), bank.depth(), size, bank.bias());
    lines.add(new Text(title.plain(), 13, Role.KERNEL).part("K"));
    List<Box> line = new ArrayList<>();
    for (int n = 0; n < drawn + (more > 0 ? 1 : 0); n++) {
      Box last = new Room(new Text("+ " + more, 13, Role.KERNEL), first.width());
      line.add(n < drawn ? kernel(n) : last);
      if (line.size() == perRow || n >= drawn - (more > 0 ? 0 : 1)) {
        lines.add(Layout.row(GAP, line.toArray(new Box[0])));
        line.clear();
      }
    }
    return Layout.stack(GAP, lines.toArray(new Box[0]));
  }

  /** A kernel over its bias, pale if it is still to be counted. */
  private Box kernel(int n) {
    double small = view.narrow() ? 0.72 : 1;
    int side = Math.max(bank.kernel().height(), bank.kernel().width());
    double unit = Math.max(5, Math.min(18, small * 45 / side));
    double depth = Math.min(small * 66, 10.0 * bank.depth());
    String css = n < counted ? "" : "pale";
    Volume block =
        new Volume(
                "w" + n,
                Role.KERNEL,
                bank.depth(),
                bank.kernel().height(),
                bank.kernel().width(),
                unit,
                depth)
            .style(css);
    Volume bias = new Volume("b" + n, Role.NEUTRAL, 1, 1, 1, BIAS, 0).style(css);
    return bank.bias() ? Layout.column(5, block, bias) : block;
  }

  // ---- the words

  private Prose caption() {
    if (picked >= 0) {
      return about(new Prose(), picked);
    }
    long numbers = bank.perKernel() + (bank.bias() ? 1 : 0);
    Prose prose =
        Prose.of(
            "Kernel {} of [output:C_out {}] holds [kernel {weight}]{ and a bias|}; {} · {} = [kernel {}] {so far|in"
                + " all}. ",
            counted,
            bank.outChannels(),
            bank.perKernel(),
            bank.bias(),
            counted,
            numbers,
            counted * numbers,
            counted < bank.outChannels());
    return bank.mistake().equals("none")
        ? prose.add(
            "The size of the image is not in the count: at [neutral:image {}] a dense layer has {},"
                + " {}.",
            image,
            bank.dense(),
            times())
        : about(prose, 2);
  }

  private String times() {
    double ratio = bank.dense() / (double) bank.parameters();
    String times = ratio < 10 ? Num.decimal(ratio, 2) : Num.count(Num.round(ratio));
    return ratio == 1 ? "just as many" : times + " times as many";
  }

  private Prose about(Prose prose, int row) {
    if (row == 0) {
      return prose.add(
          "The convolution has [kernel {parameter}], and the same ones at every image size.",
          bank.parameters());
    }
    if (row == 1) {
      return prose.add(
          "A dense layer has a weight from each of {} inputs to each of {} outputs{, and a bias for"
              + " each output|}: {}, {} as the convolution.",
          bank.denseInputs(),
          bank.denseOutputs(),
          bank.bias(),
          bank.dense(),
          times());
    }
    String how =
        switch (bank.mistake()) {
          case "flat" -> "Without depth";
          case "groups" -> "With all input channels in every kernel";
          default -> "With a kernel of its own at every position";
        };
    return prose
        .add(how + " the count would be [gradient {}]", bank.miscounted())
        .add(
            bank.miscounted() == bank.parameters()
                ? ": right by luck here, since that factor is 1."
                : "; the actual tensors hold {}.".replace("{}", Num.count(bank.parameters())));
  }
}
