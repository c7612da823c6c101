// Buttons in the prose, <button data-for="slug" data-set="stride=2&padding=0">, set the figure of that topic: all of its
// parameters, those that are not named to their defaults. A second press takes that back. The reader stays where the button is.

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const AIR = 8; // px between what is shown and the window's edge

/** @type {Map<HTMLElement, string>} the buttons that are pressed, and what their figures' values are meanwhile */
const pressed = new Map();

export function prose() {
  for (const button of document.querySelectorAll("button[data-set]")) {
    button.setAttribute("aria-pressed", "false");
  }
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("button[data-set]")) : null;
    const figure = button && figureOf(button);
    if (button && figure) {
      press(button, figure);
    }
  });
  document.addEventListener("change", (event) => event.target instanceof HTMLElement && release(event.target));
}

/**
 * @param {HTMLElement} button
 * @returns {ConvScope | null}
 */
export function figureOf(button) {
  const slug = button.dataset.for;
  return slug ? document.querySelector(`conv-scope[topic="${CSS.escape(slug)}"]`) : null;
}

/**
 * What a button sets, by name.
 *
 * @param {HTMLElement} button
 */
export function settings(button) {
  return Object.fromEntries(new URLSearchParams(button.dataset.set ?? ""));
}

/**
 * @param {HTMLElement} button
 * @param {ConvScope} figure
 */
function press(button, figure) {
  if (pressed.has(button)) {
    pressed.delete(button);
    button.setAttribute("aria-pressed", "false");
    figure.undo();
  } else {
    const others = [...pressed.keys()].filter((other) => figureOf(other) === figure);
    for (const other of others) {
      pressed.delete(other);
      other.setAttribute("aria-pressed", "false");
    }
    pressed.set(button, "");
    button.setAttribute("aria-pressed", "true");
    figure.apply(settings(button));
  }
  reveal(figure, button);
}

/**
 * A figure that somebody changed meanwhile is no longer what its pressed button made it.
 *
 * @param {HTMLElement} figure
 */
function release(figure) {
  for (const [button, before] of pressed) {
    const now = figureOf(button) === figure ? JSON.stringify(/** @type {ConvScope} */ (figure).values) : before;
    if (!before) {
      pressed.set(button, now); // the change that the button itself made
    } else if (now !== before) {
      pressed.delete(button);
      button.setAttribute("aria-pressed", "false");
    }
  }
}

/**
 * Scrolls as far as the drawing needs to be seen and the button allows, which stays in the window. Where both do not fit, nothing
 * moves: a note leads to the figure, and back to the button.
 *
 * @param {ConvScope} figure
 * @param {HTMLElement} button
 * @param {HTMLElement} [beside] what is to stay in the window, if that is not the button
 */
export function reveal(figure, button, beside = button) {
  const drawing = (figure.drawing ?? figure).getBoundingClientRect();
  const at = beside.getBoundingClientRect();
  const top = AIR + (parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0); // below what sticks there
  const bottom = innerHeight - AIR;
  const wanted = drawing.top < top ? drawing.top - top : Math.max(0, Math.min(drawing.bottom - bottom, drawing.top - top));
  const by = Math.max(at.bottom - bottom, Math.min(at.top - top, wanted));
  const shown = Math.min(drawing.bottom - by, bottom) - Math.max(drawing.top - by, top);
  const seen = shown >= drawing.height / 2;
  if (seen && by) {
    scrollBy({ top: by, behavior: "instant" });
  }
  told?.remove();
  if (!seen) {
    offer("Show the figure", at.top > innerHeight / 2, () => {
      (figure.drawing ?? figure).scrollIntoView({ block: "center" });
      offer("Back to the text", false, () => {
        beside.scrollIntoView({ block: "center" });
        button.focus({ preventScroll: true });
      });
    });
    withdrawWithout(beside);
  }
}

/**
 * Takes back what is offered once the reader has left the place that it belongs to.
 *
 * @param {HTMLElement} place
 */
function withdrawWithout(place) {
  const offered = told;
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting) {
      offered?.remove();
      watch.disconnect();
    }
  });
  watch.observe(place);
}

/** @type {HTMLElement | undefined} the way to a figure that is out of sight, or back */
let told;

/**
 * Offers something in a corner of the window, once.
 *
 * @param {string} words
 * @param {boolean} high whether at the top
 * @param {() => void} run
 */
function offer(words, high, run) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = high ? "elsewhere high" : "elsewhere";
  button.textContent = words;
  button.addEventListener("click", () => {
    button.remove();
    run();
  });
  document.body.append(button);
  told = button;
}
