package convscope.web;

import convscope.net.onnx.Source;
import org.teavm.interop.Import;

/**
 * The host's side of the border between the browser and Java: it holds one request (a text and some
 * bytes) and takes one reply. Only numbers cross it, one at a time (about 10 ns each), so that the
 * modules need no JavaScript glue of TeaVM's and their own loader fits on a page.
 */
public final class Host {
  private Host() {}

  /** The request's text. */
  static String text() {
    char[] text = new char[inLength()];
    for (int i = 0; i < text.length; i++) {
      text[i] = (char) inChar(i);
    }
    return new String(text);
  }

  /** The request's bytes. */
  static byte[] bytes() {
    byte[] bytes = new byte[inBytes()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) inByte(i);
    }
    return bytes;
  }

  /** The request's bytes up to an end, where they are: for files too large to copy. */
  static Source source(int end) {
    return new Source() {
      @Override
      public int size() {
        return end;
      }

      @Override
      public byte at(int index) {
        return (byte) inByte(index);
      }
    };
  }

  /** Adds to the reply's text. */
  static void reply(String text) {
    for (int i = 0; i < text.length(); i++) {
      outChar(text.charAt(i));
    }
  }

  /** Adds to the reply's bytes. */
  static void reply(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      outByte(bytes[i]);
    }
  }

  /** What to tell the reader about an exception. */
  static String message(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getName() : message;
  }

  /** Milliseconds since some moment, with fractions. */
  @Import(module = "convscope", name = "now")
  static native double now();

  @Import(module = "convscope", name = "inLength")
  private static native int inLength();

  @Import(module = "convscope", name = "inChar")
  private static native int inChar(int index);

  @Import(module = "convscope", name = "inBytes")
  static native int inBytes();

  @Import(module = "convscope", name = "inByte")
  static native int inByte(int index);

  @Import(module = "convscope", name = "outChar")
  private static native void outChar(int code);

  @Import(module = "convscope", name = "outByte")
  private static native void outByte(int value);

  // ---- linear memory, and the kernels that work on it

  /** How much there is, in bytes. */
  @Import(module = "convscope", name = "memoryBytes")
  public static native int memoryBytes();

  /** Adds pages of 64 KiB; negative if the browser refuses. */
  @Import(module = "convscope", name = "grow")
  public static native int grow(int pages);

  /** Adds to the bytes of the module of kernels. */
  @Import(module = "convscope", name = "kernelByte")
  public static native void kernelByte(int value);

  /** Compiles those bytes; 0 if the browser does not know an instruction among them. */
  @Import(module = "convscope", name = "kernelsReady")
  public static native int kernelsReady();

  /** Copies bytes of the request to an address. */
  @Import(module = "convscope", name = "toMemory")
  static native void toMemory(int address, int from, int count);

  /** Adds bytes at an address to the reply. */
  @Import(module = "convscope", name = "fromMemory")
  static native void fromMemory(int address, int count);
}
