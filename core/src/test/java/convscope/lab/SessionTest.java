package convscope.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import convscope.data.DataSet;
import convscope.data.Picture;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.train.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of the lab on data of the test's own. */
class SessionTest {
  private static Session session(DataSet data, String query) {
    return new Session(new Engine(new ScalarKernels()), data, Setup.read(query).setup(), () -> 0);
  }

  private static DataSet data(byte[] pixels, int[] labels, int training) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < 10; c++) {
      names.add(String.valueOf(c));
    }
    return new DataSet("test", 1, 8, 8, pixels, 255, labels, training, names);
  }

  @Test
  void imagesThatAreAllEqualSaySoAndTrainToTheirClassesShares() {
    byte[] pixels = new byte[8 * 64];
    Arrays.fill(pixels, (byte) 77);
    Session run =
        session(data(pixels, new int[] {0, 0, 0, 1, 0, 0, 0, 1}, 4), "data=digits&epochs=100");
    assertThat(run.notes().toString()).contains("all of them").contains("pixels");
    run.advance(1, 100, true);
    Metrics heldOut = run.heldOut();
    assertThat(heldOut).isNotNull();
    assertThat(heldOut.accuracy()).isEqualTo(0.75);
    // nothing can be learned but the shares: cross-entropy of (3/4, 1/4)
    assertThat(run.loss()).isCloseTo(0.5623, within(0.02));
  }

  @Test
  void aSetOfTwoImagesIsLearned() {
    byte[] pixels = new byte[2 * 64];
    Arrays.fill(pixels, 64, 96, (byte) 255);
    Session run = session(data(pixels, new int[] {3, 5}, 2), "data=digits&epochs=100");
    run.advance(1, 100, true);
    assertThat(run.accuracy()).isEqualTo(1);
    assertThat(run.heldOut()).as("nothing is held out").isNull();
  }

  @Test
  void curvesOfManyStepsAreMeansOfAllOfThem() {
    History history = new History();
    for (int step = 0; step < 1000; step++) {
      history.add(step, 0.5, 32);
    }
    double[] losses = history.losses();
    assertThat(losses.length).isBetween(History.MOST / 2, History.MOST);
    assertThat(losses[0]).isEqualTo(3.5); // steps 0 to 7
    assertThat(history.steps()[0]).isEqualTo(4);
    assertThat(history.accuracies()).containsOnly(0.5);
    history.measured(400, 1, 0.9);
    history.measured(800, 1, 0.9);
    history.backTo(400);
    assertThat(history.losses()).hasSize(50);
    assertThat(history.heldOut(0)).containsExactly(400);
    History read = History.of(history.json());
    assertThat(read.losses()).containsExactly(history.losses());
    assertThat(read.heldOut(2)).containsExactly(0.9);
  }

  @Test
  void aDrawingFillsTheInnerTwentyPixelsAroundItsCentreOfMass() {
    byte[] rgba = new byte[4 * 32 * 32];
    for (int i = 0; i < 32 * 32; i++) { // a bar of 4 × 10 in the upper left corner
      boolean ink = i / 32 < 10 && i % 32 < 4;
      for (int c = 0; c < 4; c++) {
        rgba[4 * i + c] = (byte) (c == 3 || ink ? 255 : 0);
      }
    }
    float[] image = Drawn.image(new Picture(32, 32, rgba, ""), 28, true);
    for (int i = 0; i < 28; i++) {
      for (int j = 0; j < 28; j++) {
        boolean ink = i >= 4 && i < 24 && j >= 10 && j < 18;
        assertThat(image[28 * i + j]).as(i + ", " + j).isEqualTo(ink ? 1 : 0);
      }
    }
    assertThat(Drawn.image(new Picture(32, 32, new byte[4096], ""), 8, false)).hasSize(64);
  }
}
