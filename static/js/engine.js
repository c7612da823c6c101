// The page's side of the engines: one worker for all figures, and in it a module for each chapter, loaded when first asked.
//
// A worker that traps, dies or does not answer is replaced; modules and what they were given are handed over again and the open
// requests are repeated, each at most once.
import { given, picture as asGiven } from "./given.js";
import { serve } from "./serve.js";
import { moduleFiles, moduleOf, site } from "./site.js";
import { load, trust } from "./trust.js";

/** @typedef {import("./given.js").Given} Given */
/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {{id: number, module: string, text: string, payload?: Uint8Array, tries: number, patience: number, resolve(answer: Answer): void, reject(e: Error): void}} Job */
/** @typedef {{reply: any, bytes: Uint8Array}} Answer */

const TICK = 500; // ms
const PATIENCE = 5; // ticks without an answer, while the page is visible, until a worker counts as dead
const FIRST_PATIENCE = 30; // until the module has answered once: it must be compiled first

// The smallest module with what the engine's need: (type (struct)) and (func try_table end)
const NEEDED = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0],
  ...[1, 6, 2, 95, 0, 96, 0, 0],
  ...[3, 2, 1, 1],
  ...[10, 8, 1, 6, 0, 31, 64, 0, 11, 11],
);

/** Why this browser cannot run the engine, or the empty string. */
export function unsupported() {
  const able = typeof WebAssembly === "object" && typeof Worker === "function" && WebAssembly.validate(NEEDED);
  return able
    ? ""
    : "This browser cannot run the figure, which needs WebAssembly with garbage collection and exception references: " +
        "Chrome and Edge have both from version 137, Firefox from 131, Safari from 18.4.";
}

export class Engine extends EventTarget {
  /** @type {Worker | InPage | null} */
  worker = null;
  /** How often a worker had to be replaced. */
  restarts = 0;

  /** @type {Map<number, Job>} */
  #jobs = new Map();
  /** @type {Map<string, Given>} what every module gets, by name */
  #given = new Map();
  /** @type {Map<string, Promise<void>>} what is on its way, by name */
  #coming = new Map();
  /** @type {Map<string, Promise<ArrayBuffer>>} by name */
  #modules = new Map();
  /** @type {Map<string, Promise<void>>} the modules that the present worker has, or will have when the promise is kept */
  #brought = new Map();
  /** @type {Set<string>} the modules of the present worker that have answered */
  #answered = new Set();
  /** @type {Map<string, string>} why a module cannot run, by name */
  #failures = new Map();
  #lastId = 0;
  #ticks = 0;
  #timer = 0;
  /** Ways to start a worker; elsewhere than on its own site, a script may not use the worker's address. */
  #ways = [...(ownSite() ? [() => workerFrom(site.worker)] : []), () => workerFrom(workerBlob()), () => new InPage()];

  /**
   * Asks the module that draws a topic's figure; rejects with a sentence for the reader.
   *
   * @param {string} topic
   * @param {object} request
   * @param {Uint8Array} [payload]
   * @param {number} [patience] ticks that it may take, where that is longer than usual
   * @returns {Promise<Answer>}
   */
  async ask(topic, request, payload, patience = PATIENCE) {
    return this.#ask(moduleOf(topic), request, payload, patience);
  }

  /**
   * Asks the module of the exercises; rejects with a sentence for the reader.
   *
   * @param {object} request
   * @returns {Promise<any>}
   */
  async practice(request) {
    return (await this.#ask("exercises", request)).reply;
  }

  /**
   * @param {string} module
   * @param {object} request
   * @param {Uint8Array} [payload]
   * @param {number} [patience]
   * @returns {Promise<Answer>}
   */
  #ask(module, request, payload, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      const job = { id: ++this.#lastId, module, text: JSON.stringify(request), payload, tries: 0, patience, resolve, reject };
      this.#jobs.set(job.id, job);
      if (this.worker) {
        this.#send(job);
      } else {
        this.#start();
      }
    });
  }

  /**
   * Brings one of the site's files to the modules, once for all figures that need it; rejects with a sentence for the reader.
   *
   * @param {string} name
   * @param {string} topic the one whose figure needs it
   * @returns {Promise<void>}
   */
  bring(name, topic) {
    const bring = async () => {
      try {
        await this.#give(name, this.#given.get(name) ?? (await given(name)), topic);
      } finally {
        this.#coming.delete(name);
      }
    };
    const coming = this.#coming.get(name) ?? bring();
    this.#coming.set(name, coming);
    return coming;
  }

  /**
   * Hands a picture to the modules.
   *
   * @param {string} name
   * @param {Picture} picture
   * @param {string} topic the one whose figure needs it
   */
  addPicture(name, picture, topic) {
    return this.#give(name, asGiven(name, picture), topic);
  }

  /**
   * Hands something to every module, those to come included.
   *
   * @param {string} name
   * @param {Given} given
   * @param {string} topic the one whose figure needs it, and whose module judges it first
   */
  async #give(name, given, topic) {
    const hand = async (/** @type {string} */ to) => (await this.#ask(to, given.request, given.payload)).reply;
    const module = moduleOf(topic);
    const reply = await hand(module);
    if (reply.error) {
      throw new Error(reply.error);
    }
    this.#given.set(name, given);
    await Promise.allSettled([...this.#brought.keys()].filter((other) => other !== module).map(hand));
  }

  #start() {
    try {
      this.worker = this.#spawn();
    } catch (e) {
      [...this.#jobs.values()].forEach((job) => this.#giveUp(job, e));
      return;
    }
    this.#jobs.forEach((job) => this.#send(job));
  }

  #begin() {
    for (;;) {
      try {
        return this.#ways[0]();
      } catch (e) {
        this.#ways.shift(); // some browsers tell at once that a security policy forbids this way, others by an event
        if (this.#ways.length === 0) {
          throw e;
        }
      }
    }
  }

  #spawn() {
    const worker = this.#begin();
    this.#answered.clear();
    this.#brought.clear();
    this.#ticks = 0;
    worker.onmessage = (/** @type {{data: any}} */ { data }) => this.#receive(data);
    worker.onerror = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.#answered.size > 0) {
        this.#restart(this.#jobs.values().next().value);
      } else {
        this.#ways.shift();
        this.#replace();
      }
    };
    return worker;
  }

  /** @param {Job} job */
  async #send(job) {
    const { worker } = this;
    const { id, module, text, payload } = job;
    try {
      await this.#load(module);
    } catch (e) {
      this.#giveUp(job, e);
    }
    if (worker !== this.worker || !this.#jobs.has(id)) {
      return; // a new worker has the job
    }
    worker?.postMessage({ id, module, request: text, payload });
    if (!this.#timer) {
      this.#ticks = 0;
      this.#timer = setInterval(() => this.#tick(), TICK);
    }
  }

  /**
   * Loads a module into the worker, unless it has it, and hands it what the others were given.
   *
   * @param {string} module
   */
  #load(module) {
    const load = async () => {
      const { worker } = this;
      const failure = this.#failures.get(module);
      if (failure) {
        throw new Error(failure);
      }
      if (!this.#modules.has(module)) {
        this.#modules.set(module, moduleBytes(module));
      }
      try {
        const wasm = await this.#modules.get(module);
        worker?.postMessage({ module, wasm });
        for (const { request, payload } of this.#given.values()) {
          worker?.postMessage({ id: 0, module, request: JSON.stringify(request), payload });
        }
      } catch (e) {
        this.#modules.delete(module); // the next request tries again
        this.#brought.delete(module);
        throw e;
      }
    };
    const brought = this.#brought.get(module) ?? load();
    this.#brought.set(module, brought);
    return brought;
  }

  /** @param {{id?: number, module: string, text: string, bytes: Uint8Array, trapped?: string, failed?: string}} data */
  #receive(data) {
    this.#ticks = 0;
    if (data.failed !== undefined) {
      const why = `The engine could not be started: ${data.failed}`;
      this.#failures.set(data.module, why);
      [...this.#jobs.values()].filter((job) => job.module === data.module).forEach((job) => this.#giveUp(job, new Error(why)));
      return;
    }
    const job = this.#jobs.get(data.id ?? 0);
    if (data.trapped !== undefined) {
      this.#restart(job);
    } else if (job) {
      this.#answered.add(job.module);
      this.#done(job);
      job.resolve({ reply: JSON.parse(data.text), bytes: data.bytes });
    }
  }

  /** @param {Job} job */
  #done(job) {
    this.#jobs.delete(job.id);
    if (this.#jobs.size === 0) {
      clearInterval(this.#timer);
      this.#timer = 0;
    }
  }

  #tick() {
    this.#ticks += document.hidden ? 0 : 1;
    const jobs = [...this.#jobs.values()];
    const first = jobs.some((job) => !this.#answered.has(job.module));
    const patience = Math.max(...jobs.map((job) => job.patience)); // they stand in one line
    if (this.#ticks > (first ? Math.max(patience, FIRST_PATIENCE) : patience)) {
      this.#restart(this.#jobs.values().next().value);
    }
  }

  /** @param {Job | undefined} culprit the request that the worker stopped on */
  #restart(culprit) {
    this.restarts++;
    if (culprit && ++culprit.tries > 1) {
      this.#giveUp(culprit, new Error("The engine stopped on this request twice; the figure keeps its last state."));
    }
    this.#replace();
    this.dispatchEvent(new Event("restart"));
  }

  #replace() {
    this.worker?.terminate();
    this.worker = null;
    this.#start();
  }

  /**
   * @param {Job} job
   * @param {unknown} why
   */
  #giveUp(job, why) {
    this.#done(job);
    job.reject(why instanceof Error ? why : new Error(String(why)));
  }
}

/** The engine in the page itself, for pages that allow no worker at all: a frame with a strict policy and without an origin. */
class InPage {
  /** @type {((event: {data: any}) => void) | null} */
  onmessage = null;
  /** @type {((event: Event) => void) | null} */
  onerror = null;
  #receive = serve((data) => this.onmessage?.({ data }));

  /** @param {any} data */
  postMessage(data) {
    this.#receive(data);
  }

  terminate() {
    this.onmessage = null;
  }
}

/** @param {string} address */
function workerFrom(address) {
  return new Worker(trust().createScriptURL(address));
}

function ownSite() {
  return site.worker !== "" && self.origin !== "null" && new URL(site.worker).origin === self.origin;
}

let blob = "";

function workerBlob() {
  return (blob ||= URL.createObjectURL(new Blob(["__WORKER_SOURCE__"], { type: "text/javascript" })));
}

/**
 * A module: from the page itself, by fetch, or where that is not allowed from a script that carries it as text.
 *
 * @param {string} name
 */
async function moduleBytes(name) {
  const carried = () => /** @type {{convscopeEngines?: Record<string, string>}} */ (globalThis).convscopeEngines?.[name];
  if (!carried()) {
    const { wasm, script } = moduleFiles(name);
    try {
      const response = await fetch(wasm);
      const bytes = await response.arrayBuffer();
      if (response.ok && isModule(bytes)) {
        return bytes;
      } // else a school's proxy, say, has put a page of its own in its place
    } catch {
      // another origin without CORS, or a file
    }
    const why = `The engine could not be loaded from ${wasm || "this page"}. If the site has been updated meanwhile, reload the page.`;
    await load(script, why);
    if (!carried()) {
      throw new Error(why);
    }
  }
  return Uint8Array.from(atob(carried() ?? ""), (c) => c.charCodeAt(0)).buffer;
}

/** Whether bytes begin as a WebAssembly module does. @param {ArrayBuffer} bytes */
function isModule(bytes) {
  const [zero, a, s, m] = new Uint8Array(bytes, 0, Math.min(4, bytes.byteLength));
  return zero === 0 && a === 97 && s === 115 && m === 109;
}
