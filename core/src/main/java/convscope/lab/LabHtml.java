package convscope.lab;

import convscope.param.ChoiceParam;
import convscope.param.IntParam;
import convscope.param.NumberParam;
import convscope.param.Param;
import convscope.scene.Markup;

/** The lab's form as HTML, for the page to be there before any script. */
public final class LabHtml {
  private LabHtml() {}

  /** Fields in groups, each with a place for what is wrong with it. */
  public static String form() {
    Markup out = new Markup();
    boolean open = false;
    for (Param<?> param : Setup.SCHEMA.params()) {
      if (!param.group().isEmpty()) {
        if (open) {
          out.close().close();
        }
        out.open("div").attr("class", "group").attr("role", "group");
        out.attr("aria-labelledby", "group-" + param.name());
        out.open("h2").attr("id", "group-" + param.name()).text(param.group()).close();
        out.open("div").attr("class", "settings");
        open = true;
      }
      field(out, param);
      if (param.name().equals("net")) {
        own(out);
      }
    }
    return out.close().close().toString();
  }

  private static void field(Markup out, Param<?> param) {
    String id = "set-" + param.name();
    out.open("div").attr("class", param instanceof ChoiceParam ? "field" : "field short");
    out.flag("hidden", !param.applies(Setup.SCHEMA.defaults()));
    out.open("label").attr("for", id).text(param.label()).close();
    if (param instanceof ChoiceParam choice) {
      out.open("select").attr("id", id).attr("name", param.name());
      for (ChoiceParam.Option option : choice.options()) {
        out.open("option").attr("value", option.value());
        out.flag("selected", option.value().equals(choice.fallback())).text(option.label()).close();
      }
      out.close();
    } else {
      out.open("input").attr("id", id).attr("name", param.name()).attr("autocomplete", "off");
      out.attr("inputmode", param instanceof NumberParam ? "decimal" : "numeric");
      out.attr("value", Setup.SCHEMA.defaults().plain(param.name())).closeEmpty();
      if (param instanceof IntParam || param instanceof NumberParam) {
        out.open("small").attr("class", "wrong").attr("id", id + "-wrong").close();
      }
    }
    if (!param.help().isEmpty()) {
      out.span("small", "help", param.help());
    }
    out.close();
  }

  /** The reader's own network, and what every network comes to. */
  private static void own(Markup out) {
    out.open("div").attr("class", "field own").attr("data-own", "").flag("hidden", true);
    out.open("label").attr("for", "set-text").text("PyTorch code").close();
    out.open("textarea").attr("id", "set-text").attr("name", Setup.TEXT).attr("rows", "10");
    out.attr("spellcheck", "false").attr("aria-describedby", "network-wrong").close().close();
    out.open("p").attr("class", "wrong").attr("id", "network-wrong").attr("role", "status").close();
    out.open("details").attr("class", "network").open("summary");
    out.text("Layers").span("span", "weights", "").close();
    out.open("div").attr("data-table", "").attr("tabindex", "0").attr("role", "region");
    out.attr("aria-label", "Layers of the network").close();
    out.open("pre").attr("data-code", "").attr("tabindex", "0").close().close();
  }
}
