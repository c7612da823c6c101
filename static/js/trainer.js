// The worker that trains, alone or with others that share each batch.
//
// Who shares gets a port to each other one. For every step all compute their part of the gradient, send it to all, and add the
// parts in the order of the workers: so all take the same step, and only one message goes each way. The buffers are handed
// over, not shared, so no page needs to be isolated.
import { serve } from "./serve.js";

/** @typedef {import("./wasm.js").Engine} Engine */

/** @type {(Peer | null)[]} by worker; null for this one */
let peers = [];

/** What another worker has sent, in order. */
class Peer {
  /** @type {Uint8Array[]} */
  #parts = [];
  /** @type {((part: Uint8Array) => void) | null} */
  #waiting = null;

  /** @param {MessagePort} port */
  constructor(port) {
    this.port = port;
    port.onmessage = ({ data }) => {
      if (this.#waiting) {
        this.#waiting(data);
        this.#waiting = null;
      } else {
        this.#parts.push(data);
      }
    };
  }

  /** @param {Uint8Array} part */
  send(part) {
    this.port.postMessage(part, [part.buffer]);
  }

  /** @returns {Promise<Uint8Array>} the next part */
  next() {
    const part = this.#parts.shift();
    return part ? Promise.resolve(part) : new Promise((resolve) => (this.#waiting = resolve));
  }
}

/**
 * Steps with the others.
 *
 * @param {Engine} engine
 * @param {{steps: number}} data
 */
async function share(engine, { steps }) {
  const losses = [];
  const began = performance.now();
  for (let step = 0; step < steps; step++) {
    const own = call(engine, "train-part").bytes;
    peers.forEach((peer) => peer?.send(own.slice()));
    const parts = await Promise.all(peers.map((peer) => peer?.next() ?? own));
    const all = new Uint8Array(own.length * parts.length);
    parts.forEach((part, worker) => all.set(part, worker * own.length));
    losses.push(JSON.parse(call(engine, "train-apply", all).text).loss);
  }
  const ms = (performance.now() - began) / steps;
  return { text: JSON.stringify({ ms, losses }), bytes: new Uint8Array(0) };
}

/**
 * @param {Engine} engine
 * @param {string} op
 * @param {Uint8Array} [payload]
 */
function call(engine, op, payload) {
  const reply = engine.call(`{"op":"${op}"}`, payload);
  if (reply.text.startsWith('{"error"')) {
    throw new Error(JSON.parse(reply.text).error);
  }
  return reply;
}

const receive = serve((message, transfer) => postMessage(message, { transfer }), share);
addEventListener("message", ({ data }) => {
  if (data.peers) {
    peers = data.peers.map((/** @type {MessagePort | null} */ port) => port && new Peer(port));
  } else {
    receive(data);
  }
});
