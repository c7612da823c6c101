package convscope.workbench;

import convscope.scene.Markup;

/** The workbench's first state as HTML, for the page to show before any script runs. */
public final class WorkbenchHtml {
  private static final Examples.Example FIRST = Examples.ALL.get(0);

  private WorkbenchHtml() {}

  /** Options of the list of examples. */
  public static String examples() {
    Markup out = new Markup();
    out.span("option", "", "Choose …");
    String group = "";
    for (Examples.Example example : Examples.ALL) {
      if (!example.group().equals(group)) {
        if (!group.isEmpty()) {
          out.close();
        }
        group = example.group();
        out.open("optgroup").attr("label", group);
      }
      out.open("option").attr("value", example.name()).text(example.title()).close();
    }
    return out.close().toString();
  }

  /** Options of what is counted. */
  public static String countings() {
    Markup out = new Markup();
    for (Analysis.Counting each : Analysis.Counting.values()) {
      out.open("option").attr("value", each.key).text(each.label).close();
    }
    return out.toString();
  }

  public static String text() {
    return FIRST.text();
  }

  public static String input() {
    return FIRST.input();
  }

  private static Report first() {
    return new Report(
        new Analysis(Reading.text(FIRST.text(), FIRST.input()).graph(), Analysis.Counting.MACS));
  }

  public static String said() {
    return first().said();
  }

  public static String totals() {
    return first().totals();
  }

  public static String table() {
    return first().table();
  }
}
