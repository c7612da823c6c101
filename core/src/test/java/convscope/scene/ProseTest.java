package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProseTest {
  @Test
  void aTemplateIsReadTwiceAsHtmlWithColouredWordsAndAsPlainText() {
    Prose prose = Prose.of("The [kernel window] of [output {}] has {} cells.", "y[0, 1]", 9);
    assertThat(prose.html())
        .isEqualTo(
            "The <b class=\"kernel\">window</b> of <b class=\"output\">y[0, 1]</b> has 9 cells.");
    assertThat(prose.plain()).isEqualTo("The window of y[0, 1] has 9 cells.");
  }

  @Test
  void aCountTakesItsNounInTheRightNumber() {
    assertThat(Prose.of("{cell}, {cell}, {cell}", 1, 3, 12345).plain())
        .isEqualTo("1 cell, 3 cells, 12,345 cells");
    assertThat(Prose.of("{index|indices} {index|indices}", 1, 2L).plain())
        .isEqualTo("1 index 2 indices");
    assertThat(Prose.of("it {is|is not} so, it {is|is not} so", true, false).plain())
        .isEqualTo("it is so, it is not so");
  }

  @Test
  void numbersAreWrittenAsInAllSentences() {
    assertThat(Prose.of("{} {} {} {}", 1234567, 2.5, -0.0625f, "1e9").plain())
        .isEqualTo("1,234,567 2.5 −0.0625 1e9");
  }

  @Test
  void valuesAreNeverReadAsTemplatesOrMarkup() {
    Prose prose = Prose.of("{}", "[input {}] <b>&");
    assertThat(prose.html()).isEqualTo("[input {}] &lt;b&gt;&amp;");
    assertThat(prose.plain()).isEqualTo("[input {}] <b>&");
  }

  @Test
  void bracketsWithoutARoleAreBracketsAlsoWithinARolesWords() {
    assertThat(Prose.of("[a, b] and [0]").plain()).isEqualTo("[a, b] and [0]");
    assertThat(Prose.of("[input x[{}, {}] here] now", 1, 2).html())
        .isEqualTo("<b class=\"input\">x[1, 2] here</b> now");
  }

  @Test
  void partsAddUpToWholeSentences() {
    Prose prose = Prose.of("One").add(", {}", 2).say(" {}").say(Role.GRADIENT, "!");
    assertThat(prose.plain()).isEqualTo("One, 2 {}!");
    assertThat(prose.html()).endsWith("<b class=\"gradient\">!</b>");
  }

  @Test
  void aListEndsWithItsOwnWord() {
    assertThat(Prose.list(" and ", 1, 2, -3)).isEqualTo("1, 2 and −3");
    assertThat(Prose.list(" or ", 4)).isEqualTo("4");
    assertThat(Prose.list(", ")).isEmpty();
  }

  @Test
  void aTemplateThatDoesNotFitItsValuesIsNamed() {
    assertThatThrownBy(() -> Prose.of("{} and {}", 1))
        .hasMessage("Prose: more gaps than the 1 values in “{} and {}”");
    assertThatThrownBy(() -> Prose.of("none", 1))
        .hasMessage("Prose: 1 values for 0 gaps in “none”");
    assertThatThrownBy(() -> Prose.of("a {", 1)).hasMessage("Prose: a { without its } in “a {”");
    assertThatThrownBy(() -> Prose.of("the [input image"))
        .hasMessage("Prose: [input is not closed in “the [input image”");
    assertThatThrownBy(() -> Prose.of("{cell}", "three"))
        .hasMessage("Prose: {cell} cannot take a value of this kind, in “{cell}”");
  }

  @Test
  void wordsOfAPartOfTheFormulaLightItAndAColonElsewhereIsAColon() {
    Prose prose =
        Prose.of("Every [neutral:S {}nd] row: [input:x x[{}]] and [output y: {}].", 2, 3, 4);
    assertThat(prose.html())
        .isEqualTo(
            "Every <b class=\"neutral\" data-part=\"S\">2nd</b> row: <b class=\"input\""
                + " data-part=\"x\">x[3]</b> and <b class=\"output\">y: 4</b>.");
    assertThat(prose.plain()).isEqualTo("Every 2nd row: x[3] and y: 4.");
  }
}
