// The search over the course: a dialog with a box and a list of what was found (the combobox pattern of the ARIA guide). It is
// loaded when it is first opened and carries its index, so that it also works from a disk.
import { entryOf, finder, fits, match, wordsOf } from "./find.js";
import { h } from "./panel.js";

/** @typedef {import("./find.js").Hit} Hit */

const AROUND = 70; // characters of the text on each side of a word found in it

const script = /** @type {HTMLScriptElement} */ (document.currentScript).src;

const find = finder(
  JSON.parse("__INDEX__").map((/** @type {string[]} */ [number, title, address, ...rest]) =>
    entryOf([number, title, new URL(`__ROOT__${address}`, script).href, ...rest]),
  ),
);

/**
 * Text with the words that were found marked.
 *
 * @param {string} text
 * @param {string[]} needles
 */
function marked(text, needles) {
  return text.split(/([\p{L}\p{N}_.]+)/u).map((piece, i) => {
    const found = i % 2 === 1 && wordsOf(piece).some((word) => needles.some((needle) => fits(word, needle)));
    return found ? h("mark", {}, piece) : piece;
  });
}

/**
 * The main idea, after the topic's other names that were asked for, or where a word stands that neither has, some of the text
 * around it.
 *
 * @param {Hit} hit
 */
function excerpt({ entry, needles, names }) {
  const elsewhere = needles.find((needle) => !entry.words.slice(0, 3).some((words) => match(words, needle)));
  if (!elsewhere) {
    return [...names, entry.idea].join(" · ");
  }
  const pieces = entry.text.split(/([\p{L}\p{N}_.]+)/u);
  let at = 0;
  for (let i = 0; i < pieces.length; at += pieces[i++].length) {
    if (i % 2 === 1 && wordsOf(pieces[i]).some((word) => fits(word, elsewhere))) {
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
  const found = find(box.value);
  hits = found.hits;
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
      : `${found.read.map(([word, as]) => `“${word}” read as “${as}”. `).join("")}${found.more ? "The best " : ""}${hits.length} found. Arrow keys choose, Enter opens.`;
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
