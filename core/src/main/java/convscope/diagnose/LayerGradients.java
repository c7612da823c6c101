package convscope.diagnose;

import convscope.autodiff.GradCheck;
import convscope.autodiff.Var;
import convscope.net.Layer;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The gradient check of one layer that has weights, by itself: its input and its tensors are moved,
 * and nothing behind it counts. So the layer that fails is the one that is wrong, and no kink of a
 * ReLU comes between.
 *
 * @param layer its index in the model
 * @param report the worst of its numbers; operand 0 is the input, then come its tensors
 */
public record LayerGradients(int layer, GradCheck.Report report) {
  /** That of every layer with weights, each on what it really gets for {@code x}. */
  public static List<LayerGradients> of(Model model, Tensor x) {
    List<LayerGradients> all = new ArrayList<>();
    List<Tensor> outputs = model.outputs(x);
    for (int i = 0; i < outputs.size(); i++) {
      List<Tensor> tensors = model.parameters().get(i);
      if (!tensors.isEmpty()) {
        Layer layer = model.layers().get(i);
        List<Tensor> operands = new ArrayList<>(List.of(i == 0 ? x : outputs.get(i - 1)));
        operands.addAll(tensors);
        GradCheck.Function alone =
            (Var... moved) -> layer.run(moved[0], Arrays.asList(moved).subList(1, moved.length));
        all.add(new LayerGradients(i, GradCheck.check(alone, operands.toArray(new Tensor[0]))));
      }
    }
    return all;
  }
}
