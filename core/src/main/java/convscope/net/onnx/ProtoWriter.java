package convscope.net.onnx;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes protocol buffers' wire format: fields one after the other. */
final class ProtoWriter {
  private byte[] bytes = new byte[64];
  private int size;

  private void put(int value) {
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    bytes[size++] = (byte) value;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~127L) != 0) {
      put((int) (rest & 127 | 128));
      rest >>>= 7;
    }
    put((int) rest);
  }

  ProtoWriter integer(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  ProtoWriter real(int field, float value) {
    varint((long) field << 3 | 5);
    bits(value);
    return this;
  }

  private void bits(float value) {
    int bits = Float.floatToIntBits(value);
    for (int shift = 0; shift < 32; shift += 8) {
      put(bits >> shift);
    }
  }

  ProtoWriter text(int field, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return bytes(field, utf8, utf8.length);
  }

  ProtoWriter message(int field, ProtoWriter message) {
    return bytes(field, message.bytes, message.size);
  }

  private ProtoWriter bytes(int field, byte[] content, int length) {
    varint((long) field << 3 | 2);
    varint(length);
    while (size + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length);
    }
    System.arraycopy(content, 0, bytes, size, length);
    size += length;
    return this;
  }

  /** Raw float32 numbers as one field. */
  ProtoWriter floats(int field, float[] values) {
    ProtoWriter raw = new ProtoWriter();
    for (float value : values) {
      raw.bits(value);
    }
    return message(field, raw);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
