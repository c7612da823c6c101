// Taking hold of what a drawing lets the reader move: a window, which sets the step, and edges, which set a parameter. The core
// says where a handle is and how far apart its stops are (Handle); here the stop nearest to the pointer is found, and asked for.
import { numbersOf, stopAt, textOf } from "./controls.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {{x: number, y: number}} Point in pixels of the drawing */
/**
 * A handle as it is drawn.
 *
 * @typedef {object} Handle
 * @property {string} sets “step”, or the name of a parameter
 * @property {string} panel the key of the matrix that it moves over
 * @property {Point} corner the upper left corner of its place
 * @property {Point} size of its place; an edge has no width or no height
 * @property {Point} from where its first stop is
 * @property {Point} pitch from stop to stop
 * @property {Point} count how many stops there are
 * @property {{place: number, text: string}[]} stops of something that has one for each text of a parameter
 */

const DRAG = 4; // px that a pointer moves before it drags
const NEAR = { mouse: 6, pen: 10, touch: 18 }; // px from an edge at which it is caught

/**
 * The step of the stop nearest to a place of the handle's corner.
 *
 * @param {Handle} handle
 * @param {Point} corner
 */
export function stepAt({ from, pitch, count }, corner) {
  const stop = (/** @type {"x" | "y"} */ axis) =>
    Math.max(0, Math.min(count[axis] - 1, Math.round((corner[axis] - from[axis]) / (pitch[axis] || 1))));
  return stop("y") * count.x + stop("x");
}

/**
 * A parameter's text after an edge was pulled so far: one number, or height and width of which the edge changes one.
 *
 * @param {Handle} handle
 * @param {Point} by how far the pointer went
 * @param {string} text before
 * @param {{min: number, max: number, pair: boolean}} range
 */
export function valueAt({ pitch }, by, text, { min, max, pair }) {
  const axis = pitch.x ? "x" : "y";
  const more = Math.round(by[axis] / pitch[axis]);
  const moved = (/** @type {string} */ number) => String(Math.max(min, Math.min(max, Number(number) + more)));
  const [height, width] = numbersOf(text);
  if (!pair) {
    return moved(height);
  }
  return textOf(axis === "x" ? [height, moved(width)] : [moved(height), width], true);
}

/**
 * The text of the stop nearest to where something is dragged to.
 *
 * @param {Handle} handle
 * @param {Point} by how far the pointer went
 */
export function textAt({ corner, size, pitch, stops }, by) {
  const axis = pitch.x ? "x" : "y";
  const at = corner[axis] + size[axis] / 2 + by[axis];
  return stops.reduce((best, stop) => (Math.abs(stop.place - at) < Math.abs(best.place - at) ? stop : best)).text;
}

/**
 * The handle that a pointer takes hold of: the nearest edge that is near enough, or else what the pointer is on.
 *
 * @param {Handle[]} handles
 * @param {Point} point
 * @param {number} near
 */
export function caught(handles, point, near) {
  const gap = (/** @type {number} */ at, /** @type {number} */ start, /** @type {number} */ size) =>
    Math.max(start - at, at - start - size, 0);
  let best;
  let least = near;
  for (const handle of handles) {
    const { corner, size } = handle;
    const far = Math.max(gap(point.x, corner.x, size.x), gap(point.y, corner.y, size.y));
    const edge = handle.sets !== "step";
    if (edge ? far <= least : far === 0 && !best) {
      best = handle;
      least = edge ? far : least;
    }
  }
  return best;
}

/** @param {Element} element */
function read(element) {
  const place = element.querySelector(".place") ?? element;
  const number = (/** @type {string} */ name) => Number(place.getAttribute(name));
  const pair = (/** @type {string} */ name) => {
    const [x, y] = (element.getAttribute(name) ?? "0 0").split(" ").map(Number);
    return { x, y };
  };
  return {
    sets: element.getAttribute("data-sets") ?? "",
    panel: element.getAttribute("data-panel") ?? "",
    corner: { x: number("x"), y: number("y") },
    size: { x: number("width"), y: number("height") },
    from: pair("data-from"),
    pitch: pair("data-pitch"),
    count: pair("data-count"),
    stops: stopsOf(element.getAttribute("data-stops")),
  };
}

/** @param {string | null} text */
function stopsOf(text) {
  const stops = text ? text.split("|") : [];
  return stops.map((stop) => ({ place: parseFloat(stop), text: stop.slice(stop.indexOf(" ") + 1) }));
}

export class Handles {
  #host;
  /** @type {{handle: Handle, start: Point, text: string, asked: string, pointer: number, moving: boolean} | null} what the pointer holds */
  #held = null;
  #moved = false;

  /** @param {ConvScope} host */
  constructor(host) {
    this.#host = host;
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener, /** @type {object} */ options = {}) =>
      host.root.addEventListener(type, listener, options);
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => !this.#held && event.pointerType !== "touch" && this.#show(this.#caught(event), false));
    on("touchmove", (event) => this.#held && event.cancelable && event.preventDefault(), { passive: false });
    on("click", (event) => this.#click(event), { capture: true });
  }

  /** Whether something is being dragged, so that what is under the pointer does not matter. */
  get dragging() {
    return this.#held?.moving === true;
  }

  /**
   * The step of the window whose middle is nearest to the pointer, over a matrix that one can be dragged over, or −1.
   *
   * @param {string} panel
   * @param {MouseEvent} event
   */
  stepUnder(panel, event) {
    const handle = this.#all().find((each) => each.sets === "step" && each.panel === panel);
    const point = this.#point(event);
    return handle && point ? stepAt(handle, { x: point.x - handle.size.x / 2, y: point.y - handle.size.y / 2 }) : -1;
  }

  #all() {
    return [...(this.#host.scene?.querySelectorAll(".handle") ?? [])].map(read);
  }

  /**
   * @param {MouseEvent} event
   * @returns {Point | null}
   */
  #point(event) {
    const matrix = /** @type {SVGSVGElement | null} */ (this.#host.scene)?.getScreenCTM();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()) : null;
  }

  /** @param {PointerEvent} event */
  #caught(event) {
    const svg = /** @type {SVGSVGElement | null} */ (this.#host.scene);
    const point = this.#point(event);
    if (!svg || !point || !(event.target instanceof Node) || !svg.contains(event.target)) {
      return undefined;
    }
    const kind = /** @type {keyof typeof NEAR} */ (event.pointerType);
    const scale = svg.getScreenCTM()?.a || 1;
    return caught(this.#all(), point, (NEAR[kind] ?? NEAR.mouse) / scale);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.#moved = false;
    const handle = event.isPrimary && event.button === 0 && !event.ctrlKey ? this.#caught(event) : undefined;
    const start = this.#point(event);
    if (handle && start) {
      const text = this.#host.values[handle.sets] ?? "";
      this.#held = { handle, start, text, asked: text, pointer: event.pointerId, moving: false };
      this.#listen(true);
    }
  }

  /** @param {boolean} on whether the pointer is followed, wherever it goes */
  #listen(on) {
    const change = on ? addEventListener : removeEventListener;
    change("pointermove", this.#move);
    change("pointerup", this.#up);
    change("pointercancel", this.#up);
  }

  #move = (/** @type {PointerEvent} */ event) => {
    const held = this.#held;
    const point = event.pointerId === held?.pointer ? this.#point(event) : null;
    if (!held || !point) {
      return;
    }
    const by = { x: point.x - held.start.x, y: point.y - held.start.y };
    const scale = /** @type {SVGSVGElement} */ (this.#host.scene).getScreenCTM()?.a ?? 1;
    if (!held.moving && Math.hypot(by.x, by.y) * scale < DRAG) {
      return;
    }
    if (!held.moving) {
      held.moving = true;
      this.#moved = true;
      this.#host.pause();
      this.#host.drawing?.focus({ preventScroll: true }); // so that Ctrl + Z takes the drag back
      this.#host.drawing?.setPointerCapture(held.pointer);
      this.#show(held.handle, true);
      this.#host.refresh(); // nothing is pointed at any more
    }
    this.#drag(held, by);
  };

  /**
   * @param {{handle: Handle, text: string, asked: string}} held
   * @param {Point} by
   */
  #drag(held, by) {
    const value = this.#valueAt(held, by);
    if (value !== undefined && value !== held.asked) {
      held.asked = value;
      this.#host.change(held.handle.sets, value, true);
    }
  }

  /**
   * The text of a handle's parameter after a drag of so much; the step is set at once.
   *
   * @param {{handle: Handle, text: string}} held
   * @param {Point} by
   */
  #valueAt({ handle, text }, by) {
    if (handle.sets === "step") {
      const step = stepAt(handle, { x: handle.corner.x + by.x, y: handle.corner.y + by.y });
      if (step !== this.#host.step) {
        this.#host.step = step;
      }
      return undefined;
    }
    if (handle.stops.length > 0) {
      return textAt(handle, by);
    }
    const slider = this.#slider(handle.sets);
    if (!slider) {
      return undefined;
    }
    const end = (/** @type {string} */ value) => Number(stopAt(value, slider.dataset.stops));
    return valueAt(handle, by, text, { min: end(slider.min), max: end(slider.max), pair: slider.closest(".pair") !== null });
  }

  /**
   * The control that does the same for the keyboard.
   *
   * @param {string} param
   * @returns {HTMLInputElement | null}
   */
  #slider(param) {
    return this.#host.root.querySelector(`.control[data-param="${param}"]:not([hidden]) input[type="range"]`);
  }

  #up = (/** @type {PointerEvent} */ event) => {
    if (this.#held?.pointer === event.pointerId) {
      const { moving } = this.#held;
      this.#held = null;
      this.#listen(false);
      this.#show(undefined, false);
      if (moving) {
        this.#host.refresh();
      }
    }
  };

  /** @param {MouseEvent} event the end of a drag is no click */
  #click(event) {
    if (this.#moved) {
      this.#moved = false;
      event.stopImmediatePropagation();
    }
  }

  /**
   * Lets the pointer say what it can do.
   *
   * @param {Handle | undefined} handle
   * @param {boolean} moving
   */
  #show(handle, moving) {
    const { drawing } = this.#host;
    const kind = !handle ? "" : handle.sets === "step" ? (moving ? "moving" : "move") : handle.pitch.x ? "across" : "down";
    if (drawing && (drawing.dataset.grab ?? "") !== kind) {
      if (kind) {
        drawing.dataset.grab = kind;
      } else {
        delete drawing.dataset.grab;
      }
    }
  }
}
