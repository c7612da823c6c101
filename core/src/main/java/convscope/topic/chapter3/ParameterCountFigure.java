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
import convscope.scene.Title;
import convscope.scene.Twin;
import convscope.scene.Volume;
import convscope.topic.Cell;
import convscope.topic.Figure;
import convscope.topic.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws a {@link KernelBank}: its kernels as blocks, its count in bars beside a dense layer's. */
final class ParameterCountFigure {
  private static final double MARGIN = 20;
  private static final double GAP = 18; // between kernels
  private static final double BIAS = 12; // side of a bias

  private final ParameterCount topic;
  private final KernelBank bank;
  private final View view;
  private final int counted; // kernels
  private final @Nullable Cell pick;
  private final double room;

  ParameterCountFigure(ParameterCount topic, KernelBank bank, View view) {
    this.topic = topic;
    this.bank = bank;
    this.view = view;
    counted = view.step() + 1;
    pick = Cell.parse(view.pick());
    room = view.width() - 2 * MARGIN;
  }

  Figure figure() {
    Prose caption = caption();
    String alt =
        (pick == null ? "" : caption.plain() + " ")
            + Num.count(bank.outChannels())
            + " kernels of "
            + Num.count(bank.perKernel())
            + " numbers each make "
            + Num.count(bank.parameters())
            + " parameters at any image size; a dense layer between maps of "
            + image()
            + " needs "
            + Num.count(bank.dense())
            + ", "
            + times()
            + " as many.";
    return new Figure(scene(), alt, topic.live(bank).line(), caption.html(), twin());
  }

  private String image() {
    return bank.image() + " × " + bank.image();
  }

  private String times() {
    double ratio = bank.dense() / (double) bank.parameters();
    return Num.decimal(ratio, ratio < 10 ? 2 : 0) + " times";
  }

  private Scene scene() {
    Paragraph check = new Paragraph(bank.check(), room, 13, Role.NEUTRAL);
    return Scene.of(view.width(), MARGIN, Layout.column(22, new Bank(), bars(), check));
  }

  private Bars bars() {
    Bars bars = new Bars("bar", room, "parameters");
    long most = bank.dense(ParameterCount.MAX_IMAGE); // so that the image moves only its own bar
    String largest = "dense layer, " + ParameterCount.MAX_IMAGE + " × " + ParameterCount.MAX_IMAGE;
    bars.log(1, most).room(largest, Num.count(most));
    add(bars, 0, "convolution", Role.KERNEL, bank.parameters());
    add(bars, 1, "dense layer, " + image(), Role.NEUTRAL, bank.dense());
    if (!bank.mistake().equals("none")) {
      add(bars, 2, "miscounted", Role.GRADIENT, bank.counted(bank.mistake()));
    }
    return bars;
  }

  private void add(Bars bars, int row, String name, Role role, long count) {
    boolean picked = pick != null && pick.grid().equals("bar") && pick.row() == row;
    String text = Num.count(count);
    String css = (row == 2 ? "dashed" : "") + (picked ? " picked" : "");
    bars.add(name, role, count, text, name + ": " + text + " parameters", css);
  }

  /** The kernels in rows, each with its bias below; those not counted yet are pale. */
  private final class Bank implements Box {
    private final double unit =
        largestUnit(Math.max(bank.kernel().height(), bank.kernel().width()));
    private final double depth = Math.min(view.narrow() ? 44 : 66, 10.0 * bank.depth());
    private final Volume sample = block(0);
    private final double stepX = sample.width() + GAP;
    private final double stepY = sample.height() + GAP + (bank.bias() ? BIAS + 5 : 0);
    private final int perRow = (int) Math.max(1, (room + GAP) / stepX);
    private final int places = perRow * (view.narrow() ? 3 : 2);
    private final boolean all = bank.outChannels() <= places;
    private final int drawn = all ? bank.outChannels() : places - 1;
    private final int rows = (Math.min(bank.outChannels(), places) + perRow - 1) / perRow;

    private double largestUnit(int side) {
      return Math.max(5, Math.min(18, (view.narrow() ? 39.0 : 54.0) / side));
    }

    private Volume block(int n) {
      return new Volume(
              "w" + n,
              Role.KERNEL,
              bank.depth(),
              bank.kernel().height(),
              bank.kernel().width(),
              unit,
              depth)
          .style(n < counted ? "" : "pale");
    }

    @Override
    public double width() {
      return room;
    }

    @Override
    public double height() {
      return Title.HEIGHT + rows * stepY - GAP;
    }

    @Override
    public void place(Scene scene, double left, double top) {
      String size = bank.depth() + " × " + bank.kernel();
      scene.add(
          Title.above(
              "kernel bank W",
              Num.count(bank.outChannels()) + " of " + size + (bank.bias() ? ", bias b" : ""),
              Role.KERNEL,
              "K",
              left,
              top + Title.HEIGHT - 2));
      for (int n = 0; n < drawn + (all ? 0 : 1); n++) {
        double x = left + n % perRow * stepX;
        double y = top + Title.HEIGHT + n / perRow * stepY;
        if (n == drawn) {
          int more = bank.outChannels() - drawn;
          scene.add(new Text("+ " + more, 13, Role.KERNEL).at(x, y + stepY / 2));
          continue;
        }
        Volume block = block(n).name("kernel " + n + ", " + size);
        block.place(scene, x, y);
        if (bank.bias()) {
          new Volume("b" + n, Role.NEUTRAL, 1, 1, 1, BIAS, 0)
              .style(n < counted ? "" : "pale")
              .place(scene, x + (bank.kernel().width() * unit - BIAS) / 2, y + sample.height() + 5);
        }
      }
    }
  }

  private Prose caption() {
    Prose prose = new Prose();
    if (pick != null && pick.within("bar", 3, 1)) {
      return barCaption(prose, pick.row());
    }
    prose
        .say("Kernel " + counted + " of " + bank.outChannels() + " holds ")
        .say(Role.KERNEL, Num.count(bank.weights() / bank.outChannels()) + " weights")
        .say(bank.bias() ? " and a bias; " : "; ")
        .say(counted + " · " + Num.count(bank.perKernel()) + " = ")
        .say(Role.KERNEL, Num.count(counted * bank.perKernel()))
        .say(counted < bank.outChannels() ? " so far. " : " in all. ");
    return bank.mistake().equals("none")
        ? prose.say("The size of the image is not in the count; it moves only the dense bar.")
        : barCaption(prose, 2);
  }

  private Prose barCaption(Prose prose, int row) {
    long outputs = (long) bank.outChannels() * bank.image() * bank.image();
    long inputs = (long) bank.inChannels() * bank.image() * bank.image();
    if (row == 0) {
      return prose
          .say("The convolution has ")
          .say(Role.KERNEL, Num.count(bank.parameters()) + " parameters")
          .say(", and the same ones at every image size.");
    }
    if (row == 1) {
      return prose.say(
          "A dense layer has a weight from each of "
              + Num.count(inputs)
              + " inputs to each of "
              + Num.count(outputs)
              + " outputs"
              + (bank.bias() ? ", and a bias for each output" : "")
              + ": "
              + Num.count(bank.dense())
              + ", "
              + times()
              + " the convolution’s.");
    }
    if (bank.mistake().equals("none")) {
      return prose.say("There is no such bar.");
    }
    long wrong = bank.counted(bank.mistake());
    prose.say(
        switch (bank.mistake()) {
          case "flat" -> "Kernels without depth";
          case "groups" -> "With all input channels in every kernel";
          default -> "With a kernel of its own at every position";
        });
    prose.say(" it would be ").say(Role.GRADIENT, Num.count(wrong)).say(": ");
    if (wrong == bank.parameters()) {
      return prose.say("right by luck here, since that factor is 1.");
    }
    return prose.say(
        "the tensors really made hold " + Num.count(bank.made()) + ", so the count is wrong.");
  }

  private String twin() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("weights of one kernel", Num.count(bank.weights() / bank.outChannels())));
    rows.add(List.of("one kernel with its bias", Num.count(bank.perKernel())));
    rows.add(List.of("kernels counted", counted + " of " + bank.outChannels()));
    rows.add(List.of("convolution", Num.count(bank.parameters())));
    rows.add(List.of("dense layer, " + image(), Num.count(bank.dense())));
    if (!bank.mistake().equals("none")) {
      rows.add(List.of("miscounted", Num.count(bank.counted(bank.mistake()))));
    }
    return new Twin()
        .say(caption().plain())
        .say(bank.check())
        .table("Parameters", List.of("of", "count"), rows)
        .toString();
  }
}
