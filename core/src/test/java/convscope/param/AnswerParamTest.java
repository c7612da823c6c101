package convscope.param;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.param.AnswerParam.Form;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParamTest {
  private static final AnswerParam NUMBER = Param.answer("n", Form.NUMBER);
  private static final AnswerParam SHAPE = Param.answer("s", Form.SHAPE).sides(2);
  private static final AnswerParam GRID = Param.answer("g", Form.GRID);

  private static Optional<Answer> read(AnswerParam param, String text) {
    Optional<Answer> answer = param.parse(text);
    assertThat(answer).as(text).isNotNull();
    return answer == null ? Optional.empty() : answer;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "73728|73728",
        "73,728|73728",
        "73 728|73728",
        "73'728|73728",
        "73_728|73728",
        "1,234,567|1234567",
        "−3|-3",
        "-3|-3",
        "+5|5",
        ".5|0.5",
        "7.5e3|7500",
        "1/4|0.25",
        "-7 / 2|-3.5",
        "115605504|115605504"
      })
  void aNumberIsReadInEveryFormInWhichPeopleWriteIt(String text, double value) {
    assertThat(read(NUMBER, text)).contains(Answer.of(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"3x", "a", "1,23", "12,3456", "1/0", "1//2", "--3", "3 apples", "1,,234"})
  void whatIsNoNumberIsRefusedRatherThanGuessed(String text) {
    assertThat(NUMBER.parse(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3x5",
        "3 x 5",
        "3×5",
        "3 × 5",
        "(3, 5)",
        "[3,5]",
        "3, 5",
        "3 5",
        "3 by 5",
        "3*5",
        "torch.Size([3, 5])",
        "shape = (3, 5)",
        " (3,5) "
      })
  void aShapeIsReadInEveryFormInWhichPeopleWriteIt(String text) {
    assertThat(read(SHAPE, text)).contains(Answer.row(3, 5));
  }

  @Test
  void aShapeOfAnotherNumberOfSidesIsRefused() {
    assertThat(SHAPE.parse("3")).isNull();
    assertThat(SHAPE.parse("1x3x5")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 2\n3 4",
        "1,2;3,4",
        "1, 2\n3, 4\n",
        "[[1, 2], [3, 4]]",
        "1\t2;3\t4",
        "[1 2]\n[3 4]"
      })
  void aMatrixIsReadWithItsRowsOnLinesOrInBrackets(String text) {
    assertThat(read(GRID, text)).contains(new Answer(2, 2, new double[] {1, 2, 3, 4}));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 2\n3", "1,,2", "x 2\n3 4", "1 2 | 3 4"})
  void whatIsNoMatrixIsRefused(String text) {
    assertThat(GRID.parse(text)).isNull();
  }

  @Test
  void anOrderNamesEveryItemOnceAndAChoiceOne() {
    AnswerParam order = Param.answer("o", Form.ORDER).option("a", "A").option("b", "B");
    assertThat(read(order, "b, a")).contains(Answer.row(1, 0));
    assertThat(order.parse("a")).isNull();
    assertThat(order.parse("a,a")).isNull();
    AnswerParam choice = Param.answer("c", Form.CHOICE).option("a", "A").option("b", "B");
    assertThat(read(choice, "b")).contains(Answer.of(1));
    assertThat(choice.parse("z")).isNull();
  }

  @Test
  void anAnswerReadsBackAsItWasWritten() {
    for (String text : new String[] {"1,2;3,-4.5", "7"}) {
      Optional<Answer> answer = read(GRID, text);
      assertThat(GRID.plain(answer)).isEqualTo(text);
    }
    assertThat(NUMBER.plain(Optional.empty())).isEmpty();
  }

  @Test
  void numbersOfTwoDecimalsAreExactAndOthersMayBeRoundedToTwo() {
    assertThat(Answer.of(2.5).agrees(Answer.of(2.505))).isFalse();
    assertThat(Answer.of(7 / 3.0).agrees(Answer.of(2.33))).isTrue();
    assertThat(Answer.of(7 / 3.0).agrees(Answer.of(2.3))).isFalse();
    assertThat(Answer.of(9007199254740991.0).agrees(Answer.of(9007199254740990.0))).isFalse();
  }

  @Test
  void aLongTextIsRefusedAtOnce() {
    assertThat(GRID.parse("1 ".repeat(5000))).isNull();
    assertThat(NUMBER.parse("9".repeat(5000))).isNull();
  }
}
