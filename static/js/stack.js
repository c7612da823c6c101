// A stack of layers as buttons in a row, to add, remove, move and edit. Only its text is edited here; the core reads it.
import { added, choices, layerOf, moved, PARTS, partsOf, usual } from "./layers.js";
import { h } from "./panel.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const FAR = 6; // px that a pointer moves before it drags

/** @param {Element} control */
const chips = (control) => /** @type {HTMLButtonElement[]} */ ([...control.querySelectorAll(".layer")]);

/** @param {Element} control */
const texts = (control) => chips(control).map((chip) => chip.textContent ?? "");

/** @param {HTMLElement} control the layer that is being edited, or −1 */
const chosen = (control) => Number(control.dataset.at ?? -1);

/**
 * Shows the layers of a text, unless the reader is ahead of the core.
 *
 * @param {HTMLElement} control
 * @param {string} text
 */
export function showLayers(control, text) {
  if (!control.dataset.waits) {
    show(control, text.split(","), chosen(control));
  }
}

/**
 * @param {HTMLElement} control
 * @param {string[]} layers
 * @param {number} at the one to edit, or −1
 */
function show(control, layers, at) {
  const row = /** @type {HTMLElement} */ (control.querySelector(".layers"));
  const all = chips(control);
  const stop = Math.max(0, all.findIndex((chip) => chip.tabIndex === 0));
  at = at < layers.length ? at : -1;
  layers.forEach((text, n) => {
    const chip = all[n] ?? row.appendChild(h("button", { type: "button", className: "layer" }));
    if (chip.textContent !== text) {
      chip.textContent = text;
    }
    chip.tabIndex = n === Math.min(at < 0 ? stop : at, layers.length - 1) ? 0 : -1;
    chip.setAttribute("aria-label", `${text}, layer ${n + 1} of ${layers.length}`);
    chip.setAttribute("aria-pressed", String(n === at));
  });
  all.slice(layers.length).forEach((chip) => chip.remove());
  control.dataset.at = String(at);
  edit(control, layers, at);
}

/**
 * The buttons to add, and while a layer is chosen the lists and buttons to change it.
 *
 * @param {HTMLElement} control
 * @param {string[]} layers
 * @param {number} at
 */
function edit(control, layers, at) {
  const { most, limits = "", kinds = "" } = /** @type {HTMLElement} */ (control.querySelector(".layers")).dataset;
  const known = kinds.split(",").map((kind) => kind.split(":"));
  const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ label) =>
    h("button", { type: "button", "aria-label": label, title: label, "data-layer": name }, text);
  let tools = /** @type {HTMLElement | null} */ (control.querySelector(".tools"));
  if (!tools) {
    tools = h(
      "div",
      { className: "tools" },
      h(
        "div",
        { className: "add" },
        ...known.map(([kind, words]) => button(kind, `+ ${kind}`, `+ ${kind}: add a layer (${words})`)),
      ),
      h("span", { className: "hidden", role: "status" }),
    );
    control.querySelector(".layers")?.after(tools);
  }
  for (const add of /** @type {NodeListOf<HTMLButtonElement>} */ (tools.querySelectorAll(".add button"))) {
    add.disabled = layers.length >= Number(most);
  }
  let one = /** @type {HTMLElement | null} */ (tools.querySelector(".one"));
  const layer = partsOf(layers[at] ?? "");
  if (!layer) {
    one?.remove();
    return;
  }
  if (!one) {
    one = h(
      "div",
      { className: "one" },
      ...PARTS.map((part) => h("label", {}, h("span", {}, part), h("select", { "data-layer": part }))),
      button("earlier", "←", "Move it earlier (Shift + ←)"),
      button("later", "→", "Move it later (Shift + →)"),
      button("remove", "Remove", "Remove the layer (Delete)"),
    );
    tools.prepend(one);
  }
  const options = choices(layer, known.map(([kind]) => kind), limits.split(" ").map(Number));
  const words = usual(layer[0]);
  one.querySelectorAll("select").forEach((select, part) => {
    select.replaceChildren(...options[part].map((value) => h("option", { value }, value || words[part])));
    select.value = layer[part] ?? "";
  });
  const move = /** @type {NodeListOf<HTMLButtonElement>} */ (one.querySelectorAll("button"));
  move[0].disabled = at === 0;
  move[1].disabled = at === layers.length - 1;
  move[2].disabled = layers.length === 1;
}

export class Stacks {
  #host;
  #changes = 0;
  /** @type {{control: HTMLElement, at: number, x: number, y: number, moved: boolean, before: string[]} | null} */
  #drag = null;
  #dragged = false; // the click that ends a drag is none

  /** @param {ConvScope} host */
  constructor(host) {
    this.#host = host;
    const on = (/** @type {string} */ type, /** @type {(event: any, control: HTMLElement) => void} */ listener) =>
      host.root.addEventListener(type, (event) => {
        const control = event.target instanceof Element ? event.target.closest(".control.stack") : null;
        if (control instanceof HTMLElement) {
          listener(event, control);
        }
      });
    on("click", (event, control) => this.#click(event.target, control));
    on("keydown", (event, control) => this.#key(event, control));
    on("input", (event, control) => this.#input(event, control));
    on("pointerdown", (event, control) => this.#down(event, control));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", () => this.#drop(true));
    on("pointercancel", () => this.#drop(false));
  }

  /**
   * @param {HTMLElement} control
   * @param {string[]} layers
   * @param {number} at the layer to edit, or −1
   * @param {string} said
   */
  async #set(control, layers, at, said) {
    const mine = ++this.#changes;
    const key = control.dataset.param ?? "";
    control.dataset.waits = "yes";
    show(control, layers, at);
    const status = control.querySelector(".tools [role=status]");
    if (status) {
      status.textContent = said;
    }
    const problem = await this.#host.change(key, layers.join(","));
    if (mine === this.#changes) {
      delete control.dataset.waits;
      if (!problem) {
        showLayers(control, this.#host.values[key]);
      }
    }
  }

  /**
   * @param {HTMLElement} control
   * @param {number} from
   * @param {number} by −1 or 1
   */
  #shift(control, from, by) {
    const layers = texts(control);
    const to = from + by;
    if (to >= 0 && to < layers.length) {
      const at = chosen(control);
      const said = `${layers[from]} is now layer ${to + 1} of ${layers.length}`;
      this.#set(control, moved(layers, from, to), at === from ? to : at === to ? from : at, said);
      focus(control, to);
    }
  }

  /**
   * @param {HTMLElement} control
   * @param {number} at
   */
  #remove(control, at) {
    const layers = texts(control);
    if (layers.length > 1) {
      const left = layers.toSpliced(at, 1);
      this.#set(control, left, -1, `${layers[at]} removed; ${left.length} left`);
      focus(control, Math.min(at, left.length - 1));
    }
  }

  /**
   * @param {Element} target
   * @param {HTMLElement} control
   */
  #click(target, control) {
    const chip = /** @type {HTMLButtonElement | null} */ (target.closest(".layer"));
    const name = target.closest("button[data-layer]")?.getAttribute("data-layer");
    const layers = texts(control);
    const at = chosen(control);
    if (chip && !this.#dragged) {
      const n = chips(control).indexOf(chip);
      show(control, layers, n === at ? -1 : n);
      focus(control, n);
    } else if (name === "earlier" || name === "later") {
      this.#shift(control, at, name === "later" ? 1 : -1);
    } else if (name === "remove") {
      this.#remove(control, at);
    } else if (name) {
      const [more, place] = added(layers, at, name);
      this.#set(control, more, place, `${more[place]} added as layer ${place + 1} of ${more.length}`);
    }
    this.#dragged = false;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} control
   */
  #key(event, control) {
    const at = chips(control).indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    if (by && event.shiftKey) {
      this.#shift(control, at, by);
    } else if (by) {
      focus(control, at + by);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.#remove(control, at);
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation(); // arrows step the player elsewhere
  }

  /**
   * @param {Event} event
   * @param {HTMLElement} control
   */
  #input(event, control) {
    const list = /** @type {HTMLSelectElement} */ (event.target);
    if (list.localName !== "select") {
      return; // the whole as text goes the way of all fields
    }
    event.stopImmediatePropagation();
    if (list.className === "presets") {
      this.#set(control, list.value.split(","), -1, `${list.selectedOptions[0].text} chosen`);
      list.value = "";
      return;
    }
    const parts = [...control.querySelectorAll(".one select")].map((select) => /** @type {HTMLSelectElement} */ (select).value);
    const other = list.dataset.layer === "kind"; // another kind has other usual values
    const at = chosen(control);
    const layer = layerOf(other ? parts.slice(0, 2) : parts);
    this.#set(control, texts(control).with(at, layer), at, `Layer ${at + 1} is ${layer}`);
  }

  // ---- dragging

  /**
   * @param {PointerEvent} event
   * @param {HTMLElement} control
   */
  #down(event, control) {
    const at = chips(control).indexOf(/** @type {HTMLButtonElement} */ (event.target));
    this.#dragged = false;
    if (at >= 0 && event.button === 0) {
      this.#drag = { control, at, x: event.clientX, y: event.clientY, moved: false, before: texts(control) };
      /** @type {Element} */ (event.target).setPointerCapture(event.pointerId);
    }
  }

  /** @param {PointerEvent} event */
  #move({ clientX: x, clientY: y }) {
    const drag = this.#drag;
    if (!drag || !(drag.moved || Math.hypot(x - drag.x, y - drag.y) > FAR)) {
      return;
    }
    const all = chips(drag.control);
    const before = all.filter((chip, n) => {
      const box = chip.getBoundingClientRect();
      return n !== drag.at && (y > box.bottom || (y >= box.top && x > (box.left + box.right) / 2));
    });
    drag.moved = true;
    if (before.length !== drag.at) {
      show(drag.control, moved(texts(drag.control), drag.at, before.length), -1);
      drag.at = before.length;
    }
    all.forEach((chip, n) => chip.classList.toggle("dragged", n === drag.at));
  }

  /** @param {boolean} done */
  #drop(done) {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag?.moved) {
      return;
    }
    this.#dragged = done; // a cancelled pointer makes no click
    chips(drag.control).forEach((chip) => chip.classList.remove("dragged"));
    const layers = texts(drag.control);
    if (!done || layers.join() === drag.before.join()) {
      show(drag.control, drag.before, -1);
      return;
    }
    this.#set(drag.control, layers, -1, `${layers[drag.at]} is now layer ${drag.at + 1} of ${layers.length}`);
    focus(drag.control, drag.at);
  }
}

/**
 * @param {HTMLElement} control
 * @param {number} at
 */
function focus(control, at) {
  const all = chips(control);
  if (all[at]) {
    all.forEach((chip, n) => (chip.tabIndex = n === at ? 0 : -1));
    all[at].focus();
  }
}
