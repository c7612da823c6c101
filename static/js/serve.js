// Answers a page's messages to the engine: in a worker, or where none can be started, in the page itself.
//
// The first message brings the module, {wasm: URL or bytes}; each later one a request, {id, request, payload?}, answered with
// {id, text, bytes}. When the engine traps, the answer is {id, trapped}: its state is then unknown, and the page starts a new
// one. When the module cannot be loaded, the message is {failed}.
import { load } from "./wasm.js";

/** @param {(message: any, transfer: Transferable[]) => void} post */
export function serve(post) {
  /** @type {Promise<import("./wasm.js").Engine>} */
  let engine;
  return async (/** @type {any} */ data) => {
    if (data.wasm !== undefined) {
      engine = load(typeof data.wasm === "string" ? fetch(data.wasm) : data.wasm);
      engine.catch((e) => post({ failed: textOf(e) }, []));
      return;
    }
    const { id, request, payload } = data;
    try {
      const { text, bytes } = (await engine).call(request, payload);
      post({ id, text, bytes }, [bytes.buffer]);
    } catch (e) {
      post({ id, trapped: textOf(e) }, []);
    }
  };
}

/** @param {unknown} e */
function textOf(e) {
  return e instanceof Error ? e.message : String(e);
}
