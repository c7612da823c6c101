// The form fields of a figure's parameters: from the reader to the core, and back.
import { showLayers } from "./stack.js";

/** @typedef {import("./session.js").Reply} Reply */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const FIELDS = "input[name], select[name], textarea[name]";

/**
 * The parameter that a field changes, and its new text.
 *
 * @param {Field} field
 */
export function changeOf(field) {
  const control = /** @type {HTMLElement} */ (field.closest(".control"));
  const key = control.dataset.param ?? "";
  if (field instanceof HTMLInputElement && field.type === "checkbox") {
    return { key, text: field.checked ? "on" : "off" };
  }
  const axes = /** @type {NodeListOf<HTMLInputElement>} */ (control.querySelectorAll("[data-axis]"));
  const text = axes.length > 0 ? [...axes].map((axis) => axis.value).join("x") : field.value;
  show(control, text);
  return { key, text };
}

/**
 * Shows the values in the fields, except in the one whose text the core refused and the one in which the reader is typing.
 *
 * @param {ShadowRoot} root
 * @param {Reply} reply
 * @param {string} refused the parameter whose text was refused, or the empty string
 */
export function showValues(root, reply, refused) {
  for (const control of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(".control"))) {
    const name = control.dataset.param ?? "";
    const value = reply.values[name];
    if (value === undefined) {
      continue;
    }
    control.hidden = reply.hidden.includes(name);
    if (name !== refused) {
      setFields(control, value, root.activeElement);
      if (control.classList.contains("stack")) {
        showLayers(control, value);
      }
      show(control, value);
    }
    showProblem(control, name === refused ? reply.problems.map((problem) => problem.text).join(" ") : "");
  }
}

/**
 * @param {HTMLElement} control
 * @param {string} value
 * @param {Element | null} active
 */
function setFields(control, value, active) {
  const axes = /** @type {NodeListOf<HTMLInputElement>} */ (control.querySelectorAll("[data-axis]"));
  if (axes.length > 0) {
    const [height, width = height] = value.split("x");
    axes.forEach((axis) => set(axis, axis.dataset.axis === "height" ? height : width));
    return;
  }
  const field = /** @type {Field | null} */ (control.querySelector(FIELDS));
  if (field instanceof HTMLInputElement && field.type === "checkbox") {
    field.checked = value === "on";
  } else if (field instanceof HTMLTextAreaElement) {
    if (field !== active) {
      set(field, value.replaceAll(";", "\n"));
    }
  } else if (field && !(field === active && field.type === "number" && Number(field.value) === Number(value))) {
    set(field, value);
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
 * @param {HTMLElement} control
 * @param {string} value
 */
function show(control, value) {
  const output = control.querySelector("output");
  if (output) {
    const [height, width = height] = value.split("x");
    output.textContent = control.classList.contains("pair") ? `${height} × ${width}` : value.replace("-", "−");
  }
}

/**
 * @param {HTMLElement} control
 * @param {string} text
 */
function showProblem(control, text) {
  let problem = control.querySelector(".problem");
  if (!text && !problem) {
    return;
  }
  const id = `p-${control.dataset.param}`;
  if (!problem) {
    problem = document.createElement("small");
    problem.className = "problem";
    problem.id = id;
    problem.setAttribute("role", "alert");
    control.append(problem);
  }
  problem.textContent = text;
  for (const field of control.querySelectorAll(FIELDS)) {
    if (text) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", id);
    } else {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
  }
  if (!text) {
    problem.remove();
  }
}
