// A page's side of a worker of its own, for the lab and the workbench: one request at a time, in order. When the worker dies, whoever waits is told; the next
// request goes to a new one, which is given the data again but knows nothing of the run.
import { moduleFiles, site } from "./site.js";
import { trust } from "./trust.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {{reply: any, bytes: Uint8Array}} Answer */
/** @typedef {{resolve(answer: Answer): void, reject(e: Error): void}} Caller */

const PATIENCE = 20_000; // ms without an answer until a worker counts as dead; a step of a large network takes a while

const WITHOUT_RUN = ["check", "give", "own", "own-names"];

/** The worker is gone, and the run with it. */
export class Lost extends Error {}

export class LabWorker {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Map<number, Caller>} */
  #waiting = new Map();
  /** @type {Map<string, Given>} */
  #given = new Map();
  /** @type {Promise<ArrayBuffer> | null} the module, fetched once for all workers, with the bytes that the page has preloaded */
  #module = null;
  #last = 0;
  #timer = 0;
  #lost = ""; // why the run is gone, until there is another
  #name;
  #free;

  /**
   * @param {string} name of the module
   * @param {string[]} free the requests that need no run of the worker that died
   */
  constructor(name = "lab", free = WITHOUT_RUN) {
    this.#name = name;
    this.#free = free;
  }

  /**
   * Asks the core; rejects with a sentence for the reader.
   *
   * @param {Record<string, any>} request
   * @param {Uint8Array} [payload]
   * @returns {Promise<Answer>}
   */
  async ask(request, payload) {
    if (["begin", "open"].includes(request.op)) {
      this.#lost = "";
    } else if (this.#lost && !this.#free.includes(request.op)) {
      throw new Lost(this.#lost);
    }
    const wasm = await (this.#module ??= this.#fetch());
    return new Promise((resolve, reject) => {
      const worker = (this.#worker ??= this.#start(wasm));
      this.#waiting.set(++this.#last, { resolve, reject });
      worker.postMessage({ id: this.#last, request: JSON.stringify(request), payload });
      this.#watch();
    });
  }

  async #fetch() {
    try {
      const response = await fetch(moduleFiles(this.#name).wasm);
      if (!response.ok) {
        throw new Error(`it answered ${response.status}`);
      }
      return await response.arrayBuffer();
    } catch (e) {
      this.#module = null; // the next request tries again
      throw new Error(`The ${this.#name}’s engine could not be loaded: ${e instanceof Error ? e.message : e}. Check the connection and try again.`);
    }
  }

  /**
   * Hands a file over.
   *
   * @param {string} name
   * @param {Given} given
   */
  async give(name, given) {
    await this.ask(given.request, given.payload);
    this.#given.set(name, given);
  }

  /**
   * Takes something back that was given.
   *
   * @param {string} name
   * @param {object} request
   */
  async takeBack(name, request) {
    this.#given.delete(name);
    await this.ask(request);
  }

  /** @param {ArrayBuffer} wasm */
  #start(wasm) {
    const worker = new Worker(trust().createScriptURL(site.worker));
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(event.message || "it could not be started");
    };
    worker.postMessage({ wasm });
    for (const { request, payload } of this.#given.values()) {
      worker.postMessage({ id: 0, request: JSON.stringify(request), payload });
    }
    return worker;
  }

  /** @param {{id?: number, text: string, bytes: Uint8Array, trapped?: string, failed?: string}} data */
  #receive(data) {
    if (data.failed !== undefined || data.trapped !== undefined) {
      this.#lose(data.failed ?? data.trapped ?? "");
      return;
    }
    const caller = this.#waiting.get(data.id ?? 0);
    this.#waiting.delete(data.id ?? 0);
    this.#watch();
    if (!caller) {
      return;
    }
    const reply = JSON.parse(data.text);
    if (reply.error && reply.problems === undefined) {
      caller.reject(new Error(reply.error));
    } else {
      caller.resolve({ reply, bytes: data.bytes });
    }
  }

  #watch() {
    clearTimeout(this.#timer);
    if (this.#waiting.size > 0) {
      this.#timer = setTimeout(() => this.#lose("it gave no answer"), PATIENCE);
    }
  }

  /** @param {string} why */
  #lose(why) {
    this.#worker?.terminate();
    this.#worker = null;
    clearTimeout(this.#timer);
    const callers = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#lost = `The ${this.#name}’s worker stopped: ${why}.`;
    callers.forEach((caller) => caller.reject(new Lost(this.#lost)));
  }
}
