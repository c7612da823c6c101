package convscope.net.onnx;

/**
 * A reader of protocol buffers' wire format: fields one after the other, each a number and a value.
 *
 * <pre>
 *   while (proto.next()) { switch (proto.field()) { case 1 -> … proto.text() … } }
 * </pre>
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int LONG = 1;
  private static final int BYTES = 2;
  private static final int INT = 5;

  private final Source source;
  private final int end;
  private int at;
  private int field;
  private int wire;
  private boolean open; // a field whose value is not read yet

  Proto(Source source, int start, int end) {
    this.source = source;
    this.at = start;
    this.end = end;
  }

  /** Goes to the next field; false at the end. A value that was not read is passed over. */
  boolean next() {
    if (open) {
      skip();
    }
    if (at >= end) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    wire = (int) (key & 7);
    if (field == 0 || wire != VARINT && wire != LONG && wire != BYTES && wire != INT) {
      throw damaged("byte " + at + " begins no field");
    }
    open = true;
    return true;
  }

  int field() {
    return field;
  }

  private void skip() {
    switch (wire) {
      case VARINT -> varint();
      case LONG -> at += 8;
      case INT -> at += 4;
      default -> {
        int length = length(); // which moves on itself
        at += length;
      }
    }
    open = false;
    if (at > end) {
      throw damaged("a field ends behind its message");
    }
  }

  private int length() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw damaged("a field wants " + length + " bytes, " + (end - at) + " are left");
    }
    return (int) length;
  }

  private void want(int type) {
    if (wire != type) {
      throw damaged("field " + field + " has an unexpected type");
    }
    open = false;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw damaged("the file ends in the middle of a number");
      }
      byte b = source.at(at++);
      value |= (long) (b & 127) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged("a number of more than ten bytes");
  }

  /** A whole number. */
  long integer() {
    want(VARINT);
    return varint();
  }

  float real() {
    want(INT);
    return Float.intBitsToFloat((int) fixed(4));
  }

  private long fixed(int bytes) {
    if (at + bytes > end) {
      throw damaged("the file ends in the middle of a number");
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (source.at(at++) & 255L) << 8 * i;
    }
    return value;
  }

  /** A message inside this one. */
  Proto message() {
    want(BYTES);
    int length = length();
    at += length;
    return new Proto(source, at - length, at);
  }

  /** Where the message's bytes lie. */
  int start() {
    return at;
  }

  int end() {
    return end;
  }

  String text() {
    Proto bytes = message();
    StringBuilder out = new StringBuilder();
    while (bytes.at < bytes.end) {
      int b = source.at(bytes.at++) & 255;
      int more = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
      int code = b < 0x80 ? b : b & (0x3f >> more);
      for (int i = 0; i < more && bytes.at < bytes.end; i++) {
        code = code << 6 | source.at(bytes.at++) & 63;
      }
      out.append(code < 0x10000 ? (char) code : '?');
    }
    return out.toString();
  }

  /** Receives the numbers of a repeated field. */
  interface Longs {
    void add(long value);
  }

  /** A number, or several that are packed. */
  void integers(Longs out) {
    if (wire == VARINT) {
      out.add(integer());
      return;
    }
    Proto packed = message();
    while (packed.at < packed.end) {
      out.add(packed.varint());
    }
  }

  /** The same of numbers of 4 or 8 bytes, as their bits. */
  void bits(int bytes, Longs out) {
    if (wire != BYTES) {
      want(bytes == 4 ? INT : LONG);
      out.add(fixed(bytes));
      return;
    }
    Proto packed = message();
    while (packed.at < packed.end) {
      out.add(packed.fixed(bytes));
    }
  }

  static IllegalArgumentException damaged(String what) {
    return new IllegalArgumentException(
        "ONNX: " + what + "; the file is cut off or is no ONNX file: save it again");
  }
}
