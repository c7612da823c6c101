package convscope.topic.chapter7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.autodiff.Tape;
import convscope.autodiff.Var;
import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.exercise.Part;
import convscope.exercise.Question;
import convscope.op.Conv2d;
import convscope.tensor.Tensor;
import convscope.topic.Probe;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResidualBlockTest {
  private final Probe<Residual> probe = Probe.of(new ResidualBlock());

  /** A sum over taps, with zeros beyond the edge. */
  private static double[][] conv(double[][] x, double[][] w, int stride) {
    int high = (x.length + stride - 1) / stride;
    int wide = (x[0].length + stride - 1) / stride;
    double[][] y = new double[high][wide];
    for (int r = 0; r < x.length; r++) {
      for (int c = 0; c < x[0].length; c++) {
        for (int u = 0; u < w.length; u++) {
          for (int v = 0; v < w[0].length; v++) {
            int i = r - u + w.length / 2;
            int j = c - v + w[0].length / 2;
            if (i >= 0 && j >= 0 && i % stride == 0 && j % stride == 0) {
              if (i / stride < high && j / stride < wide) {
                y[i / stride][j / stride] += x[r][c] * w[u][v];
              }
            }
          }
        }
      }
    }
    return y;
  }

  private static double[][] relu(double[][] x) {
    double[][] y = new double[x.length][x[0].length];
    for (int n = 0; n < x.length * x[0].length; n++) {
      y[n / x[0].length][n % x[0].length] = Math.max(0, x[n / x[0].length][n % x[0].length]);
    }
    return y;
  }

  @Test
  void theBlockIsThatOfALoopOverTaps() {
    double[][] x = {{1, -2, 3, 0}, {4, 1, -1, 2}, {0, -3, 2, 5}};
    double[][] w1 = {{1, 0, -1}, {2, 1, 0}, {0, -2, 1}};
    double[][] w2 = {{0, 1, 0}, {-1, 2, 1}, {0, 0, -1}};
    Residual block =
        probe
            .at(
                "input=custom&x=1,-2,3,0;4,1,-1,2;0,-3,2,5&first=1,0,-1;2,1,0;0,-2,1"
                    + "&second=0,1,0;-1,2,1;0,0,-1&stride=2&shortcut=projection&weight=-2")
            .result();
    double[][] body = conv(relu(conv(x, w1, 2)), w2, 1);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double sum = -2 * x[2 * i][2 * j] + body[i][j];
        assertThat(block.body().at(0, 0, i, j)).isEqualTo((float) body[i][j]);
        assertThat(block.output().at(0, 0, i, j)).isEqualTo((float) Math.max(0, sum));
        assertThat(block.mistaken().at(0, 0, i, j))
            .isEqualTo((float) (-2 * x[2 * i][2 * j] + Math.max(0, body[i][j])));
      }
    }
  }

  @Test
  void theDefaultShowsNegativeSumsAndWhereTheMistakeFails() {
    Residual block = probe.result();
    assertThat(block.body().data()).containsExactly(0, -3, 0, -7, 3, -2, 7, 0, 0);
    assertThat(block.output().data()).containsExactly(3, 0, 1, 0, 7, 0, 9, 1, 0);
    assertThat(block.mistaken().data()).containsExactly(3, -2, 1, 0, 7, -1, 9, 1, -3);
    assertThat(block.wrong()).isEqualTo(3);
    assertThat(probe.at("mistake=after").caption()).contains("3 of 9 outputs are wrong", "−3");
    assertThat(probe.at("mistake=after&input=count&f=1,1,1;1,1,1;1,1,1").caption())
        .contains("by luck");
  }

  @ParameterizedTest
  @CsvSource({"true,true,false", "true,false,true", "false,true,true", "false,false,false"})
  void theNormsAreThoseOfTheTape(boolean identity, boolean norm, boolean he) {
    DeepNet net = new DeepNet(2, identity, norm, he);
    Tape tape = new Tape();
    Conv2d.Spec spec = Conv2d.Spec.of(3, 3).padding(1);
    Var x = tape.variable("x", DeepNet.input());
    List<Var> inputs = new ArrayList<>();
    Tensor[] weights = net.weights();
    for (int b = 0; b < 2; b++) {
      Var y = x;
      for (int l = 0; l < 2; l++) {
        inputs.add(y);
        y = y.conv2d(tape.constant(weights[2 * b + l]), null, spec);
        y = norm ? y.batchNorm2d(null, null, DeepNet.EPSILON) : y;
        y = l == 0 ? y.relu() : y;
      }
      x = (identity ? x.plus(y) : y).relu();
    }
    x.backward(DeepNet.gradient());
    double[] norms = net.norms();
    for (int l = 0; l < 4; l++) {
      double sum = 0;
      for (float g : inputs.get(l).gradient().data()) {
        sum += g * g;
      }
      assertThat(norms[l]).as("layer %s", l).isCloseTo(Math.sqrt(sum), within(1e-5 * norms[l]));
    }
  }

  /** A layer with variance 1/(3 fan-in) and a ReLU halves a squared gradient's third. */
  @Test
  void aPlainLayerWithPyTorchsWeightsLeavesAboutTheRootOfASixth() {
    double[] norms = new DeepNet(28, false, false, false).norms();
    assertThat(Math.pow(norms[0], 1 / 56.0)).isCloseTo(Math.sqrt(1 / 6.0), within(0.04));
  }

  @Test
  void shortcutsKeepTheGradientWithPyTorchsWeightsAndRaiseItWithHes() {
    assertThat(new DeepNet(28, true, false, false).norms()[0]).isBetween(0.3, 3.0);
    assertThat(new DeepNet(28, true, false, true).norms()[0]).isGreaterThan(1000);
  }

  @Test
  void theSolutionOfTheExerciseIsWhatTheFigureShows() {
    Exercise exercise =
        Exercises.all().stream()
            .filter(one -> one.slug().equals("residual-output"))
            .findFirst()
            .orElseThrow();
    assertThat(exercise.topic()).isEqualTo("residual-block");
    for (int seed = 0; seed < 60; seed++) {
      Question question = exercise.question(String.valueOf(seed), 1 + seed % 3);
      StringBuilder query = new StringBuilder();
      question
          .figure()
          .forEach(
              (name, text) ->
                  query.append(
                      name.equals("step") ? "" : (query.isEmpty() ? "" : "&") + name + "=" + text));
      Residual block = probe.at(query.toString()).result();
      for (Part part : question.parts()) {
        Tensor shown =
            switch (part.param().name()) {
              case "h" -> block.hidden();
              case "f" -> block.body();
              case "s" -> block.shortcut();
              case "sum" -> block.sum();
              default -> block.output();
            };
        assertThat(shown).isNotNull();
        for (int n = 0; n < shown.size(); n++) {
          assertThat((double) shown.data()[n]).isEqualTo(part.right().values()[n]);
        }
      }
    }
  }

  @Test
  void shapesThatDoNotFitAreRefusedWithARemedy() {
    assertThat(probe.at("stride=2").problem())
        .isEqualTo(
            "Add: the shortcut is 3 × 3 and F(x) 2 × 2; project x with the same stride"
                + " (shortcut=projection), or use stride 1");
    assertThat(probe.at("f=1,2").problem())
        .isEqualTo("Add: the shortcut is 3 × 3 and F(x) 1 × 2; give F(x) the shortcut’s size");
    assertThat(probe.at("first=1,2").problem())
        .isEqualTo("first: a kernel of 1 × 2 has no middle cell; use odd sides");
  }

  @Test
  void aCellUnderThePointerIsWhatTheEquationFollows() {
    assertThat(probe.pick("y/2,0").figure().equation()).contains("y[2, 0]");
    assertThat(probe.pick("y/9,9").figure().equation()).isEqualTo(probe.figure().equation());
  }
}
