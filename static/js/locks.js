// What the page's author leaves to the reader of a figure: controls="stride kernel" (only these) or "none", transport="none", and
// readonly, which fixes every value. On a figure's own page the address can say the same.

import { attributesIn } from "./address.js";

/** The attributes that lock. */
export const LOCKS = ["controls", "transport", "readonly"];

export class Locks {
  #host;
  #sheet = new CSSStyleSheet();

  /** @param {HTMLElement & {root: ShadowRoot}} host */
  constructor(host) {
    this.#host = host;
    if (host.getAttribute("permalink") === "page") {
      for (const [name, text] of attributesIn(location.href, LOCKS)) {
        host.setAttribute(name, text);
      }
    }
    host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, this.#sheet];
    this.apply();
  }

  /** The names of the parameters that may be changed, or null if all may. */
  get #open() {
    if (this.#host.hasAttribute("readonly")) {
      return [];
    }
    const names = this.#host.getAttribute("controls");
    return names === null ? null : names.split(/[\s,]+/).filter((name) => name && name !== "none");
  }

  /** Hides what is locked. */
  apply() {
    const open = this.#open;
    const named = (open ?? []).map((name) => `[data-param="${CSS.escape(name)}"]`);
    const rules = [
      open?.length === 0 ? ".controls { display: none; }" : "",
      named.length > 0 ? `.control:not(${named}), .group:not(:has(${named})), .fold:not(:has(${named})) { display: none; }` : "",
      open ? '.actions [data-do="picture"] { display: none; }' : "",
      open?.length === 0 ? '.actions :is([data-do="undo"], [data-do="redo"], [data-do="reset"]) { display: none; }' : "",
      this.#host.getAttribute("transport") === "none" ? ".transport { display: none; }" : "",
    ];
    this.#sheet.replaceSync(rules.join("\n"));
  }

  /**
   * Why the reader may not change a parameter or a cell, or the empty string.
   *
   * @param {string} key
   */
  refusal(key) {
    const open = this.#open;
    const left = open === null || open.includes(key) || (key.includes("/") && open.includes("cells"));
    return left ? "" : open.length === 0 ? "The values of this figure are fixed." : `Only these can be changed here: ${open.join(", ")}.`;
  }
}
