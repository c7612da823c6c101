package convscope.train;

/** Numbers as bytes, little-endian, one after the other. */
final class Packed {
  private final byte[] bytes;
  private int at;

  Packed(byte[] bytes) {
    this.bytes = bytes;
  }

  byte[] bytes() {
    return bytes;
  }

  void put(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      bytes[at++] = (byte) (value >> shift);
    }
  }

  int integer() {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      value |= (bytes[at++] & 255) << shift;
    }
    return value;
  }

  void put(float[] values) {
    for (float value : values) {
      put(Float.floatToRawIntBits(value));
    }
  }

  void get(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(integer());
    }
  }

  void put(double[] values) {
    for (double value : values) {
      long bits = Double.doubleToRawLongBits(value);
      put((int) bits);
      put((int) (bits >> 32));
    }
  }

  void get(double[] values) {
    for (int i = 0; i < values.length; i++) {
      long low = integer() & 0xffffffffL;
      values[i] = Double.longBitsToDouble(low | (long) integer() << 32);
    }
  }
}
