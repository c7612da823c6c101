package convscope.topic;

import convscope.scene.Equation;
import convscope.scene.Markup;
import convscope.scene.Prose;
import convscope.scene.Scene;
import convscope.scene.Twin;

/**
 * What a topic shows at one moment: the drawing and the words about it, from the same numbers.
 *
 * @param scene the drawing; its size is that of the topic's stage
 * @param alt what the drawing shows, as a finding, in plain text
 * @param equation the core relation with the live numbers, as HTML
 * @param caption one or two sentences that are true now, as HTML
 * @param twin the figure as text and tables, as HTML
 */
public record Figure(Scene scene, String alt, String equation, String caption, String twin) {
  /** A figure whose finding is its caption, and whose text twin is what its marks tell. */
  public static Figure of(Scene scene, Equation equation, Prose caption) {
    return of(scene, equation.html(), caption);
  }

  /** The same with another finding than its caption, which is told in the text twin as well. */
  public Figure finding(String found) {
    String told = twin.contains(Markup.escaped(found)) ? twin : new Twin().say(found) + twin;
    return new Figure(scene, found, equation, caption, told);
  }

  /** The same with an equation that is already written. */
  public static Figure of(Scene scene, String equation, Prose caption) {
    String twin = Twin.of(caption, scene).toString();
    return new Figure(scene, caption.plain(), equation, caption.html(), twin);
  }
}
