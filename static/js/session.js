// What one figure asks of the worker, and what came back: its parameters and its step. One request is under way at a time, and
// the latest wish counts.
import { queryText } from "./address.js";

/** @typedef {{param: string, text: string}} Problem */
/**
 * What the core answers; see FigureService.
 *
 * @typedef {object} Reply
 * @property {Record<string, string>} values
 * @property {string[]} hidden
 * @property {string} query
 * @property {Problem[]} problems
 * @property {string[]} [needs]
 * @property {string} [svg]
 * @property {string} alt
 * @property {string} equation
 * @property {string} caption
 * @property {string} twin
 * @property {number} step
 * @property {number} steps
 * @property {number} stride
 * @property {import("./rasters.js").RasterInfo[]} rasters
 * @property {string} [shell]
 * @property {string} [error]
 */
/** @typedef {{key: string, text: string, near: boolean, told: (problem: string) => void}} Change */
/** @typedef {{reply: any, bytes: Uint8Array}} Answer */
/**
 * What a session wants of the figure that it serves.
 *
 * @typedef {object} Figure
 * @property {() => boolean} present whether it is in a document
 * @property {() => {topic: string, layout: string, pick: string}} view what is to be drawn of it
 * @property {() => boolean} bare whether it has nothing around its drawing yet
 * @property {(html: string) => void} shell takes what is around the drawing
 * @property {(reply: Reply, changed: string, refused: boolean) => void} fields shows the values, after a change of that key or
 *   none; it may have been refused
 * @property {(name: string) => Promise<boolean>} picture brings a picture to the worker, or asks the reader for it
 * @property {(problems: Problem[], refused: boolean) => void} problems shows what is wrong
 * @property {(reply: Reply, bytes: Uint8Array, before: Reply | undefined) => void} drawn shows a drawing
 * @property {(before: Record<string, string>, cause: string, byReader: boolean) => void} settled is told when an answer is shown:
 *   the values before, what the reader changed, if it was the reader, and whether the reader or the page asked for it
 * @property {(why: string) => void} failed says why there is no answer
 */

export class Session {
  /** @type {Record<string, string>} every parameter as text, as the core gave them */
  values = {};
  /** @type {Record<string, string>} the values of the last drawing */
  shown = {};
  /** @type {Problem[]} */
  problems = [];
  /** @type {Reply | undefined} the last drawing */
  reply;
  step = 0;
  steps = 1;
  pace = 1;
  busy = false;

  #ask;
  #figure;
  /** @type {Record<string, string | null>} what the host page wants changed; null is the default */
  #wishes = {};
  /** @type {string | undefined} the step that somebody chose; without it, the core does */
  #chosen;
  #previewed = false; // whether the figure chose it itself
  #query = "";
  #cause = ""; // what the reader did to get what is asked for next
  #byPage = false; // whether the host page alone asks for what is asked for next
  /** @type {Change[]} */
  #changes = [];
  /** @type {"asleep" | "awake" | "used"} asleep it stands as it came and loads nothing; used, its address is worth keeping */
  #life = "asleep";
  /** @type {"nothing" | "figure" | "page"} what to ask for; if what the host page wants is bad, the defaults appear */
  #wanted = "page";

  /**
   * @param {(topic: string, request: object, patience?: number) => Promise<Answer>} ask
   * @param {Figure} figure
   */
  constructor(ask, figure) {
    this.#ask = ask;
    this.#figure = figure;
  }

  get used() {
    return this.#life === "used";
  }

  /** Lets it ask, since the reader is near. */
  wake() {
    if (this.#life === "asleep") {
      this.#life = "awake";
    }
    this.#pump();
  }

  /** Begins anew, for another topic. */
  forget() {
    this.values = {};
    this.reply = undefined;
    this.#chosen = undefined;
  }

  /**
   * Takes what the host page says of a parameter, or of the step; null is the default. It is asked for with the next request.
   *
   * @param {string} name
   * @param {string | null} text
   */
  wish(name, text) {
    if (name === "step") {
      this.#chosen = text ?? undefined;
      this.#previewed = false;
    } else {
      this.#wishes[name] = text;
    }
    this.#byPage = true;
    this.#wanted = "page";
  }

  /**
   * As wishes, of somebody who uses the figure.
   *
   * @param {Record<string, string>} values
   */
  set(values) {
    for (const [name, value] of Object.entries(values)) {
      this.#wishes[name] = String(value);
    }
    this.#byPage = true;
    this.#use("set");
  }

  /**
   * Sets every parameter: what is not named goes to its default, and the step to the one named, or to the core's choice.
   *
   * @param {Record<string, string | null | undefined>} values with a step or without
   * @param {string} cause what the reader did; the empty string where that is not to be noted
   */
  replace({ step, ...values }, cause) {
    this.#wishes = {};
    for (const name of Object.keys(this.values)) {
      this.#wishes[name] = null;
    }
    for (const [name, value] of Object.entries(values)) {
      this.#wishes[name] = value === undefined ? null : value;
    }
    this.#chosen = step ?? undefined;
    this.#previewed = false;
    this.#byPage = false;
    this.#use(cause);
  }

  /** @param {string} cause */
  #use(cause) {
    this.#cause = cause;
    this.#wanted = "page";
    this.#life = "used";
    this.#pump();
  }

  /** The step that somebody chose, as text. */
  get chosen() {
    return this.#previewed ? undefined : this.#chosen;
  }

  /** Whether the figure shows a step at which it does not stay. */
  get passing() {
    return this.#previewed;
  }

  /** @param {number} step */
  goTo(step) {
    this.#chosen = String(step);
    this.#previewed = false;
    this.step = step;
    this.#life = "used";
    this.refresh();
  }

  /**
   * Shows a step that nobody chose; without one, that at which the figure begins.
   *
   * @param {number | undefined} step
   * @returns {boolean} whether it does: not once somebody has used the figure or chosen a step
   */
  preview(step) {
    if (this.used || this.chosen !== undefined) {
      return false;
    }
    this.#chosen = step === undefined ? undefined : String(step);
    this.#previewed = step !== undefined;
    this.refresh();
    return true;
  }

  /** Asks for the figure as it should be now. */
  refresh() {
    if (this.#wanted === "nothing") {
      this.#wanted = "figure";
    }
    this.#pump();
  }

  /** Asks once more for what did not come. */
  again() {
    this.#wanted = "page";
    this.#pump();
  }

  /**
   * Changes a parameter or a cell as the reader asks.
   *
   * @param {string} key
   * @param {string} text
   * @param {boolean} near whether the last value that fits will do in its place
   * @returns {Promise<string>} what is wrong with it, or the empty string
   */
  change(key, text, near) {
    this.#life = "used";
    return new Promise((told) => {
      const last = this.#changes[this.#changes.length - 1];
      if (last?.key === key) {
        this.#changes.pop();
        last.told("");
      }
      this.#changes.push({ key, text, near, told });
      this.#pump();
    });
  }

  /**
   * Asks with the present parameters, apart from what is to be shown.
   *
   * @param {object} more fields of the request
   * @param {number} [patience]
   */
  aside(more, patience) {
    const request = this.#request();
    return this.#ask(request.topic, { ...request, ...more }, patience);
  }

  /** The query that leads to this figure as it is now. */
  get query() {
    return queryText(this.#query, this.chosen === undefined ? undefined : this.step);
  }

  #request() {
    /** @type {Record<string, string>} */
    const params = {};
    for (const [name, value] of Object.entries({ ...this.values, ...this.#wishes, step: this.#chosen })) {
      if (typeof value === "string") {
        params[name] = value;
      }
    }
    return { op: "figure", params, ...this.#figure.view() };
  }

  async #pump() {
    const wanted = this.#wanted !== "nothing" || this.#changes.length > 0;
    if (!wanted || this.busy || this.#life === "asleep" || !this.#figure.present()) {
      return;
    }
    const change = this.#changes.shift();
    const cause = change ? change.key : this.#cause;
    const byReader = change !== undefined || !this.#byPage;
    const request = {
      ...this.#request(),
      ...(change ? { change: { key: change.key, text: change.text, near: change.near } } : {}),
      fallback: this.#wanted === "page" && !change,
      shell: this.#figure.bare(),
    };
    this.busy = true;
    this.#wanted = "nothing";
    this.#wishes = {};
    this.#cause = "";
    this.#byPage = false;
    try {
      const { reply, bytes } = await this.#ask(request.topic, request);
      await this.#take(reply, bytes, change, request, cause, byReader);
    } catch (e) {
      change?.told("");
      this.#figure.failed(e instanceof Error ? e.message : String(e));
    }
    this.busy = false;
    this.#pump();
  }

  /**
   * @param {Reply} reply
   * @param {Uint8Array} bytes
   * @param {Change | undefined} change what the reader had asked for
   * @param {{fallback: boolean, params: Record<string, string>}} request
   * @param {string} cause what the reader did
   * @param {boolean} byReader whether the reader, and not the page, asked for it
   */
  async #take(reply, bytes, change, request, cause, byReader) {
    const figure = this.#figure;
    if (reply.error !== undefined) {
      change?.told(reply.error);
      figure.failed(reply.error);
      return;
    }
    const before = this.values;
    this.values = reply.values;
    const kept = change && !reply.svg && !reply.needs && before[change.key] === reply.values[change.key];
    const refused = kept === true;
    change?.told(refused ? reply.problems.map((problem) => problem.text).join(" ") : "");
    if (reply.shell) {
      figure.shell(reply.shell);
    }
    figure.fields(reply, change?.key ?? "", refused);
    if (refused) {
      return; // said beside the field or the cell
    }
    if (reply.needs) {
      this.#cause = cause;
      this.#byPage = !byReader;
      await this.#fetch(reply.needs, request.fallback);
      return;
    }
    this.#query = reply.query;
    if (change || request.fallback || !reply.svg) {
      const beside = change && reply.svg ? [] : reply.problems; // what a change met is said beside its field
      this.problems = beside.filter((problem) => problem.param !== "step" || request.fallback);
      figure.problems(this.problems, !reply.svg);
    }
    if (reply.svg) {
      const last = this.reply;
      this.#keep(reply, request.params.step);
      figure.drawn(reply, bytes, last);
    }
    figure.settled(before, reply.svg ? cause : "", byReader);
  }

  /**
   * @param {Reply} reply
   * @param {string | undefined} step the one that was asked for
   */
  #keep(reply, step) {
    this.reply = reply;
    this.shown = reply.values;
    this.steps = reply.steps;
    this.pace = reply.stride;
    if (step === this.#chosen) {
      this.step = reply.step; // nobody chose another one meanwhile
      this.#chosen = Number(step) === reply.step ? step : undefined;
    }
  }

  /**
   * Brings what the figure needs, and asks again; without them, it stays as it is.
   *
   * @param {string[]} names
   * @param {boolean} fallback whether the defaults may appear
   */
  async #fetch(names, fallback) {
    for (const name of names) {
      try {
        if (!(await this.#figure.picture(name))) {
          this.values = { ...this.shown };
          return;
        }
      } catch (e) {
        this.#figure.failed(e instanceof Error ? e.message : String(e));
        if (!this.reply && !Object.values(this.values).includes(name)) {
          return; // no parameter asks for it, so that there is no figure without it
        }
        this.values = this.reply ? { ...this.shown } : without(this.values, name);
      }
    }
    this.#wanted = fallback ? "page" : "figure";
  }
}

/**
 * @param {Record<string, string>} values
 * @param {string} text
 */
function without(values, text) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== text));
}
