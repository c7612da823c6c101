package convscope.topic;

import convscope.data.Given;
import convscope.data.Picture;
import convscope.scene.SvgWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/**
 * Writes drawings into one page, to look at them without building the site: {@code Gallery <page>
 * <style sheet> <slug> [<query>[@<step>] …]}. Each is shown wide and narrow, with its equation and
 * caption. An empty query is the default figure.
 */
public final class Gallery {
  private Gallery() {}

  public static void main(String[] args) throws IOException {
    StringBuilder out = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><style>");
    out.append(Files.readString(Path.of(args[1])).replace(":host", ".host"));
    out.append(
        "body{background:#fbfaf7;margin:8px;font-family:sans-serif}.pair{display:flex;gap:16px;"
            + "align-items:start;margin:0 0 24px}.pair>div{background:#fff;border:1px solid #ddd}"
            + ".w{width:640px}.n{width:350px}.pair svg{width:100%;height:auto;display:block}"
            + "p{margin:4px;font-size:13px}</style><div class=\"host\">");
    String[] queries =
        args.length > 3 ? java.util.Arrays.copyOfRange(args, 3, args.length) : new String[] {""};
    Topic<?> topic =
        Topics.figures().stream().filter(t -> t.slug().equals(args[2])).findFirst().orElseThrow();
    for (String query : queries) {
      int at = query.indexOf('@');
      Probe<?> probe = Probe.of(topic).at(at < 0 ? query : query.substring(0, at));
      probe = probe.with(photographs(probe, Path.of(args[1]).resolveSibling("../data")));
      if (at >= 0) {
        probe = probe.step(Integer.parseInt(query.substring(at + 1)));
      }
      out.append("<p><b>").append(query.isEmpty() ? "default" : query).append("</b></p>");
      out.append("<div class=\"pair figure\"><div class=\"w\">").append(svg(probe.figure()));
      out.append("</div><div class=\"n\">").append(svg(probe.narrow().figure()));
      out.append("</div></div>");
    }
    Files.writeString(Path.of(args[0]), out.append("</div>").toString());
  }

  /** The photographs that a topic needs, from the folder of the style sheet's neighbour. */
  private static Given photographs(Probe<?> probe, Path data) throws IOException {
    Given given = Shipped.given();
    for (String name : probe.topic().needs(probe.values())) {
      if (given.has(name)) {
        continue;
      }
      BufferedImage whole = ImageIO.read(data.resolve(name + ".png").toFile());
      double scale = Math.min(1, 256.0 / Math.max(whole.getWidth(), whole.getHeight()));
      int width = (int) (whole.getWidth() * scale);
      int height = (int) (whole.getHeight() * scale);
      byte[] rgba = new byte[4 * width * height];
      for (int n = 0; n < width * height; n++) {
        int rgb = whole.getRGB((int) (n % width / scale), (int) (n / width / scale));
        rgba[4 * n] = (byte) (rgb >> 16);
        rgba[4 * n + 1] = (byte) (rgb >> 8);
        rgba[4 * n + 2] = (byte) rgb;
        rgba[4 * n + 3] = (byte) 255;
      }
      given.picture(name, new Picture(height, width, rgba, ""));
    }
    return given;
  }

  private static String svg(Figure figure) {
    return SvgWriter.write(figure.scene(), figure.alt())
        + "<div class=\"equation\">"
        + figure.equation()
        + "</div><p class=\"caption\">"
        + figure.caption()
        + "</p>";
  }
}
