// Where a teacher sets an assignment: the form, the link, and the SCORM packages.
import { ask, fileName, save, words } from "./core.js";
import { copyField, copyText, h } from "./panel.js";
import { manifest } from "./scorm-manifest.js";
import { trust } from "./trust.js";

const ZIP = "__JSZIP_JS__";
const SINGLE = "__ROOT__embed/single/assignment.html";
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

const address = /** @type {HTMLScriptElement} */ (document.currentScript).src;
const place = (/** @type {string} */ path) => new URL(path, address).href;

start();

function start() {
  const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-assign]"));
  const rows = /** @type {HTMLElement} */ (form.querySelector("tbody"));
  const template = /** @type {HTMLTemplateElement} */ (document.querySelector("[data-row]"));
  const given = new URLSearchParams(location.search);
  form.querySelector("fieldset")?.removeAttribute("disabled");

  const add = (slug = "", level = "1", count = "1") => {
    const row = /** @type {HTMLElement} */ (/** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild);
    const exercise = /** @type {HTMLSelectElement} */ (row.querySelector("[name=exercise]"));
    const levels = /** @type {HTMLSelectElement} */ (row.querySelector("[name=level]"));
    exercise.value = slug || exercise.options[rows.childElementCount % exercise.options.length].value;
    const fill = () => {
      const names = (exercise.selectedOptions[0]?.dataset.levels ?? "").split("|");
      levels.replaceChildren(...names.map((name, n) => h("option", { value: String(n + 1) }, `${n + 1} ${name}`)));
    };
    fill();
    levels.value = level;
    /** @type {HTMLInputElement} */ (row.querySelector("[name=count]")).value = count;
    exercise.addEventListener("change", fill);
    row.querySelector("[data-remove]")?.addEventListener("click", () => {
      const next = /** @type {HTMLElement | null} */ (row.nextElementSibling ?? row.previousElementSibling);
      row.remove();
      /** @type {HTMLElement | null} */ ((next ?? form).querySelector("[data-remove], [data-add]"))?.focus();
      show();
    });
    rows.append(row);
  };

  for (const [name, text] of given) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && ["title", "due", "seed"].includes(name)) {
      field.value = text;
    }
  }
  const seed = /** @type {HTMLInputElement} */ (form.elements.namedItem("seed"));
  seed.value ||= [...crypto.getRandomValues(new Uint8Array(6))].map((n) => LETTERS[n % LETTERS.length]).join("");
  if (given.get("each") === "on") {
    /** @type {HTMLInputElement} */ (form.querySelector('[name=each][value="on"]')).checked = true;
  }
  /** @type {HTMLInputElement} */ (form.elements.namedItem("hints")).checked = given.get("hints") !== "off";
  (given.get("items") ?? "output-size:1:2").split(",").forEach((item) => {
    const [slug, level, count] = item.split(":");
    add(slug, level, count);
  });
  form.querySelector("[data-add]")?.addEventListener("click", () => {
    add();
    show();
  });
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());

  const query = () => {
    const data = new FormData(form);
    const items = [...rows.children].map((row) => ["exercise", "level", "count"].map((name) => /** @type {HTMLInputElement} */ (row.querySelector(`[name=${name}]`)).value).join(":"));
    const pairs = [
      ["title", data.get("title")],
      ["due", data.get("due")],
      ["seed", data.get("seed")],
      ["each", data.get("each")],
      ["hints", data.has("hints") ? "" : "off"],
      ["items", items.join(",")],
    ];
    return new URLSearchParams(pairs.filter(([, text]) => text).map(([name, text]) => [String(name), String(text)])).toString();
  };

  const section = /** @type {HTMLElement} */ (document.querySelector("[data-given]"));
  const said = /** @type {HTMLElement} */ (document.querySelector("[data-said]"));
  let asked = 0;
  /** @type {any} */
  let current;

  const show = async () => {
    const mine = ++asked;
    try {
      const reply = await ask({ op: "assignment", query: query() });
      if (mine !== asked) {
        return;
      }
      current = reply;
      const link = place(`__ROOT__exercises/assignment/index.html?${reply.query}`);
      history.replaceState(history.state, "", `?${reply.query}`);
      const most = reply.tasks.reduce((/** @type {number} */ sum, /** @type {any} */ task) => sum + task.most, 0);
      const count = reply.tasks.length;
      said.textContent = `${count} ${count === 1 ? "question" : "questions"}, ${most} ${most === 1 ? "point" : "points"}.`;
      document.querySelector("[data-link]")?.replaceChildren(copyField("The link", link, copyText));
      document.querySelector("[data-open]")?.setAttribute("href", link);
      section.hidden = false;
      section.classList.remove("trouble");
    } catch (e) {
      if (mine === asked) {
        current = undefined;
        said.textContent = words(e);
        section.hidden = false;
        section.classList.add("trouble");
      }
    }
  };

  for (const button of document.querySelectorAll("[data-scorm]")) {
    button.addEventListener("click", async () => {
      const version = button.getAttribute("data-scorm") ?? "";
      try {
        if (current) {
          const name = `${fileName(current.title || "assignment")}-scorm-${version}.zip`;
          save(await zip(version, current), "application/zip", name);
          said.textContent = `The package is saved as ${name}.`;
        }
      } catch (e) {
        said.textContent = `The package could not be made: ${words(e)}`;
      }
    });
  }
  show();
}

/**
 * A package: the page where an assignment is done, which holds everything, and the manifest.
 *
 * @param {string} version
 * @param {{title: string, query: string, tasks: {most: number}[]}} assignment
 */
async function zip(version, { title, query }) {
  const response = await fetch(place(SINGLE));
  if (!response.ok) {
    throw new Error(`${place(SINGLE)} answered ${response.status}`);
  }
  const page = (await response.text()).replace("data-assignment>", () => `data-assignment data-query="${query.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}">`);
  await load(place(ZIP));
  const archive = new /** @type {any} */ (globalThis).JSZip();
  archive.file("imsmanifest.xml", manifest(version, title || "Assignment"));
  archive.file("index.html", page);
  return archive.generateAsync({ type: "uint8array", compression: "DEFLATE" });
}

/** @param {string} src */
function load(src) {
  return new Promise((resolve, reject) => {
    const script = h("script", { src: trust().createScriptURL(src) });
    script.onload = () => resolve(undefined);
    script.onerror = () => reject(new Error(`${src} could not be loaded`));
    document.head.append(script);
  });
}
