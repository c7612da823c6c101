package convscope.net;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A network with its numbers: trainable tensors and running statistics, each kind one after the
 * other in one array. An optimizer steps over the one array, workers exchange it, a file holds it.
 */
public final class Model {
  /** Numbers that a model may have: as many as two arrays of training can hold. */
  private static final long MOST = 1L << 27;

  /**
   * A tensor of the model.
   *
   * @param name as PyTorch has it: {@code 3.weight}
   * @param node the place of its layer in the network
   * @param start where it begins in its array
   */
  public record Part(String name, int node, Shape shape, int start) {}

  private final Network network;
  private final Shape image;
  private final List<Shape> inputs = new ArrayList<>(); // by node, for one image
  private final List<Part> trained = new ArrayList<>();
  private final List<Part> kept = new ArrayList<>();
  private final Tensor parameters;
  private final Tensor buffers;

  /**
   * A model whose parameters are zero and whose running statistics are mean 0 and variance 1.
   *
   * @param image shape (C, H, W) of an image
   * @throws IllegalArgumentException if a layer cannot take what it gets, or all are too many
   *     numbers
   */
  public Model(Network network, Shape image) {
    this.network = network;
    this.image = image;
    if (image.rank() != 3) {
      throw new IllegalArgumentException(
          "Model: images of shape " + image + "; give (channels, height, width)");
    }
    Shape x = batch(1);
    ShapeTrace trace = ShapeTrace.of(network.layers(), x);
    if (trace.problem() != null) {
      throw new IllegalArgumentException(String.valueOf(trace.sentence()));
    }
    long numbers = 0;
    long statistics = 0;
    for (int node = 0; node < network.nodes().size(); node++) {
      Layer layer = network.nodes().get(node).layer();
      Shape at = trace.input(node);
      inputs.add(at);
      String path = network.nodes().get(node).path();
      numbers = add(trained, numbers, path, node, layer.parameterNames(at), layer.parameters(at));
      statistics = add(kept, statistics, path, node, layer.bufferNames(at), layer.buffers(at));
    }
    inputs.add(trace.output());
    parameters = Tensor.zeros((int) numbers);
    buffers = Tensor.zeros((int) statistics);
    for (Part part : kept) {
      for (int i = 0; part.name().endsWith("running_var") && i < part.shape().size(); i++) {
        buffers.data()[part.start() + i] = 1;
      }
    }
  }

  private static long add(
      List<Part> parts, long start, String path, int node, List<String> names, List<Shape> shapes) {
    long next = start;
    for (int i = 0; i < shapes.size(); i++) {
      parts.add(new Part(path + "." + names.get(i), node, shapes.get(i), (int) next));
      next += shapes.get(i).size();
      if (next > MOST) {
        throw new IllegalArgumentException(
            "Model: more than "
                + MOST / 1_000_000
                + " million numbers to learn; use fewer channels or features");
      }
    }
    return next;
  }

  public Network network() {
    return network;
  }

  /** Shape (C, H, W) of an image. */
  public Shape image() {
    return image;
  }

  /** Shape (count, C, H, W) of a batch. */
  public Shape batch(int count) {
    return Shape.of(count, image.dim(0), image.dim(1), image.dim(2));
  }

  /** What a layer gets for one image, (1, …); after the last one, what the network gives. */
  public Shape input(int node) {
    return inputs.get(node);
  }

  /** The shape of what the network gives for one image, (1, …). */
  public Shape output() {
    return inputs.get(network.nodes().size());
  }

  /** All trainable numbers, themselves. */
  public Tensor parameters() {
    return parameters;
  }

  /** All running statistics, themselves. */
  public Tensor buffers() {
    return buffers;
  }

  /** What the trainable numbers are, in order. */
  public List<Part> trained() {
    return trained;
  }

  /** What the running statistics are, in order. */
  public List<Part> kept() {
    return kept;
  }

  /** Copies of the trainable tensors on a tape, in order. */
  public List<Var> variables(Tape tape) {
    List<Var> variables = new ArrayList<>();
    for (Part part : trained) {
      variables.add(tape.variable(part.name(), copy(parameters, part)));
    }
    return variables;
  }

  /**
   * Runs the network by the operators that figures use.
   *
   * @param x (N, C, H, W)
   * @param variables as {@link #variables} gives them, on the tape of x
   * @return what each layer gives, in order
   */
  public List<Var> run(Var x, List<Var> variables, Pass pass) {
    List<Var> outputs = new ArrayList<>();
    Var at = x;
    int next = 0;
    for (int node = 0; node < network.nodes().size(); node++) {
      int own = of(trained, node).size();
      List<Tensor> statistics = statistics(node);
      at =
          network
              .nodes()
              .get(node)
              .layer()
              .run(at, variables.subList(next, next + own), statistics, pass);
      keep(node, statistics, pass);
      next += own;
      outputs.add(at);
    }
    return outputs;
  }

  /** Copies of the running statistics of a layer, for {@link Layer#run}. */
  public List<Tensor> statistics(int node) {
    List<Tensor> own = new ArrayList<>();
    for (Part part : of(kept, node)) {
      own.add(copy(buffers, part));
    }
    return own;
  }

  /** Takes the running statistics of a layer over, if it was trained. */
  public void keep(int node, List<Tensor> statistics, Pass pass) {
    List<Part> own = of(kept, node);
    for (int i = 0; pass.training() && i < own.size(); i++) {
      Tensor value = statistics.get(i);
      System.arraycopy(value.data(), 0, buffers.data(), own.get(i).start(), value.size());
    }
  }

  private static Tensor copy(Tensor all, Part part) {
    Tensor tensor = Tensor.zeros(part.shape());
    System.arraycopy(all.data(), part.start(), tensor.data(), 0, tensor.size());
    return tensor;
  }

  /** The parts of one layer. */
  public static List<Part> of(List<Part> parts, int node) {
    List<Part> own = new ArrayList<>();
    for (Part part : parts) {
      if (part.node() == node) {
        own.add(part);
      }
    }
    return own;
  }

  /** Copies numbers into a tensor of the model. */
  public void set(String name, float[] values) {
    for (List<Part> parts : List.of(trained, kept)) {
      for (Part part : parts) {
        if (part.name().equals(name)) {
          if (values.length != part.shape().size()) {
            throw new IllegalArgumentException(
                "Model: "
                    + values.length
                    + " numbers for "
                    + name
                    + " of shape "
                    + part.shape()
                    + "; give "
                    + part.shape().size());
          }
          Tensor all = parts == trained ? parameters : buffers;
          System.arraycopy(values, 0, all.data(), part.start(), values.length);
          return;
        }
      }
    }
    throw new IllegalArgumentException(
        "Model: there is no tensor “" + name + "”; use the names of trained() and kept()");
  }
}
