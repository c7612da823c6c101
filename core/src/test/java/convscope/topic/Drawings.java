package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.scene.Scene;
import convscope.scene.Stage;
import convscope.scene.SvgWriter;
import convscope.scene.Text;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Looks at drawings as a browser would read them. */
final class Drawings {
  private static final double SLACK = 0.5;
  private static final double SMALLEST_TEXT = 10.5; // of a drawing; on a page all are enlarged
  private static final double SMALLEST_NUMBER = 9;

  private Drawings() {}

  static Document parsed(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("not well-formed: " + e.getMessage() + "\n" + head(xml), e);
    }
  }

  private static String head(String text) {
    return text.length() > 2000 ? text.substring(0, 2000) + "…" : text;
  }

  static List<Element> elements(Document document, String tag) {
    return elements(document.getDocumentElement(), tag);
  }

  /**
   * Asserts that nothing reaches beyond the drawing's edge, that every text can be read, and that
   * every cell whose value is a number that is known shows something.
   */
  static void assertTidy(Scene scene, Stage stage, String of) {
    double zoom = scene.width() / stage.width();
    Document svg = parsed(SvgWriter.write(scene, "alt"));
    for (String tag : new String[] {"rect", "image"}) {
      for (Element rect : elements(svg, tag)) {
        double x = number(rect, "x");
        double y = number(rect, "y");
        String where = of + ": " + tag + " " + rect.getAttribute("class") + key(rect);
        assertInside(scene, x, y, where);
        assertInside(scene, x + number(rect, "width"), y + number(rect, "height"), where);
      }
    }
    for (Element line : elements(svg, "line")) {
      String where = of + ": line" + key(line);
      assertInside(scene, number(line, "x1"), number(line, "y1"), where);
      assertInside(scene, number(line, "x2"), number(line, "y2"), where);
    }
    for (Element text : elements(svg, "text")) {
      String where = of + ": text “" + text.getTextContent() + "”";
      boolean title = text.getAttribute("class").equals("title");
      double size = title ? 13 : number(text, "font-size");
      boolean inCell = ((Element) text.getParentNode()).getAttribute("class").startsWith("cell");
      assertThat(size / zoom)
          .as(where)
          .isGreaterThanOrEqualTo(inCell ? SMALLEST_NUMBER : SMALLEST_TEXT);
      assertInside(scene, number(text, "x"), number(text, "y") - size * 0.7, where);
      assertInside(scene, number(text, "x"), number(text, "y"), where);
      String anchor = inCell ? "middle" : text.getAttribute("text-anchor");
      double share = anchor.equals("middle") ? 0.5 : anchor.equals("end") ? 0 : 1;
      double right = number(text, "x") + Text.width(text.getTextContent(), size) * share;
      assertThat(right).as(where + " ends").isLessThanOrEqualTo(scene.width() + SLACK);
    }
    assertNumbersShown(svg, of);
  }

  private static void assertNumbersShown(Document svg, String of) {
    for (Element cell : elements(svg, "g")) {
      boolean inGrid =
          cell.getAttribute("role").equals("gridcell")
              && elements(cell, "rect").size() == 1
              && cell.getAttribute("class").startsWith("cell l");
      boolean known = !cell.getAttribute("aria-label").equals("not computed yet");
      if (inGrid
          && known
          && cell.getAttribute("aria-label").matches("[−-]?[\\d.,]+(e[−+-]?\\d+)?|")) {
        assertThat(cell.getTextContent()).as(of + ": cell" + key(cell)).isNotBlank();
      }
    }
  }

  private static List<Element> elements(Element parent, String tag) {
    NodeList nodes = parent.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int n = 0; n < nodes.getLength(); n++) {
      elements.add((Element) nodes.item(n));
    }
    return elements;
  }

  private static String key(Element element) {
    String own = element.getAttribute("data-k");
    return " " + (own.isEmpty() ? ((Element) element.getParentNode()).getAttribute("data-k") : own);
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static void assertInside(Scene scene, double x, double y, String where) {
    assertThat(x).as(where + " across").isBetween(-SLACK, scene.width() + SLACK);
    assertThat(y).as(where + " down").isBetween(-SLACK, scene.height() + SLACK);
  }
}
