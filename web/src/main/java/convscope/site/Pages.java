package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import convscope.figure.FigureHtml;
import convscope.param.ChoiceParam;
import convscope.param.Param;
import convscope.scene.Markup;
import convscope.topic.Course;
import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the site's pages from the templates in {@code static/pages} and the prose in {@code
 * static/content}.
 */
final class Pages {
  private static final String LINKED_STYLE = "<link rel=\"stylesheet\" href=\"__FIGURE_CSS__\">";

  private static final String OWNS_PAGE = " permalink=\"page\"";

  /**
   * Bytes of a data file that is carried inside others; larger ones are told to be missing there.
   */
  static final int SMALL = 64 * 1024;

  private final Path source;
  private final Prose prose;
  private final Assets assets;
  private final Map<String, String> prerendered = new HashMap<>(); // by slug

  Pages(Path source, Assets assets) {
    this.source = source;
    this.prose = new Prose(source);
    this.assets = assets;
  }

  void writeAll() throws IOException {
    assets.add("favicon.svg", Files.readString(source.resolve("images/favicon.svg")));
    for (Topic<?> topic : Topics.figures()) {
      prerendered.put(topic.slug(), FigureHtml.prerendered(topic, prose.given(topic)));
      frame(topic);
      single(topic);
    }
    home();
    for (Course.Chapter chapter : written()) {
      chapter(chapter);
    }
    guide();
    plain(
        "notation", "Notation and glossary", "One meaning for each symbol and word of the course.");
    plain(
        "read", "How to read this course", "What a topic consists of, and how to use its figures.");
    plain(
        "teach",
        "How to teach with this",
        "Lecture paths, figures in notes, seeded homework and a laboratory, from a static site.");
    new ExercisePages(this, assets).writeAll();
    new Notebooks(source, assets).writeAll();
    new LabPage(this).write();
    new WorkbenchPage(this).write();
    page(
        "404.html",
        "Not found · Convscope",
        "There is no such page.",
        "",
        template("not-found.html", Map.of()));
    page(
        "bench/index.html",
        "Bench · Convscope",
        "Any operator of the core by name, in this browser, on numbers of yours.",
        "<script src=\"__BENCH_JS__\" defer></script>\n",
        template("bench.html", Map.of()));
  }

  /** A page of words alone, from the template of that name. */
  private void plain(String name, String title, String description) throws IOException {
    page(
        name + ".html",
        title + " · Convscope",
        description,
        "",
        template(name + ".html", Map.of()));
  }

  /**
   * A figure as it stands in a page: there before any script, and then brought to life by one.
   *
   * @param attributes more of the element's attributes, each with a space before it
   */
  private String figure(Topic<?> topic, String attributes, String style) {
    return "<conv-scope topic=\""
        + topic.slug()
        + "\""
        + attributes
        + "><template shadowrootmode=\"open\">"
        + style
        + prerendered.getOrDefault(topic.slug(), "").replace("href=\"course:", "href=\"__ROOT__")
        + "</template></conv-scope>";
  }

  /**
   * The script of a page with figures, and early word of the module that its first one will fetch.
   */
  private static String figureScript(Topic<?> first) {
    return "<link rel=\"preload\" href=\""
        + Assets.placeholder(EngineModule.of(first).asset())
        + "\" as=\"fetch\" crossorigin>\n<script src=\"__CONV_SCOPE_JS__\" defer></script>\n";
  }

  // ---- home

  private void home() throws IOException {
    Course.Chapter first = written().get(0);
    Topic<?> hero = first.topics().get(0);
    StringBuilder map = new StringBuilder();
    for (Course.Chapter chapter : Course.chapters()) {
      map.append(mapItem(chapter)).append('\n');
    }
    Map<String, String> values = new HashMap<>();
    values.put("figure", figure(hero, "", LINKED_STYLE));
    values.put("shapes", figure(Topics.shapeMap(), " permalink", LINKED_STYLE));
    values.put("heroLink", link(first, hero.slug()));
    values.put("heroTitle", hero.title());
    values.put("ready", String.valueOf(Topics.all().size()));
    values.put("map", map.toString());
    page(
        "index.html",
        "Convscope · Convolutional networks, number by number",
        "A free course on the mathematics of convolutional networks, with figures that compute and that can be"
            + " placed in any page.",
        figureScript(hero),
        template("home.html", values));
  }

  private String mapItem(Course.Chapter chapter) throws IOException {
    boolean exists = chapter.exists();
    Markup out = new Markup();
    out.open("li").attrIf("class", exists ? "" : "coming");
    out.raw(read("pages/glyphs/" + chapter.number() + ".svg").strip());
    out.open("div").open("h3").span("span", "number", "Chapter " + chapter.number());
    if (exists) {
      out.open("a").attr("href", link(chapter, "")).text(chapter.title()).close();
    } else {
      out.text(chapter.title()).text(" ").span("span", "tag", "to come");
    }
    out.close().span("p", "", chapter.summary());
    out.raw(exists ? ideas(chapter) : "").close();
    out.open("ul").attr("class", "topics");
    for (Course.Entry entry : chapter.entries()) {
      out.open("li");
      if (entry.exists()) {
        out.open("a").attr("href", link(chapter, entry.slug())).text(entry.title()).close();
      } else {
        out.text(entry.title());
        if (exists) {
          out.text(" ").span("span", "tag", "to come");
        }
      }
      out.close();
    }
    return out.close().close().toString();
  }

  /** The main ideas of a chapter's topics, to open on the map. */
  private String ideas(Course.Chapter chapter) throws IOException {
    Markup out = new Markup();
    out.open("details").attr("class", "ideas");
    out.open("summary")
        .text("Main ideas")
        .span("span", "hidden", " of chapter " + chapter.number());
    out.close().open("dl");
    for (Topic<?> topic : chapter.topics()) {
      out.span("dt", "", topic.title()).open("dd").raw(prose.idea(topic)).close();
    }
    return out.close().close().toString();
  }

  // ---- chapters

  private void chapter(Course.Chapter chapter) throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("number", String.valueOf(chapter.number()));
    values.put("title", chapter.title());
    values.put("summary", chapter.summary());
    values.put("overview", overview(chapter));
    values.put("contents", contents(chapter));
    boolean complete = chapter.entries().stream().allMatch(Course.Entry::exists);
    values.put(
        "legend",
        complete ? "" : "<p class=\"legend\">Titles without a link are still to come.</p>\n");
    StringBuilder topics = new StringBuilder();
    for (Course.Entry entry : chapter.entries()) {
      if (entry.exists()) {
        topics.append(section(entry)).append('\n');
      }
    }
    values.put("topics", topics.toString());
    values.put("checks", checks(chapter));
    Prose.Frame frame = prose.frame(chapter);
    values.put("opening", frame.opening());
    values.put("closing", frame.closing());
    values.put("seed", Questions.FIRST_SEED);
    page(
        chapter.slug() + "/index.html",
        chapter.title() + " · Convscope",
        chapter.summary(),
        figureScript(chapter.topics().get(0)),
        template("chapter.html", values));
  }

  /** The chapter's self-checks, at least one for each topic. */
  private String checks(Course.Chapter chapter) throws IOException {
    StringBuilder checks = new StringBuilder();
    for (Topic<?> topic : chapter.topics()) {
      for (String check : prose.checks(topic)) {
        checks.append("<li>").append(check.strip()).append("</li>\n");
      }
    }
    return checks.toString();
  }

  /** The chapter's topics, each with its main idea and its relation. */
  private String overview(Course.Chapter chapter) throws IOException {
    Markup out = new Markup();
    for (Course.Entry entry : chapter.entries()) {
      out.open("li").span("span", "number", entry.number());
      if (entry.exists()) {
        Topic<?> topic = Topics.get(entry.slug());
        out.open("div")
            .attr("class", "what")
            .open("div")
            .open("a")
            .attr("href", "#" + entry.slug());
        out.text(entry.title()).close().open("p").raw(prose.idea(topic)).close().close();
        // its symbols light nothing here: the figure is further down
        String formula = topic.relation().display().replaceAll(" data-part=\"[^\"]*\"", "");
        out.open("div").attr("class", "formula").attr("tabindex", "0").raw(formula).close().close();
      } else {
        out.text(entry.title());
      }
      out.close().raw("\n");
    }
    return out.toString();
  }

  /** Links to the page's topics, for the list that stays beside them. */
  private static String contents(Course.Chapter chapter) {
    Markup out = new Markup();
    for (Course.Entry entry : chapter.entries()) {
      if (entry.exists()) {
        out.open("li").open("a").attr("href", "#" + entry.slug());
        out.span("span", "number", entry.number()).text(" ").text(entry.title());
        out.close().close().raw("\n");
      }
    }
    return out.toString();
  }

  private String section(Course.Entry entry) throws IOException {
    Topic<?> topic = Topics.get(entry.slug());
    String heading = topic.slug() + "-title";
    Markup out = new Markup();
    out.open("section").attr("class", "topic").attr("id", topic.slug());
    out.attr("aria-labelledby", heading).raw("\n").open("h2").attr("id", heading);
    out.span("span", "number", entry.number()).text(" ").text(entry.title()).close().raw("\n");
    out.raw(prose.html(topic, figure(topic, " permalink", LINKED_STYLE)));
    return out.raw(turn(entry)).close().toString();
  }

  /** Links from a topic to the one before it and the one after it, of those that exist. */
  private static String turn(Course.Entry here) {
    List<Course.Entry> reading =
        written().stream()
            .flatMap(chapter -> chapter.entries().stream())
            .filter(Course.Entry::exists)
            .toList();
    int at = reading.indexOf(here);
    Markup out = new Markup();
    out.open("nav").attr("class", "turn").attr("aria-label", "Before and after " + here.number());
    if (at > 0) {
      turn(out, here, reading.get(at - 1), "prev", "Previous");
    }
    if (at + 1 < reading.size()) {
      turn(out, here, reading.get(at + 1), "next", "Next");
    }
    return out.close().toString();
  }

  private static void turn(
      Markup out, Course.Entry here, Course.Entry there, String side, String label) {
    Course.Chapter chapter = chapterOf(there);
    boolean near = chapter == chapterOf(here);
    String path = near ? "#" + there.slug() : "__ROOT__" + link(chapter, there.slug());
    out.open("a").attr("class", side).attr("rel", side).attr("href", path);
    out.span("small", "", near ? label : label + " · " + chapter.title());
    out.text(" " + there.number() + " " + there.title()).close();
  }

  private static Course.Chapter chapterOf(Course.Entry entry) {
    return Course.chapters().stream()
        .filter(chapter -> chapter.entries().contains(entry))
        .findFirst()
        .orElseThrow();
  }

  // ---- embedding

  private void frame(Topic<?> topic) throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("title", topic.title());
    values.put("description", frameDescription(topic));
    values.put("figure", figure(topic, OWNS_PAGE, LINKED_STYLE));
    values.put("scripts", figureScript(topic));
    assets.put("embed/" + topic.slug() + ".html", template("frame.html", values));
  }

  /** One file that needs no other, so that it also works from a disk and in a sandboxed frame. */
  private void single(Topic<?> topic) throws IOException {
    StringBuilder scripts = new StringBuilder();
    scripts.append(inlineScript(text("frame.js")));
    scripts.append(inlineScript(text(EngineModule.of(topic).script())));
    scripts.append(inlineScript("globalThis.convscopeGiven=" + given(topic) + ";"));
    scripts.append(inlineScript(text("conv-scope.js")));
    Map<String, String> values = new HashMap<>();
    values.put("title", topic.title());
    values.put("description", frameDescription(topic));
    values.put("style", text("bare.css"));
    // there is no course beside the file to lead to
    values.put(
        "figure",
        figure(topic, OWNS_PAGE, "<style>" + text("figure.css") + "</style>")
            .replaceAll(" href=\"__ROOT__[^\"]*\"", ""));
    values.put("scripts", scripts.toString());
    assets.put("embed/single/" + topic.slug() + ".html", template("single.html", values));
  }

  /**
   * The small files among those that the topic needs with its defaults or one other choice, as data
   * URIs by name.
   */
  private JsonObject given(Topic<?> topic) throws IOException {
    Set<String> names = new TreeSet<>(topic.needs(topic.schema().defaults()));
    for (Param<?> param : topic.schema().params()) {
      if (param instanceof ChoiceParam choice) {
        for (ChoiceParam.Option option : choice.options()) {
          names.addAll(topic.needs(topic.schema().defaults().with(choice.name(), option.value())));
        }
      }
    }
    JsonObject files = Json.object();
    for (String name : names) {
      Path file = prose.file(name);
      if (file != null && Files.size(file) <= SMALL) {
        files.set(name, dataUri(name, Files.readAllBytes(file)));
      }
    }
    return files;
  }

  /** A data file as text that takes the place of its address. */
  static String dataUri(String name, byte[] bytes) {
    String type = name.startsWith("photo-") ? "image/png" : "application/octet-stream";
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  String text(String asset) {
    return new String(assets.bytes(asset), StandardCharsets.UTF_8);
  }

  static String inlineScript(String script) {
    String safe = script.replace("</script", "<\\/script").replace("<!--", "<\\!--");
    return "<script>" + safe + "</script>\n";
  }

  private static String frameDescription(Topic<?> topic) {
    return topic.figureTitle() + ": a live figure of the Convscope course.";
  }

  private void guide() throws IOException {
    Topic<?> first = Topics.all().get(0);
    Markup options = new Markup();
    Markup singles = new Markup();
    StringBuilder attributes = new StringBuilder();
    Map<Topic<?>, String> figures = new LinkedHashMap<>(); // with the pages on which they stand
    for (Course.Chapter chapter : written()) {
      for (Topic<?> topic : chapter.topics()) {
        figures.put(topic, link(chapter, ""));
      }
    }
    for (Topic<?> topic : Topics.figures()) {
      figures.putIfAbsent(topic, "index.html");
    }
    figures.forEach(
        (topic, page) -> {
          options.open("option").attr("value", topic.slug());
          options.attr("data-page", page).text(topic.title()).close().raw("\n");
          singles.text(topic == first ? "" : ", ").open("a");
          singles.attr("href", "embed/single/" + topic.slug() + ".html");
          singles.attr("download", topic.slug() + ".html").text(topic.title()).close();
          attributes.append(attributeTable(topic, topic == first)).append('\n');
        });
    Map<String, String> values = new HashMap<>();
    values.put("options", options.toString());
    values.put("singles", singles.toString());
    values.put("attributes", attributes.toString());
    values.put("figure", figure(first, "", LINKED_STYLE));
    values.put("firstSlug", first.slug());
    values.put("firstTitle", first.title());
    page(
        "embed.html",
        "Embed a figure · Convscope",
        "How to place a Convscope figure in MkDocs, Sphinx, Jupyter Book, Moodle or any page, with a snippet"
            + " builder.",
        figureScript(first),
        template("embed.html", values));
  }

  private static String attributeTable(Topic<?> topic, boolean open) {
    Markup out = new Markup();
    out.open("details").flag("open", open).open("summary").text(topic.title()).text(" ");
    out.span("code", "quiet", topic.slug()).close();
    out.open("table").attr("class", "attributes").open("thead").open("tr");
    for (String head : new String[] {"Name", "Allowed", "Default", "Meaning"}) {
      out.open("th").attr("scope", "col").text(head).close();
    }
    out.close().close().open("tbody");
    for (Param<?> param : topic.schema().params()) {
      out.raw("\n").open("tr").open("th").attr("scope", "row");
      out.span("code", "", param.name()).close();
      out.open("td").attr("data-head", "Allowed:");
      allowed(out, param);
      out.close().open("td").attr("data-head", "Default:");
      String fallback = topic.schema().defaults().plain(param.name());
      if (fallback.isEmpty()) {
        out.text("none");
      } else {
        out.span("code", "", fallback);
      }
      out.close().span("td", "", meaning(param)).close();
    }
    return out.close().close().close().toString();
  }

  private static void allowed(Markup out, Param<?> param) {
    if (!(param instanceof ChoiceParam choice)) {
      out.text(param.expected());
      return;
    }
    String separator = "";
    for (ChoiceParam.Option option : choice.options()) {
      out.text(separator).span("code", "", option.value());
      separator = ", ";
    }
  }

  private static String meaning(Param<?> param) {
    return param.help().isEmpty() ? param.label() : param.label() + ". " + param.help();
  }

  // ---- what all pages share

  void page(String path, String title, String description, String scripts, String main)
      throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("title", title);
    values.put("description", description);
    values.put("scripts", scripts);
    boolean chapter = path.matches("\\d+-[^/]*/index\\.html");
    boolean course = chapter || path.equals("index.html");
    values.put("atCourse", course ? " aria-current=\"true\"" : "");
    values.put("atExercises", path.startsWith("exercises/") ? " aria-current=\"true\"" : "");
    values.put("atLab", path.startsWith("train/") ? " aria-current=\"page\"" : "");
    values.put("atBench", path.startsWith("workbench/") ? " aria-current=\"page\"" : "");
    values.put("atEmbed", path.equals("embed.html") ? " aria-current=\"page\"" : "");
    values.put("script", chapter ? "__CHAPTER_JS__" : "__PAGE_JS__");
    values.put("kind", chapter ? " class=\"chapter\"" : "");
    values.put("main", main.strip());
    assets.put(path, template("layout.html", values));
  }

  String template(String name, Map<String, String> values) throws IOException {
    return Template.fill(name, read("pages/" + name), values);
  }

  private String read(String file) throws IOException {
    return Files.readString(source.resolve(file));
  }

  private static List<Course.Chapter> written() {
    return Course.chapters().stream().filter(Course.Chapter::exists).toList();
  }

  /** From the site's root. With the file's name, so that it also works without a server. */
  private static String link(Course.Chapter chapter, String slug) {
    return chapter.slug() + "/index.html" + (slug.isEmpty() ? "" : "#" + slug);
  }
}
