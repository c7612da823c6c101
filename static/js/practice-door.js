// The way to an exercise: its script is loaded when the page has one, so that pages of figures do without.
import { unsupported } from "./engine.js";
import { parse } from "./patch.js";
import { resolve as found } from "./site.js";
import { trust } from "./trust.js";

const SCRIPT = found("__PRACTICE_JS__");

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Makes an element the exercise that its attributes name.
 *
 * @param {HTMLElement & {practice?: unknown}} element
 * @param {import("./engine.js").Engine} engine
 */
export async function practice(element, engine) {
  if (element.practice) {
    return; // it was moved in the page
  }
  element.practice = "coming";
  try {
    const why = unsupported();
    if (why) {
      throw new Error(why);
    }
    const template = /** @type {HTMLTemplateElement | null} */ (element.querySelector("template[shadowrootmode]"));
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    if (template && !root.firstElementChild) {
      root.append(template.content);
    }
    await (loading ??= load());
    element.practice = /** @type {any} */ (globalThis).convscopePractice(element, { ask: (/** @type {object} */ request) => engine.practice(request) });
  } catch (e) {
    loading = undefined;
    element.practice = undefined;
    const said = parse('<p role="status"></p>');
    said.textContent = e instanceof Error ? e.message : String(e);
    element.shadowRoot?.append(said);
  }
}

function load() {
  if (/** @type {any} */ (globalThis).convscopePractice) {
    return Promise.resolve(); // the page carries it
  }
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = trust().createScriptURL(SCRIPT);
    script.onload = () => resolve(undefined);
    script.onerror = () => reject(new Error(`The exercises could not be loaded from ${SCRIPT || "this page"}.`));
    document.head.append(script);
  });
}
