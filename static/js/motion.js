// What moves when the figure's parameters change: cells go to their new places, those that come from others fly from there, a
// kernel that is flipped really turns, and new ones appear. Steps have motions of their own (patch.js).

const MOVE = 260; // ms
const FLY = 420;
const TURN = 600;
const APPEAR = 160;
const MOST = 500; // cells; more would be a flicker
const NOTE = 700;
const FAR = 1; // px of the drawing from which a change of place is a motion

/** @typedef {Map<string, {x: number, y: number}>} Places of cells, by key */

/**
 * Draws the eye to the cell that was typed into: the whole matrix may have new colours, since the largest number is another.
 *
 * @param {Element | null} svg
 * @param {string} key
 */
export function note(svg, key) {
  const cell = svg?.querySelector(`.cell[data-k="${CSS.escape(key)}"] rect`);
  if (cell && !matchMedia("(prefers-reduced-motion: reduce)").matches) {
    cell.animate([{ stroke: "var(--ink)", strokeWidth: "5px" }, { stroke: "var(--ink)", strokeWidth: "0" }], NOTE);
  }
}

/** @param {Element} cell */
function placeOf(cell) {
  const rect = cell.firstElementChild;
  return { x: Number(rect?.getAttribute("x")), y: Number(rect?.getAttribute("y")) };
}

/**
 * Where the cells of a drawing are.
 *
 * @param {Element} svg
 * @returns {Places}
 */
export function placesOf(svg) {
  return new Map([...svg.querySelectorAll(".cell[data-k]")].map((cell) => [cell.getAttribute("data-k") ?? "", placeOf(cell)]));
}

/**
 * Which motion a cell makes: by how much it is away from its place at first, and for how long; null if it stays.
 *
 * @param {{x: number, y: number}} now
 * @param {{x: number, y: number} | undefined} before where it was, if it was there
 * @param {{x: number, y: number} | undefined} source where the cell is that it comes from, if it comes from one
 */
export function motionOf(now, before, source) {
  const from = source ?? before;
  if (!from) {
    return { x: 0, y: 0, ms: APPEAR };
  }
  const by = { x: from.x - now.x, y: from.y - now.y };
  return Math.hypot(by.x, by.y) < FAR ? null : { ...by, ms: source ? FLY : MOVE };
}

/**
 * Moves the cells of a drawing from where they were.
 *
 * @param {Element} svg
 * @param {Places} before
 */
export function move(svg, before) {
  const places = placesOf(svg);
  if (places.size > MOST) {
    return;
  }
  for (const cell of svg.querySelectorAll(".cell[data-k]")) {
    const key = cell.getAttribute("data-k") ?? "";
    const source = cell.getAttribute("data-from");
    const motion = motionOf(places.get(key) ?? placeOf(cell), before.get(key), source ? places.get(source) : undefined);
    if (motion) {
      const away = motion.x || motion.y ? { transform: `translate(${motion.x}px, ${motion.y}px)` } : { opacity: 0 };
      const here = motion.x || motion.y ? { transform: "none" } : { opacity: 1 };
      cell.animate([away, here], { duration: motion.ms, easing: "ease-out" });
    }
  }
  for (const grid of /** @type {NodeListOf<SVGElement>} */ (svg.querySelectorAll(".grid.turns"))) {
    grid.animate([{ transform: "rotate(-180deg)" }, { transform: "none" }], { duration: TURN, easing: "ease-in-out" });
  }
}
