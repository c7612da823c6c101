package convscope.figure;

import convscope.exercise.Exercise;
import convscope.exercise.Part;
import convscope.exercise.Question;
import convscope.param.Answer;
import convscope.param.AnswerParam;
import convscope.param.ChoiceParam;
import convscope.scene.Markup;
import convscope.topic.Course;

/**
 * The HTML of an exercise: task, fields, buttons, and the places for verdict, hints and solution.
 * The build writes it into the page, and an element in a foreign page asks the worker for it.
 * Fields come disabled; the script enables them when the engine is up.
 */
public final class ExerciseHtml {
  private ExerciseHtml() {}

  /** The exercise for a seed, as the build writes it into a page. */
  public static String of(Exercise exercise, String seed, int level) {
    Question question = exercise.question(seed, level);
    Markup out = new Markup();
    out.open("section").attr("class", "exercise").attr("aria-label", exercise.title());
    out.attr("data-exercise", exercise.slug());
    out.open("header").attr("class", "bar").span("strong", "name", exercise.title());
    out.open("select").attr("class", "level").attr("aria-label", "Level").flag("disabled", true);
    for (int n = 1; n <= exercise.levels().size(); n++) {
      out.open("option").attr("value", String.valueOf(n)).flag("selected", n == level);
      out.text("Level " + n + ": " + exercise.levels().get(n - 1)).close();
    }
    out.close().open("div").attr("class", "actions");
    button(out, "button", "new", "New numbers");
    button(out, "button", "embed", "Embed");
    button(out, "button", "link", "Link");
    out.close().close();
    out.open("div").attr("class", "task");
    question.text().forEach(out::raw);
    out.open("div").attr("class", "tables");
    for (Question.Table table : question.tables()) {
      table(out, table);
    }
    out.close().close();
    out.open("form").attr("class", "answers").flag("novalidate", true);
    out.open("fieldset").flag("disabled", true).span("legend", "hidden", "Your answer");
    for (Part part : question.parts()) {
      part(out, part.param());
    }
    out.open("div").attr("class", "buttons");
    button(out, "submit", "check", "Check");
    button(out, "button", "hint", "Hint");
    button(out, "button", "solution", "Show the solution");
    out.close().close().close();
    out.open("div").attr("class", "verdict").attr("role", "status").close();
    out.open("ol").attr("class", "hints").close();
    out.open("div").attr("class", "solution").close();
    return out.close().toString();
  }

  /** The worked solution, with the way to the topic that teaches it. */
  static String solution(Exercise exercise, Question question) {
    Markup out = new Markup();
    out.open("div").open("h4").attr("tabindex", "-1").text("Solution").close();
    out.open("ol").attr("class", "lines");
    for (String line : question.solution()) {
      out.open("li").raw(line).close();
    }
    out.close();
    String topic = exercise.topic(question);
    for (Course.Chapter chapter : Course.chapters()) {
      for (Course.Entry entry : chapter.entries()) {
        if (entry.slug().equals(topic)) {
          // the page puts the site's address in the place of course:
          String link = "course:" + chapter.slug() + "/index.html#" + entry.slug();
          out.open("p").attr("class", "back").text("Read about it: ").open("a").attr("href", link);
          out.text(entry.number() + " " + entry.title()).close().close();
        }
      }
    }
    return out.close().toString();
  }

  private static void button(Markup out, String type, String name, String words) {
    out.open("button").attr("type", type).attr("data-do", name).text(words).close();
  }

  private static void table(Markup out, Question.Table table) {
    Answer numbers = table.numbers();
    out.open("table").attr("class", "numbers " + table.role());
    out.open("caption").raw(table.title()).close();
    if (!table.heads().isEmpty()) {
      out.open("thead").open("tr");
      for (String head : table.heads()) {
        out.open("th").attr("scope", "col").raw(head).close();
      }
      out.close().close();
    }
    out.open("tbody");
    for (int i = 0; i < numbers.rows(); i++) {
      out.open("tr");
      for (int j = 0; j < numbers.columns(); j++) {
        out.span("td", "", numbers.shown(i * numbers.columns() + j));
      }
      out.close();
    }
    out.close().close();
  }

  private static void part(Markup out, AnswerParam param) {
    String id = "a-" + param.name();
    String mark = "m-" + param.name();
    boolean one = param.form() == AnswerParam.Form.NUMBER || param.form() == AnswerParam.Form.SHAPE;
    out.open(one ? "div" : "fieldset").attr("class", "part");
    out.attr("data-part", param.name()).attr("data-form", ChoiceParam.text(param.form()));
    if (one) {
      out.open("label").attr("for", id).text(param.label()).close();
    } else {
      out.attr("aria-describedby", mark).span("legend", "", param.label());
    }
    switch (param.form()) {
      case NUMBER, SHAPE -> {
        out.open("input").attr("id", id).attr("name", param.name()).attr("autocomplete", "off");
        out.attr("spellcheck", "false").attr("aria-describedby", mark);
        String example = param.sides() == 2 ? "4 × 4" : param.sides() == 3 ? "8 × 4 × 4" : "";
        out.attrIf("placeholder", example.isEmpty() ? "" : "such as " + example).closeEmpty();
      }
      case GRID -> {
        out.open("div").attr("class", "cells").attrIf("data-sized-by", param.sizedBy());
        out.attr("data-rows", String.valueOf(param.rows()));
        out.attr("data-columns", String.valueOf(param.columns())).close();
      }
      case ORDER -> {
        out.open("ol").attr("class", "order");
        for (ChoiceParam.Option option : param.options()) {
          out.open("li").attr("data-value", option.value()).span("span", "", option.label());
          out.close();
        }
        out.close();
      }
      case CHOICE -> {
        for (ChoiceParam.Option option : param.options()) {
          out.open("label").attr("class", "option").open("input").attr("type", "radio");
          out.attr("name", param.name()).attr("value", option.value()).closeEmpty();
          out.span("span", "", option.label()).close();
        }
      }
    }
    if (!param.help().isEmpty()) {
      out.span("small", "help", param.help());
    }
    out.open("p").attr("class", "mark").attr("id", mark).close().close();
  }
}
