// The page's side of the engine: one worker for all figures.
//
// A worker that traps, dies or does not answer is replaced; the pictures are handed over again and the open requests are
// repeated, each at most once.
import { serve } from "./serve.js";
import { site } from "./site.js";

/** @typedef {{width: number, height: number, origin: string, rgba: Uint8Array}} Picture */
/** @typedef {{id: number, text: string, payload?: Uint8Array, tries: number, patience: number, resolve(answer: Answer): void, reject(e: Error): void}} Job */
/** @typedef {{reply: any, bytes: Uint8Array}} Answer */

const TICK = 500; // ms
const PATIENCE = 5; // ticks without an answer, while the page is visible, until a worker counts as dead
const FIRST_PATIENCE = 30; // until it has answered once: it must compile the module first
const STRUCT_TYPE = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 3, 1, 95, 0); // the smallest module that needs GC

/** Why this browser cannot run the engine, or the empty string. */
export function unsupported() {
  const able = typeof WebAssembly === "object" && typeof Worker === "function" && WebAssembly.validate(STRUCT_TYPE);
  return able
    ? ""
    : "This browser cannot run the figure: it lacks WebAssembly garbage collection. The figure works in Chrome and Edge " +
        "from 119, Firefox from 120 and Safari from 18.2; here it shows its first state.";
}

export class Engine extends EventTarget {
  /** @type {Worker | InPage | null} */
  worker = null;
  /** How often a worker had to be replaced. */
  restarts = 0;

  /** @type {Map<number, Job>} */
  #jobs = new Map();
  /** @type {Map<string, Picture>} */
  #pictures = new Map();
  /** @type {Promise<ArrayBuffer> | undefined} */
  #module;
  #lastId = 0;
  #starting = false;
  #answered = false; // by the present worker
  #ticks = 0;
  #timer = 0;
  #failure = "";
  /** Ways to start a worker; elsewhere than on its own site, a script may not use the worker's address. */
  #ways = [...(ownSite() ? [() => new Worker(site.worker)] : []), () => new Worker(workerBlob()), () => new InPage()];

  /**
   * Asks the core; rejects with a sentence for the reader.
   *
   * @param {object} request
   * @param {Uint8Array} [payload]
   * @param {number} [patience] ticks that it may take, where that is longer than usual
   * @returns {Promise<Answer>}
   */
  ask(request, payload, patience = PATIENCE) {
    return new Promise((resolve, reject) => {
      if (this.#failure) {
        reject(new Error(this.#failure));
        return;
      }
      const job = { id: ++this.#lastId, text: JSON.stringify(request), payload, tries: 0, patience, resolve, reject };
      this.#jobs.set(job.id, job);
      if (this.worker) {
        this.#send(job);
      } else {
        this.#start();
      }
    });
  }

  /**
   * Hands a picture to the core, now and after every restart.
   *
   * @param {string} name
   * @param {Picture} picture
   */
  async addPicture(name, picture) {
    const { reply } = await this.ask(pictureRequest(name, picture), picture.rgba);
    if (reply.error) {
      throw new Error(reply.error);
    }
    this.#pictures.set(name, picture);
  }

  /** @param {string} name */
  hasPicture(name) {
    return this.#pictures.has(name);
  }

  async #start() {
    if (this.#starting) {
      return;
    }
    this.#starting = true;
    try {
      const wasm = await (this.#module ??= moduleBytes());
      this.worker = this.#spawn();
      this.worker.postMessage({ wasm });
      for (const [name, picture] of this.#pictures) {
        this.worker.postMessage({ id: 0, request: JSON.stringify(pictureRequest(name, picture)), payload: picture.rgba });
      }
      this.#jobs.forEach((job) => this.#send(job));
    } catch (e) {
      this.#fail(e instanceof Error ? e.message : String(e));
    } finally {
      this.#starting = false;
    }
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
    this.#answered = false;
    this.#ticks = 0;
    worker.onmessage = (/** @type {{data: any}} */ { data }) => this.#receive(data);
    worker.onerror = (/** @type {Event} */ event) => {
      event.preventDefault();
      if (this.#answered) {
        this.#restart(this.#jobs.values().next().value);
      } else {
        this.#ways.shift();
        this.#replace();
      }
    };
    return worker;
  }

  /** @param {Job} job */
  #send(job) {
    this.worker?.postMessage({ id: job.id, request: job.text, payload: job.payload });
    if (!this.#timer) {
      this.#ticks = 0;
      this.#timer = setInterval(() => this.#tick(), TICK);
    }
  }

  /** @param {{id?: number, text: string, bytes: Uint8Array, trapped?: string, failed?: string}} data */
  #receive(data) {
    this.#ticks = 0;
    if (data.failed !== undefined) {
      this.#fail(`The engine could not be started: ${data.failed}`);
      return;
    }
    this.#answered = true;
    const job = this.#jobs.get(data.id ?? 0);
    if (data.trapped !== undefined) {
      this.#restart(job);
    } else if (job) {
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
    const patience = Math.max(...[...this.#jobs.values()].map((job) => job.patience)); // they stand in one line
    if (this.#ticks > (this.#answered ? patience : Math.max(patience, FIRST_PATIENCE))) {
      this.#restart(this.#jobs.values().next().value);
    }
  }

  /** @param {Job | undefined} culprit the request that the worker stopped on */
  #restart(culprit) {
    this.restarts++;
    if (culprit && ++culprit.tries > 1) {
      this.#done(culprit);
      culprit.reject(new Error("The engine stopped on this request twice; the figure keeps its last state."));
    }
    this.#replace();
    this.dispatchEvent(new Event("restart"));
  }

  #replace() {
    this.worker?.terminate();
    this.worker = null;
    this.#start();
  }

  /** @param {string} why */
  #fail(why) {
    this.#failure = why;
    this.worker?.terminate();
    this.worker = null;
    for (const job of [...this.#jobs.values()]) {
      this.#done(job);
      job.reject(new Error(why));
    }
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

function ownSite() {
  return site.worker !== "" && self.origin !== "null" && new URL(site.worker).origin === self.origin;
}

/**
 * @param {string} name
 * @param {Picture} picture
 */
function pictureRequest(name, { width, height, origin }) {
  return { op: "picture", name, width, height, origin };
}

let blob = "";

function workerBlob() {
  return (blob ||= URL.createObjectURL(new Blob(["__WORKER_SOURCE__"], { type: "text/javascript" })));
}

/** The module: from the page itself, by fetch, or where that is not allowed from a script that carries it as text. */
async function moduleBytes() {
  const global = /** @type {{convscopeEngine?: string}} */ (globalThis);
  if (!global.convscopeEngine) {
    try {
      const response = await fetch(site.wasm);
      if (response.ok) {
        return await response.arrayBuffer();
      }
    } catch {
      // another origin without CORS, or a file
    }
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = site.engine;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`The engine could not be loaded from ${site.wasm || "this page"}.`));
      document.head.append(script);
    });
  }
  return Uint8Array.from(atob(global.convscopeEngine ?? ""), (c) => c.charCodeAt(0)).buffer;
}
