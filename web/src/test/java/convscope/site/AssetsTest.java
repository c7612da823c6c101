package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetsTest {
  @TempDir private Path site;

  @Test
  void aPlaceholderBecomesThePathFromTheReferringFile() throws IOException {
    Assets assets = new Assets(site);
    String photo = assets.add("photo-camera.png", new byte[] {1, 2, 3});
    assertThat(photo).matches("assets/photo-camera\\.[0-9a-f]{12}\\.png");

    String script = assets.add("a.js", "'__PHOTO_CAMERA_PNG__'");
    assertThat(assets.add("b.js", "0f", new byte[] {4})).isEqualTo("assets/b.0f.js");
    assertThat(site.resolve(script)).hasContent("'" + photo.substring("assets/".length()) + "'");
    assets.put("index.html", "<script src=\"__A_JS__\">__ROOT__");
    assertThat(site.resolve("index.html")).hasContent("<script src=\"" + script + "\">");
    assets.put("embed/single/a.html", "__A_JS__ __ROOT__index.html __ASSETS__");
    assertThat(site.resolve("embed/single/a.html"))
        .hasContent("../../" + script + " ../../index.html ../../assets/");
  }

  @Test
  void anAssetIsRenamedWhenWhatItRefersToChanges() {
    Assets before = new Assets(site);
    before.add("engine.wasm", new byte[] {1});
    Assets after = new Assets(site);
    after.add("engine.wasm", new byte[] {2});
    String script = "fetch('__ENGINE_WASM__')";
    assertThat(before.add("a.js", script)).isNotEqualTo(after.add("a.js", script));
  }

  @Test
  void anUnknownPlaceholderIsRefused() {
    assertThatThrownBy(() -> new Assets(site).put("index.html", "__ENGINE_WASM__"))
        .hasMessageStartingWith("index.html: no asset for __ENGINE_WASM__; there are:");
    assertThat(Files.exists(site.resolve("index.html"))).isFalse();
  }
}
