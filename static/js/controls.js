// The form fields of a figure's parameters: from the reader to the core, and back.
//
// Sliders, lists and texts count with every change. A number that is typed counts once the reader is done with it (Enter, or
// leaving the field), since its first digits mean something else; Escape takes it back.
import { showLayers } from "./stack.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {import("./session.js").Reply} Reply */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const FIELDS = "input, select[name], textarea[name]";

/**
 * The texts of a parameter's number fields: one, or height and width.
 *
 * @param {string} value
 */
export function numbersOf(value) {
  const [height, width = height] = value.split("x");
  return [height, width];
}

/**
 * A parameter's text from those of its number fields, or for both from that of its slider.
 *
 * @param {string[]} numbers
 * @param {boolean} pair
 */
export function textOf(numbers, pair) {
  return pair ? numbersOf(numbers.join("x")).join("x") : numbers[0];
}

/**
 * The text that a slider stands at: its value, or among stops the one of that number.
 *
 * @param {string} value
 * @param {string | undefined} stops
 */
export function stopAt(value, stops) {
  return stops?.split(" ")[Number(value)] ?? value;
}

/**
 * The value of a slider for a text: the text, or the number of the last stop that is not beyond it.
 *
 * @param {string} text
 * @param {string | undefined} stops
 */
export function stopOf(text, stops) {
  return stops === undefined ? text : String(Math.max(0, stops.split(" ").findLastIndex((stop) => Number(stop) <= Number(text))));
}

/**
 * Whether a field that tells of an input was stepped, with arrow keys or by pressing, and not typed into.
 *
 * @param {string | undefined} inputType
 */
export function isStep(inputType) {
  return inputType === undefined || inputType === "insertReplacementText";
}

/**
 * Whether a control's parameter can be changed by dragging: whether it has a slider.
 *
 * @param {HTMLElement} control
 */
export function isScrubbed(control) {
  return control.querySelector('input[type="range"]') !== null;
}

export class Controls {
  #host;
  /** @type {Field | null} the field that holds a text of the reader's own, accepted or not */
  #typed = null;
  /** @type {Map<HTMLElement, number>} the controls that wait for an answer, and to which of their changes */
  #waiting = new Map();
  #changes = 0;

  /** @param {ConvScope} host */
  constructor(host) {
    this.#host = host;
    const on = (/** @type {string} */ type, /** @type {(field: Field, event: any) => void} */ listener) =>
      host.root.addEventListener(type, (event) => {
        const field = /** @type {Field} */ (event.target);
        if (field.matches(FIELDS) && field.closest(".control")) {
          listener(field, event);
        }
      });
    on("input", (field, event) => this.#input(field, event));
    on("change", (field) => field.type === "number" && field === this.#typed && this.#apply(field));
    on("keydown", (field, event) => this.#key(field, event));
    on("focusout", (field) => field === this.#typed && this.#restore(field));
  }

  /**
   * @param {Field} field
   * @param {InputEvent} event
   */
  #input(field, event) {
    if (field.type === "number" && !isStep(event.inputType)) {
      this.#typed = field;
    } else {
      this.#apply(field);
    }
  }

  /** @param {Field} field */
  async #apply(field) {
    const control = controlOf(field);
    const change = ++this.#changes;
    const text = textIn(control, field);
    this.#typed = isTyped(field) ? field : null;
    this.#waiting.set(control, change);
    show(control, text, field);
    const refused = await this.#host.change(nameOf(control), text, field.type === "range");
    if (this.#waiting.get(control) === change) {
      this.#waiting.delete(control);
      const held = field === this.#typed && field === this.#host.root.activeElement;
      if (!held || !(refused || field.type === "textarea")) {
        this.#restore(field);
      }
    }
  }

  /**
   * Whether the reader is typing there, so that the field takes back what was typed.
   *
   * @param {EventTarget | null} field
   */
  edits(field) {
    return field === this.#typed || field instanceof HTMLTextAreaElement || (field instanceof HTMLElement && field.className === "editor");
  }

  /**
   * @param {Field} field
   * @param {KeyboardEvent} event
   */
  #key(field, event) {
    if (event.key === "Escape" && field === this.#typed) {
      event.preventDefault();
      this.#restore(field);
      clearProblem(controlOf(field));
    }
  }

  /**
   * Shows again what the figure shows, as in every field that the reader has left. What was wrong stays said.
   *
   * @param {Field} field
   */
  #restore(field) {
    const control = controlOf(field);
    this.#typed = this.#typed === field ? null : this.#typed;
    if (!this.#waiting.has(control)) {
      field.removeAttribute("aria-invalid");
      show(control, this.#host.values[nameOf(control)] ?? "", null);
    }
  }

  /**
   * Shows the values of an answer, except in the field into which the reader is typing and in controls that wait for a later one.
   *
   * @param {Reply} reply
   * @param {string} changed what the reader had changed, or the empty string
   * @param {boolean} refused whether that was refused
   */
  show(reply, changed, refused) {
    const { root } = this.#host;
    let shown = 0;
    for (const control of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".control"))) {
      const name = nameOf(control);
      const value = reply.values[name];
      if (value === undefined) {
        continue;
      }
      control.hidden = reply.hidden.includes(name);
      shown += control.hidden ? 0 : 1;
      if (refused && name === changed) {
        complain(control, this.#typed, reply.problems.map((problem) => problem.text).join(" "));
        continue;
      }
      if (changed && !refused) {
        clearProblem(control);
      }
      const met = name === changed && reply.svg ? reply.problems.find(({ param }) => param === name) : undefined;
      if (met) {
        complain(control, null, met.text); // the slider stopped there
      }
      if (!this.#waiting.has(control)) {
        show(control, value, this.#typed);
      }
      if (control.classList.contains("stack")) {
        showLayers(control, value);
      }
    }
    const fold = root.querySelector(".fold > summary");
    if (fold) {
      fold.textContent = `All controls (${shown})`;
    }
  }
}

/** @param {Field} field */
function controlOf(field) {
  return /** @type {HTMLElement} */ (field.closest(".control"));
}

/** @param {HTMLElement} control */
function nameOf(control) {
  return control.dataset.param ?? "";
}

/** @param {Field} field whose text is typed, and shows as it was typed until the field is left */
function isTyped(field) {
  return field.type === "number" || field.type === "textarea";
}

/**
 * What a control says, now that this one of its fields has changed.
 *
 * @param {HTMLElement} control
 * @param {Field} field
 */
function textIn(control, field) {
  if (field.type === "checkbox") {
    return /** @type {HTMLInputElement} */ (field).checked ? "on" : "off";
  }
  const axes = /** @type {NodeListOf<HTMLInputElement>} */ (control.querySelectorAll("[data-axis]"));
  const fields = field.dataset.axis ? [...axes] : [field];
  return textOf(fields.map((each) => stopAt(each.value.trim(), each.dataset.stops)), axes.length > 0);
}

/**
 * Shows a value in all fields of a control but one.
 *
 * @param {HTMLElement} control
 * @param {string} value
 * @param {Field | null} except
 */
function show(control, value, except) {
  const numbers = numbersOf(value);
  for (const field of /** @type {NodeListOf<Field>} */ (control.querySelectorAll(FIELDS))) {
    if (field === except) {
      continue;
    }
    if (field.type === "checkbox") {
      /** @type {HTMLInputElement} */ (field).checked = value === "on";
    } else if (field.type === "range") {
      set(field, stopOf(numbers[0], field.dataset.stops));
      showDone(/** @type {HTMLInputElement} */ (field));
      if (control.classList.contains("pair") || field.dataset.stops) {
        field.setAttribute("aria-valuetext", control.classList.contains("pair") ? numbers.join(" × ") : numbers[0]);
      }
    } else if (field.type === "number") {
      set(field, numbers[field.dataset.axis === "width" ? 1 : 0]);
    } else {
      set(field, field.type === "textarea" && !control.classList.contains("stack") ? value.replaceAll(";", "\n") : value);
    }
  }
}

/**
 * @param {Field} field
 * @param {string} value
 */
function set(field, value) {
  if (field.value !== value) {
    field.value = value;
  }
}

/**
 * Fills a slider's track up to its thumb.
 *
 * @param {HTMLInputElement} slider
 */
export function showDone(slider) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  slider.style.setProperty("--done", `${(100 * (slider.valueAsNumber - min)) / Math.max(1e-9, max - min)}%`);
}

/**
 * Says beside a control what is wrong with the text in one of its fields.
 *
 * @param {HTMLElement} control
 * @param {Field | null} field
 * @param {string} text
 */
function complain(control, field, text) {
  const id = `p-${control.dataset.param}`;
  let problem = control.querySelector(".problem");
  if (!problem) {
    problem = document.createElement("small");
    problem.className = "problem";
    problem.id = id;
    problem.setAttribute("role", "alert");
    control.append(problem);
  }
  problem.textContent = text;
  if (field && control.contains(field)) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
  }
}

/** @param {HTMLElement} control */
function clearProblem(control) {
  control.querySelector(".problem")?.remove();
  for (const field of control.querySelectorAll("[aria-invalid], [aria-describedby]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}
