package convscope.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import convscope.tensor.Rng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DftTest {
  private static float[] random(int count) {
    Rng rng = new Rng(count);
    float[] x = new float[count];
    for (int n = 0; n < count; n++) {
      x[n] = (float) (rng.nextDouble() - 0.5);
    }
    return x;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,2", "1,7", "1,12", "1,13", "1,49", "1,64", "5,1", "6,4", "9,15"})
  void everyFrequencyIsTheSumOfTheDefinition(int rows, int columns) {
    float[] x = random(rows * columns);
    Dft.Spectrum spectrum = Dft.forward(x, rows, columns);
    for (int k = 0; k < rows; k++) {
      for (int l = 0; l < columns; l++) {
        double re = 0;
        double im = 0;
        for (int n = 0; n < x.length; n++) {
          double angle =
              2
                  * Math.PI
                  * ((double) k * (n / columns) / rows + (double) l * (n % columns) / columns);
          re += x[n] * Math.cos(angle);
          im -= x[n] * Math.sin(angle);
        }
        assertThat(spectrum.re()[k * columns + l]).isEqualTo(re, within(1e-11));
        assertThat(spectrum.im()[k * columns + l]).isEqualTo(im, within(1e-11));
        assertThat(spectrum.size(k, l)).isEqualTo(Math.hypot(re, im), within(1e-11));
      }
    }
  }

  @Test
  void theEnergyIsThatOfTheSignal() { // Parseval
    float[] x = random(252 * 60);
    Dft.Spectrum spectrum = Dft.forward(x, 252, 60);
    double energy = 0;
    double frequencies = 0;
    for (int n = 0; n < x.length; n++) {
      energy += (double) x[n] * x[n];
      frequencies += spectrum.re()[n] * spectrum.re()[n] + spectrum.im()[n] * spectrum.im()[n];
    }
    assertThat(frequencies / x.length).isEqualTo(energy, within(1e-9 * energy));
  }

  @Test
  void aWrongCountIsRefused() {
    assertThatThrownBy(() -> Dft.forward(new float[5], 2, 3))
        .hasMessage("Dft: 5 values for 2 × 3; give them all");
  }
}
