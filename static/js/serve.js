// Answers a page's messages to its engines: in a worker, or where none can be started, in the page itself.
//
// A message {wasm: URL or bytes, module?} brings an engine, a module of that name; the others are requests to one,
// {id, request, payload?, module?}, answered with {id, text, bytes}. When an engine traps, the answer is {id, trapped}: its
// state is then unknown, and the page starts anew. When a module cannot be loaded, the message is {failed, module}. A page
// with a single module need not name it. A message with a task is for what the worker does beside, with the engine.
import { load } from "./wasm.js";

/**
 * @param {(message: any, transfer: Transferable[]) => void} post
 * @param {(engine: import("./wasm.js").Engine, data: any) => Promise<import("./wasm.js").Reply>} [task]
 */
export function serve(post, task) {
  /** @type {Map<string, Promise<import("./wasm.js").Engine>>} */
  const engines = new Map();
  return async (/** @type {any} */ data) => {
    const { module = "" } = data;
    if (data.wasm !== undefined) {
      const engine = load(typeof data.wasm === "string" ? fetch(data.wasm) : data.wasm);
      engines.set(module, engine);
      engine.catch((e) => post({ failed: textOf(e), module }, []));
      return;
    }
    const { id, request, payload } = data;
    try {
      const engine = /** @type {import("./wasm.js").Engine} */ (await engines.get(module));
      const { text, bytes } = task && data.task ? await task(engine, data) : engine.call(request, payload);
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
