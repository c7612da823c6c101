// What a figure tells its reader: passing messages, lasting ones, and what is wrong with the parameters.

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
    return this.#root.querySelector(".status.lasting")?.textContent ?? "";
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
