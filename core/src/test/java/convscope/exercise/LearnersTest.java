package convscope.exercise;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.param.Answer;
import convscope.tensor.Rng;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Learners who take one given number for another and make no other slip: the naive loops of the
 * oracle work out what they hand in.
 */
class LearnersTest {
  /**
   * One of them.
   *
   * @param wrong how many parts are wrong by themselves; the others must follow from them
   */
  record Learner(
      String exercise, int level, String slip, int wrong, UnaryOperator<Oracles.Given> takes) {
    @Override
    public String toString() {
      return exercise + ", level " + level + ": " + slip;
    }
  }

  private static Learner takes(
      String exercise, int level, String slip, int wrong, String name, double value) {
    return new Learner(exercise, level, slip, wrong, given -> given.with(name, Answer.of(value)));
  }

  static List<Learner> learners() {
    String row = "cross-correlation-1d";
    String pool = "pooling";
    String window = "moving by the window instead of the stride";
    return List.of(
        takes(row, 2, "leaving out the stride", 1, "S", 1),
        takes(row, 3, "leaving out the stride", 1, "S", 1),
        takes(row, 3, "leaving out the padding", 1, "P", 0),
        takes(row, 3, "forgetting the bias", 1, "b", 0),
        new Learner(
            row,
            3,
            "flipping the kernel",
            1,
            given -> given.with("w", reversed(given.matrix("w")))),
        takes("conv-parameters", 3, "ignoring the groups", 1, "g", 1),
        new Learner(
            "conv-parameters",
            3,
            "giving the kernels no depth",
            1,
            given -> given.with("C_in", given.matrix("g"))),
        takes("dense-vs-conv", 2, "forgetting the biases", 2, "bias", 0),
        takes("dense-vs-conv", 3, "forgetting the biases", 2, "bias", 0),
        takes(pool, 1, "leaving out the stride", 1, "S", 1),
        takes(pool, 4, "leaving out the stride", 1, "S", 1),
        takes(pool, 3, "leaving out the padding", 1, "P", 0),
        new Learner(pool, 2, window, 1, given -> given.with("S", given.matrix("K"))),
        takes(pool, 2, "taking the maximum", 1, "max", 1),
        takes(pool, 1, "taking the average", 1, "max", 0),
        takes(pool, 4, "counting the zeros of the padding in the divisor", 1, "counts", 1),
        takes(pool, 4, "leaving the zeros of the padding out of the divisor", 1, "counts", 0),
        new Learner(
            "receptive-field",
            3,
            "not dilating the kernel",
            3, // each dilated layer anew
            given -> given.with("layers", undilated(given.matrix("layers")))),
        takes(
            "depthwise-separable-parameters", 3, "counting weights instead of MACs", 2, "work", 0));
  }

  private static Answer reversed(Answer row) {
    double[] values = new double[row.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = row.at(0, values.length - 1 - i);
    }
    return Answer.row(values);
  }

  private static Answer undilated(Answer layers) {
    double[] values = layers.values().clone();
    for (int i = 3; i < values.length; i += 4) {
      values[i] = 1;
    }
    return new Answer(layers.rows(), layers.columns(), values);
  }

  @ParameterizedTest
  @MethodSource("learners")
  void oneSlipIsNamedAndCountsOnce(Learner learner) {
    Exercise exercise = Exercises.get(learner.exercise());
    int met = 0;
    int named = 0;
    for (int seed = 0; seed < 300; seed++) {
      Question question = exercise.question(new Rng(seed), learner.level());
      Oracles.Given taken = learner.takes().apply(new Oracles.Given(question.given()));
      Verdict verdict = Verdict.of(question, Oracles.answers(exercise, taken));
      Verdict.Mark first = verdict.first();
      if (first == null) {
        continue; // right by luck, or the numbers were as the learner took them
      }
      met++;
      long wrong =
          verdict.marks().stream().filter(mark -> mark.state() == Verdict.State.WRONG).count();
      named += first.slip().equals(learner.slip()) && wrong <= learner.wrong() ? 1 : 0;
    }
    assertThat(met).as("met").isGreaterThan(90);
    assertThat(named).as("named, of %s", met).isGreaterThan(met * 9 / 10);
  }
}
