package convscope.scene;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MosaicTest {
  @Test
  void cellsOfOneLevelShareAPathAndHolesHaveTheirOwn() {
    byte[] levels = {5, Mosaic.HOLE, 5, 0, 5, Mosaic.HOLE};
    Scene scene =
        Scene.of(100, 5, new Mosaic("m", Role.INPUT, 2, 3, Cells.of(10), levels, "six cells"));
    String svg = SvgWriter.write(scene, "alt");
    assertThat(svg).contains("aria-label=\"six cells\"");
    assertThat(cells(svg, "l5")).isEqualTo(3);
    assertThat(cells(svg, "l0")).isEqualTo(1);
    assertThat(cells(svg, "hole")).isEqualTo(2);
    assertThat(svg).doesNotContain("class=\"l1\"");
  }

  private static int cells(String svg, String css) {
    String path = svg.substring(svg.indexOf("class=\"" + css + "\""));
    path = path.substring(0, path.indexOf("/>"));
    return path.split("M", -1).length - 1;
  }
}
