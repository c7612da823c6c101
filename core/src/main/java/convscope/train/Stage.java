package convscope.train;

import convscope.engine.Engine;
import convscope.net.Pass;

/**
 * One layer, or a few that are done in one go, laid out in the engine's memory: forward, then
 * backward. Addresses are those of {@link Engine#allocate}.
 */
abstract class Stage {
  final Engine engine;

  /** How many layers of the network it does. */
  final int layers;

  /** Numbers of its input and its output for one image. */
  final int inputs;

  final int outputs;

  /** Where its input and its output lie. */
  int x;

  int y;

  Stage(Engine engine, int layers, int inputs, int outputs) {
    this.engine = engine;
    this.layers = layers;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Numbers of the largest gradient that it needs room for, for one image. */
  int largest() {
    return Math.max(inputs, outputs);
  }

  /** Lays out its output, for at most so many images; {@code x} is known. */
  void layOut(int most) {
    y = engine.allocate((long) most * outputs);
  }

  /** From x to y. */
  abstract void forward(int images, Pass pass);

  /**
   * From the gradient of y to those of its parameters and, if wanted, of x. Both places may be
   * written to.
   *
   * @param dy address of the gradient of y
   * @param free address of as much room as the largest gradient of the network takes
   * @return address of the gradient of x: one of the two
   */
  abstract int backward(int images, int dy, int free, boolean wanted);
}
