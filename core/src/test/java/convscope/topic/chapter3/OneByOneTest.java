package convscope.topic.chapter3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.topic.Probe;
import org.junit.jupiter.api.Test;

class OneByOneTest {
  private static final OneByOne TOPIC = new OneByOne();
  private static final Probe<Mixed> PROBE = Probe.of(TOPIC);

  /** The oracle sums by hand. */
  @Test
  void everyPixelIsTheMatrixTimesItsChannels() {
    for (String out : new String[] {"1", "2", "3", "4"}) {
      for (String mix : new String[] {"difference", "identity", "reverse", "luma"}) {
        Mixed mixed =
            PROBE.at("in-channels=4&size=3x5&out-channels=" + out + "&mix=" + mix).result();
        for (int p = 0; p < 15; p++) {
          for (int o = 0; o < mixed.outChannels(); o++) {
            double sum = 0;
            for (int c = 0; c < 4; c++) {
              sum += mixed.w().at(o, c) * mixed.x().at(0, c, p / 5, p % 5);
            }
            assertThat((double) mixed.y().at(0, o, p / 5, p % 5)).isEqualTo(sum, within(1e-5));
          }
        }
        assertThat(mixed.apart()).isLessThan(1e-5f);
      }
    }
  }

  @Test
  void bothWaysAgreeExactlyInTheDefaultFigureAsTheProseSays() {
    assertThat(PROBE.result().apart()).isZero();
    assertThat(PROBE.caption())
        .endsWith("gives the same at every pixel.")
        .contains("into 2 numbers");
    assertThat(PROBE.equation())
        .contains("Y[0, p] = 1·1 + 1·2 + 1·0 = 3")
        .contains("Y[1, p] = 1·1 + −1·2 + 0·0 = −1");
  }

  @Test
  void theTermsOfALumaPixelAreWrittenWithAllTheirDigits() {
    assertThat(PROBE.at("mix=luma").step(3).equation())
        .contains("0.299·1 + 0.587·3 + 0.114·1 = 2.17");
  }

  @Test
  void theIdentityLeavesEveryChannelAsItIs() {
    Mixed mixed = PROBE.at("mix=identity&out-channels=3").result();
    assertThat(mixed.y().data()).containsExactly(mixed.x().data());
  }

  @Test
  void aWeightMovesItsOutputAtEveryPixelAndNoOtherOutput() {
    Probe<Mixed> probe = PROBE.at("input=count");
    Mixed before = probe.result();
    Mixed after = TOPIC.compute(TOPIC.change(probe.values(), before, "w/1,0", "7"), Given.NOTHING);
    assertThat(after.w().at(1, 0)).isEqualTo(7);
    for (int p = 0; p < before.pixels(); p++) {
      float[] was = before.column(before.y(), p);
      float[] is = after.column(after.y(), p);
      assertThat(is[0]).isEqualTo(was[0]);
      assertThat(is[1] != was[1]).isEqualTo(before.column(before.x(), p)[0] != 0);
    }
  }

  @Test
  void aPhotographsColoursAreTheChannelsAndLumaMakesItGrey() {
    byte[] rgba = {(byte) 200, 100, 50, (byte) 255, 0, 0, (byte) 250, (byte) 255};
    Given given = new Given().picture("photo-coffee", new Picture(1, 2, rgba, ""));
    Probe<Mixed> probe = PROBE.at("input=photo-coffee&mix=luma&out-channels=1").with(given);
    assertThat(probe.result().x().data()).containsExactly(200, 0, 100, 0, 50, 250);
    assertThat(probe.result().y().data())
        .containsExactly(new float[] {124.2f, 28.5f}, within(1e-3f));
    assertThat(probe.figure().scene().rasters()).hasSize(4);
  }

  @Test
  void transposingIsRefusedWhereShapesDifferAndSilentWhereTheyDoNot() {
    Probe<Mixed> probe = PROBE.at("mistake=on");
    assertThat(probe.caption()).contains("refused").contains("MatMul");
    assertThat(PROBE.at("mistake=on&out-channels=3").step(7).caption())
        .contains("wrong, and no error tells");
    assertThat(PROBE.at("mistake=on&out-channels=3&mix=identity").step(7).caption())
        .contains("right by luck");
  }

  @Test
  void pointingAtAPixelShowsItsProduct() {
    assertThat(PROBE.pick("y1/3,4").caption()).contains("The pixel p at row 3, column 4");
    assertThat(PROBE.pick("w/1,2").caption()).contains("how much of channel 2 goes into output 1");
  }

  @Test
  void onlyNumbersInWeightsAreTaken() {
    assertThat(TOPIC.checkCell("w/0,0", "−2.5")).isNull();
    assertThat(TOPIC.checkCell("w/0,0", "1e9")).isNotNull();
    assertThat(TOPIC.checkCell("x0/0,0", "1")).isNotNull();
  }
}
