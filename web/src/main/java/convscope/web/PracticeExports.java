package convscope.web;

import convscope.figure.PracticeService;
import org.teavm.interop.Export;

/** The module of the exercises. */
public final class PracticeExports {
  private static final PracticeService SERVICE = new PracticeService();

  private PracticeExports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  @Export(name = "call")
  public static void call() {
    Exports.answer(SERVICE);
  }
}
