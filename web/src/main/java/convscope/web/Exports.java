package convscope.web;

import com.eclipsesource.json.Json;
import convscope.figure.FigureService;
import convscope.figure.Reply;
import org.teavm.interop.Export;
import org.teavm.interop.Import;

/**
 * The whole border between the browser and Java: the host holds one request (a text and some
 * bytes), calls {@link #call}, and receives one reply the same way. Only ints cross it, one at a
 * time (about 10 ns each), so that the module needs no JavaScript glue of TeaVM's and its own
 * loader fits on a page.
 */
public final class Exports {
  private static final FigureService SERVICE = new FigureService();

  private Exports() {}

  /** TeaVM wants a main method; the host never calls it. */
  public static void main(String[] args) {}

  /**
   * Answers the request that the host holds. A Java exception becomes {@code {"error": …}}; a trap
   * reaches the host.
   */
  @Export(name = "call")
  public static void call() {
    Reply reply;
    try {
      reply = SERVICE.handle(readText(), readBytes());
    } catch (RuntimeException | Error e) {
      reply = failure(e);
    }
    String json = reply.json();
    for (int i = 0; i < json.length(); i++) {
      outChar(json.charAt(i));
    }
    byte[] bytes = reply.bytes();
    for (int i = 0; i < bytes.length; i++) {
      outByte(bytes[i]);
    }
  }

  private static String readText() {
    char[] text = new char[inLength()];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) inChar(i);
    }
    return new String(text);
  }

  private static byte[] readBytes() {
    byte[] bytes = new byte[inBytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) inByte(i);
    }
    return bytes;
  }

  private static Reply failure(Throwable e) {
    String message = e.getMessage();
    String said = message == null ? e.getClass().getName() : message;
    return new Reply(Json.object().add("error", said).toString(), new byte[0]);
  }

  @Import(module = "convscope", name = "inLength")
  private static native int inLength();

  @Import(module = "convscope", name = "inChar")
  private static native int inChar(int index);

  @Import(module = "convscope", name = "inBytes")
  private static native int inBytes();

  @Import(module = "convscope", name = "inByte")
  private static native int inByte(int index);

  @Import(module = "convscope", name = "outChar")
  private static native void outChar(int code);

  @Import(module = "convscope", name = "outByte")
  private static native void outByte(int value);
}
