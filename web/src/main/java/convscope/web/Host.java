package convscope.web;

import org.teavm.interop.Import;

/**
 * The host's side of the border between the browser and Java: it holds one request (a text and some
 * bytes) and takes one reply. Only numbers cross it, one at a time (about 10 ns each), so that the
 * modules need no JavaScript glue of TeaVM's and their own loader fits on a page.
 */
final class Host {
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
  private static native int inBytes();

  @Import(module = "convscope", name = "inByte")
  private static native int inByte(int index);

  @Import(module = "convscope", name = "outChar")
  private static native void outChar(int code);

  @Import(module = "convscope", name = "outByte")
  private static native void outByte(int value);
}
