// The search over the course: a dialog with a box and a list of what was found (the combobox pattern of the ARIA guide). It is
// loaded when it is first opened and carries its index, so that it also works from a disk.
import { h } from "./panel.js";

/** @typedef {{number: string, title: string, address: string, idea: string, text: string, words: string[][]}} Entry */
/** @typedef {{entry: Entry, score: number, needles: string[]}} Hit */

const MOST = 12;
const TITLE = 60;
const IDEA = 12;
const TEXT = 4;
const AROUND = 70; // characters of the text on each side of a word found in it

const script = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** @type {Entry[]} */
const entries = JSON.parse("__INDEX__").map((/** @type {string[]} */ [number, title, address, idea, text]) => ({
  number,
  title,
  address: new URL(`__ROOT__${address}`, script).href,
  idea,
  text,
  words: [`${number} ${title}`, idea, text].map(wordsOf),
}));

/** @param {string} text */
function folded(text) {
  return text.replaceAll("∑", "Σ").toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
}

/**
 * Words as they are compared: “H_out”, “Hout” and “hout” are the same.
 *
 * @param {string} text
 */
function wordsOf(text) {
  return folded(text).replaceAll("_", "").match(/\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * How well a word of the question matches one of these: a whole word better than a beginning, several better than one.
 *
 * @param {string[]} words
 * @param {string} needle
 */
function match(words, needle) {
  const begun = words.filter((word) => word.startsWith(needle));
  const whole = begun.includes(needle) ? 0.4 : 0;
  return begun.length > 0 ? 0.6 + whole + 0.1 * Math.min(begun.length, 10) : 0;
}

/**
 * The entries that have every word of a question, best first.
 *
 * @param {string} question
 * @returns {Hit[]}
 */
function find(question) {
  const needles = wordsOf(question);
  if (needles.length === 0) {
    return [];
  }
  /** @type {Hit[]} */
  const hits = [];
  for (const entry of entries) {
    const [title, idea, text] = entry.words;
    const scores = needles.map((needle) => TITLE * match(title, needle) + IDEA * match(idea, needle) + TEXT * match(text, needle));
    if (scores.every((score) => score > 0)) {
      hits.push({ entry, score: scores.reduce((sum, score) => sum + score, 0), needles });
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, MOST); // a stable sort: else in reading order
}

/**
 * Text with the words that were found marked.
 *
 * @param {string} text
 * @param {string[]} needles
 */
function marked(text, needles) {
  return text.split(/([\p{L}\p{N}_.]+)/u).map((piece, i) => {
    const found = i % 2 === 1 && wordsOf(piece).some((word) => needles.some((needle) => word.startsWith(needle)));
    return found ? h("mark", {}, piece) : piece;
  });
}

/**
 * The main idea, or where a word stands that it has not, some of the text around it.
 *
 * @param {Hit} hit
 */
function excerpt({ entry, needles }) {
  const elsewhere = needles.find((needle) => !match(entry.words[0], needle) && !match(entry.words[1], needle));
  if (!elsewhere) {
    return entry.idea;
  }
  const pieces = entry.text.split(/([\p{L}\p{N}_.]+)/u);
  let at = 0;
  for (let i = 0; i < pieces.length; at += pieces[i++].length) {
    if (i % 2 === 1 && wordsOf(pieces[i]).some((word) => word.startsWith(elsewhere))) {
      break;
    }
  }
  const from = at < AROUND ? 0 : entry.text.indexOf(" ", at - AROUND) + 1;
  const to = entry.text.lastIndexOf(" ", at + 2 * AROUND);
  return (from > 0 ? "… " : "") + entry.text.slice(from, to > at ? to : undefined) + (to > at ? " …" : "");
}

const box = h("input", {
  type: "text",
  id: "search-box",
  role: "combobox",
  "aria-autocomplete": "list",
  "aria-expanded": "false",
  "aria-controls": "search-list",
  autocomplete: "off",
  spellcheck: false,
});
const list = h("ul", { id: "search-list", role: "listbox", "aria-label": "Found" });
const told = h("p", { className: "told", role: "status" });
const close = h("button", { type: "button" }, "Close");
const dialog = h(
  "dialog",
  { className: "search", "aria-label": "Search the course" },
  h("div", { className: "line" }, h("label", { htmlFor: "search-box" }, "Search"), box, close),
  told,
  list,
);

/** @type {Hit[]} */
let hits = [];
let at = -1;

/** @param {number} next the hit to choose, or −1 */
function choose(next) {
  at = next;
  [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
  if (at < 0) {
    box.removeAttribute("aria-activedescendant");
  } else {
    box.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }
}

function show() {
  hits = find(box.value);
  list.replaceChildren(
    ...hits.map(({ entry, needles }, i) =>
      h(
        "li",
        { id: `search-${i}`, role: "option", "data-at": String(i) },
        h("span", { className: "name" }, h("span", { className: "number" }, entry.number), " ", ...marked(entry.title, needles)),
        h("span", { className: "excerpt" }, ...marked(excerpt(hits[i]), needles)),
      ),
    ),
  );
  box.setAttribute("aria-expanded", String(hits.length > 0));
  choose(hits.length > 0 ? 0 : -1);
  const asked = box.value.trim();
  told.textContent = !asked
    ? "A topic, a word or a symbol: Toeplitz, VGG, H_out."
    : hits.length === 0
      ? `Nothing found for “${asked}”. Fewer or shorter words find more.`
      : `${hits.length === MOST ? "The best " : ""}${hits.length} found. Arrow keys choose, Enter opens.`;
}

/** @param {number} which */
function go(which) {
  dialog.close();
  location.href = hits[which].entry.address;
}

box.addEventListener("input", show);
box.addEventListener("keydown", (event) => {
  const move = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (move && hits.length > 0) {
    event.preventDefault();
    choose((at + move + hits.length) % hits.length);
  } else if (event.key === "Enter" && at >= 0) {
    event.preventDefault();
    go(at);
  } else if (event.key === "Escape") {
    event.preventDefault();
    dialog.close();
  }
});
list.addEventListener("click", ({ target }) => {
  const option = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-at]")) : null;
  if (option) {
    go(Number(option.dataset.at));
  }
});
close.addEventListener("click", () => dialog.close());
dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close()); // beside it

document.body.append(dialog);

Object.assign(globalThis, {
  convscopeSearch() {
    dialog.showModal();
    box.select();
    show();
  },
});
