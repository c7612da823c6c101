// The script of the site’s own pages: colours, symbols that light their part of a figure and change it, buttons in the prose that
// set a figure, the door to the search, and the snippet builder of the embedding guide. A chapter has more (chapter.js). Pages
// read well without it.
import { builder } from "./builder.js";
import { prose } from "./prose.js";
import { listenToScrubs, markScrubs } from "./scrub.js";
import { searchDoor } from "./search-door.js";
import { applyTheme, themeButton } from "./theme.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

applyTheme(); // as early as possible, or the page is first painted in the other colours
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}

function start() {
  themeButton();
  searchDoor();
  symbols();
  prose();
  builder();
}

/** Symbols in formulas and their part of the section’s figure light each other. */
function symbols() {
  for (const section of document.querySelectorAll(".topic")) {
    const figure = /** @type {ConvScope | null} */ (section.querySelector("conv-scope"));
    /** @type {Set<string>} */
    const seen = new Set();
    for (const symbol of section.querySelectorAll("math [data-part]")) {
      const part = symbol.getAttribute("data-part") ?? "";
      if (!seen.has(part)) {
        seen.add(part);
        symbol.setAttribute("tabindex", "0"); // each part once is enough for the keyboard
      }
    }
    figure?.addEventListener("convscope-ready", () => markScrubs(figure, section));
    listenToScrubs(() => figure, section);
    const light = (/** @type {Event} */ event) => figure?.light?.(partOf(event.target));
    const dark = (/** @type {Event} */ event) => {
      if (partOf(event.target)) {
        figure?.light?.("");
      }
    };
    section.addEventListener("pointerover", (event) => partOf(event.target) && light(event));
    section.addEventListener("focusin", (event) => partOf(event.target) && light(event));
    section.addEventListener("pointerout", dark);
    section.addEventListener("focusout", dark);
    figure?.addEventListener("light", (event) => {
      const part = /** @type {CustomEvent<{part: string}>} */ (event).detail.part;
      for (const symbol of section.querySelectorAll("math [data-part]")) {
        symbol.classList.toggle("lit", part !== "" && symbol.getAttribute("data-part") === part);
      }
    });
  }
}

/**
 * The part that a symbol outside the figures stands for, or the empty string.
 *
 * @param {EventTarget | null} target
 */
function partOf(target) {
  const symbol = target instanceof Element ? target.closest("math [data-part]") : null;
  return symbol?.getAttribute("data-part") ?? "";
}
