// What a figure tells its reader: passing messages, lasting ones, and what is wrong with the parameters.

import { h } from "./panel.js";

const SAID = 6000; // ms that a passing message stays

/** @typedef {import("./session.js").Problem} Problem */

export class Notices {
  #root;
  #timer = 0;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
  }

  /** The message that stays, or the empty string. */
  get lasting() {
    return this.#root.querySelector(".status.lasting")?.firstChild?.textContent ?? "";
  }

  /**
   * @param {string} text
   * @param {boolean} [lasting] whether it stays
   */
  say(text, lasting = false) {
    const status = this.#root.querySelector(".status");
    if (status) {
      status.classList.toggle("lasting", lasting);
      status.textContent = text;
      clearTimeout(this.#timer);
      if (text && !lasting) {
        this.#timer = setTimeout(() => (status.textContent = ""), SAID);
      }
    }
  }

  /**
   * Says for good what went wrong, with a button to try again if that may help.
   *
   * @param {string} text
   * @param {(() => void) | false} again
   */
  fail(text, again) {
    this.say(text, true);
    if (again) {
      this.#root.querySelector(".status")?.append(" ", h("button", { type: "button", className: "again", onclick: again }, "Try again"));
    }
  }

  /**
   * @param {Problem[]} problems
   * @param {boolean} refused whether the drawing is not the one asked for
   */
  problems(problems, refused) {
    const box = this.#root.querySelector(".problems");
    const texts = problems.map((problem) => problem.text);
    if (box && [...box.children].map((p) => p.textContent).join("\n") !== texts.join("\n")) {
      box.replaceChildren(
        ...texts.map((text) => {
          const p = document.createElement("p");
          p.textContent = text;
          return p;
        }),
      );
    }
    box?.classList.toggle("over", refused);
    this.#root.querySelector(".figure")?.classList.toggle("stale", refused);
  }
}
