package convscope.lab;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run as a file: eight bytes with the header's length, little-endian, the header as JSON in
 * ASCII, then the state of {@link Session#state}.
 *
 * @param query the setup
 * @param history its curves
 * @param earlier runs that it was compared with
 */
record RunFile(String query, History history, List<Views.Earlier> earlier, byte[] state) {
  private static final int LENGTH = 8;
  private static final String KIND = "training run";

  byte[] bytes() {
    JsonArray others = new JsonArray();
    for (Views.Earlier run : earlier) {
      others.add(
          Json.object()
              .add("name", run.name())
              .add("stepsPerEpoch", run.stepsPerEpoch())
              .add("history", run.history().json()));
    }
    String header =
        Json.object()
            .add("convscope", KIND)
            .add("query", query)
            .add("history", history.json())
            .add("earlier", others)
            .toString();
    byte[] bytes = new byte[LENGTH + header.length() + state.length];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (header.length() >> 8 * i);
    }
    for (int i = 0; i < header.length(); i++) {
      bytes[LENGTH + i] = (byte) header.charAt(i);
    }
    System.arraycopy(state, 0, bytes, LENGTH + header.length(), state.length);
    return bytes;
  }

  /** Reads such a file; all that is not one is refused in the same words. */
  static RunFile read(byte[] bytes) {
    try {
      int length = 0;
      for (int i = 0; i < 4 && bytes.length >= LENGTH; i++) {
        length |= (bytes[i] & 255) << 8 * i;
      }
      if (length < 2 || length > bytes.length - LENGTH) {
        throw refused();
      }
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append((char) (bytes[LENGTH + i] & 255));
      }
      JsonObject header = Json.parse(text.toString()).asObject();
      if (!header.getString("convscope", "").equals(KIND)) {
        throw refused();
      }
      List<Views.Earlier> earlier = new ArrayList<>();
      for (JsonValue value : header.get("earlier").asArray()) {
        JsonObject run = value.asObject();
        earlier.add(
            new Views.Earlier(
                run.getString("name", ""),
                History.of(run.get("history").asObject()),
                Math.max(1, run.getInt("stepsPerEpoch", 1))));
      }
      byte[] state = new byte[bytes.length - LENGTH - length];
      System.arraycopy(bytes, LENGTH + length, state, 0, state.length);
      return new RunFile(
          header.getString("query", ""),
          History.of(header.get("history").asObject()),
          earlier,
          state);
    } catch (ParseException | UnsupportedOperationException | NumberFormatException e) {
      throw refused();
    }
  }

  private static IllegalArgumentException refused() {
    return new IllegalArgumentException(
        "This is no run that the lab saved, or it breaks off; open a .run file as it was saved.");
  }
}
