// An exercise in a <conv-scope exercise="…">: its fields, its checker, hints and solution. Loaded when a page has one. Every number
// and every word about an answer comes from the core.
import { copyField, copyText, h } from "./panel.js";
import { parse } from "./patch.js";
import { withLinks } from "./shell.js";
import { site } from "./site.js";

/** @typedef {{part: string, state: "right" | "follows" | "wrong" | "empty" | "unreadable", text: string, entry: number, slip: string}} Mark */
/** @typedef {{ask(request: object): Promise<any>}} Core */
/**
 * How an exercise stands, as its events tell it.
 *
 * @typedef {object} Standing
 * @property {string} exercise
 * @property {string} seed
 * @property {number} level
 * @property {Record<string, string>} answers
 * @property {number} attempts
 * @property {number} hints
 * @property {boolean} solution whether it was shown
 * @property {boolean} right
 * @property {number} points
 * @property {number} most
 * @property {string} [slip] what went wrong first
 */

const FIRST_SEED = "1";
const SEED_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const MOST_CELLS = 400;

const sheet = new CSSStyleSheet();
sheet.replaceSync("__EXERCISE_STYLE__");

class Practice {
  #host;
  #core;
  /** @type {ShadowRoot} */
  #root;
  /** @type {Standing} */
  #standing;
  #asked = 0;
  /** @type {Promise<void>} */
  #shown;

  /**
   * @param {HTMLElement} host
   * @param {Core} core
   */
  constructor(host, core) {
    this.#host = host;
    this.#core = core;
    this.#root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [sheet];
    const address = host.getAttribute("permalink") === "page" ? new URLSearchParams(location.search) : undefined;
    const wish = (/** @type {string} */ name) => address?.get(name) ?? host.getAttribute(name);
    this.#standing = this.#fresh(wish("seed") ?? FIRST_SEED, Number(wish("level")) || 1);
    this.#listen();
    new MutationObserver(() => this.show(host.getAttribute("seed") ?? FIRST_SEED, Number(host.getAttribute("level")) || 1)).observe(host, {
      attributeFilter: ["exercise", "seed", "level"],
    });
    const { seed, level } = this.#standing;
    this.#shown = this.show(seed, level);
  }

  get #exercise() {
    return this.#host.getAttribute("exercise") ?? "";
  }

  /** Whether the page keeps a part of the exercise to itself: hints, solution, new, share. @param {string} what */
  #off(what) {
    return this.#host.getAttribute(what) === "off";
  }

  /**
   * @param {string} seed
   * @param {number} level
   * @returns {Standing}
   */
  #fresh(seed, level) {
    return { exercise: this.#exercise, seed, level, answers: {}, attempts: 0, hints: 0, solution: false, right: false, points: 0, most: 0 };
  }

  /**
   * Shows the question of a seed.
   *
   * @param {string} seed
   * @param {number} level
   */
  async show(seed, level) {
    const asked = ++this.#asked;
    const reply = await this.#ask("exercise", {}, { seed, level });
    if (asked !== this.#asked || !reply) {
      return;
    }
    this.#standing = this.#fresh(seed, level);
    const before = this.#root.querySelector(".exercise, .figure");
    const html = parse(withLinks(reply.html));
    before ? before.replaceWith(html) : this.#root.append(html);
    this.#use();
    if (this.#host.getAttribute("permalink") === "page") {
      const theme = new URLSearchParams(location.search).get("theme");
      const query = new URLSearchParams({ ...(theme ? { theme } : {}), seed, level: String(level) });
      history.replaceState(history.state, "", `?${query}`);
    }
    this.#host.dispatchEvent(new Event("convscope-ready"));
  }

  /** Brings what the core wrote to life. */
  #use() {
    for (const cells of this.#all(".cells")) {
      const { rows, columns } = cells.dataset;
      this.#size(cells, Number(rows), Number(columns));
    }
    this.#all(".order > li").forEach((item) => {
      const name = item.textContent ?? "";
      item.append(
        h("button", { type: "button", className: "up", "aria-label": `Up: ${name}`, onclick: () => this.#move(item, -1) }, "↑"),
        h("button", { type: "button", className: "down", "aria-label": `Down: ${name}`, onclick: () => this.#move(item, 1) }, "↓"),
      );
    });
    for (const [what, names] of Object.entries({ hints: ["hint"], solution: ["solution"], new: ["new"], share: ["embed", "link"] })) {
      names.forEach((name) => this.#button(name)?.toggleAttribute("hidden", this.#off(what)));
    }
    this.#root.querySelector(".level")?.toggleAttribute("disabled", this.#off("new"));
    this.#root.querySelector("fieldset")?.removeAttribute("disabled");
    this.#root.querySelector(".exercise")?.classList.add("live");
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement[]}
   */
  #all(selector) {
    return [...this.#root.querySelectorAll(selector)].map((element) => /** @type {HTMLElement} */ (element));
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement | null} */ (this.#root.querySelector(`[data-do="${name}"]`));
  }

  /**
   * Asks the core; what goes wrong is told, and the answer is then undefined.
   *
   * @param {string} op
   * @param {object} [more]
   * @param {{seed: string, level: number}} [of]
   */
  async #ask(op, more = {}, { seed, level } = this.#standing) {
    try {
      const reply = await this.#core.ask({ op, exercise: this.#exercise, seed, level, ...more });
      if (reply.error) {
        throw new Error(reply.error);
      }
      return reply;
    } catch (e) {
      this.#say(e instanceof Error ? e.message : String(e), "trouble");
    }
  }

  /**
   * @param {string} text
   * @param {string} kind
   * @param {...Node} more
   */
  #say(text, kind, ...more) {
    let place = this.#root.querySelector(".verdict");
    if (!place) {
      place = h("p", { className: "verdict", role: "status" });
      this.#root.append(place);
    }
    place.className = `verdict ${kind}`;
    place.replaceChildren(h("span", {}, text), ...more);
  }

  // ---- what the reader does

  #listen() {
    this.#root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    this.#root.addEventListener("click", ({ target }) => {
      const name = target instanceof Element ? target.closest("button[data-do]")?.getAttribute("data-do") : "";
      const own = { new: () => this.#anew(), hint: () => this.#hint(), solution: () => this.#solve(), link: () => this.#link(), embed: () => this.#embed() };
      /** @type {Record<string, () => void>} */ (own)[name ?? ""]?.();
    });
    this.#root.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLSelectElement && target.classList.contains("level")) {
        this.show(this.#standing.seed, Number(target.value));
      }
    });
    this.#root.addEventListener("input", ({ target }) => {
      const part = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest(".part")) : null;
      if (part) {
        this.#clear(part);
        this.#follow(part.dataset.part ?? "");
      }
    });
    this.#root.addEventListener("keydown", (event) => this.#arrow(/** @type {KeyboardEvent} */ (event)));
    this.#root.addEventListener("paste", (event) => this.#paste(/** @type {ClipboardEvent} */ (event)));
  }

  /** @param {HTMLElement} part */
  #clear(part) {
    part.classList.remove("right", "follows", "wrong", "empty", "unreadable");
    part.querySelector(".mark")?.replaceChildren();
    part.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  }

  /** A matrix takes the size that the answer to another part gives it. @param {string} name */
  async #follow(name) {
    for (const cells of this.#all(`.cells[data-sized-by="${name}"]`)) {
      const reply = await this.#ask("read", { part: name, text: this.#answer(name) });
      const sides = reply?.values ?? [];
      const [rows, columns] = sides.length === 1 ? [1, sides[0]] : sides; // a number is the length of a single row
      const fits = Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0 && rows * columns <= MOST_CELLS;
      this.#size(cells, fits ? rows : 0, fits ? columns : 0);
    }
  }

  /**
   * @param {HTMLElement} cells
   * @param {number} rows
   * @param {number} columns
   */
  #size(cells, rows, columns) {
    const before = new Map(this.#cells(cells).map((cell) => [cell.dataset.at, cell.value]));
    cells.dataset.rows = String(rows);
    cells.dataset.columns = String(columns);
    if (rows * columns === 0) {
      cells.replaceChildren(h("p", { className: "quiet" }, "Give the size first; the cells follow it."));
      return;
    }
    cells.style.setProperty("--columns", String(columns));
    cells.replaceChildren(
      ...Array.from({ length: rows * columns }, (_, n) => {
        const [i, j] = [Math.floor(n / columns), n % columns];
        const name = rows === 1 ? `Entry ${j + 1}` : `Row ${i + 1}, column ${j + 1}`;
        const cell = h("input", { autocomplete: "off", spellcheck: false, "aria-label": name, "data-at": `${i},${j}` });
        cell.value = before.get(`${i},${j}`) ?? "";
        return cell;
      }),
    );
  }

  /** @param {HTMLElement} cells */
  #cells(cells) {
    return /** @type {HTMLInputElement[]} */ ([...cells.querySelectorAll("input")]);
  }

  /** Arrow keys go from cell to cell, once the caret is at the end of what is in the cell. @param {KeyboardEvent} event */
  #arrow(event) {
    const cell = event.target instanceof HTMLInputElement ? event.target : null;
    const cells = /** @type {HTMLElement | null} */ (cell?.closest(".cells"));
    const columns = Number(cells?.dataset.columns);
    if (!cell || !cells || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const step = { ArrowUp: -columns, ArrowDown: columns, ArrowLeft: -1, ArrowRight: 1, Enter: 0 }[event.key];
    const atStart = cell.selectionStart === 0 && cell.selectionEnd === 0;
    const atEnd = cell.selectionStart === cell.value.length;
    const all = this.#cells(cells);
    const next = step ? all[all.indexOf(cell) + step] : undefined;
    if (next && (Math.abs(step ?? 0) > 1 || columns === 1 || (step === -1 ? atStart : atEnd))) {
      event.preventDefault();
      next.focus();
      next.select();
    }
  }

  /** Numbers that are pasted into a cell fill those after it. @param {ClipboardEvent} event */
  #paste(event) {
    const cell = event.target instanceof HTMLInputElement ? event.target : null;
    const cells = /** @type {HTMLElement | null} */ (cell?.closest(".cells"));
    const rows = (event.clipboardData?.getData("text") ?? "").trim().split(/[\n;]+/).map((row) => row.trim().split(/[\s,]+/));
    if (!cell || !cells || rows.flat().length < 2) {
      return;
    }
    event.preventDefault();
    const [top, left] = (cell.dataset.at ?? "0,0").split(",").map(Number);
    rows.forEach((row, i) =>
      row.forEach((text, j) => {
        const place = /** @type {HTMLInputElement | null} */ (cells.querySelector(`[data-at="${top + i},${left + j}"]`));
        if (place) {
          place.value = text;
        }
      }),
    );
    cell.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  /**
   * @param {HTMLElement} item
   * @param {number} by
   */
  #move(item, by) {
    const other = by < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) {
      return;
    }
    by < 0 ? other.before(item) : other.after(item);
    /** @type {HTMLElement | null} */ (item.querySelector(by < 0 ? ".up" : ".down"))?.focus();
    item.closest(".part")?.classList.add("moved");
    item.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const place = [...(item.parentElement?.children ?? [])].indexOf(item) + 1;
    this.#say(`${item.querySelector("span")?.textContent}: place ${place}.`, "quiet");
  }

  // ---- answers

  /** How the exercise stands. @returns {Standing} */
  get standing() {
    return { ...this.#standing };
  }

  /**
   * Goes on from earlier answers, once the question is there.
   *
   * @param {{answers: Record<string, string>, attempts: number, hints: number}} earlier
   */
  async fill({ answers, attempts, hints }) {
    await this.#shown;
    Object.assign(this.#standing, { answers, attempts, hints });
    for (const [name, text] of Object.entries(answers)) {
      const part = /** @type {HTMLElement | null} */ (this.#root.querySelector(`.part[data-part="${CSS.escape(name)}"]`));
      if (part && text) {
        await this.#write(part, text);
      }
      await this.#follow(name);
    }
    if (attempts > 0) {
      await this.#check(true);
    }
  }

  /**
   * Puts an answer into a part's fields.
   *
   * @param {HTMLElement} part
   * @param {string} text
   */
  async #write(part, text) {
    const cells = /** @type {HTMLElement | null} */ (part.querySelector(".cells"));
    if (cells) {
      const rows = text.split(";").map((row) => row.split(","));
      this.#size(cells, rows.length, rows[0].length);
      this.#cells(cells).forEach((cell, n) => (cell.value = rows.flat()[n]));
    } else if (part.dataset.form === "order") {
      const list = part.querySelector(".order");
      text.split(",").forEach((value) => list?.append(...part.querySelectorAll(`li[data-value="${CSS.escape(value)}"]`)));
    } else if (part.dataset.form === "choice") {
      part.querySelector(`input[value="${CSS.escape(text)}"]`)?.setAttribute("checked", "");
    } else {
      const field = part.querySelector("input");
      field && (field.value = text);
    }
  }

  /** What the reader has in a part, as text. @param {string} name */
  #answer(name) {
    const part = /** @type {HTMLElement | null} */ (this.#root.querySelector(`.part[data-part="${name}"]`));
    switch (part?.dataset.form) {
      case "grid": {
        const cells = /** @type {HTMLElement} */ (part.querySelector(".cells"));
        const columns = Number(cells.dataset.columns);
        const texts = this.#cells(cells).map((cell) => cell.value.trim());
        const rows = texts.length ? Array.from({ length: texts.length / columns }, (_, i) => texts.slice(i * columns, (i + 1) * columns).join(",")) : [];
        return texts.every((text) => text === "") ? "" : rows.join(";");
      }
      case "order":
        return [...part.querySelectorAll("li")].map((item) => /** @type {HTMLElement} */ (item).dataset.value).join(",");
      case "choice":
        return /** @type {HTMLInputElement | null} */ (part.querySelector("input:checked"))?.value ?? "";
      default:
        return /** @type {HTMLInputElement | null} */ (part?.querySelector("input"))?.value ?? "";
    }
  }

  /** @param {boolean} [quiet] whether nothing is new: no attempt, no focus */
  async #check(quiet = false) {
    const standing = this.#standing;
    const answers = Object.fromEntries(this.#all(".part").map(({ dataset }) => [dataset.part ?? "", this.#answer(dataset.part ?? "")]));
    const reply = await this.#ask("check", { answers });
    if (!reply || standing !== this.#standing) {
      return;
    }
    const { marks, right, points, most, first } = reply;
    marks.forEach((/** @type {Mark} */ mark) => this.#mark(mark));
    const blank = marks.every((/** @type {Mark} */ mark) => mark.state === "empty");
    if (!blank) {
      const slip = marks.find((/** @type {Mark} */ mark) => mark.part === first)?.slip ?? "";
      Object.assign(standing, { answers, attempts: standing.attempts + (quiet ? 0 : 1), right, points, most, slip });
      this.#tell();
    }
    if (right) {
      const next = h("button", { type: "button", "data-do": "new" }, "New numbers");
      this.#say(most === 1 ? "Right." : `Right, all ${most} parts.`, "right", ...(this.#off("new") ? [] : [next]));
      return;
    }
    const part = this.#all(".part").find(({ dataset }) => dataset.part === first);
    const name = part?.querySelector("label, legend")?.textContent ?? "";
    this.#say(blank ? "There is no answer yet." : most === 1 ? "Not yet." : `${points} of ${most} parts are right. The first to mend: ${name}.`, "wrong");
    const entry = marks.find((/** @type {Mark} */ mark) => mark.part === first)?.entry ?? -1;
    if (quiet) {
      return;
    }
    const fields = /** @type {HTMLElement[]} */ ([...(part?.querySelectorAll("input, .order button") ?? [])]);
    (part?.dataset.form === "grid" && entry >= 0 ? fields[entry] : fields[0])?.focus();
  }

  /** @param {Mark} mark */
  #mark({ part: name, state, text, entry }) {
    const part = /** @type {HTMLElement} */ (this.#root.querySelector(`.part[data-part="${name}"]`));
    this.#clear(part);
    part.classList.add(state);
    const words = { right: "Right.", follows: "", wrong: "", empty: "Still to answer.", unreadable: "" }[state];
    const said = state === "unreadable" && this.#gaps(part) ? "Some cells are still empty." : "";
    part.querySelector(".mark")?.replaceChildren(h("span", { className: "sign", "aria-hidden": "true" }), ...(said || words ? [`${said || words} `] : []), ...(text && !said ? [parse(`<span>${text}</span>`)] : []));
    if (state === "wrong" || state === "unreadable") {
      const fields = [...part.querySelectorAll("input")];
      const bad = part.dataset.form === "grid" ? fields.slice(entry, entry + 1) : part.dataset.form === "choice" ? [] : fields;
      (entry < 0 && part.dataset.form === "grid" ? [] : bad).forEach((field) => field.setAttribute("aria-invalid", "true"));
    }
  }

  /** @param {HTMLElement} part */
  #gaps(part) {
    const cells = /** @type {HTMLElement | null} */ (part.querySelector(".cells"));
    return cells !== null && this.#cells(cells).some((cell) => cell.value.trim() === "");
  }

  async #hint() {
    const reply = await this.#ask("hint", { n: this.#standing.hints });
    if (!reply) {
      return;
    }
    this.#standing.hints++;
    const item = h("li", { tabIndex: -1 });
    item.append(parse(`<span>${reply.html}</span>`));
    this.#root.querySelector(".hints")?.append(item);
    item.focus();
    this.#button("hint")?.toggleAttribute("disabled", reply.last);
    this.#tell();
  }

  async #solve() {
    const reply = await this.#ask("solution");
    const place = this.#root.querySelector(".solution");
    if (!reply || !place) {
      return;
    }
    this.#standing.solution = true;
    const worked = parse(withLinks(reply.html));
    place.replaceChildren(worked);
    if (reply.topic) {
      const figure = document.createElement("conv-scope");
      figure.setAttribute("topic", reply.topic);
      for (const [name, value] of new URLSearchParams(reply.query)) {
        figure.setAttribute(name, value);
      }
      worked.insertBefore(figure, worked.querySelector(".back"));
    }
    this.#button("solution")?.toggleAttribute("disabled", true);
    worked.querySelector("h4")?.focus();
    this.#tell();
  }

  #anew() {
    const letters = crypto.getRandomValues(new Uint8Array(6));
    this.show([...letters].map((n) => SEED_LETTERS[n % SEED_LETTERS.length]).join(""), this.#standing.level);
  }

  #query() {
    return new URLSearchParams({ seed: this.#standing.seed, level: String(this.#standing.level) }).toString();
  }

  async #link() {
    const url = `${site.root}exercises/${this.#exercise}/index.html?${this.#query()}`;
    const copied = site.root && (await copyText(url));
    this.#say(copied ? "The link to these numbers is copied." : "", "quiet", ...(copied || !site.root ? [] : [copyField("Link", url, copyText)]));
  }

  #embed() {
    const { seed, level } = this.#standing;
    const element = `<script src="${site.embedScript}" defer></script>\n<conv-scope exercise="${this.#exercise}" seed="${seed}" level="${level}"></conv-scope>`;
    const frame = `<iframe src="${site.root}embed/exercise-${this.#exercise}.html?${this.#query().replace("&", "&amp;")}" title="Exercise" width="100%" height="700" style="border:0" loading="lazy"></iframe>\n<script src="${site.resizeScript}" defer></script>`;
    this.#say("", "quiet", copyField("In a page where scripts are allowed", element, copyText), copyField("As a frame", frame, copyText));
  }

  #tell() {
    this.#host.dispatchEvent(new CustomEvent("convscope-answer", { detail: { ...this.#standing }, bubbles: true, composed: true }));
  }
}

/** @type {any} */ (globalThis).convscopePractice = (/** @type {HTMLElement} */ host, /** @type {Core} */ core) => new Practice(host, core);
