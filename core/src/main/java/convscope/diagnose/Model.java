package convscope.diagnose;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.net.Layer;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A chain of layers and their tensors.
 *
 * @param layers each gets what the one before gives
 * @param parameters the tensors of each layer, the weight before the bias; empty for most
 */
public record Model(List<Layer> layers, List<List<Tensor>> parameters) {
  /**
   * A model as training starts it: biases zero, weights normal with variance 2 / fan-in (He et al.
   * 2015).
   *
   * @param input the shape of a batch, which every layer must be able to take
   */
  public static Model of(List<Layer> layers, Shape input, Rng random) {
    List<List<Tensor>> parameters = new ArrayList<>();
    Shape x = input;
    for (Layer layer : layers) {
      List<Tensor> tensors = new ArrayList<>();
      for (Shape shape : layer.parameters(x)) {
        double fanIn = shape.size() / shape.dim(0);
        tensors.add(
            shape.rank() == 1
                ? Tensor.zeros(shape)
                : random.gaussian(Math.sqrt(2 / fanIn), shape.dims()));
      }
      parameters.add(tensors);
      x = layer.output(x);
    }
    return new Model(layers, parameters);
  }

  /** The same tensors in other layers: those of another mode, say. */
  public Model in(List<Layer> others) {
    return new Model(others, parameters);
  }

  /** The same layers with copies of the tensors, so that training leaves these alone. */
  public Model copy() {
    List<List<Tensor>> copies = new ArrayList<>();
    for (List<Tensor> tensors : parameters) {
      copies.add(tensors.stream().map(Tensor::copy).toList());
    }
    return new Model(layers, copies);
  }

  /** What the last layer gives. */
  public Tensor scores(Tensor x) {
    List<Tensor> all = outputs(x);
    return all.get(all.size() - 1);
  }

  /** What each layer gives, in order. */
  public List<Tensor> outputs(Tensor x) {
    Tape tape = new Tape();
    return run(tape.constant(x), variables(tape)).stream().map(Var::value).toList();
  }

  List<List<Var>> variables(Tape tape) {
    List<List<Var>> variables = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      List<Var> own = new ArrayList<>();
      for (Tensor tensor : parameters.get(i)) {
        own.add(tape.variable(layers.get(i).name() + " " + (i + 1), tensor));
      }
      variables.add(own);
    }
    return variables;
  }

  List<Var> run(Var x, List<List<Var>> variables) {
    List<Var> outputs = new ArrayList<>();
    Var y = x;
    for (int i = 0; i < layers.size(); i++) {
      y = layers.get(i).run(y, variables.get(i));
      outputs.add(y);
    }
    return outputs;
  }
}
