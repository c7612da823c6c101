package convscope.web;

import convscope.workbench.WorkbenchService;
import org.teavm.interop.Export;

/** The module of the workbench. */
public final class WorkbenchExports {
  private static final WorkbenchService SERVICE = new WorkbenchService(Host::now);

  private WorkbenchExports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  @Export(name = "call")
  public static void call() {
    Exports.answer(SERVICE);
  }
}
