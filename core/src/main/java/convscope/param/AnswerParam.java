package convscope.param;

import convscope.num.Num;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is asked for, empty at first. It is read in every form in which people write it:
 *
 * <ul>
 *   <li>a number as {@code 73728}, {@code 73,728}, {@code 73 728}, {@code −3}, {@code 7.5e3},
 *       {@code 7/3};
 *   <li>a shape as {@code 3x3}, {@code 3 × 3}, {@code (3, 3)}, {@code [3, 3]}, {@code 3 3}, {@code
 *       torch.Size([3, 3])};
 *   <li>a matrix with its rows on lines, between {@code ;} or in brackets of their own, and its
 *       entries apart by commas or spaces;
 *   <li>an order as the options' values, apart by commas;
 *   <li>a choice as the option's value.
 * </ul>
 */
public final class AnswerParam extends Param.Declared<Optional<Answer>, AnswerParam> {
  /** What is asked for. */
  public enum Form {
    NUMBER,
    SHAPE,
    GRID,
    ORDER,
    CHOICE
  }

  private static final int LONGEST = 4000; // characters
  private static final int MOST = 400; // entries

  private final Form form;
  private final List<ChoiceParam.Option> options = new ArrayList<>();
  private int sides; // of a shape
  private int rows; // of a matrix, 0 if that is asked too
  private int columns;
  private String sizedBy = "";

  AnswerParam(String name, Form form) {
    super(name, Optional.empty());
    this.form = form;
  }

  @Override
  AnswerParam self() {
    return this;
  }

  /** A shape of so many sides. */
  public AnswerParam sides(int count) {
    sides = count;
    return this;
  }

  /** A matrix whose size is known; without this, the size is a part of the question. */
  public AnswerParam size(int rowCount, int columnCount) {
    rows = rowCount;
    columns = columnCount;
    return this;
  }

  /**
   * A matrix whose size is the answer to another part: a shape, or a number, which is the length of
   * a single row.
   */
  public AnswerParam sizedBy(String shape) {
    sizedBy = shape;
    return this;
  }

  /** Adds an option of a choice, or an item of an order. */
  public AnswerParam option(String value, String words) {
    options.add(new ChoiceParam.Option(value, words, ""));
    return this;
  }

  public Form form() {
    return form;
  }

  public int sides() {
    return sides;
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** The part that asks for the matrix's size, or the empty string. */
  public String sizedBy() {
    return sizedBy;
  }

  public List<ChoiceParam.Option> options() {
    return List.copyOf(options);
  }

  /** The answer as its reader would write it: {@code 73,728}, {@code 4 × 4}. */
  public String shown(Answer answer) {
    StringBuilder out = new StringBuilder();
    if (form == Form.GRID && answer.rows() > 1) {
      return Num.size(answer.rows(), answer.columns()) + " matrix";
    }
    String between = form == Form.SHAPE ? " × " : ", ";
    for (int i = 0; i < answer.values().length; i++) {
      out.append(i == 0 ? "" : between).append(shown(answer, i));
    }
    return form == Form.GRID ? "(" + out + ")" : out.toString();
  }

  /** One entry of it. */
  public String shown(Answer answer, int index) {
    return form == Form.CHOICE || form == Form.ORDER
        ? options.get((int) answer.values()[index]).label()
        : answer.shown(index);
  }

  @Override
  public @Nullable Optional<Answer> parse(String text) {
    String trimmed = text.trim();
    if (trimmed.isEmpty()) {
      return Optional.empty();
    }
    Answer answer =
        trimmed.length() > LONGEST
            ? null
            : switch (form) {
              case NUMBER -> number(trimmed);
              case SHAPE -> shape(trimmed);
              case GRID -> matrix(trimmed);
              case ORDER -> order(trimmed);
              case CHOICE -> choice(trimmed);
            };
    return answer == null ? null : Optional.of(answer);
  }

  private static @Nullable Answer number(String text) {
    double value = value(text);
    return Double.isNaN(value) ? null : Answer.of(value);
  }

  /** A number with its thousands apart, or a fraction; NaN if it is neither. */
  private static double value(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      double quotient = value(text.substring(0, slash)) / value(text.substring(slash + 1));
      return Double.isInfinite(quotient) ? Double.NaN : quotient;
    }
    StringBuilder digits = new StringBuilder();
    String bare = text.trim();
    int group = -1; // digits since the last separator
    for (int i = 0; i < bare.length(); i++) {
      char c = bare.charAt(i);
      if (separates(c) && digits.length() > 0 && (group < 0 || group == 3)) {
        group = 0;
        continue;
      }
      boolean digit = c >= '0' && c <= '9';
      if (!digit && group >= 0 && group != 3 || digit && group == 3) {
        return Double.NaN; // thousands come by threes
      }
      group = digit && group >= 0 ? group + 1 : digit ? group : -1;
      digits.append(c);
    }
    return group >= 0 && group != 3 ? Double.NaN : Num.parse(digits.toString());
  }

  private static boolean separates(char c) {
    return c == ',' || c == '\'' || c == '_' || blank(c);
  }

  private static boolean blank(char c) {
    return c == ' ' || c == '\t' || c == '\u00a0' || c == '\u2009' || c == '\u202f';
  }

  private @Nullable Answer shape(String text) {
    String inner = text;
    for (String frame : new String[] {"torch.Size", "shape", "size", "="}) {
      inner = inner.startsWith(frame) ? inner.substring(frame.length()).trim() : inner;
    }
    StringBuilder even = new StringBuilder();
    for (char c : inner.replace("by", "x").toCharArray()) {
      boolean bracket = "()[]{}".indexOf(c) >= 0;
      even.append("xX×*;,".indexOf(c) >= 0 ? ',' : bracket ? ' ' : c);
    }
    List<Double> values = entries(even.toString());
    return values == null || sides > 0 && values.size() != sides ? null : answer(1, values);
  }

  private @Nullable Answer matrix(String text) {
    String lines = text.replace("],", ";").replace("]", ";").replace("[", " ");
    List<Double> all = new ArrayList<>();
    int count = 0;
    for (String line : pieces(lines.replace('\n', ';'), ';')) {
      if (line.isEmpty()) {
        continue;
      }
      List<Double> entries = entries(line);
      if (entries == null || count > 0 && entries.size() * count != all.size()) {
        return null;
      }
      all.addAll(entries);
      count++;
    }
    boolean fits = rows == 0 || count == rows && all.size() == rows * columns;
    return count > 0 && fits && all.size() <= MOST ? answer(count, all) : null;
  }

  /** Numbers apart by commas or spaces; null if one is none. */
  private static @Nullable List<Double> entries(String line) {
    List<Double> values = new ArrayList<>();
    boolean commas = line.indexOf(',') >= 0;
    int from = -1;
    for (int i = 0; i <= line.length(); i++) {
      char c = i == line.length() ? ',' : line.charAt(i);
      boolean ends = c == ',' || !commas && blank(c);
      if (!ends && from < 0 && !blank(c)) {
        from = i;
      } else if (ends) {
        if (from >= 0) {
          double value = value(line.substring(from, i).trim());
          if (Double.isNaN(value)) {
            return null;
          }
          values.add(value);
        } else if (commas && i < line.length()) {
          return null; // nothing between two commas
        }
        from = -1;
      }
    }
    return values.isEmpty() ? null : values;
  }

  /** What stands between the separators, without blanks around it. */
  private static List<String> pieces(String text, char separator) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      pieces.add(text.substring(from, at).trim());
      from = at + 1;
    }
    pieces.add(text.substring(from).trim());
    return pieces;
  }

  private static Answer answer(int rows, List<Double> values) {
    double[] all = new double[values.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = values.get(i);
    }
    return new Answer(rows, all.length / rows, all);
  }

  private @Nullable Answer order(String text) {
    double[] places = new double[options.size()];
    boolean[] taken = new boolean[places.length];
    List<String> names = pieces(text, ',');
    if (names.size() != places.length) {
      return null;
    }
    for (int i = 0; i < places.length; i++) {
      int option = indexOf(names.get(i));
      if (option < 0 || taken[option]) {
        return null;
      }
      taken[option] = true;
      places[i] = option;
    }
    return Answer.row(places);
  }

  private @Nullable Answer choice(String text) {
    int option = indexOf(text);
    return option < 0 ? null : Answer.of(option);
  }

  private int indexOf(String value) {
    for (int i = 0; i < options.size(); i++) {
      if (options.get(i).value().equals(value)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String plain(Optional<Answer> value) {
    if (value.isEmpty()) {
      return "";
    }
    if (form != Form.ORDER && form != Form.CHOICE) {
      return value.get().plain();
    }
    StringBuilder out = new StringBuilder();
    for (double index : value.get().values()) {
      out.append(out.isEmpty() ? "" : ",").append(options.get((int) index).value());
    }
    return out.toString();
  }

  @Override
  public String expected() {
    return switch (form) {
      case NUMBER -> "a number, such as 12, 73,728 or 7/3";
      case SHAPE ->
          (sides > 0 ? "a shape of " + sides + " numbers" : "a shape") + ", such as " + example();
      case GRID ->
          rows == 0
              ? "a matrix: one row a line, its numbers apart by spaces"
              : "a matrix of " + Num.size(rows, columns) + " numbers, one row a line";
      case ORDER -> "an order of all " + options.size() + " items";
      case CHOICE -> "one of the options";
    };
  }

  private String example() {
    return sides == 3 ? "8 × 4 × 4" : sides == 4 ? "1 × 8 × 4 × 4" : "3 × 3";
  }
}
