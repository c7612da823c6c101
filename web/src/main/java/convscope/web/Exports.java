package convscope.web;

import com.eclipsesource.json.Json;
import convscope.figure.FigureService;
import convscope.figure.Reply;
import convscope.linalg.ScalarGemm;
import org.teavm.interop.Export;

/** The module of the topic pages: figures. */
public final class Exports {
  private static final FigureService SERVICE =
      new FigureService().timedBy(Host::now, new ScalarGemm());

  private Exports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  /**
   * Answers the request that the host holds. A Java exception becomes {@code {"error": …}}; a trap
   * reaches the host.
   */
  @Export(name = "call")
  public static void call() {
    try {
      Reply reply = SERVICE.handle(Host.text(), Host.bytes());
      Host.reply(reply.json());
      Host.reply(reply.bytes());
    } catch (RuntimeException e) {
      Host.reply(Json.object().add("error", Host.message(e)).toString());
    }
  }
}
