// Numbers and symbols of formula, equation and caption that stand for a parameter can be dragged sideways to change it.
import { isScrubbed } from "./controls.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const PER_UNIT = 10; // px of a drag for one step of the slider
const DRAG = 3; // px that a pointer moves before it drags

/**
 * The control of the parameter that a part of the formula stands for, if it has a slider and is shown.
 *
 * @param {ConvScope} host
 * @param {string} part
 */
export function controlOfPart(host, part) {
  const controls = /** @type {NodeListOf<HTMLElement>} */ (host.root.querySelectorAll(".control:not([hidden])"));
  return [...controls].find((control) => control.dataset.part === part && isScrubbed(control));
}

/**
 * The slider's value after a drag of so many pixels.
 *
 * @param {{min: number, max: number, step: number, value: number}} slider
 * @param {number} pixels
 */
export function scrubbed({ min, max, step, value }, pixels) {
  const to = value + Math.round(pixels / PER_UNIT) * step;
  return Math.max(min, Math.min(max, Math.round(to * 1e6) / 1e6));
}

/**
 * Shows which parts inside an element can be dragged.
 *
 * @param {ConvScope} host
 * @param {ParentNode} within
 */
export function markScrubs(host, within) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (within.querySelectorAll("[data-part]"))) {
    part.classList.toggle("scrubs", controlOfPart(host, part.dataset.part ?? "") !== undefined);
  }
}

/**
 * Lets the marked parts inside an element be dragged.
 *
 * @param {() => ConvScope | null} figure whose parameters they are
 * @param {EventTarget} within
 */
export function listenToScrubs(figure, within) {
  within.addEventListener("pointerdown", (down) => {
    const event = /** @type {PointerEvent} */ (down);
    const part = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".scrubs")) : null;
    const host = figure();
    const control = part && host && controlOfPart(host, part.dataset.part ?? "");
    const slider = control?.querySelector("input");
    if (!part || !host || !control || !slider || event.button !== 0) {
      return;
    }
    const from = { min: Number(slider.min), max: Number(slider.max), step: Number(slider.step) || 1, value: slider.valueAsNumber };
    let last = from.value;
    const move = (/** @type {PointerEvent} */ { clientX, pointerId }) => {
      if (pointerId === event.pointerId && Math.abs(clientX - event.clientX) > DRAG) {
        const value = scrubbed(from, clientX - event.clientX);
        if (value !== last) {
          last = value;
          host.pause();
          slider.value = String(value);
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        }
      }
    };
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    event.preventDefault(); // no text is selected
  });
}
