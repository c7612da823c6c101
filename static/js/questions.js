// Questions in the prose. A prediction stands beside its figure: the reader commits to an answer, and only then the figure runs
// and answers. Self-checks end a chapter; their numbers are drawn from a seed. What is right is computed by the figure's module,
// and what is said to an answer by that of the exercises; here both are only carried to and fro.
import { figureOf, reveal } from "./prose.js";
import { trust } from "./trust.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {Record<string, string>} Params */
/** @typedef {{ask: string, form: string, params: Params, draw?: string, cells?: string, options?: {words: string, value?: string, params?: Params}[]}} Question */
/** @typedef {{answers: string[], state: Params, wrong: Record<string, string>, error?: string}} Found */
/** @typedef {{state: "right" | "wrong" | "unreadable" | "empty", text: string, answer: string, params: Params, error?: string}} Verdict */

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export function questions() {
  const checks = [];
  for (const block of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".question"))) {
    if (block.classList.contains("check")) {
      checks.push(new Check(block));
    } else {
      new Prediction(block);
    }
  }
  if (checks.length > 0) {
    selfChecks(checks);
  }
}

/** A question and its form. */
class Asked {
  /** @type {Question} */
  question;
  /** How the answer was judged; the empty string before. */
  judged = "";
  block;
  /** @type {HTMLFormElement} */
  form;
  /** @type {HTMLButtonElement} */
  button;
  /** @type {HTMLElement} */
  said;

  #word; // on the button, until an answer is judged
  #details;

  /** @param {HTMLElement} block */
  constructor(block) {
    const part = (/** @type {string} */ selector) => /** @type {any} */ (block.querySelector(selector));
    this.block = block;
    this.question = JSON.parse(block.dataset.question ?? "");
    this.form = part("form");
    this.button = part("form button");
    this.said = part(".verdict");
    this.#details = /** @type {HTMLDetailsElement} */ (part("details"));
    this.#word = this.button.textContent;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.judged) {
        this.again();
      } else {
        this.commit();
      }
    });
  }

  get figure() {
    return figureOf(this.block);
  }

  /** What the reader says, as text. */
  get text() {
    return String(new FormData(this.form).get("answer") ?? "").trim();
  }

  set text(text) {
    for (const field of this.fields) {
      if (field.type === "radio") {
        field.checked = field.value === text;
      } else {
        field.value = text;
      }
    }
  }

  get fields() {
    return /** @type {HTMLInputElement[]} */ ([...this.form.querySelectorAll("input")]);
  }

  /** @param {string} text as HTML that the core wrote, or plain */
  say(text) {
    this.said.innerHTML = trust().createHTML(text);
  }

  /**
   * Judges what the reader says.
   *
   * @returns {Promise<Verdict | undefined>} nothing where it is no answer
   */
  async commit() {
    const { figure, text } = this;
    if (!figure || !text) {
      this.say(text ? "" : "Give an answer first.");
      this.fields[0].focus();
      return undefined;
    }
    try {
      const found = await this.found(figure, this.question.params);
      const verdict = /** @type {Verdict} */ (await engineOf(figure).practice({ op: "judge", ...this.question, found, text }));
      if (verdict.error) {
        throw new Error(verdict.error);
      }
      this.say(verdict.text);
      if (verdict.state === "unreadable" || verdict.state === "empty") {
        this.fields[0].focus();
        return undefined;
      }
      this.judged = verdict.state;
      this.block.classList.add("judged", verdict.state);
      if (this.form.contains(document.activeElement)) {
        this.button.focus({ preventScroll: true }); // it stays where the fields close
      }
      this.fields.forEach((field) => (field.type === "radio" ? (field.disabled = !field.checked) : (field.readOnly = true)));
      this.button.textContent = "Answer again";
      this.#details.open = true;
      return verdict;
    } catch (e) {
      this.say("");
      this.said.textContent = e instanceof Error ? e.message : String(e);
      return undefined;
    }
  }

  /** Opens the question again. */
  again() {
    this.judged = "";
    this.block.classList.remove("judged", "right", "wrong");
    this.fields.forEach((field) => (field.disabled = field.readOnly = false));
    this.text = "";
    this.say("");
    this.button.textContent = this.#word;
    this.#details.open = false;
    this.fields[0].focus({ preventScroll: true });
  }

  /**
   * What the figure's module has to say to the question.
   *
   * @param {ConvScope} figure
   * @param {Params} params
   * @returns {Promise<Found>}
   */
  async found(figure, params) {
    const own = (this.question.options ?? []).flatMap((option) => (option.params ? [option.params] : []));
    return answers(figure, { ask: this.question.ask, states: own.length > 0 ? own : [params] });
  }
}

/**
 * @param {ConvScope} figure
 * @param {object} request
 * @returns {Promise<Found>}
 */
async function answers(figure, request) {
  const found = /** @type {any} */ (await figure.ask({ op: "answers", ...request }));
  if (found.error) {
    throw new Error(found.error);
  }
  return found;
}

/**
 * @param {ConvScope} figure
 * @returns {import("./engine.js").Engine}
 */
function engineOf(figure) {
  return /** @type {any} */ (figure.constructor).engine;
}

class Prediction extends Asked {
  #key;

  /** @param {HTMLElement} block */
  constructor(block) {
    super(block);
    this.#key = `convscope-predicted/${block.dataset.for}`;
    const { cells } = this.question;
    if (cells) {
      this.figure?.addEventListener("click", (event) => this.#point(cells, event));
    }
    const before = kept(this.#key);
    if (before) {
      this.text = before;
      customElements.whenDefined("conv-scope").then(() => super.commit()); // the figure stays as the page's address has it
    }
  }

  async commit() {
    const verdict = await super.commit();
    const { figure } = this;
    if (verdict && figure) {
      keep(this.#key, this.text);
      const still = reducedMotion.matches || verdict.params.step !== undefined;
      figure.apply(still ? verdict.params : { ...verdict.params, step: "0" });
      if (!still) {
        figure.play();
      }
      reveal(figure, this.button, this.said);
    }
    return verdict;
  }

  again() {
    super.again();
    keep(this.#key, "");
  }

  /**
   * Takes a cell of the figure that the reader points at as the answer.
   *
   * @param {string} cells the cells that are asked for, as their keys begin
   * @param {Event} event
   */
  #point(cells, event) {
    const at = event.composedPath()[0];
    const key = (at instanceof Element && at.closest("[data-k]")?.getAttribute("data-k")) || "";
    const place = key.startsWith(`${cells}/`) ? key.slice(cells.length + 1).split(",") : [];
    if (!this.judged && place.length === 2) {
      this.text = place.join(", ");
    }
  }
}

class Check extends Asked {
  async commit() {
    const verdict = await super.commit();
    if (verdict) {
      this.block.dispatchEvent(new Event("convscope-judged", { bubbles: true }));
    }
    return verdict;
  }

  again() {
    super.again();
    this.block.dispatchEvent(new Event("convscope-judged", { bubbles: true }));
  }

  /** @param {string} seed */
  async draw(seed) {
    const { figure, question } = this;
    if (!figure) {
      return;
    }
    const { states } = await engineOf(figure).practice({ op: "draw", draw: question.draw, seed: `${this.block.dataset.for}/${seed}` });
    const { state } = await answers(figure, { ask: question.ask, states, draw: true });
    if (this.judged) {
      super.again();
    }
    question.params = state;
    for (const value of /** @type {NodeListOf<HTMLElement>} */ (this.block.querySelectorAll("[data-value]"))) {
      const name = value.dataset.value ?? "";
      value.textContent = word(figure, name, state[name] ?? "");
    }
    const show = /** @type {HTMLElement | null} */ (this.block.querySelector("button[data-set]"));
    show?.setAttribute("data-set", String(new URLSearchParams(state)));
    show?.setAttribute("aria-pressed", "false");
  }
}

/**
 * A drawn parameter as sentences have it; Questions.java does the same.
 *
 * @param {ConvScope} figure
 * @param {string} name
 * @param {string} text
 */
function word(figure, name, text) {
  const option = figure.root.querySelector(`[data-param="${CSS.escape(name)}"] option[value="${CSS.escape(text)}"]`);
  return option?.textContent ?? text.replace(/(\d)x(?=\d)/g, "$1 × ");
}

/** @param {Check[]} checks */
function selfChecks(checks) {
  const section = /** @type {HTMLElement} */ (document.querySelector(".checks"));
  const seed = /** @type {HTMLInputElement} */ (section.querySelector("[data-seed]"));
  const score = /** @type {HTMLElement} */ (section.querySelector("[data-score]"));
  const key = `convscope-seed${location.pathname}`;
  const count = () => {
    const judged = checks.filter((check) => check.judged);
    const right = judged.filter((check) => check.judged === "right").length;
    score.textContent = judged.length > 0 ? `${right} of ${checks.length} right` : "";
  };
  const draw = async () => {
    keep(key, seed.value);
    try {
      for (const check of checks) {
        await check.draw(seed.value);
      }
      count();
    } catch (e) {
      score.textContent = e instanceof Error ? e.message : String(e);
    }
  };
  section.addEventListener("convscope-judged", count);
  section.querySelector("[data-draw-new]")?.addEventListener("click", () => {
    seed.value = String(1 + Math.floor(Math.random() * 9999));
    draw();
  });
  seed.addEventListener("change", draw);
  const before = kept(key);
  if (before && before !== seed.value) {
    seed.value = before;
    customElements.whenDefined("conv-scope").then(draw);
  }
}

/** @param {string} key */
function kept(key) {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return ""; // the browser keeps nothing
  }
}

/**
 * @param {string} key
 * @param {string} text
 */
function keep(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    // it lasts as long as the page
  }
}
