package convscope.lab;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import convscope.scene.Raster;
import convscope.scene.Scene;
import convscope.scene.SvgWriter;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** What a page shows of a run: pieces of markup by name, and the pixels of the images in them. */
final class Shown {
  private final JsonArray panels = new JsonArray();
  private final ByteArrayOutputStream levels = new ByteArrayOutputStream();

  /** A table or a sentence. */
  void html(String id, String html) {
    panels.add(Json.object().add("id", id).add("html", html).add("rasters", new JsonArray()));
  }

  /** A drawing, whose pixels the host paints. */
  void drawing(String id, Scene scene, String alt) {
    List<Raster> rasters = new ArrayList<>(scene.rasters());
    JsonArray images = new JsonArray();
    for (Raster raster : rasters) {
      images.add(
          Json.object()
              .add("key", raster.key())
              .add("rows", raster.rows())
              .add("columns", raster.columns())
              .add("palette", raster.palette())
              .add("offset", levels.size()));
      levels.write(raster.levels(), 0, raster.levels().length);
    }
    panels.add(
        Json.object()
            .add("id", id)
            .add("html", SvgWriter.withoutPixels(scene, alt))
            .add("rasters", images));
  }

  JsonObject json() {
    return Json.object().add("panels", panels);
  }

  byte[] bytes() {
    return levels.toByteArray();
  }
}
