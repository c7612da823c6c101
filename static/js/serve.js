// Answers a page's messages to its engines: in a worker, or where none can be started, in the page itself.
//
// A message with a module, {wasm: URL or bytes, topic?}, brings the engine of that topic; the others are requests to one,
// {id, request, payload?, topic?}, answered with {id, text, bytes}. When an engine traps, the answer is {id, trapped}: its
// state is then unknown, and the page starts anew. When a module cannot be loaded, the message is {failed, topic}. A page
// with a single module need not name it.
import { load } from "./wasm.js";

/** @param {(message: any, transfer: Transferable[]) => void} post */
export function serve(post) {
  /** @type {Map<string, Promise<import("./wasm.js").Engine>>} */
  const engines = new Map();
  return async (/** @type {any} */ data) => {
    const { topic = "" } = data;
    if (data.wasm !== undefined) {
      const engine = load(typeof data.wasm === "string" ? fetch(data.wasm) : data.wasm);
      engines.set(topic, engine);
      engine.catch((e) => post({ failed: textOf(e), topic }, []));
      return;
    }
    const { id, request, payload } = data;
    try {
      const engine = await engines.get(topic);
      const { text, bytes } = /** @type {import("./wasm.js").Engine} */ (engine).call(request, payload);
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
