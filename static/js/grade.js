// Where a teacher grades: files and codes, the table, and what could not be read.
import { ask, save, words } from "./core.js";
import { h } from "./panel.js";

/** @typedef {{source: string, text: string}} Source */

start();

function start() {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-grading]"));
  /** @param {string} selector @returns {any} */
  const find = (selector) => document.querySelector(selector);
  const link = /** @type {HTMLInputElement} */ (form.elements.namedItem("assignment"));
  const codes = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("codes"));
  /** @type {Source[]} */
  let sources = [];
  /** @type {any} */
  let graded;
  form.querySelector("fieldset")?.removeAttribute("disabled");
  link.value = new URLSearchParams(location.search).get("assignment") ?? "";

  const grade = async () => {
    const query = link.value.trim().replace(/^[^?]*\?/, "").replace(/#.*/, "") || queryOf(sources);
    try {
      graded = await ask({ op: "grade", query, files: sources });
    } catch (e) {
      find("[data-said]").textContent = `${words(e)}. Is this the assignment’s link?`;
      return;
    }
    show(graded);
  };

  /** @param {Source[]} more */
  const add = (more) => {
    sources = [...sources, ...more.filter(({ text }) => !sources.some((old) => old.text === text))];
    return grade();
  };

  /** @param {Iterable<File>} files */
  const read = async (files) => add(await Promise.all([...files].map(async (file) => ({ source: file.name, text: await file.text() }))));

  find("[data-choose]").addEventListener("click", () => {
    const field = h("input", { type: "file", multiple: true, accept: ".json,.txt,application/json,text/plain" });
    field.addEventListener("change", () => read(field.files ?? []));
    field.click();
  });
  const drop = find("[data-drop]");
  drop.addEventListener("dragover", (/** @type {DragEvent} */ event) => event.preventDefault());
  drop.addEventListener("drop", (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    read(event.dataTransfer?.files ?? []);
  });
  find("[data-read]").addEventListener("click", () => {
    const texts = codes.value.split(/(?=convscope1\.)|\n\s*\n/).map((text) => text.trim()).filter(Boolean);
    add(texts.map((text, n) => ({ source: `code ${n + 1}`, text })));
  });
  link.addEventListener("change", () => sources.length && grade());
  form.addEventListener("submit", (event) => event.preventDefault());
  find("[data-csv]").addEventListener("click", () => save(`\ufeff${graded.csv}`, "text/csv", "grades.csv"));
  find("[data-clear]").addEventListener("click", () => {
    sources = [];
    codes.value = "";
    find("[data-table]").replaceChildren();
    find("[data-troubles]").replaceChildren();
    find("[data-said]").textContent = "";
    find("[data-table]").hidden = find("[data-tools]").hidden = true;
  });

  /** @param {any} reply */
  function show({ titles, most, total, rows, troubles }) {
    const head = h("tr", {}, ...["Name", "Points", "Attempts", "Hints"].map((text) => th(text, "col")), ...titles.map((/** @type {string} */ title, /** @type {number} */ n) => h("th", { scope: "col", title }, `${n + 1}`)));
    const body = rows.map((/** @type {any} */ row) =>
      h(
        "tr",
        {},
        th(row.name, "row"),
        h("td", {}, `${row.total} of ${total}`),
        h("td", {}, String(row.attempts)),
        h("td", {}, String(row.hints)),
        ...row.points.map((/** @type {number} */ points, /** @type {number} */ n) => h("td", { className: points === most[n] ? "full" : points ? "some" : "none" }, `${points}/${most[n]}`)),
      ),
    );
    find("[data-table]").replaceChildren(h("table", { className: "grades" }, h("thead", {}, head), h("tbody", {}, ...body)));
    find("[data-troubles]").replaceChildren(...troubles.map((/** @type {any} */ { source, text }) => h("li", {}, h("b", {}, source), `: ${text}.`)));
    const what = `${rows.length} ${rows.length === 1 ? "student" : "students"} graded`;
    find("[data-said]").textContent = troubles.length ? `${what}; ${troubles.length} could not be read and changed nothing:` : `${what}.`;
    find("[data-table]").hidden = find("[data-tools]").hidden = rows.length === 0;
  }
}

/** @param {string} text @param {string} scope */
const th = (text, scope) => h("th", { scope }, text);

/**
 * The assignment that the first readable file says it belongs to.
 *
 * @param {Source[]} sources
 */
function queryOf(sources) {
  for (const { text } of sources) {
    try {
      const bare = text.trim();
      const json = bare.startsWith("convscope1.") ? decode(bare.slice("convscope1.".length)) : bare;
      const { convscope, assignment } = JSON.parse(json);
      if (convscope === "hand-in") {
        return String(assignment);
      }
    } catch {
      // the core will say what is wrong with it
    }
  }
  return "";
}

/** @param {string} code */
function decode(code) {
  const base64 = code.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/");
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}
