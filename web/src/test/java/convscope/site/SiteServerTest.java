package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import convscope.site.SiteServer.Options;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteServerTest {
  @TempDir private Path folder;
  private Path site = Path.of("");

  @BeforeEach
  void writeASite() throws IOException {
    site = Files.createDirectories(folder.resolve("site"));
    Files.createDirectories(site.resolve("assets"));
    for (String type :
        new String[] {"js", "mjs", "css", "wasm", "svg", "json", "html", "png", "csv"}) {
      Files.writeString(site.resolve("index." + type), "content");
      Files.writeString(site.resolve("assets/a." + type), "content");
    }
    Files.writeString(folder.resolve("secret.txt"), "secret");
  }

  @ParameterizedTest
  @CsvSource({
    "js, text/javascript",
    "mjs, text/javascript",
    "css, text/css",
    "wasm, application/wasm",
    "svg, image/svg+xml",
    "json, application/json",
    "html, text/html",
    "png, image/png",
    "csv, text/csv"
  })
  void everyFileHasItsMediaTypeThePolicyAndNoSniffing(String extension, String type)
      throws Exception {
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      HttpResponse<String> response = get(server.url() + "index." + extension);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(header(response, "Content-Type")).startsWith(type);
      assertThat(header(response, "Content-Security-Policy")).isEqualTo(SiteServer.STRICT_POLICY);
      assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"html", "js", "mjs", "css", "svg", "json", "csv", "wasm"})
  void everyTextAndModuleComesCompressedToThoseWhoAcceptIt(String extension) throws Exception {
    String text = "content, content\n".repeat(200);
    Files.writeString(site.resolve("index." + extension), text);
    Precompressed.writeAll(site);
    String url = "index." + extension;
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      String type = header(get(server.url() + url), "Content-Type");
      for (String coding : new String[] {"gzip", "br"}) {
        HttpResponse<byte[]> response = get(server.url() + url, coding);
        assertThat(header(response, "Content-Encoding")).isEqualTo(coding);
        assertThat(header(response, "Vary")).containsIgnoringCase("Accept-Encoding");
        assertThat(header(response, "Content-Type")).isEqualTo(type);
        assertThat(header(response, "Content-Security-Policy")).isNotEmpty();
        assertThat(response.body()).hasSizeLessThan(text.length() / 10);
        assertThat(PrecompressedTest.plain(coding, response.body())).isEqualTo(text);
      }
      HttpResponse<byte[]> plain = get(server.url() + url, "identity");
      assertThat(plain.body()).asString(StandardCharsets.UTF_8).isEqualTo(text);
      assertThat(header(plain, "Content-Encoding")).isEmpty();
    }
  }

  @Test
  void theFirstPageComesCompressedTooAndFromUnderAPath() throws Exception {
    Files.writeString(site.resolve("index.html"), "content".repeat(1000));
    Precompressed.writeAll(site);
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT.under("/courses/cnn"))) {
      HttpResponse<byte[]> response = get(server.url(), "gzip, deflate, br");
      assertThat(header(response, "Content-Encoding")).isEqualTo("br");
      assertThat(header(response, "Content-Type")).startsWith("text/html");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/..\\secret.txt",
        "/%5c..%5csecret.txt",
        "/..;/secret.txt",
        "/%252e%252e/secret.txt",
        "//../secret.txt",
        "/secret.txt"
      })
  void nothingOutsideTheFolderIsServed(String path) throws Exception {
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      URI uri = URI.create(server.url());
      try (Socket socket =
          new Socket(uri.getHost(), uri.getPort())) { // a raw one: HttpClient tidies paths
        String request =
            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(answer).startsWith("HTTP/1.1 40").doesNotContain("\r\n\r\nsecret");
      }
    }
  }

  @Test
  void hashedAssetsAreKeptAndPagesAskedForAgain() throws Exception {
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      assertThat(header(get(server.url() + "assets/a.js"), "Cache-Control")).contains("immutable");
      assertThat(header(get(server.url()), "Cache-Control")).isEqualTo("no-cache");
    }
  }

  @Test
  void theSiteMayLieUnderAPathAndGoWithoutPolicy() throws Exception {
    Options options = Options.DEFAULT.withoutPolicy().under("/courses/cnn");
    try (SiteServer server = new SiteServer(site, 0, options)) {
      assertThat(server.url()).endsWith("/courses/cnn/");
      HttpResponse<String> response = get(server.url() + "index.html");
      assertThat(response.body()).isEqualTo("content");
      assertThat(response.headers().firstValue("Content-Security-Policy")).isEmpty();
      assertThat(get(server.url().replace("courses/cnn/", "")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void itListensOnLoopbackOnly() throws Exception {
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      String host = URI.create(server.url()).getHost();
      assertThat(InetAddress.getByName(host).isLoopbackAddress()).isTrue();
    }
  }

  @Test
  void aTakenPortIsRefused() throws Exception {
    try (SiteServer server = new SiteServer(site, 0, Options.DEFAULT)) {
      int port = URI.create(server.url()).getPort();
      assertThatThrownBy(() -> new SiteServer(site, port, Options.DEFAULT).close())
          .isInstanceOf(BindException.class);
    }
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<byte[]> get(String url, String codings)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url)).header("Accept-Encoding", codings).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
