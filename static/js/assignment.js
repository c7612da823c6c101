// Where a student does an assignment: the questions, what is kept meanwhile, and handing in, as a file, as a code, or to a learning
// platform by SCORM.
import { ask, fileName, save, words } from "./core.js";
import { copyField, copyText, h } from "./panel.js";
import { connect } from "./scorm.js";
import { tell } from "./xapi.js";

/** @typedef {{exercise: string, title: string, level: number, seed: string, most: number}} Task */
/** @typedef {{answers: Record<string, string>, attempts: number, hints: number, points: number, right: boolean}} Work */

const root = /** @type {HTMLElement} */ (document.querySelector("[data-assignment]"));
/** @param {string} selector @returns {any} */
const find = (selector) => root.querySelector(selector);
const query = root.dataset.query ?? location.search.slice(1);
const platform = connect();

/** @type {any} */
let assignment;
/** @type {Task[]} */
let tasks = [];
/** @type {Work[]} */
let works = [];
let name = "";

start();

async function start() {
  try {
    assignment = await ask({ op: "assignment", query });
  } catch (e) {
    find("[data-about]").textContent = `This link leads to no assignment. ${words(e)}`;
    return;
  }
  const title = assignment.title || "Assignment";
  document.title = `${title} · Convscope`;
  find("[data-title]").textContent = title;
  name = platform?.name ?? "";
  if (assignment.each && !name) {
    find("[data-about]").textContent = "Your numbers come from your name: write it as your teacher knows it.";
    find("[data-name-form]").hidden = false;
    find("[data-name-form]").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      name = find("[name=name]").value.trim();
      if (name) {
        find("[data-name-form]").hidden = true;
        begin();
      }
    });
    find("[name=name]").focus();
  } else {
    begin();
  }
}

async function begin() {
  ({ tasks } = await ask({ op: "assignment", query, name }));
  works = tasks.map(() => ({ answers: {}, attempts: 0, hints: 0, points: 0, right: false }));
  const date = assignment.due && !Number.isNaN(Date.parse(assignment.due)) ? new Date(`${assignment.due}T00:00`).toLocaleDateString(undefined, { dateStyle: "long" }) : assignment.due;
  const count = tasks.length;
  const about = [`${count} ${count === 1 ? "question" : "questions"}`, date && `due ${date}`, assignment.each && `numbers for ${name}`].filter(Boolean);
  find("[data-about]").textContent = `${about.join(", ")}.`;
  const kept = platform?.kept ?? stored();
  tasks.forEach((task, n) => {
    const element = document.createElement("conv-scope");
    const attributes = { exercise: task.exercise, seed: task.seed, level: String(task.level), new: "off", solution: "off", share: "off", ...(assignment.hints ? {} : { hints: "off" }) };
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.addEventListener("convscope-answer", (event) => answered(n, /** @type {CustomEvent} */ (event).detail));
    const earlier = kept?.[n];
    if (earlier && (earlier.attempts > 0 || earlier.hints > 0)) {
      works[n] = { ...works[n], ...earlier };
      element.addEventListener("convscope-ready", () => /** @type {any} */ (element).practice.fill(earlier), { once: true });
    }
    find("[data-tasks]").append(h("li", {}, element));
  });
  find("[data-hand-in]").hidden = false;
  find("[name=late-name]").value = name;
  find(".name-again").hidden = assignment.each || platform !== undefined;
  find("[data-ways]").hidden = platform !== undefined;
  find("[data-file]").addEventListener("click", () => handIn(true));
  find("[data-code]").addEventListener("click", () => handIn(false));
  score();
}

/**
 * @param {number} n
 * @param {import("./practice.js").Standing} standing
 */
function answered(n, standing) {
  const { answers, attempts, hints, points, right } = standing;
  const fresh = attempts > works[n].attempts;
  works[n] = { answers, attempts, hints, points, right };
  const key = `convscope-assignment?${query}&name=${name}`;
  try {
    localStorage.setItem(key, JSON.stringify(works));
  } catch {
    // it lasts as long as the page
  }
  score();
  const [got, most] = total();
  platform?.report({ tasks, works, got, most });
  if (fresh) {
    tell("answered", { name, query, task: tasks[n], work: works[n], got: points, most: tasks[n].most });
    if (got === most) {
      tell("completed", { name, query, got, most });
    }
  }
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(`convscope-assignment?${query}&name=${name}`) ?? "null");
  } catch {
    return null;
  }
}

/** @returns {[number, number]} */
function total() {
  return [works.reduce((sum, { points }) => sum + points, 0), tasks.reduce((sum, { most }) => sum + most, 0)];
}

function score() {
  const [got, most] = total();
  const answeredOnes = works.filter(({ attempts }) => attempts > 0).length;
  find("[data-score]").textContent = `${answeredOnes} of ${tasks.length} answered, ${got} of ${most} ${most === 1 ? "point" : "points"}.${platform ? ` ${platform.said}` : ""}`;
}

/** @param {boolean} file */
async function handIn(file) {
  const who = assignment.each ? name : find("[name=late-name]").value.trim();
  if (!who) {
    find("[data-score]").textContent = "Write your name first.";
    find("[name=late-name]").focus();
    return;
  }
  const reply = await ask({ op: "hand-in", query, name: who, works });
  if (file) {
    const saved = `${fileName(who)}-${fileName(assignment.title || "assignment")}.json`;
    save(reply.file, "application/json", saved);
    find("[data-score]").textContent = `It is saved as ${saved}.`;
  } else {
    find("[data-code-place]").replaceChildren(copyField("The code", reply.code, copyText));
  }
}
