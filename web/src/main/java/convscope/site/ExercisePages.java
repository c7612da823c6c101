package convscope.site;

import convscope.exercise.Exercise;
import convscope.exercise.Exercises;
import convscope.figure.ExerciseHtml;
import convscope.scene.Markup;
import convscope.topic.Course;
import convscope.topic.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the pages of the exercises, and each exercise for frames and as a single file. */
final class ExercisePages {
  private static final String FIRST_SEED = "1";
  private static final String LINKED_STYLE = "<link rel=\"stylesheet\" href=\"__EXERCISE_CSS__\">";
  private static final String SCRIPTS =
      "<link rel=\"preload\" href=\""
          + Assets.placeholder(EngineModule.EXERCISES.asset())
          + "\" as=\"fetch\" crossorigin>\n"
          + "<script src=\"__PRACTICE_JS__\" defer></script>\n"
          + "<script src=\"__CONV_SCOPE_JS__\" defer></script>\n";
  private static final String PAGE_SCRIPT = "<script src=\"__EXERCISES_JS__\" defer></script>\n";

  private final Pages pages;
  private final Assets assets;

  ExercisePages(Pages pages, Assets assets) {
    this.pages = pages;
    this.assets = assets;
  }

  void writeAll() throws IOException {
    List<Exercise> all = Exercises.all();
    for (int n = 0; n < all.size(); n++) {
      Exercise exercise = all.get(n);
      frame(exercise);
      single(exercise);
      exercise(all, n);
    }
    index(all);
    classroom(all);
  }

  /** The pages for teachers, and the one where an assignment is done, alone and in one file. */
  private void classroom(List<Exercise> all) throws IOException {
    Markup options = new Markup();
    for (Exercise exercise : all) {
      options.open("option").attr("value", exercise.slug());
      options.attr("data-levels", String.join("|", exercise.levels())).text(exercise.title());
      options.close();
    }
    pages.page(
        "exercises/assign/index.html",
        "Set an assignment · Convscope",
        "Choose exercises, and get a link or a SCORM package for your students.",
        SCRIPTS + "<script src=\"__ASSIGN_JS__\" defer></script>\n",
        pages.template("assign.html", Map.of("options", options.toString())));
    pages.page(
        "exercises/grade/index.html",
        "Grade an assignment · Convscope",
        "Reads what students handed in, computes every answer again, and gives a table.",
        SCRIPTS + "<script src=\"__GRADE_JS__\" defer></script>\n",
        pages.template("grade.html", Map.of()));
    String assignment = pages.template("assignment.html", Map.of());
    pages.page(
        "exercises/assignment/index.html",
        "Assignment · Convscope",
        "Exercises that a teacher has set.",
        SCRIPTS + "<script src=\"__ASSIGNMENT_JS__\" defer></script>\n",
        assignment);
    StringBuilder scripts = new StringBuilder();
    for (String script :
        List.of(EngineModule.EXERCISES.script(), "practice.js", "conv-scope.js", "assignment.js")) {
      scripts.append(Pages.inlineScript(pages.text(script)));
    }
    Map<String, String> values = new HashMap<>();
    values.put("title", "Assignment");
    values.put("description", "Exercises that a teacher has set.");
    values.put("style", pages.text("assignment.css"));
    values.put("figure", assignment);
    values.put("scripts", scripts.toString());
    assets.put("embed/single/assignment.html", pages.template("single.html", values));
  }

  private static String element(Exercise exercise, String attributes, String style) {
    return "<conv-scope exercise=\""
        + exercise.slug()
        + "\""
        + attributes
        + "><template shadowrootmode=\"open\">"
        + style
        + ExerciseHtml.of(exercise, FIRST_SEED, 1)
        + "</template></conv-scope>";
  }

  private void index(List<Exercise> all) throws IOException {
    Markup list = new Markup();
    for (Exercise exercise : all) {
      list.open("li").attr("data-exercise", exercise.slug()).open("h2").attr("class", "item");
      list.open("a").attr("href", exercise.slug() + "/index.html").text(exercise.title());
      list.close().close().span("p", "", exercise.about());
      list.open("ol").attr("class", "levels");
      for (String level : exercise.levels()) {
        list.span("li", "", level);
      }
      list.close().close().raw("\n");
    }
    pages.page(
        "exercises/index.html",
        "Exercises · Convscope",
        "Practice problems on convolutional networks, with numbers from a seed, hints, and a checker that finds the"
            + " first wrong step.",
        PAGE_SCRIPT,
        pages.template("exercises.html", Map.of("list", list.toString())));
  }

  private void exercise(List<Exercise> all, int n) throws IOException {
    Exercise exercise = all.get(n);
    Map<String, String> values = new HashMap<>();
    values.put("title", exercise.title());
    values.put("about", exercise.about());
    values.put("number", String.valueOf(n + 1));
    values.put("exercise", element(exercise, " permalink=\"page\"", LINKED_STYLE));
    values.put("topic", taught(exercise));
    Markup turn = new Markup();
    turn.open("nav").attr("class", "turn").attr("aria-label", "Before and after this exercise");
    turn(turn, all, n - 1, "prev", "Previous");
    turn(turn, all, n + 1, "next", "Next");
    values.put("turn", turn.close().toString());
    pages.page(
        "exercises/" + exercise.slug() + "/index.html",
        exercise.title() + " · Exercises · Convscope",
        exercise.about(),
        SCRIPTS + PAGE_SCRIPT,
        pages.template("exercise.html", values));
  }

  private static void turn(Markup out, List<Exercise> all, int at, String side, String label) {
    if (at >= 0 && at < all.size()) {
      Exercise there = all.get(at);
      out.open("a").attr("class", side).attr("rel", side);
      out.attr("href", "../" + there.slug() + "/index.html").span("small", "", label);
      out.text(" " + (at + 1) + " " + there.title()).close();
    }
  }

  /** Where the exercise is taught, as a link. */
  private static String taught(Exercise exercise) {
    for (Course.Chapter chapter : Course.chapters()) {
      for (Course.Entry entry : chapter.entries()) {
        if (entry.slug().equals(exercise.topic()) && entry.exists()) {
          Markup out = new Markup();
          out.open("p").attr("class", "quiet").text("Taught in ").open("a");
          out.attr("href", "__ROOT__" + chapter.slug() + "/index.html#" + entry.slug());
          return out.text(entry.number() + " " + entry.title())
              .close()
              .text(".")
              .close()
              .toString();
        }
      }
    }
    return "";
  }

  // ---- embedding

  private void frame(Exercise exercise) throws IOException {
    Map<String, String> values = new HashMap<>();
    values.put("title", exercise.title());
    values.put("description", exercise.about());
    values.put("figure", element(exercise, " permalink=\"page\"", LINKED_STYLE));
    values.put("scripts", SCRIPTS);
    assets.put("embed/exercise-" + exercise.slug() + ".html", pages.template("frame.html", values));
  }

  /** One file that needs no other; the module of the figure that plays the solution is inside. */
  private void single(Exercise exercise) throws IOException {
    StringBuilder scripts = new StringBuilder();
    scripts.append(Pages.inlineScript(pages.text("frame.js")));
    scripts.append(Pages.inlineScript(pages.text(EngineModule.EXERCISES.script())));
    if (!exercise.topic().isEmpty()) {
      EngineModule figures = EngineModule.of(Topics.get(exercise.topic()));
      scripts.append(Pages.inlineScript(pages.text(figures.script())));
    }
    scripts.append(Pages.inlineScript(pages.text("practice.js")));
    // the copy with the figures' style, for the figure of the solution
    scripts.append(Pages.inlineScript(assets.stored("conv-scope.js")));
    Map<String, String> values = new HashMap<>();
    values.put("title", exercise.title());
    values.put("description", exercise.about());
    values.put("style", pages.text("bare.css"));
    values.put(
        "figure",
        element(
            exercise, " permalink=\"page\"", "<style>" + pages.text("exercise.css") + "</style>"));
    values.put("scripts", scripts.toString());
    assets.put(
        "embed/single/exercise-" + exercise.slug() + ".html",
        pages.template("single.html", values));
  }
}
