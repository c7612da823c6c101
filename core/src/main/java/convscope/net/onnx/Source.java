package convscope.net.onnx;

/** Bytes that stay where they are: a file's weights are not copied to read its structure. */
public interface Source {
  int size();

  byte at(int index);

  /** The bytes of an array. */
  static Source of(byte[] bytes) {
    return new Source() {
      @Override
      public int size() {
        return bytes.length;
      }

      @Override
      public byte at(int index) {
        return bytes[index];
      }
    };
  }
}
