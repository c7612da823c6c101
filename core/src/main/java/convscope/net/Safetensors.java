package convscope.net;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import convscope.tensor.Shape;
import convscope.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A model's numbers as a {@code .safetensors} file, under PyTorch's names: eight bytes with the
 * header's length, the header as JSON, then float32 or float16 numbers, all little-endian. PyTorch
 * reads it with {@code safetensors.torch.load_file}.
 */
public final class Safetensors {
  private static final int LENGTH = 8;

  private Safetensors() {}

  /** The file of a model, as exact as it is. */
  public static byte[] write(Model model) {
    return write(model, false);
  }

  /**
   * The file of a model.
   *
   * @param half whether numbers are rounded to float16, for half the bytes
   */
  public static byte[] write(Model model, boolean half) {
    int width = half ? 2 : 4;
    JsonObject header = Json.object();
    int at = 0;
    List<Model.Part> parts = new ArrayList<>(model.trained());
    parts.addAll(model.kept());
    for (Model.Part part : parts) {
      JsonArray shape = new JsonArray();
      for (int dim : part.shape().dims()) {
        shape.add(dim);
      }
      int end = at + width * part.shape().size();
      header.add(
          part.name(),
          Json.object()
              .add("dtype", half ? "F16" : "F32")
              .add("shape", shape)
              .add("data_offsets", new JsonArray().add(at).add(end)));
      at = end;
    }
    StringBuilder text = new StringBuilder(header.toString());
    while (text.length() % LENGTH != 0) {
      text.append(' ');
    }
    byte[] bytes = new byte[LENGTH + text.length() + at];
    bytes[0] = (byte) text.length();
    bytes[1] = (byte) (text.length() >> 8);
    bytes[2] = (byte) (text.length() >> 16);
    bytes[3] = (byte) (text.length() >> 24);
    for (int i = 0; i < text.length(); i++) {
      bytes[LENGTH + i] = (byte) text.charAt(i);
    }
    int to = LENGTH + text.length();
    for (Tensor all : List.of(model.parameters(), model.buffers())) {
      for (float value : all.data()) {
        int bits = half ? toHalf(value) : Float.floatToRawIntBits(value);
        for (int shift = 0; shift < 8 * width; shift += 8) {
          bytes[to++] = (byte) (bits >> shift);
        }
      }
    }
    return bytes;
  }

  /**
   * Fills a model from a file that holds all its tensors, as float32 or float16; others are passed
   * over.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing or of another shape
   */
  public static void read(byte[] bytes, Model model) {
    JsonObject header = header(bytes);
    for (List<Model.Part> parts : List.of(model.trained(), model.kept())) {
      for (Model.Part part : parts) {
        model.set(part.name(), read(bytes, header, part.name(), part.shape()).data());
      }
    }
  }

  /**
   * One tensor of a file.
   *
   * @throws IllegalArgumentException if it is missing or of another shape
   */
  public static Tensor read(byte[] bytes, String name, Shape shape) {
    return read(bytes, header(bytes), name, shape);
  }

  private static Tensor read(byte[] bytes, JsonObject header, String name, Shape shape) {
    JsonValue found = header.get(name);
    if (found == null) {
      throw problem("there is no tensor “" + name + "”; give a file of this network");
    }
    JsonObject entry = found.asObject();
    JsonArray dims = entry.get("shape").asArray();
    String type = entry.getString("dtype", "");
    boolean half = type.equals("F16");
    int width = half ? 2 : 4;
    boolean same = dims.size() == shape.rank() && (half || type.equals("F32"));
    for (int axis = 0; same && axis < shape.rank(); axis++) {
      same = dims.get(axis).asInt() == shape.dim(axis);
    }
    int start = LENGTH + length(bytes);
    int from = start + entry.get("data_offsets").asArray().get(0).asInt();
    if (!same || from < start || from + (long) width * shape.size() > bytes.length) {
      throw problem(
          "“"
              + name
              + "” is "
              + type
              + " "
              + dims
              + "; the network wants F32 or F16 of shape "
              + shape);
    }
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      int bits = 0;
      for (int b = width - 1; b >= 0; b--) {
        bits = bits << 8 | bytes[from + width * i + b] & 255;
      }
      tensor.data()[i] = half ? ofHalf(bits) : Float.intBitsToFloat(bits);
    }
    return tensor;
  }

  /** The float16 nearest to a number, ties to even (IEEE 754), as its 16 bits. */
  private static int toHalf(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int size = bits & 0x7fffffff;
    if (size > 0x7f800000) {
      return sign | 0x7e00; // NaN
    }
    if (size >= 0x477ff000) {
      return sign | 0x7c00; // rounds to infinity
    }
    if (size < 0x38800000) { // below 2⁻¹⁴: a multiple of 2⁻²⁴, as the last bit of a half is
      float sum = Float.intBitsToFloat(size) + 0.5f;
      return sign | (Float.floatToRawIntBits(sum) - 0x3f000000);
    }
    return sign | (size - 0x38000000 + 0xfff + (size >>> 13 & 1)) >>> 13;
  }

  private static float ofHalf(int bits) {
    int exponent = bits >>> 10 & 31;
    int fraction = bits & 0x3ff;
    int sign = (bits & 0x8000) << 16;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
    }
    return Float.intBitsToFloat(
        sign | (exponent == 31 ? 255 : exponent + 112) << 23 | fraction << 13);
  }

  private static int length(byte[] bytes) {
    long length = 0;
    for (int i = 0; i < LENGTH && i < bytes.length; i++) {
      length |= (bytes[i] & 255L) << 8 * i;
    }
    if (bytes.length < LENGTH || length < 2 || length > bytes.length - LENGTH) {
      throw problem("these are no bytes of a .safetensors file; give the whole file");
    }
    return (int) length;
  }

  private static JsonObject header(byte[] bytes) {
    int length = length(bytes);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) (bytes[LENGTH + i] & 255)); // names are ASCII
    }
    try {
      return Json.parse(text.toString()).asObject();
    } catch (ParseException | UnsupportedOperationException e) {
      throw problem("its header is no JSON object; give the whole file");
    }
  }

  private static IllegalArgumentException problem(String sentence) {
    return new IllegalArgumentException("Safetensors: " + sentence);
  }
}
