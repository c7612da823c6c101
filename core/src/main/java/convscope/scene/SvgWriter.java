package convscope.scene;

import convscope.num.Num;

/**
 * Writes a {@link Scene} as one SVG element: classes and keys only, no colour and no inline style.
 */
public final class SvgWriter {
  private SvgWriter() {}

  /**
   * The SVG, complete: it can stand alone.
   *
   * @param alt what the drawing shows, as a finding
   */
  public static String write(Scene scene, String alt) {
    return write(scene, alt, new Markup());
  }

  /** The SVG without the pixels of images, which the host paints. */
  public static String withoutPixels(Scene scene, String alt) {
    return write(scene, alt, new Markup().withoutPixels());
  }

  private static String write(Scene scene, String alt, Markup out) {
    out.open("svg").attr("xmlns", "http://www.w3.org/2000/svg").attr("class", "scene");
    out.attr("width", scene.width()).attr("height", scene.height());
    out.attr("viewBox", "0 0 " + Num.plain(scene.width(), 2) + " " + Num.plain(scene.height(), 2));
    out.attr("role", "group").attr("aria-label", alt);
    for (Mark mark : scene.marks()) {
      mark.write(out);
    }
    return out.close().toString();
  }
}
