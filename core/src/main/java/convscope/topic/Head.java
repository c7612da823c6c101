package convscope.topic;

import convscope.param.Param;
import convscope.param.Schema;
import convscope.scene.Stage;

/**
 * What is declared once about a topic.
 *
 * @param slug its name in URLs and in {@code <conv-scope topic="…">}; {@link Course} has its title
 * @param figureTitle the heading of its figure
 * @param schema its parameters: controls, URL keys, attributes and fuzz input
 * @param wide the size of its drawing in a wide column
 * @param narrow the size of its drawing in a narrow column
 */
public record Head(String slug, String figureTitle, Schema schema, Stage wide, Stage narrow) {
  private static final double USUAL_WIDE = 380;
  private static final double USUAL_NARROW = 380;

  public static Head of(String slug, String figureTitle, Param<?>... params) {
    return new Head(
        slug, figureTitle, Schema.of(params), Stage.wide(USUAL_WIDE), Stage.narrow(USUAL_NARROW));
  }

  /** The same with a drawing of these heights, whatever its parameters. */
  public Head stage(double wideHeight, double narrowHeight) {
    return new Head(slug, figureTitle, schema, Stage.wide(wideHeight), Stage.narrow(narrowHeight));
  }

  @Override
  public String toString() {
    return slug;
  }
}
