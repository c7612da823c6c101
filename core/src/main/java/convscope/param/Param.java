package convscope.param;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One parameter of a figure. The factories read as a declaration: {@code integer("stride",
 * 1).range(1, 4).label("Stride")}. Parameters are immutable once they are in a {@link Schema}.
 *
 * @param <T> the type of the parsed value
 */
public abstract class Param<T> {
  private static final int SHOWN = 40;

  private final String name;
  private final T fallback;
  private String label;
  private String symbol = "";
  private String help = "";
  private String group = "";
  private boolean more;
  private final Map<String, List<String>> onlyWith = new LinkedHashMap<>(); // by parameter

  Param(String name, T fallback) {
    this.name = name;
    this.fallback = fallback;
    this.label = name;
  }

  /** A whole number, by default 0 to 100. */
  public static IntParam integer(String name, int fallback) {
    return new IntParam(name, fallback);
  }

  /** Height and width: {@code 3} for both, or {@code 3x5}. */
  public static PairParam pair(String name, int height, int width) {
    return new PairParam(name, new Pair(height, width));
  }

  /** A number with decimals. */
  public static NumberParam number(String name, double fallback) {
    return new NumberParam(name, fallback);
  }

  /** One of a few named options; the first {@code option} call is the default. */
  public static ChoiceParam choice(String name, String fallback) {
    return new ChoiceParam(name, fallback);
  }

  /** The well-known slip that a figure shows: none at first, and what options are added. */
  public static ChoiceParam mistake(String help) {
    return choice("mistake", "none").option("none", "None").label("Mistake").help(help);
  }

  /** On or off. */
  public static FlagParam flag(String name) {
    return new FlagParam(name);
  }

  /** A small matrix of numbers, empty by default. */
  public static GridParam grid(String name) {
    return new GridParam(name);
  }

  /** What somebody is asked for, empty at first. */
  public static AnswerParam answer(String name, AnswerParam.Form form) {
    return new AnswerParam(name, form);
  }

  /** A stack of layers, such as {@code conv3,pool2}. */
  public static StackParam stack(String name, String fallback) {
    return new StackParam(name, fallback);
  }

  /**
   * Reads the text.
   *
   * @return the value, or null if the text is not of this parameter's form or range
   */
  public abstract @Nullable T parse(String text);

  /** The value in the form that {@link #parse} reads back. */
  public abstract String plain(T value);

  /** What is allowed, to complete the sentence "… is not": {@code a whole number from 1 to 4}. */
  public abstract String expected();

  /** As {@link #expected()}, where more can be said about this text. */
  String expected(String text) {
    return expected();
  }

  /** One step from a text towards another; the other at once where there are no steps between. */
  public String towards(String text, String other) {
    return other;
  }

  /**
   * What is wrong with a text from an address or a page, in whose place the default is used; null
   * if {@link #parse} accepts it.
   */
  public final @Nullable Problem problemWith(String text) {
    return problemWith(text, "using", plain(fallback));
  }

  /** The same of a text that the reader gave, in whose place another is kept. */
  public final @Nullable Problem problemWithChange(String text, String kept) {
    return problemWith(text, "keeping", kept);
  }

  private @Nullable Problem problemWith(String text, String verb, String instead) {
    if (parse(text) != null) {
      return null;
    }
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    return new Problem(
        name,
        name
            + ": “"
            + shown
            + "” is not "
            + expected(text)
            + "; "
            + verb
            + " "
            + (instead.isEmpty() ? "none" : instead));
  }

  public final String name() {
    return name;
  }

  public final T fallback() {
    return fallback;
  }

  public final String label() {
    return label;
  }

  /** The letter in the formulas, or the empty string. */
  public final String symbol() {
    return symbol;
  }

  public final String help() {
    return help;
  }

  /** The name of the group of controls that begins with this one, or the empty string. */
  public final String group() {
    return group;
  }

  /** Whether the controls that fold where there is little room begin here at the latest. */
  public final boolean isMore() {
    return more;
  }

  /** Whether the parameter has a meaning (and its control is shown) beside the other values. */
  public final boolean applies(Values values) {
    for (Map.Entry<String, List<String>> condition : onlyWith.entrySet()) {
      if (!condition.getValue().contains(values.plain(condition.getKey()))) {
        return false;
      }
    }
    return true;
  }

  final void setLabel(String text) {
    label = text;
  }

  final void setSymbol(String text) {
    symbol = text;
  }

  final void setHelp(String text) {
    help = text;
  }

  final void setGroup(String name) {
    group = name;
  }

  final void setMore() {
    more = true;
  }

  final void setOnlyWith(String other, String... values) {
    onlyWith.put(other, List.of(values));
  }

  /**
   * The declaration's fluent part, typed by the parameter itself.
   *
   * @param <T> the type of the parsed value
   * @param <P> the parameter's own class
   */
  abstract static class Declared<T, P extends Declared<T, P>> extends Param<T> {
    Declared(String name, T fallback) {
      super(name, fallback);
    }

    abstract P self();

    /** The control's label. */
    public P label(String text) {
      setLabel(text);
      return self();
    }

    /** The letter that stands for it in the formulas; hovering the control lights it. */
    public P symbol(String text) {
      setSymbol(text);
      return self();
    }

    /** One sentence under the control and in the table of attributes. */
    public P help(String text) {
      setHelp(text);
      return self();
    }

    /**
     * Begins a group of controls with this name, which lasts until another begins; those before the
     * first have none.
     */
    public P group(String title) {
      setGroup(title);
      return self();
    }

    /**
     * Folds this control and all after it where there is little room. Without this, all but the
     * first three fold: the order of a schema says what matters most.
     */
    public P more() {
      setMore();
      return self();
    }

    /**
     * Shows the control only while another parameter has one of these values; several such
     * conditions must all hold.
     */
    public P onlyWith(String other, String... values) {
      setOnlyWith(other, values);
      return self();
    }
  }
}
