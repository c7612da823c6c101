// Pointing at, moving through and typing into the cells of a drawing.
import { note } from "./motion.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * A key such as in/3,4 in its three pieces.
 *
 * @param {string} key
 * @returns {[string, number, number]}
 */
function pieces(key) {
  const [grid, place = ""] = key.split("/");
  const [row, column] = place.split(",").map(Number);
  return [grid, row, column];
}

export class Cells {
  #host;
  #hovered = "";
  #focused = "";
  /** @type {Map<string, string>} the cell of each grid that Tab leads to */
  #stops = new Map();
  /** @type {HTMLInputElement | null} */
  #editor = null;
  #editing = "";

  #known = ""; // the cell that had the focus before the pointer came down
  #handles;

  /**
   * @param {ConvScope} host
   * @param {import("./handles.js").Handles} handles
   */
  constructor(host, handles) {
    this.#host = host;
    this.#handles = handles;
    const root = host.root;
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) => root.addEventListener(type, listener);
    on("pointerover", (event) => this.#over(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerout", (event) => this.#out(event));
    on("pointerdown", () => (this.#known = this.#focused));
    on("click", (event) => this.#click(event));
    on("focusin", (event) => this.#focus(event.target, true));
    on("focusout", (event) => this.#focus(event.target, false));
    on("keydown", (event) => this.#key(event));
  }

  /** What the reader points at: the pointer counts more than the focus, and neither while the figure plays. */
  get pick() {
    return this.#host.playing || this.#handles.dragging ? "" : this.#hovered || this.#focused;
  }

  /** @param {EventTarget | null} target */
  #cell(target) {
    return target instanceof Element ? /** @type {SVGElement | null} */ (target.closest(".cell, .term[data-k]")) : null;
  }

  /** @param {EventTarget | null} target */
  #raster(target) {
    return target instanceof Element ? /** @type {SVGElement | null} */ (target.closest("rect.raster")) : null;
  }

  /** @param {string} key */
  #hover(key) {
    if (this.#hovered !== key) {
      this.#hovered = key;
      this.#host.refresh();
    }
  }

  /** @param {PointerEvent} event */
  #over(event) {
    const target = /** @type {Element} */ (event.target);
    this.#host.light(/** @type {HTMLElement | null} */ (target.closest("[data-part]"))?.dataset.part ?? "");
    const cell = this.#cell(target);
    if (cell && event.pointerType !== "touch") {
      this.#hover(cell.dataset.k ?? "");
    }
  }

  /** @param {PointerEvent | MouseEvent} event */
  #move(event) {
    const raster = this.#raster(event.target);
    if (raster && (event.type === "click" || /** @type {PointerEvent} */ (event).pointerType !== "touch")) {
      const box = raster.getBoundingClientRect();
      const place = (/** @type {number} */ share, /** @type {string | undefined} */ count) =>
        Math.max(0, Math.min(Number(count) - 1, Math.floor(share * Number(count))));
      const row = place((event.clientY - box.top) / box.height, raster.dataset.rows);
      const column = place((event.clientX - box.left) / box.width, raster.dataset.columns);
      this.#hover(`${raster.dataset.k}/${row},${column}`);
    }
  }

  /** @param {PointerEvent} event */
  #out(event) {
    const to = event.relatedTarget;
    if (event.pointerType !== "touch" && !this.#cell(to) && !this.#raster(to)) {
      this.#hover("");
    }
    if (!(to instanceof Element && to.closest("[data-part]"))) {
      this.#host.light("");
    }
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const raster = this.#raster(event.target);
    if (raster) {
      const step = this.#handles.stepUnder(raster.dataset.k ?? "", event);
      this.#host.pause();
      if (step >= 0) {
        this.#host.step = step; // the window stays there when the pointer leaves
      }
      this.#move(event);
      return;
    }
    const cell = this.#cell(event.target);
    if (!cell?.classList.contains("cell")) {
      return;
    }
    this.#host.pause();
    const key = cell.dataset.k ?? "";
    this.#enter(key);
    this.#goTo(cell);
    // the first tap of a finger only points, or its keyboard would cover the figure
    if (key === this.#known || /** @type {PointerEvent} */ (event).pointerType !== "touch") {
      this.#edit(key);
    }
  }

  /**
   * @param {EventTarget | null} target
   * @param {boolean} entered
   */
  #focus(target, entered) {
    const element = /** @type {Element | null} */ (target);
    const key = element?.closest(".cell, rect.raster")?.getAttribute("data-k") ?? "";
    if (!key) {
      return;
    }
    if (entered) {
      if (key.includes("/")) {
        const [grid] = pieces(key);
        this.#stops.set(grid, key);
        this.#focused = key;
        this.#hovered = "";
        this.#tabStops();
      }
    } else {
      this.#focused = "";
    }
    this.#host.refresh();
  }

  /** @param {string} key */
  #find(key) {
    return /** @type {SVGElement | null} */ (this.#host.scene?.querySelector(`[data-k="${CSS.escape(key)}"]`) ?? null);
  }

  /** @param {string} key */
  #enter(key) {
    const cell = this.#find(key);
    if (cell) {
      const [grid] = pieces(key);
      this.#stops.set(grid, key);
      cell.setAttribute("tabindex", "0");
      cell.focus();
    }
    return cell !== null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.target === this.#editor || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const raster = this.#raster(event.target);
    const cell = this.#cell(event.target);
    const arrow = ARROWS[event.key];
    if (raster && arrow) {
      this.#moveInRaster(raster, arrow, event.shiftKey ? 10 : 1);
      event.preventDefault();
    } else if (cell?.classList.contains("cell")) {
      const key = cell.dataset.k ?? "";
      const [grid, row, column] = pieces(key);
      if (arrow) {
        this.#enter(`${grid}/${row + arrow[0]},${column + arrow[1]}`);
      } else if (event.key === "Home" || event.key === "End") {
        const row = cell.parentElement?.querySelectorAll(".cell");
        this.#enter(row?.[event.key === "Home" ? 0 : row.length - 1].getAttribute("data-k") ?? "");
      } else if (event.key === "Enter" || event.key === "F2") {
        this.#goTo(cell);
        this.#edit(key);
      } else if (/^[-−\d.]$/.test(event.key)) {
        this.#edit(key, event.key);
      } else {
        return;
      }
      event.preventDefault();
    }
  }

  /**
   * @param {SVGElement} raster
   * @param {[number, number]} arrow
   * @param {number} pixels
   */
  #moveInRaster(raster, [down, right], pixels) {
    const rows = Number(raster.dataset.rows);
    const columns = Number(raster.dataset.columns);
    const [grid, row, column] = pieces(this.#focused || this.#hovered);
    const here = grid === raster.dataset.k;
    const to = (/** @type {number} */ from, /** @type {number} */ by, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, from + by * pixels));
    const y = to(here ? row : Math.floor(rows / 2), down, rows);
    const x = to(here ? column : Math.floor(columns / 2), right, columns);
    this.#hovered = "";
    this.#focused = `${raster.dataset.k}/${y},${x}`;
    this.#host.refresh();
  }

  /** The key of the cell or image that has the focus, to be kept over a change of the drawing. */
  get focused() {
    return this.#host.root.activeElement?.closest(".cell, rect.raster")?.getAttribute("data-k") ?? "";
  }

  /**
   * Puts things right after the drawing changed: one tab stop a grid, the focus and the editor on their cell.
   *
   * @param {string} focused what had the focus before
   */
  settle(focused) {
    if (focused && this.focused !== focused) {
      this.#enter(focused);
    }
    this.#tabStops();
    if (this.#editor) {
      this.#placeEditor();
    }
  }

  /**
   * The frame of a stage and the cell of an output lead to their step.
   *
   * @param {SVGElement} cell
   */
  #goTo(cell) {
    if (cell.dataset.step) {
      this.#host.step = Number(cell.dataset.step);
    }
  }

  #tabStops() {
    for (const grid of /** @type {NodeListOf<SVGElement>} */ (this.#host.scene?.querySelectorAll("g.grid") ?? [])) {
      const name = grid.dataset.k ?? "";
      const stops = grid.querySelectorAll('[tabindex="0"]');
      const wanted =
        this.#find(this.#stops.get(name) ?? `${name}/0,0`) ?? /** @type {SVGElement} */ (grid.querySelector(".cell"));
      for (const stop of stops) {
        if (stop !== wanted) {
          stop.setAttribute("tabindex", "-1");
        }
      }
      if (wanted?.getAttribute("tabindex") !== "0") {
        wanted?.setAttribute("tabindex", "0");
      }
    }
    for (const raster of this.#host.scene?.querySelectorAll("rect.raster") ?? []) {
      raster.setAttribute("tabindex", "0");
      raster.setAttribute("aria-description", "The arrow keys move the window; with Shift by ten pixels.");
    }
  }

  // ---- typing

  /**
   * Opens the editor over a cell.
   *
   * @param {string} key
   * @param {string} [typed] the character that the reader began with
   */
  #edit(key, typed) {
    const cell = this.#find(key);
    if (!cell?.closest("[data-editable]") || cell.classList.contains("padding")) {
      return;
    }
    this.#close(false);
    this.#host.pause();
    const editor = document.createElement("input");
    editor.className = "editor";
    editor.setAttribute("aria-label", `New value of ${cell.closest(".grid")?.getAttribute("aria-label")}, cell ${key.split("/")[1]}`);
    editor.inputMode = "text"; // a phone's decimal keyboard may lack the minus
    editor.autocomplete = "off";
    editor.value = typed ?? cell.textContent ?? "";
    editor.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.#commit().then(() => this.#editor ?? this.#enter(key));
      } else if (event.key === "Tab") {
        this.#commit();
        this.#enter(key); // and from there to the next
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.#close(true);
      }
      event.stopPropagation();
    });
    editor.addEventListener("blur", () => this.#commit());
    this.#editor = editor;
    this.#editing = key;
    this.#host.drawing?.append(editor);
    this.#placeEditor();
    editor.focus();
    if (typed === undefined) {
      editor.select();
    }
  }

  #placeEditor() {
    const cell = this.#find(this.#editing)?.querySelector("rect");
    const drawing = this.#host.drawing;
    if (!cell || !drawing || !this.#editor) {
      this.#close(false);
      return;
    }
    const box = cell.getBoundingClientRect();
    const around = drawing.getBoundingClientRect();
    const width = Math.max(box.width, 64);
    const height = Math.max(box.height, 32);
    const left = Math.min(around.width - width, Math.max(0, box.left + box.width / 2 - width / 2 - around.left));
    this.#editor.style.left = `${left}px`;
    this.#editor.style.top = `${box.top + box.height / 2 - height / 2 - around.top}px`;
    this.#editor.style.width = `${width}px`;
    this.#editor.style.height = `${height}px`;
  }

  async #commit() {
    const editor = this.#editor;
    const key = this.#editing;
    const text = editor?.value.trim() ?? "";
    if (!editor || editor.dataset.sent === text) {
      return;
    }
    if (text === (this.#find(key)?.textContent ?? "")) {
      this.#close(false);
      return;
    }
    editor.dataset.sent = text;
    const problem = await this.#host.change(key, text.replaceAll("−", "-"));
    if (editor !== this.#editor) {
      return;
    }
    if (problem) {
      this.#complain(problem);
    } else {
      this.#close(false);
      note(this.#host.scene, key);
    }
  }

  /** @param {string} text */
  #complain(text) {
    const editor = /** @type {HTMLInputElement} */ (this.#editor);
    let bubble = this.#host.drawing?.querySelector(".bubble");
    if (!bubble) {
      bubble = document.createElement("p");
      bubble.className = "bubble";
      bubble.id = "cell-problem";
      bubble.setAttribute("role", "alert");
      editor.after(bubble);
    }
    bubble.textContent = text;
    /** @type {HTMLElement} */ (bubble).style.top = `${editor.offsetTop + editor.offsetHeight + 6}px`;
    editor.setAttribute("aria-invalid", "true");
    editor.setAttribute("aria-describedby", "cell-problem");
    editor.focus();
  }

  /** @param {boolean} back whether the focus returns to the cell */
  #close(back) {
    const editor = this.#editor;
    this.#editor = null;
    editor?.remove();
    this.#host.drawing?.querySelector(".bubble")?.remove();
    if (editor && back) {
      this.#enter(this.#editing);
    }
  }
}
