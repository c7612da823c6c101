// The benchmark page: window.convscopeBench runs operators by name and times convolutions, in a worker with a module of its own.
import { trust } from "./trust.js";

/**
 * @typedef {{n: number, c: number, h: number, w: number, outChannels: number, kernel: number[], stride: number[],
 *   padding: number[], dilation: number[], groups: number}} Spec
 */

const base = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** A worker with the module. */
class Helper {
  /** @type {Map<number, {resolve: (reply: {text: string, bytes: Uint8Array}) => void, reject: (reason: Error) => void}>} */
  #waiting = new Map();
  #last = 0;

  /** @param {string} script its name among the site's assets */
  constructor(script) {
    this.worker = new Worker(trust().createScriptURL(new URL(script, base).href));
    this.worker.postMessage({ wasm: new URL("__BENCH_WASM__", base).href });
    this.worker.addEventListener("message", ({ data }) => {
      const caller = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.trapped === undefined) {
        caller?.resolve(data);
      } else {
        caller?.reject(new Error(`The engine stopped: ${data.trapped}`));
      }
    });
  }

  /**
   * @param {object} request
   * @param {Uint8Array} [payload]
   * @param {object} [more] what the worker does beside the engine
   * @returns {Promise<{text: string, bytes: Uint8Array}>}
   */
  ask(request, payload, more) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(++this.#last, { resolve, reject });
      this.worker.postMessage({ id: this.#last, request: JSON.stringify(request), payload, ...more });
    });
  }
}

const helper = new Helper("__WORKER_JS__");
const ask = helper.ask.bind(helper);

/** @type {Helper[]} those that train, made when first wanted */
const trainers = [];
let kind = "";

/**
 * @param {string} op
 * @param {Spec} spec
 * @param {(Float32Array | null)[]} operands
 * @param {object} more
 * @returns {Promise<{ms: number, results: Float32Array[]}>}
 */
async function timed(op, spec, operands, more) {
  const given = operands.filter((operand) => operand !== null);
  const payload = new Uint8Array(4 * given.reduce((sum, operand) => sum + operand.length, 0));
  let at = 0;
  for (const operand of given) {
    payload.set(new Uint8Array(operand.buffer, operand.byteOffset, operand.byteLength), at);
    at += operand.byteLength;
  }
  const { text, bytes } = await ask({ op, spec, ...more }, payload);
  const { ms, sizes } = answerOf({ text });
  let from = 0;
  const results = sizes.map((/** @type {number} */ size) => {
    const result = new Float32Array(bytes.slice(from, from + 4 * size).buffer);
    from += 4 * size;
    return result;
  });
  return { ms, results };
}

/**
 * Takes the engine of that name, or the fastest that this browser has.
 *
 * @param {string} wanted scalar, simd, relaxed-simd or nothing
 * @returns {Promise<{engine: string, threads: number}>}
 */
async function use(wanted) {
  const answer = answerOf(await ask({ op: "engine", kind: wanted }));
  kind = wanted;
  return answer;
}

/**
 * Gives each of a team a port to each other one.
 *
 * @param {Helper[]} team
 */
function connect(team) {
  /** @type {(MessagePort | null)[][]} */
  const ports = team.map(() => team.map(() => null));
  for (let a = 0; a < team.length; a++) {
    for (let b = 0; b < a; b++) {
      const { port1, port2 } = new MessageChannel();
      ports[a][b] = port1;
      ports[b][a] = port2;
    }
  }
  team.forEach(({ worker }, a) => worker.postMessage({ peers: ports[a] }, ports[a].filter((port) => port !== null)));
}

/** @param {{text: string}} reply */
function answerOf({ text }) {
  const answer = JSON.parse(text);
  if (answer.error) {
    throw new Error(answer.error);
  }
  return answer;
}

const convscopeBench = {
  ready: use(""),

  use,

  /** @param {string} what one of convscope.web.Bench.check */
  async check(what) {
    return answerOf(await ask({ op: "check", what }));
  },

  /** Bytes of the engine's memory. */
  async memory() {
    return answerOf(await ask({ op: "memory" })).bytes;
  },

  /**
   * One operator case as text, in the form of the core's OpRunner; the answer likewise.
   * @param {string | object} json
   */
  async runOp(json) {
    const text = typeof json === "string" ? json : JSON.stringify(json);
    return (await ask({ op: "run", case: text })).text;
  },

  /**
   * A run of training from first parameters, to hold against another framework's: see the core's Trajectory.
   * @param {object} run
   * @returns {Promise<{losses: number[], eval_logits_first_3: number[]}>}
   */
  async trajectory(run) {
    return answerOf(await ask({ op: "trajectory", run }));
  },

  /**
   * Steps of SGD with momentum (0.01, 0.9), cycling through the images; weights as PyTorch begins, from a seed.
   * @param {string} text nn.Sequential(…)
   * @param {number} batch
   * @param {number} steps
   * @param {Float32Array} images (N, C, H, W)
   * @param {Int32Array} labels N classes
   * @param {{threads?: number}} [options] threads: workers that share each batch
   * @returns {Promise<{ms: number, losses: number[]}>} ms of a step
   */
  async train(text, batch, steps, images, labels, { threads = 1 } = {}) {
    const payload = new Uint8Array(4 * (images.length + labels.length));
    payload.set(new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
    payload.set(new Uint8Array(Float32Array.from(labels).buffer), images.byteLength);
    while (trainers.length < threads) {
      trainers.push(new Helper("__TRAINER_JS__"));
    }
    const team = trainers.slice(0, threads);
    const request = { op: "train", text, batch, images: labels.length, numbers: images.length, workers: threads };
    const begun = team.map(async (trainer, worker) => {
      answerOf(await trainer.ask({ op: "engine", kind }));
      answerOf(await trainer.ask({ ...request, worker }, payload));
    });
    await Promise.all(begun);
    try {
      if (threads === 1) {
        return answerOf(await team[0].ask({ op: "train-steps", steps }));
      }
      connect(team);
      const answers = await Promise.all(team.map((trainer) => trainer.ask({}, undefined, { task: "share", steps })));
      return answerOf(answers[0]);
    } finally {
      await Promise.all(team.map((trainer) => trainer.ask({ op: "train-end" })));
    }
  },

  /**
   * What a network does to an input: code (PyTorch, what print shows, Keras) or an ONNX file.
   * @param {{text: string} | {bytes: Uint8Array}} network
   * @param {number[] | null} input its shape, the batch first; null takes the network's own
   * @returns {Promise<{layers: {path: string, type: string, output: number[] | null, parameters: number, macs: number}[],
   *   parameters: number, macs: number, remarks: {line: number, text: string}[],
   *   error?: {index: number, path: string, line: number, message: string}}>}
   */
  async readNetwork(network, input) {
    const reply =
      "bytes" in network
        ? await ask({ op: "read-network", model: network.bytes.length, input }, network.bytes)
        : await ask({ op: "read-network", text: network.text, input });
    const answer = JSON.parse(reply.text);
    if (typeof answer.error === "string") {
      throw new Error(answer.error); // of the request; the network's own is an object
    }
    return answer;
  },

  /**
   * Runs an ONNX file.
   * @param {Uint8Array} bytes
   * @param {{shape: number[], data: Float32Array}} input
   * @param {string[]} names of the tensors to give
   * @param {{data?: Uint8Array, reps?: number}} [options] data: the file's external weights; reps: runs to time
   * @returns {Promise<{outputs: {name: string, shape: number[], data: Float32Array}[], ms: number}>}
   */
  async runNetwork(bytes, input, names, { data = new Uint8Array(0), reps = 1 } = {}) {
    const payload = new Uint8Array(bytes.length + data.length + input.data.byteLength);
    payload.set(bytes);
    payload.set(data, bytes.length);
    payload.set(
      new Uint8Array(input.data.buffer, input.data.byteOffset, input.data.byteLength),
      bytes.length + data.length,
    );
    const request = { op: "run-network", model: bytes.length, data: data.length, input: input.shape, names, reps };
    const reply = await ask(request, payload);
    const { ms, outputs } = answerOf(reply);
    let from = 0;
    for (const output of outputs) {
      const size = output.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
      output.data = new Float32Array(reply.bytes.slice(from, from + 4 * size).buffer);
      from += 4 * size;
    }
    return { outputs, ms };
  },

  /**
   * @param {Spec} spec
   * @param {Float32Array} x (n, c, h, w)
   * @param {Float32Array} weight (outChannels, c / groups, kh, kw)
   * @param {Float32Array | null} bias (outChannels)
   * @param {number} reps
   */
  async conv2d(spec, x, weight, bias, reps) {
    const { ms, results } = await timed("conv2d", spec, [x, weight, bias], { bias: bias !== null, reps });
    return { ms, y: results[0] };
  },

  /**
   * @param {Spec} spec
   * @param {Float32Array} x (n, c, h, w)
   * @param {Float32Array} weight (outChannels, c / groups, kh, kw)
   * @param {Float32Array} gradOut of the output's shape
   * @param {number} reps
   */
  async conv2dBackward(spec, x, weight, gradOut, reps) {
    const { ms, results } = await timed("conv2dBackward", spec, [x, weight, gradOut], { reps });
    return { ms, dx: results[0], dw: results[1], db: results[2] };
  },
};
Object.assign(window, { convscopeBench });

const form = /** @type {HTMLFormElement} */ (document.getElementById("run-op"));
const answer = /** @type {HTMLElement} */ (document.getElementById("answer"));
const engine = /** @type {HTMLOutputElement} */ (document.getElementById("engine"));
convscopeBench.ready.then(
  ({ engine: kind }) => {
    engine.value = `Engine: ${kind}.`;
    /** @type {HTMLButtonElement} */ (form.querySelector("button")).disabled = false;
  },
  (problem) => (engine.value = problem.message),
);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = /** @type {HTMLTextAreaElement} */ (document.getElementById("case")).value;
  answer.textContent = await convscopeBench.runOp(text).catch((problem) => problem.message);
});

// ---- the benchmark for people: measured step by step in the worker, shown as it comes

const run = /** @type {HTMLButtonElement} */ (document.getElementById("run-speed"));
const progress = /** @type {HTMLProgressElement} */ (document.getElementById("speed-progress"));
const told = /** @type {HTMLElement} */ (document.getElementById("speed-told"));
const table = /** @type {HTMLElement} */ (document.getElementById("speed-table"));
const chart = /** @type {HTMLElement} */ (document.getElementById("speed-chart"));

convscopeBench.ready.then(() => (run.disabled = false));
run.addEventListener("click", async () => {
  run.disabled = true;
  progress.hidden = false;
  told.textContent = "Measuring. It is most exact while nothing else runs.";
  try {
    for (let anew = true; ; anew = false) {
      const report = answerOf(await ask({ op: "report", anew }));
      progress.max = report.of;
      progress.value = report.done;
      table.innerHTML = trust().createHTML(report.table);
      const drawings = /** @type {ShadowRoot} */ (chart.shadowRoot).querySelectorAll(".composition");
      drawings[0].innerHTML = trust().createHTML(report.wide);
      drawings[1].innerHTML = trust().createHTML(report.narrow);
      chart.hidden = false;
      if (report.done === report.of) {
        break;
      }
    }
    told.textContent = "Done. Other pages and a warm processor slow it down: run it again to compare.";
  } catch (problem) {
    told.textContent = /** @type {Error} */ (problem).message;
  }
  progress.hidden = true;
  run.disabled = false;
});
