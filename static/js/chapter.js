// The script of a chapter's page: that of every page, the contents beside the topics, questions, and the chapter as a lecture.
import "./page.js";
import { contents } from "./contents.js";
import { lecture } from "./lecture.js";
import { questions } from "./questions.js";

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}

function start() {
  contents();
  questions();
  lecture();
}
