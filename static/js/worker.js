// The worker that runs the engine, one for all figures of a page.
//
// Its first message brings the module, {wasm: URL or bytes}; each later one a request, {id, request, payload?}, answered with
// {id, text, bytes}. When the engine traps, the answer is {id, trapped}: its state is then unknown, and the page starts a new
// worker. When the module cannot be loaded, the message is {failed}.
import { load } from "./wasm.js";

/** @type {Promise<import("./wasm.js").Engine>} */
let engine;

addEventListener("message", async ({ data }) => {
  if (data.wasm !== undefined) {
    engine = load(typeof data.wasm === "string" ? fetch(data.wasm) : data.wasm);
    engine.catch((e) => postMessage({ failed: e instanceof Error ? e.message : String(e) }));
    return;
  }
  const { id, request, payload } = data;
  try {
    const { text, bytes } = (await engine).call(request, payload);
    postMessage({ id, text, bytes }, { transfer: [bytes.buffer] });
  } catch (e) {
    postMessage({ id, trapped: e instanceof Error ? e.message : String(e) });
  }
});
