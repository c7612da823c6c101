package convscope.site;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jetty.http.CompressedContentFormat;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ResourceService.WelcomeMode;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Serves a folder to this machine only (loopback), as a careful web host would. */
public final class SiteServer implements AutoCloseable {
  /** The strictest policy that the site works under. */
  public static final String STRICT_POLICY =
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:;"
          // the scripts of a page, its figures and its search are three, each with a policy
          + " require-trusted-types-for 'script'; trusted-types convscope 'allow-duplicates'";

  private static final HttpField ANY_ORIGIN = new HttpField("Access-Control-Allow-Origin", "*");
  private static final HttpField NO_SNIFFING = new HttpField("X-Content-Type-Options", "nosniff");
  private static final HttpField KEEP =
      new HttpField(HttpHeader.CACHE_CONTROL, "public, max-age=31536000, immutable");
  private static final HttpField ASK_AGAIN = new HttpField(HttpHeader.CACHE_CONTROL, "no-cache");

  /**
   * How to serve.
   *
   * @param strictPolicy whether {@link #STRICT_POLICY} goes with every file
   * @param prefix the path that the folder appears under: {@code /}, or {@code /some/where}
   */
  public record Options(boolean strictPolicy, String prefix) {
    /** Strict, at the root. */
    public static final Options DEFAULT = new Options(true, "/");

    /** The same without a policy. */
    public Options withoutPolicy() {
      return new Options(false, prefix);
    }

    /** The same under another path. */
    public Options under(String newPrefix) {
      return new Options(strictPolicy, newPrefix);
    }
  }

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);
  private final String prefix;

  /**
   * Starts serving {@code folder} on {@code port}; 0 takes a free one.
   *
   * @throws BindException if the port is taken
   */
  public SiteServer(Path folder, int port, Options options) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "No folder to serve at " + folder + "; build the site first: ./mvnw package");
    }
    prefix = options.prefix().endsWith("/") ? options.prefix() : options.prefix() + "/";
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    connector.setPort(port);
    server.addConnector(connector);

    ResourceHandler files = new ResourceHandler();
    files.setBaseResource(ResourceFactory.of(server).newResource(folder.toAbsolutePath()));
    files.setDirAllowed(false);
    files.setEtags(true);
    files.setWelcomeMode(WelcomeMode.REHANDLE); // or the page of a folder would go uncompressed
    // what the build has compressed, in the order in which it is preferred
    files.setPrecompressedFormats(CompressedContentFormat.BR, CompressedContentFormat.GZIP);
    server.setHandler(
        new ContextHandler(new Headers(files, options.strictPolicy()), options.prefix()));
    try {
      server.start();
    } catch (IOException e) {
      close();
      throw e.getCause() instanceof BindException taken ? taken : e;
    } catch (Exception e) {
      close();
      throw new IllegalStateException(e);
    }
  }

  /** Where the folder is served, with a slash at the end. */
  public String url() {
    return "http://" + connector.getHost() + ":" + connector.getLocalPort() + prefix;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * {@code SiteServer <folder> <port>}: serves until interrupted. A port that is taken is replaced
   * by a free one.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    SiteServer server;
    try {
      server = new SiteServer(folder, port, Options.DEFAULT);
    } catch (BindException e) {
      System.out.println("Port " + port + " is taken; using a free one.");
      server = new SiteServer(folder, 0, Options.DEFAULT);
    }
    System.out.println();
    System.out.println("Convscope is at " + server.url() + "  (Ctrl+C ends it)");
    System.out.println();
    server.server.join();
  }

  private static final class Headers extends Handler.Wrapper {
    private final boolean strictPolicy;

    Headers(Handler handler, boolean strictPolicy) {
      super(handler);
      this.strictPolicy = strictPolicy;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      HttpFields.Mutable headers = response.getHeaders();
      headers.put(ANY_ORIGIN);
      headers.put(NO_SNIFFING);
      headers.put(Request.getPathInContext(request).startsWith("/assets/") ? KEEP : ASK_AGAIN);
      if (strictPolicy) {
        headers.put("Content-Security-Policy", STRICT_POLICY);
      }
      return super.handle(request, response, callback);
    }
  }
}
