package convscope.param;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParamTest {
  private static final Schema SCHEMA =
      Schema.of(
          Param.integer("stride", 1).range(1, 4).label("Stride"),
          Param.pair("kernel", 3, 3).range(1, 7),
          Param.number("bias", 0.5).range(-2, 2),
          Param.flag("dense"),
          Param.choice("mode", "zeros").option("zeros", "Zeros").option("reflect", "Reflect"),
          Param.grid("x").atMost(2, 3).onlyWith("mode", "reflect"));

  private static String problem(String name, String text) {
    Problem problem = SCHEMA.param(name).problemWith(text);
    return problem == null ? "" : problem.text();
  }

  @Test
  void everyKindSaysWhatItGotWhatItWantsAndWhatItUses() {
    assertThat(problem("stride", "0"))
        .isEqualTo("stride: “0” is not a whole number from 1 to 4; using 1");
    assertThat(problem("stride", "2.5")).contains("“2.5”");
    assertThat(problem("kernel", "3x9"))
        .isEqualTo(
            "kernel: “3x9” is not a whole number from 1 to 7, or two of them as height x width, such as 3x5;"
                + " using 3");
    assertThat(problem("bias", "∞")).isEqualTo("bias: “∞” is not a number from −2 to 2; using 0.5");
    assertThat(problem("dense", "maybe")).isEqualTo("dense: “maybe” is not on or off; using off");
    assertThat(problem("mode", "Zeros"))
        .isEqualTo("mode: “Zeros” is not one of zeros, reflect; using zeros");
    assertThat(problem("x", "1,2;3"))
        .isEqualTo(
            "x: “1,2;3” is not rows of numbers from −9999 to 9999, as in 1,0,-1;2,0,-2 with at most 2 rows"
                + " of 3; using none");
  }

  @Test
  void aHugeTextIsQuotedOnlyInPart() {
    assertThat(problem("stride", "9".repeat(100_000))).hasSizeLessThan(120).contains("…");
  }

  @Test
  void everyKindReadsBackWhatItWrites() {
    Values values =
        SCHEMA
            .defaults()
            .with("stride", "4")
            .with("kernel", "1x7")
            .with("bias", "-1.25")
            .with("dense", "")
            .with("mode", "reflect")
            .with("x", " 1, −2.5 ,3\n0,0,0.0001 ");
    assertThat(values.integer("stride")).isEqualTo(4);
    assertThat(values.pair("kernel")).isEqualTo(new Pair(1, 7));
    assertThat(values.number("bias")).isEqualTo(-1.25);
    assertThat(values.flag("dense")).isTrue();
    assertThat(values.choice("mode")).isEqualTo("reflect");
    assertThat(values.grid("x"))
        .isEqualTo(Optional.of(new NumberGrid(2, 3, new float[] {1, -2.5f, 3, 0, 0, 0.0001f})));
    assertThat(SCHEMA.parse(values.texts()).values()).isEqualTo(values);
    assertThat(SCHEMA.parse(values.texts()).problems()).isEmpty();
  }

  @Test
  void gridsRefuseRaggedHugeAndEmptyCells() {
    for (String text :
        new String[] {"1,2;3", "1,,2", ";", "1;2;3", "1,2,3,4", "1e9", "a", "1,2;"}) {
      assertThat(SCHEMA.param("x").parse(text)).as(text).isNull();
    }
  }

  private enum Side {
    UPPER,
    SAME_LOWER
  }

  @Test
  void aChoiceAmongConstantsCallsThemAsAddressesDo() {
    Schema schema = Schema.of(Param.choice("side", "upper").options(Side.values(), Side::name));
    Values values = schema.defaults().with("side", "same-lower");
    assertThat(values.constant("side", Side.values())).isEqualTo(Side.SAME_LOWER);
    assertThat(schema.defaults().constant("side", Side.values())).isEqualTo(Side.UPPER);
    assertThatThrownBy(() -> values.constant("side", new Side[] {Side.UPPER}))
        .hasMessage("Values: there is no “same-lower” in side");
  }

  @Test
  void theQueryHoldsOnlyWhatDiffersAndApplies() {
    Values values = SCHEMA.defaults().with("x", "1,2").with("kernel", "3x5");
    assertThat(values.query()).isEqualTo("kernel=3x5");
    assertThat(values.with("mode", "reflect").query()).isEqualTo("kernel=3x5&mode=reflect&x=1,2");
    assertThat(SCHEMA.defaults().query()).isEmpty();
  }

  @Test
  void unknownNamesAreIgnoredWhenReadAndRefusedInCode() {
    assertThat(SCHEMA.parse(Map.of("class", "x", "stride", "2")).problems()).isEmpty();
    assertThatThrownBy(() -> SCHEMA.defaults().integer("nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Values: no parameter “nothing”");
  }

  @Test
  void badTextsFallBackOneByOne() {
    Schema.Parsed parsed = SCHEMA.parse(Map.of("stride", "x", "kernel", "5", "mode", "<script>"));
    assertThat(parsed.problems()).extracting(Problem::param).containsExactly("stride", "mode");
    assertThat(parsed.values().integer("stride")).isEqualTo(1);
    assertThat(parsed.values().pair("kernel")).isEqualTo(new Pair(5, 5));
  }

  @Test
  void aDoublingSliderStopsAtPowersOfTwoAtItsEndsAndAtTheDefaultAndTypesTheRest() {
    IntParam channels = Param.integer("channels", 3).range(1, 100).doubling();
    assertThat(channels.stops()).containsExactly(1, 2, 3, 4, 8, 16, 32, 64, 100);
    assertThat(channels.parse("77")).isEqualTo(77);
    assertThat(Param.integer("groups", 4).range(3, 8).doubling().stops()).containsExactly(3, 4, 8);
    assertThat(Param.integer("one", 1).range(1, 1).doubling().stops()).containsExactly(1);
    assertThat(Param.pair("size", 224, 224).range(1, 256).doubling().stops())
        .containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 224, 256);
    assertThat(Param.integer("stride", 1).range(1, 4).stops()).isEmpty();
  }
}
