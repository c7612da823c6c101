package convscope.topic;

import convscope.data.Given;
import convscope.data.HeldOutDigits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The small data files that the site ships and figures need, as a host hands them over. */
public final class Shipped {
  /** Their bytes by name. */
  public static final Map<String, byte[]> FILES =
      Map.of(
          DigitReader.FILE, read("digit-reader.safetensors"),
          HeldOutDigits.FILE, read("digits-28.idx"));

  /** All of them, handed over. */
  public static final Given GIVEN = given();

  private Shipped() {}

  /** All of them in one that more can be added to. */
  public static Given given() {
    Given given = new Given();
    FILES.forEach(given::bytes);
    return given;
  }

  private static byte[] read(String file) {
    try {
      return Files.readAllBytes(Path.of("../static/data").resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
