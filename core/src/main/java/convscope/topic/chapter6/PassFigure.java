package convscope.topic.chapter6;

import convscope.num.Num;
import convscope.scene.Box;
import convscope.scene.Equation;
import convscope.scene.Panel;
import convscope.scene.Prose;
import convscope.scene.Role;
import convscope.scene.Text;
import convscope.topic.Sliding;

/** What the figures of this chapter's gradients have in common: the way forward and the loss. */
final class PassFigure {
  private PassFigure() {}

  static Panel output(Played played, Sliding at) {
    return at.output("out", Role.OUTPUT, "output y", played.output())
        .title("output y", "")
        .part("y", "output y");
  }

  /** The loss before, now and after one more step, in a line. */
  static Box loss(Layer layer) {
    String now = Num.cell(layer.loss());
    String first =
        layer.taken() == 0
            ? "loss L = " + now
            : "loss L = " + Num.cell(layer.before()) + " → " + now;
    return new Text(first + " → " + Num.cell(layer.after()) + " after a step", 13, Role.NEUTRAL)
        .part("L");
  }

  /** The window's dot product; what the other channels of a filter add is one term. */
  static Equation equation(Played played, Sliding at) {
    double sum = played.output().data()[at.n];
    double here = 0;
    float[] taps = at.taps();
    for (int t = 0; t < taps.length; t++) {
      here += (double) taps[t] * played.kernel().data()[t];
    }
    boolean alone = played.layer().w().dim(1) == 1;
    return at.products(played.kernel(), alone ? 0 : (float) (sum - here), sum);
  }

  static Prose forward(Played played, Sliding at) {
    double y = played.output().data()[at.n];
    double g = played.g().data()[at.n];
    Prose prose =
        Prose.of(
            "On the way forward the [kernel window] gives [output {} = {}]. The target there is {}, so"
                + " [gradient g = {}] will set out from it on the way back.",
            at.name(),
            y,
            y - g,
            g);
    return played.layer().w().dim(1) == 1
        ? prose
        : prose.add(" The last term of the sum is the other channel’s.");
  }

  /** Ends a sentence with what a step of the learned operand does to the loss. */
  static Prose step(Prose prose, Layer layer) {
    double after = layer.after();
    return after < layer.loss()
        ? prose.add("the [neutral:L loss] falls from {} to {}.", layer.loss(), after)
        : after > layer.loss()
            ? prose.add(
                "the [neutral:L loss] rises from {} to {}: the step is too long.",
                layer.loss(),
                after)
            : prose.add("the [neutral:L loss] stays at {}.", after);
  }
}
