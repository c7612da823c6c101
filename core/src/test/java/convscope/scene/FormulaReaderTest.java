package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Formulas as one writes them; the MathML to expect is written by hand. */
class FormulaReaderTest {
  private static String inside(Formula formula) {
    return formula.inline().replaceAll("^<math>|</math>$", "");
  }

  @Test
  void aLetterWithARoleIsASymbolAndLightsItsPartAnotherIsAnIndex() {
    assertThat(inside(Formula.of("x[i]")))
        .isEqualTo(
            "<mrow><mi class=\"input\" data-part=\"x\">x</mi><mo stretchy=\"false\">[</mo>"
                + "<mi>i</mi><mo stretchy=\"false\">]</mo></mrow>");
    assertThat(inside(Formula.of("S"))).isEqualTo("<mi data-part=\"S\">S</mi>");
  }

  @Test
  void ownSymbolsTakeThePlaceOfTheUsualOnes() {
    assertThat(inside(Formula.of("K", "K:kernel:w")))
        .isEqualTo("<mi class=\"kernel\" data-part=\"w\">K</mi>");
    assertThatThrownBy(() -> Formula.of("K", "K:colour"))
        .hasMessage(
            "Formula: “K:colour” is not letter:role, letter:role:part or letter:role:part:number");
    assertThatThrownBy(() -> Formula.of("K", "out:output"))
        .hasMessage(
            "Formula: “out:output” is not letter:role, letter:role:part or letter:role:part:number");
  }

  @Test
  void scriptsTakeTheNextItemOrAGroup() {
    assertThat(inside(Formula.of("i_2"))).isEqualTo("<msub><mi>i</mi><mn>2</mn></msub>");
    assertThat(inside(Formula.of("i^{j+12}")))
        .isEqualTo("<msup><mi>i</mi><mrow><mi>j</mi><mo>+</mo><mn>12</mn></mrow></msup>");
  }

  @Test
  void functionsAreWhatTheySay() {
    assertThat(inside(Formula.of("frac{1}{n}"))).isEqualTo("<mfrac><mn>1</mn><mi>n</mi></mfrac>");
    assertThat(inside(Formula.of("sum_{u<3} u")))
        .isEqualTo(
            "<mrow><munder><mo>∑</mo><mrow><mi>u</mi><mo>&lt;</mo><mn>3</mn></mrow></munder>"
                + "<mi>u</mi></mrow>");
    assertThat(inside(Formula.of("floor{n}")))
        .isEqualTo("<mrow><mo>⌊</mo><mi>n</mi><mo>⌋</mo></mrow>");
    assertThat(inside(Formula.of("sqrt{2}"))).isEqualTo("<msqrt><mn>2</mn></msqrt>");
    assertThat(inside(Formula.of("abs{n}")))
        .isEqualTo(
            "<mrow><mo stretchy=\"false\">|</mo><mi>n</mi><mo stretchy=\"false\">|</mo></mrow>");
  }

  @Test
  void signsOfTwoCharactersAreOneOperatorAndWordsStandUpright() {
    assertThat(inside(Formula.of("i <= 2.5")))
        .isEqualTo("<mrow><mi>i</mi><mo>≤</mo><mn>2.5</mn></mrow>");
    assertThat(inside(Formula.of("'odd K'"))).isEqualTo("<mtext>odd\u00a0K</mtext>");
  }

  @Test
  void itReadsWhatTheBuildersWrite() {
    Formula built =
        Formula.row(
            Formula.sym("y", Role.OUTPUT),
            Formula.op("="),
            Formula.max(Formula.row(Formula.index("u"), Formula.op("<"), Formula.num("2"))),
            Formula.sym("w", Role.KERNEL),
            Formula.op("·"),
            Formula.sym("x", Role.INPUT));
    assertThat(Formula.of("y = max_{u<2} w·x").inline()).isEqualTo(built.inline());
  }

  @Test
  void whatCannotBeReadIsShownAtItsPlace() {
    assertThatThrownBy(() -> Formula.of("x + frac{1}"))
        .hasMessage("Formula: a { is missing at “x + frac{1}▸”");
    assertThatThrownBy(() -> Formula.of("a{b")).hasMessage("Formula: a { without its } at “a▸{b”");
    assertThatThrownBy(() -> Formula.of("a}b")).hasMessage("Formula: a } without its { at “a▸}b”");
    assertThatThrownBy(() -> Formula.of("a_"))
        .hasMessage("Formula: nothing to lower or raise at “a_▸”");
    assertThatThrownBy(() -> Formula.of("'open"))
        .hasMessage("Formula: words without their closing quote at “▸'open”");
  }
}
