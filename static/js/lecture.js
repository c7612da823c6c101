// A chapter as a lecture: its figures one after the other on the whole screen, as the buttons of its lecture path set them; without
// such a path, each as it comes and then as the buttons of its prose set it.
import { figureOf, settings } from "./prose.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {{figure: ConvScope, values: Record<string, string> | null}} Stop without values, the figure as it is */

export function lecture() {
  const stops = path();
  let at = 0;
  const show = (/** @type {number} */ to) => {
    const stop = stops[to];
    if (stop) {
      const before = stops[at];
      at = to;
      if (stop.values || before?.figure === stop.figure) {
        stop.figure.apply(stop.values ?? {});
      }
      stop.figure.present();
    }
  };
  document.querySelector("[data-present]")?.addEventListener("click", () => show(0));
  document.addEventListener("convscope-present", ({ target }) => {
    if (stops[at]?.figure !== target) {
      at = stops.findIndex((stop) => stop.figure === target);
    }
  });
  document.addEventListener("convscope-beyond", (event) => show(at + /** @type {CustomEvent<{by: number}>} */ (event).detail.by));
}

/** @returns {Stop[]} */
function path() {
  const chosen = stopsOf(document.querySelectorAll(".path button[data-set]"));
  return chosen.length > 0 ? chosen : everything();
}

/**
 * @param {Iterable<Element>} buttons
 * @returns {Stop[]}
 */
function stopsOf(buttons) {
  return [...buttons].flatMap((button) => {
    const figure = figureOf(/** @type {HTMLElement} */ (button));
    return figure ? [{ figure, values: settings(/** @type {HTMLElement} */ (button)) }] : [];
  });
}

/** @returns {Stop[]} */
function everything() {
  return [...document.querySelectorAll(".topic")].flatMap((section) => {
    const figure = /** @type {ConvScope | null} */ (section.querySelector("conv-scope"));
    return figure ? [{ figure, values: null }, ...stopsOf(section.querySelectorAll(`button[data-for="${figure.topic}"]`))] : [];
  });
}
