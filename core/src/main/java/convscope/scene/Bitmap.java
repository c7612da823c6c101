package convscope.scene;

import java.util.Base64;

/**
 * Writes a {@link Raster} as an uncompressed BMP (Microsoft BITMAPINFOHEADER) in a data URI: 24
 * bits a pixel for colours, 8 for levels.
 */
final class Bitmap {
  private static final int HEADER = 14 + 40;
  private static final int COLORS = 256;
  // the light theme's hues and its card, as in tokens.css
  private static final int[] POSITIVE = {0x0b, 0x7a, 0x5e};
  private static final int[] NEGATIVE = {0x6b, 0x5f, 0xa8};
  private static final int[] GRADIENT = {0xa8, 0x2a, 0x78};

  private Bitmap() {}

  static String dataUri(Raster raster) {
    return "data:image/bmp;base64," + Base64.getEncoder().encodeToString(bytes(raster));
  }

  static byte[] bytes(Raster raster) {
    boolean rgb = raster.palette().equals("rgb");
    int row = raster.columns() * (rgb ? 3 : 1);
    int stride = (row + 3) / 4 * 4; // rows are padded to four bytes
    int offset = HEADER + (rgb ? 0 : 4 * COLORS);
    byte[] out = new byte[offset + stride * raster.rows()];
    out[0] = 'B';
    out[1] = 'M';
    put(out, 2, out.length);
    put(out, 10, offset);
    put(out, 14, 40);
    put(out, 18, raster.columns());
    put(out, 22, raster.rows());
    out[26] = 1; // planes
    out[28] = (byte) (rgb ? 24 : 8); // bits a pixel
    put(out, 34, stride * raster.rows());
    put(out, 46, rgb ? 0 : COLORS);
    for (int level = 0; level < COLORS && !rgb; level++) {
      for (int channel = 0; channel < 3; channel++) { // stored blue, green, red
        out[HEADER + 4 * level + 2 - channel] =
            (byte)
                switch (raster.palette()) {
                  case "signed" -> signedColor(level, channel);
                  case "gradient" -> 255 + (GRADIENT[channel] - 255) * level / 255;
                  default -> level;
                };
      }
    }
    for (int r = 0; r < raster.rows(); r++) { // the bottom row comes first
      int from = (raster.rows() - 1 - r) * row;
      for (int n = 0; n < row; n++) {
        out[offset + r * stride + n] = raster.levels()[from + (rgb ? n / 3 * 3 + 2 - n % 3 : n)];
      }
    }
    return out;
  }

  private static int signedColor(int level, int channel) {
    int full = (level < 128 ? NEGATIVE : POSITIVE)[channel];
    int strength = Math.min(127, Math.abs(level - 128));
    return 255 + (full - 255) * strength / 127;
  }

  private static void put(byte[] out, int at, int value) {
    for (int i = 0; i < 4; i++) {
      out[at + i] = (byte) (value >> 8 * i);
    }
  }
}
