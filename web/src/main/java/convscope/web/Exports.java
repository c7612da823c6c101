package convscope.web;

import com.eclipsesource.json.Json;
import convscope.figure.FigureService;
import convscope.figure.PracticeService;
import convscope.figure.Reply;
import convscope.lab.LabService;
import convscope.workbench.WorkbenchService;
import java.util.function.Supplier;

/**
 * What a module of figures answers. The module's entry itself, a class with the export {@code call}
 * and a {@link FigureService} of a chapter's topics, is generated at build time.
 */
final class Exports {
  private Exports() {}

  /**
   * Answers the request that the host holds. A Java exception becomes {@code {"error": …}}; a trap
   * reaches the host.
   */
  static void answer(FigureService service) {
    answer(() -> service.handle(Host.text(), Host.bytes()));
  }

  /** The same for the exercises. */
  static void answer(PracticeService service) {
    answer(() -> service.handle(Host.text()));
  }

  /** The same for the training lab. */
  static void answer(LabService service) {
    answer(() -> service.handle(Host.text(), Host.bytes()));
  }

  /** The same for the workbench; the bytes stay where they are. */
  static void answer(WorkbenchService service) {
    answer(() -> service.handle(Host.text(), Host.source(Host.inBytes())));
  }

  private static void answer(Supplier<Reply> service) {
    try {
      Reply reply = service.get();
      Host.reply(reply.json());
      Host.reply(reply.bytes());
    } catch (RuntimeException e) {
      Host.reply(Json.object().add("error", Host.message(e)).toString());
    }
  }
}
