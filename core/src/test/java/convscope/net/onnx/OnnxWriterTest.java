package convscope.net.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.Model;
import convscope.net.Pass;
import convscope.net.text.PyTorch;
import convscope.tensor.Rng;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import convscope.train.Initialization;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written gives, read and run again, what the model's own operators give. ONNX Runtime 1.30
 * gives the same for these files, to 4e-7.
 */
class OnnxWriterTest {
  private static Model model(String layers, Shape image) {
    Model model = new Model(PyTorch.read("nn.Sequential(" + layers + ")"), image);
    Initialization.PYTORCH.fill(model, 1);
    Rng rng = new Rng(2);
    Tensor noise = rng.gaussian(1, model.buffers().size());
    for (int i = 0; i < noise.size(); i++) {
      model.buffers().data()[i] += 0.3f * Math.abs(noise.data()[i]); // statistics like real ones
    }
    return model;
  }

  private static void same(String layers, Shape image) {
    Model model = model(layers, image);
    Tensor x = Tensor.zeros(model.batch(2));
    Tensor noise = new Rng(3).gaussian(1, x.size());
    System.arraycopy(noise.data(), 0, x.data(), 0, x.size());
    Tape tape = new Tape();
    Var input = tape.variable("x", x);
    List<Var> outputs = model.run(input, model.variables(tape), Pass.EVALUATION);
    Tensor wanted = outputs.get(outputs.size() - 1).value();

    byte[] file = OnnxWriter.write(model);
    Engine engine = new Engine(new ScalarKernels());
    Shape batch = model.batch(2);
    long[] shape = {batch.dim(0), batch.dim(1), batch.dim(2), batch.dim(3)};
    Runner runner =
        new Runner(
            engine,
            Onnx.read(Source.of(file)),
            OnnxReferencesTest.weights(engine, file),
            shape,
            List.of("output"));
    engine.kernels().write(runner.inputAddress(), x.data(), 0, x.size());
    runner.run();
    float[] y = new float[wanted.size()];
    engine.kernels().read(runner.address("output"), y, 0, y.length);
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isCloseTo(wanted.data()[i], Offset.offset(2e-5f));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nn.Conv2d(3, 8, 3, stride=2, padding=(1, 0), dilation=2, bias=False), nn.BatchNorm2d(8),"
            + " nn.ReLU(), nn.MaxPool2d(3, 2, 1)",
        "nn.Conv2d(3, 6, (3, 4), padding='same', groups=3), nn.GroupNorm(2, 6), nn.SiLU(),"
            + " nn.AvgPool2d(2, ceil_mode=True)",
        "nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect'), nn.InstanceNorm2d(4), nn.GELU(),"
            + " nn.Flatten(), nn.Linear(832, 5), nn.LogSoftmax(1)",
        "nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1), nn.PReLU(4),"
            + " nn.Upsample(scale_factor=2, mode='bilinear')",
        "nn.Conv2d(3, 8, 1), nn.PixelShuffle(2), nn.Hardswish(), nn.PixelUnshuffle(2),"
            + " nn.LeakyReLU(0.2), nn.AdaptiveMaxPool2d(1)",
        "nn.ReplicationPad2d((1, 2, 0, 1)), nn.Conv2d(3, 4, 3), nn.ELU(0.5), nn.Mish(),"
            + " nn.LogSigmoid(), nn.Upsample(scale_factor=2)",
        "Residual(nn.Sequential(nn.Conv2d(3, 5, 3, padding=1), nn.BatchNorm2d(5), nn.ReLU6()),"
            + " nn.Conv2d(3, 5, 1)), nn.Dropout(0.5), nn.AdaptiveAvgPool2d((4, 1))",
        "nn.LayerNorm((3, 16, 13)), nn.Linear(13, 4), nn.GELU(approximate='tanh'), nn.Softplus(),"
            + " nn.Hardsigmoid(), nn.SELU(), nn.Softsign()",
      })
  void resultsAreTheModels(String layers) {
    same(layers, Shape.of(3, 16, 13));
  }

  @Test
  void aLayerWithoutAFormIsNamed() {
    Model model =
        model("nn.Conv2d(3, 4, 3, padding=1, padding_mode='circular')", Shape.of(3, 8, 8));
    assertThatThrownBy(() -> OnnxWriter.write(model))
        .hasMessage("ONNX: layer 0, circular padding has no form in opset 17; use another");
  }
}
