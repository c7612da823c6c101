package convscope.topic;

import convscope.scene.Prose;
import convscope.scene.Raster;
import convscope.scene.Scene;
import java.util.List;

/**
 * What a topic shows at one moment: the drawing and the words about it, from the same numbers.
 *
 * @param scene the drawing; its size depends on the parameters only, never on the step
 * @param alt what the drawing shows, as a finding, in plain text
 * @param equation the core relation with the live numbers, as HTML
 * @param caption one or two sentences that are true now, as HTML
 * @param twin the figure as text and tables, as HTML
 * @param rasters the images that the host paints if they are not inside the SVG
 */
public record Figure(
    Scene scene, String alt, String equation, String caption, String twin, List<Raster> rasters) {
  /** A figure whose finding is its caption. */
  public Figure(Scene scene, String equation, Prose caption, String twin, List<Raster> rasters) {
    this(scene, caption.plain(), equation, caption.html(), twin, rasters);
  }

  public Figure(Scene scene, String alt, String equation, String caption, String twin) {
    this(scene, alt, equation, caption, twin, List.of());
  }
}
