package convscope.param;

import org.jspecify.annotations.Nullable;

/** On or off, off by default; an attribute without a value means on. Its control is a check box. */
public final class FlagParam extends Param.Declared<Boolean, FlagParam> {
  FlagParam(String name) {
    super(name, false);
  }

  @Override
  FlagParam self() {
    return this;
  }

  @Override
  public @Nullable Boolean parse(String text) {
    return switch (text) {
      case "on", "true", "1", "" -> true;
      case "off", "false", "0" -> false;
      default -> null;
    };
  }

  @Override
  public String plain(Boolean value) {
    return value ? "on" : "off";
  }

  @Override
  public String expected() {
    return "on or off";
  }
}
