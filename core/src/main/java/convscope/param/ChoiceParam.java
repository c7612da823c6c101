package convscope.param;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One of a few named options; its control is a list to choose from. */
public final class ChoiceParam extends Param.Declared<String, ChoiceParam> {
  /**
   * One option.
   *
   * @param value the text in URLs and attributes
   * @param label the text for people
   * @param group the heading under which the list shows it, or the empty string
   */
  public record Option(String value, String label, String group) {}

  private final List<Option> options = new ArrayList<>();

  ChoiceParam(String name, String fallback) {
    super(name, fallback);
  }

  @Override
  ChoiceParam self() {
    return this;
  }

  /** Adds an option. */
  public ChoiceParam option(String value, String label) {
    return option(value, label, "");
  }

  /** Adds an option under a heading. */
  public ChoiceParam option(String value, String label, String group) {
    options.add(new Option(value, label, group));
    return this;
  }

  /** Adds an option for each constant of an enum, with its {@link #text}. */
  public <C extends Enum<C>> ChoiceParam options(C[] all, Function<C, String> label) {
    for (C constant : all) {
      option(text(constant), label.apply(constant));
    }
    return this;
  }

  /** What a constant of an enum is called in URLs and attributes: {@code same-upper}. */
  public static String text(Enum<?> constant) {
    StringBuilder out = new StringBuilder();
    for (char c : constant.name().toCharArray()) {
      out.append(c == '_' ? '-' : (char) (c - 'A' + 'a'));
    }
    return out.toString();
  }

  public List<Option> options() {
    return List.copyOf(options);
  }

  @Override
  public @Nullable String parse(String text) {
    for (Option option : options) {
      if (option.value().equals(text)) {
        return text;
      }
    }
    return null;
  }

  @Override
  public String plain(String value) {
    return value;
  }

  @Override
  public String expected() {
    StringBuilder out = new StringBuilder("one of ");
    for (int i = 0; i < options.size(); i++) {
      out.append(i == 0 ? "" : ", ").append(options.get(i).value());
    }
    return out.toString();
  }
}
