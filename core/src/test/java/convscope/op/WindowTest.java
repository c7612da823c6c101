package convscope.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * The geometry of a window against windows laid down one after another: each is the list of places
 * that its taps stand on, the first at the beginning of the padding.
 */
class WindowTest {
  /** Every small window, with every small input. */
  private static void everywhere(BiConsumer<Window, Integer> check) {
    for (int kernel = 1; kernel <= 4; kernel++) {
      for (int stride = 1; stride <= 5; stride++) {
        for (int before = 0; before <= 2; before++) {
          for (int after = 0; after <= 2; after++) {
            for (int dilation = 1; dilation <= 3; dilation++) {
              for (int size = 1; size <= 7; size++) {
                check.accept(new Window(kernel, stride, before, after, dilation), size);
              }
            }
          }
        }
      }
    }
  }

  /** The places of the window that starts at {@code start}, tap by tap. */
  private static List<Integer> places(Window window, int start) {
    List<Integer> places = new ArrayList<>();
    for (int tap = 0, at = start; tap < window.kernel(); tap++, at += window.dilation()) {
      places.add(at);
    }
    return places;
  }

  private static int last(List<Integer> places) {
    return places.get(places.size() - 1);
  }

  /** All windows that fit the padded input, as the places of their taps. */
  private static List<List<Integer>> laid(Window window, int size) {
    List<List<Integer>> laid = new ArrayList<>();
    for (int start = -window.padBefore(); ; start += window.stride()) {
      List<Integer> places = places(window, start);
      if (last(places) >= size + window.padAfter()) {
        return laid;
      }
      laid.add(places);
    }
  }

  @Test
  void thereAreAsManyOutputsAsWindowsFitAndEachTapStandsWhereTheWindowsAreLaid() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          assertThat(Math.max(0, window.out(size)))
              .as("%s on %s", window, size)
              .isEqualTo(laid.size());
          assertThat(window.problem("Test", "length", size) == null).isEqualTo(!laid.isEmpty());
          for (int i = 0; i < laid.size(); i++) {
            assertThat(window.start(i)).isEqualTo(laid.get(i).get(0));
            assertThat(window.span()).isEqualTo(last(laid.get(i)) - window.start(i) + 1);
            for (int tap = 0; tap < window.kernel(); tap++) {
              assertThat(window.place(i, tap)).isEqualTo(laid.get(i).get(tap));
            }
          }
        });
  }

  @Test
  void aPlaceIsReadByTheOutputsWhoseWindowsAreLaidOnIt() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          for (int place = -window.padBefore() - 2; place < size + window.padAfter() + 2; place++) {
            List<Integer> readers = new ArrayList<>();
            for (int i = 0; i < laid.size(); i++) {
              int tap = laid.get(i).indexOf(place);
              assertThat(window.tap(i, place)).isEqualTo(tap);
              assertThat(window.reads(i, place)).isEqualTo(tap >= 0);
              if (tap >= 0) {
                readers.add(i);
              }
            }
            assertThat(window.readers(place, laid.size()))
                .as("%s at %s", window, place)
                .containsExactly(readers.stream().mapToInt(i -> i).toArray());
          }
        });
  }

  @Test
  void whatTheFloorDropsAreThePlacesAfterTheLastWindow() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          int end = size + window.padAfter();
          int after = laid.isEmpty() ? -window.padBefore() : last(laid.get(laid.size() - 1)) + 1;
          assertThat(window.dropped(size)).as("%s on %s", window, size).isEqualTo(end - after);
          if (!laid.isEmpty()) {
            assertThat(window.reach(laid.size())).isEqualTo(after);
          }
        });
  }

  @Test
  void tapsAreCountedBetweenTwoPlaces() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          for (int i = 0; i < laid.size(); i++) {
            long inside = laid.get(i).stream().filter(p -> p >= 0 && p < size).count();
            assertThat(window.taps(i, 0, size)).isEqualTo((int) inside);
          }
        });
  }

  @Test
  void theNearestOutputHasNoOtherWithACentreNearerToThePlace() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          for (int place = -3; place < size + 3 && !laid.isEmpty(); place++) {
            int nearest = 0;
            for (int i = 1; i < laid.size(); i++) { // twice the distance: whole numbers
              if (distance(laid.get(i), place) <= distance(laid.get(nearest), place)) {
                nearest = i;
              }
            }
            assertThat(window.nearest(place, laid.size()))
                .as("%s at %s", window, place)
                .isEqualTo(nearest);
          }
        });
  }

  private static int distance(List<Integer> places, int place) {
    return Math.abs(places.get(0) + last(places) - 2 * place);
  }

  @Test
  void ceilModeAddsTheWindowThatHangsOverUnlessItStartsAfterTheInput() {
    everywhere(
        (window, size) -> {
          List<List<Integer>> laid = laid(window, size);
          if (laid.isEmpty() || window.padAfter() >= window.span()) { // no window for pooling
            return;
          }
          List<Integer> fits = laid.get(laid.size() - 1);
          boolean rest = last(fits) + 1 < size + window.padAfter();
          boolean starts = fits.get(0) + window.stride() < size;
          int expected = laid.size() + (rest && starts ? 1 : 0);
          assertThat(window.ceilOut(size)).as("%s on %s", window, size).isEqualTo(expected);
        });
  }

  @Test
  void samePaddingGivesAnOutputForEveryStrideOfTheInputWithTheLeastPadding() {
    everywhere(
        (window, size) -> {
          int wanted = 0;
          for (int start = 0; start < size; start += window.stride()) {
            wanted++;
          }
          Window upper = window.same(size, true);
          Window lower = window.same(size, false);
          int pads = upper.padBefore() + upper.padAfter();
          assertThat(upper.padAfter() - upper.padBefore()).isEqualTo(pads % 2);
          assertThat(lower).isEqualTo(upper.padding(upper.padAfter(), upper.padBefore()));
          assertThat(laid(upper, size)).hasSize(wanted);
          if (pads > 0) {
            assertThat(laid(window.padding(0, pads - 1), size)).hasSize(wanted - 1);
          }
        });
  }

  @Test
  void theTransposedSizeIsTheInputThatItsWindowsExactlyCover() {
    everywhere(
        (window, size) -> {
          if (window.out(size) > 0) {
            assertThat(window.transposedOut(window.out(size), window.dropped(size)))
                .isEqualTo(size);
          }
        });
    assertThat(Window.of(1).stride(2).transposedOut(2, 0)).isEqualTo(3);
    assertThat(Window.of(3).padding(-2, 0).transposedOut(1, 0)).isEqualTo(5); // padding that adds
  }

  @Test
  void aWindowThatDoesNotFitHasNoOutputAndDropsEverything() {
    Window wide = Window.of(7).padding(0, 1);
    assertThat(wide.out(5)).isZero();
    assertThat(wide.dropped(5)).isEqualTo(6);
    assertThat(wide.readers(2, 0)).isEmpty();
    assertThat(wide.problem("Conv2d", "height", 5))
        .isEqualTo(
            "Conv2d: kernel 7 (dilation 1) exceeds padded input 6; raise padding to 1 or use kernel"
                + " ≤ 6");
  }

  @Test
  void sizesThatOverflowAreRefusedInWords() {
    assertThat(new Window(3, 1, 0, 0, Integer.MAX_VALUE).problem("Conv2d", "width", 5))
        .isEqualTo(
            "Conv2d: kernel 3, dilation 2147483647 and stride 1 reach too far for an input width of"
                + " 5; use smaller ones");
    assertThat(Window.of(3).padding(Integer.MAX_VALUE).problem("Conv2d", "width", 5))
        .isEqualTo("Conv2d: padding 2147483647 is too large; use at most 268435456");
  }
}
