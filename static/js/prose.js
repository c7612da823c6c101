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
 * Scrolls as far as the drawing needs to be seen and the button allows, which stays in the window. Where both do not fit, a note
 * beside the button leads to the figure, and the browser's way back returns.
 *
 * @param {ConvScope} figure
 * @param {HTMLElement} button
 */
function reveal(figure, button) {
  const drawing = (figure.drawing ?? figure).getBoundingClientRect();
  const at = button.getBoundingClientRect();
  const up = drawing.top < AIR ? drawing.top - AIR : 0;
  const down = drawing.bottom > innerHeight - AIR ? Math.min(drawing.bottom - innerHeight + AIR, drawing.top - AIR) : 0;
  const by = Math.max(at.bottom - innerHeight + AIR, Math.min(at.top - AIR, up || down));
  if (by) {
    scrollBy({ top: by, behavior: "instant" });
  }
  const shown = Math.min(drawing.bottom - by, innerHeight) - Math.max(drawing.top - by, 0);
  note(shown < drawing.height / 2 ? figure : null, button);
}

/** @type {HTMLElement | undefined} */
let told;

/**
 * @param {ConvScope | null} figure that is out of sight, or none
 * @param {HTMLElement} button
 */
function note(figure, button) {
  told?.remove();
  told = undefined;
  if (!figure) {
    return;
  }
  const link = document.createElement("a");
  link.href = `#${figure.topic}`;
  link.textContent = "Show the figure";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    figure.scrollIntoView({ block: "center" });
    link.remove();
    back(figure, button);
  });
  link.className = "elsewhere";
  link.setAttribute("role", "status");
  document.body.append(link);
  told = link;
}

/**
 * @param {ConvScope} figure
 * @param {HTMLElement} button
 */
function back(figure, button) {
  const link = document.createElement("a");
  link.href = `#${figure.topic}`;
  link.textContent = "Back to the text";
  link.className = "elsewhere";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    button.scrollIntoView({ block: "center" });
    button.focus({ preventScroll: true });
    link.remove();
  });
  document.body.append(link);
  told = link;
}
