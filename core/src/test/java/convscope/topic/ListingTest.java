package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ListingTest {
  @Test
  void aVectorIsOneLine() {
    assertThat(Listing.tensor("b", Tensor.of(new float[] {1, -0.5f}, 2)))
        .isEqualTo("b = torch.tensor([1, -0.5], dtype=torch.float32)");
  }

  @Test
  void aMatrixHasALineForEachRowAndItsShape() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 1, 2, 3);
    assertThat(Listing.tensor("x", x))
        .isEqualTo(
            "x = torch.tensor([1, 2, 3,\n    4, 5, 6], dtype=torch.float32).reshape(1, 1, 2, 3)");
  }

  @Test
  void linesAreAtMost72ColumnsWideAndHoldEveryElement() {
    Tensor x = Tensor.zeros(1, 1, 3, 40);
    for (int n = 0; n < x.size(); n++) {
      x.data()[n] = n / 7f;
    }
    String listing = Listing.tensor("x", x);
    assertThat(listing.lines()).allMatch(line -> line.length() <= 72);
    String[] numbers = listing.substring(listing.indexOf('[') + 1, listing.indexOf(']')).split(",");
    assertThat(numbers).hasSize(120);
    for (int n = 0; n < numbers.length; n++) {
      assertThat(Float.parseFloat(numbers[n].trim())).isEqualTo(x.data()[n]);
    }
  }

  @Test
  void aShapeIsATuple() {
    assertThat(Listing.shape(Tensor.zeros(1, 1, 4, 3))).isEqualTo("(1, 1, 4, 3)");
    assertThat(Listing.shape(Tensor.zeros(5))).isEqualTo("(5,)");
  }
}
