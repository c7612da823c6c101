package convscope.net.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import convscope.net.AdaptivePool;
import convscope.net.Conv;
import convscope.net.Linear;
import convscope.net.Model;
import convscope.net.Network;
import convscope.net.Pool;
import convscope.net.Residual;
import convscope.net.ShapeTrace;
import convscope.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class PyTorchTest {
  private static List<String> paths(String text) {
    return PyTorch.read(text).nodes().stream()
        .map(node -> node.path() + " " + node.layer().name())
        .toList();
  }

  private static String error(String text) {
    ReadException thrown = catchThrowableOfType(ReadException.class, () -> PyTorch.read(text));
    assertThat(thrown).as(text).isNotNull();
    return String.valueOf(thrown.getMessage());
  }

  @Test
  void nestedBlocksGiveDottedNames() {
    assertThat(
            paths(
                """
                import torch.nn as nn
                # a block in a block
                model = nn.Sequential(
                    nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(inplace=True)),  # first
                    torch.nn.Flatten(),
                    nn.Linear(4 * 26 * 26, 10),
                )
                """))
        .containsExactly("0.0 Conv2d", "0.1 ReLU", "1 Flatten", "2 Linear");
  }

  @Test
  void anOrderedDictNamesItsLayers() {
    assertThat(
            paths("nn.Sequential(OrderedDict([('conv', nn.Conv2d(1, 2, 3)), ('act', nn.ReLU())]))"))
        .containsExactly("conv Conv2d", "act ReLU");
  }

  @Test
  void argumentsCountByPlaceAndByName() {
    Network network =
        PyTorch.read("nn.Sequential(nn.Conv2d(3, 8, (3, 5), 2, bias=False, padding=(1, 2)))");
    Conv conv = (Conv) network.layers().get(0);
    assertThat(conv.inChannels()).isEqualTo(3);
    assertThat(conv.bias()).isFalse();
    assertThat(conv.spec().kernelWidth()).isEqualTo(5);
    assertThat(conv.spec().strideH()).isEqualTo(2);
    assertThat(conv.spec().padTop()).isEqualTo(1);
    assertThat(conv.spec().padRight()).isEqualTo(2);
  }

  @Test
  void samePaddingOfAnEvenKernelPutsTheLargerHalfBehind() {
    Conv conv = (Conv) PyTorch.read("nn.Conv2d(1, 1, 4, padding='same')").layers().get(0);
    assertThat(conv.spec().padTop()).isEqualTo(1);
    assertThat(conv.spec().padBottom()).isEqualTo(2);
    assertThat(conv.output(Shape.of(1, 1, 9, 9))).isEqualTo(Shape.of(1, 1, 9, 9));
  }

  @Test
  void poolingStridesByItsKernelUnlessTold() {
    Pool pool = (Pool) PyTorch.read("nn.MaxPool2d(3)").layers().get(0);
    assertThat(pool.spec().window().strideH()).isEqualTo(3);
    assertThat(PyTorch.read("nn.AdaptiveAvgPool2d((None, 2))").layers())
        .containsExactly(new AdaptivePool(false, 0, 2));
  }

  @Test
  void aResidualBlockAddsItsBranchesAndNamesItsWeights() {
    Network network =
        PyTorch.read(
            "nn.Sequential(Residual(nn.Sequential(nn.Conv2d(2, 3, 3, padding=1),"
                + " nn.BatchNorm2d(3)), nn.Conv2d(2, 3, 1)))");
    assertThat(network.layers().get(0)).isInstanceOf(Residual.class);
    Model model = new Model(network, Shape.of(2, 5, 5));
    assertThat(model.trained().stream().map(Model.Part::name))
        .containsExactly(
            "0.body.0.weight",
            "0.body.0.bias",
            "0.body.1.weight",
            "0.body.1.bias",
            "0.shortcut.0.weight",
            "0.shortcut.0.bias");
    assertThat(model.kept().stream().map(Model.Part::name))
        .containsExactly("0.body.1.running_mean", "0.body.1.running_var");
    assertThat(model.buffers().data()).containsExactly(0, 0, 0, 1, 1, 1);
  }

  @Test
  void mistakesAreNamedWithTheirPlace() {
    assertThat(error("nn.Sequential(\n  nn.Conv2d(1, 8),\n)"))
        .isEqualTo("line 2, column 3: Conv2d: “kernel_size” is missing; give it");
    assertThat(error("nn.Sequential(nn.Conv2d(1, 8, 3, strides=2))"))
        .startsWith("line 1, column 42: Conv2d: there is no argument “strides”; use in_channels,");
    assertThat(error("nn.Sequential(nn.Linear(4, '10'))"))
        .isEqualTo("line 1, column 28: Linear: out_features is '10'; give a whole number");
    assertThat(error("nn.Sequential(nn.Linear(4, 0))"))
        .isEqualTo("line 1, column 28: Linear: out_features is 0; use 1 or more");
    assertThat(error("nn.Sequential(nn.LSTM(4))"))
        .startsWith("line 1, column 15: LSTM is not known here; use Conv2d,");
    assertThat(error("nn.Sequential(nn.ReLU()"))
        .isEqualTo("line 1, column 1: this bracket or call is never closed; add “)” at its end");
    assertThat(error("nn.Sequential(nn.ReLU() nn.ReLU())"))
        .startsWith("line 1, column 25: “nn.ReLU())” where a comma or “)” should be");
    assertThat(error("nn.Sequential(nn.Conv2d(1, 8, 3, stride=2, padding='same'))"))
        .isEqualTo(
            "line 1, column 52: Conv2d: padding 'same' with a stride; use stride 1 or give"
                + " numbers");
    assertThat(error("nn.Sequential(nn.ReLU(), 3)"))
        .isEqualTo("line 1, column 26: 3 is no layer; write it as nn.ReLU()");
    assertThat(error("nn.Sequential()"))
        .isEqualTo("line 1, column 1: the network has no layers; give at least one");
    assertThat(error("")).contains("the text ends where a value should be");
    assertThat(error("nn.Linear(3, 4, 5, 6, 7, 8)")).contains("one argument too many");
    assertThat(error("(".repeat(500))).contains("more than 100 brackets");
  }

  @Test
  void aLayerThatDoesNotFitIsNamedByTheTrace() {
    Network network = PyTorch.read("nn.Sequential(nn.Flatten(), nn.Linear(100, 10))");
    ShapeTrace trace = ShapeTrace.of(network.layers(), Shape.of(1, 1, 8, 8));
    assertThat(trace.good()).isEqualTo(1);
    assertThat(trace.sentence()).startsWith("layer 2 of 2, Linear: input of shape 1×64");
    assertThat(network.layers().get(1)).isEqualTo(new Linear(100, 10, true));
  }
}
