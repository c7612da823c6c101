package convscope.topic;

import convscope.param.ChoiceParam;
import convscope.param.FlagParam;
import convscope.param.GridParam;
import convscope.param.IntParam;
import convscope.param.NumberParam;
import convscope.param.PairParam;
import convscope.param.Param;
import convscope.param.Schema;
import convscope.param.Stack;
import convscope.param.StackParam;
import convscope.tensor.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Random texts for the parameters of any schema: valid, on the boundary, beyond it, hostile. */
public final class RandomParams {
  /** Texts that no parameter should let through to a page as markup. */
  public static final List<String> HOSTILE =
      List.of(
          "\"><script>alert(1)</script>",
          "'><img src=x onerror=alert(1)>",
          "javascript:alert(1)",
          "</svg><script>alert(1)</script>",
          "\u0000",
          "\u0000\u0001<b>",
          "&lt;script&gt;",
          "]]>",
          "<!--",
          "x".repeat(100_000),
          "\ud83d",
          "\u202e3");

  private static final List<String> ODD =
      List.of(
          "",
          " ",
          "-1",
          "−1",
          "0",
          "1e9",
          "-1e308",
          "99999999999999999999",
          "NaN",
          "Infinity",
          "null",
          "1.5",
          "3x",
          "x3",
          "3x3x3",
          "0x0",
          "1,2;3",
          ";;;",
          ",",
          "on",
          "ON",
          "1e-400",
          "٣",
          "+3",
          "03",
          "conv",
          "conv3,,conv3",
          "conv3s0",
          "conv3s2s2",
          "conv99",
          "conv3x",
          "pool2,conv3d2,up2");

  private final Rng rng;
  private final Schema schema;

  public RandomParams(long seed, Schema schema) {
    this.rng = new Rng(seed);
    this.schema = schema;
  }

  /** A random element. */
  public <T> T one(List<T> list) {
    return list.get(rng.nextInt(list.size()));
  }

  /** Whether an event of this chance, one in {@code n}, happens. */
  public boolean oneIn(int n) {
    return rng.nextInt(n) == 0;
  }

  /** A whole number from {@code least} to {@code most}. */
  public int between(int least, int most) {
    return least + rng.nextInt(most - least + 1);
  }

  /** Some parameters with texts that they accept. */
  public Map<String, String> valid() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Param<?> param : schema.params()) {
      if (!oneIn(3)) {
        texts.put(param.name(), valid(param));
      }
    }
    return texts;
  }

  /** Some parameters with any texts, mostly valid ones. */
  public Map<String, String> any() {
    Map<String, String> texts = valid();
    int spoilt = between(0, 3);
    for (int n = 0; n < spoilt; n++) {
      texts.put(one(schema.params()).name(), any(one(schema.params())));
    }
    return texts;
  }

  /** A text that the parameter accepts, often the smallest or largest. */
  public String valid(Param<?> param) {
    if (param instanceof IntParam integer) {
      return String.valueOf(edge(integer.min(), integer.max()));
    }
    if (param instanceof PairParam pair) {
      int height = edge(pair.min(), pair.max());
      return oneIn(2) ? String.valueOf(height) : height + "x" + edge(pair.min(), pair.max());
    }
    if (param instanceof ChoiceParam choice) {
      return one(choice.options()).value();
    }
    if (param instanceof FlagParam) {
      return one(List.of("on", "off", "true", "0", ""));
    }
    if (param instanceof NumberParam number) {
      return oneIn(3)
          ? convscope.num.Num.plain(oneIn(2) ? number.min() : number.max(), 6)
          : convscope.num.Num.plain(
              number.min() + (number.max() - number.min()) * rng.nextDouble(), 6);
    }
    if (param instanceof GridParam grid) {
      return oneIn(3) ? "" : grid(grid);
    }
    if (param instanceof StackParam stack) {
      return oneIn(3) && !stack.presets().isEmpty()
          ? one(List.copyOf(stack.presets().values()))
          : stack(stack);
    }
    throw new IllegalArgumentException("RandomParams: give " + param.getClass() + " a case here");
  }

  /** Any text: of this parameter, of another kind, or hostile. */
  public String any(Param<?> param) {
    return switch (between(0, 4)) {
      case 0 -> valid(param);
      case 1, 2 -> one(ODD);
      case 3 -> valid(one(schema.params()));
      default -> one(HOSTILE);
    };
  }

  private int edge(int least, int most) {
    return switch (between(0, 4)) {
      case 0 -> least;
      case 1 -> most;
      default -> between(least, most);
    };
  }

  private String stack(StackParam param) {
    StringBuilder out = new StringBuilder();
    int layers = oneIn(5) ? edge(1, param.most()) : between(1, Math.min(5, param.most()));
    for (int n = 0; n < layers; n++) {
      Stack.Kind kind = one(param.kinds());
      out.append(n == 0 ? "" : ",").append(kind.text());
      out.append(
          oneIn(5) ? edge(1, param.maxKernel()) : between(1, Math.min(5, param.maxKernel())));
      out.append(oneIn(3) ? "s" + edge(1, param.maxStride()) : "");
      out.append(oneIn(4) ? "p" + between(0, Math.min(4, param.maxPadding())) : "");
      out.append(oneIn(4) ? "d" + edge(1, Math.min(4, param.maxDilation())) : "");
    }
    return out.toString();
  }

  private String grid(GridParam param) {
    int rows = between(1, 8);
    int columns = between(1, 8);
    StringBuilder out = new StringBuilder();
    for (int n = 0; n < rows * columns; n++) {
      out.append(n == 0 ? "" : n % columns == 0 ? ";" : ",");
      double value = oneIn(9) ? param.limit() : between(-40, 40) / 4.0;
      out.append(convscope.num.Num.plain(value, 2));
    }
    String text = out.toString();
    return param.parse(text) == null ? "" : text;
  }
}
