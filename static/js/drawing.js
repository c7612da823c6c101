// A figure's drawing, in the composition that fits, and the words that go with it.
import { move, placesOf } from "./motion.js";
import { parse, patch, patchInside, say } from "./patch.js";
import { paint } from "./rasters.js";
import { withLinks } from "./shell.js";

/** @typedef {import("./session.js").Reply} Reply */

const REST = 150; // ms without a change

export class Drawing {
  /** Which composition fits: wide or narrow, or the empty string before the first measurement. */
  layout = "";
  #root;
  #lit = "";
  /** @type {Reply | undefined} */
  #reply;
  /** @type {Uint8Array} */
  #levels = new Uint8Array(0);
  #frame = 0;
  #resting = 0;
  #width = 0; // for which the caption's place has grown
  #said = 0; // px that it has needed
  /** @type {Element | null} */
  #caption = null;
  // told after the layout of a frame, so that a step costs no layout more
  #grown = new ResizeObserver((entries) => this.#grow(entries[entries.length - 1]));

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#root = root;
  }

  /** What holds the compositions. */
  get holder() {
    return /** @type {HTMLElement | null} */ (this.#root.querySelector(".drawing"));
  }

  /** The SVG that is shown now. */
  get scene() {
    return this.#root.querySelector(`.composition.${this.layout} svg`);
  }

  /**
   * Takes the composition that the style sheet shows in the present width.
   *
   * @returns {boolean} whether it is another one than before
   */
  fit() {
    const before = this.layout;
    const { holder } = this;
    const width = this.#root.host.clientWidth;
    if (width !== this.#width) {
      this.#width = width;
      this.#said = 0;
      /** @type {HTMLElement | null} */ (this.#root.querySelector(".caption"))?.style.removeProperty("--said");
    }
    this.#reach();
    this.layout = (holder && getComputedStyle(holder).getPropertyValue("--composition").trim()) || before || "wide";
    return this.layout !== before;
  }

  /**
   * @param {Reply} reply
   * @param {Uint8Array} levels the pixels of its images
   * @param {number} glide ms that windows take to their new places; 0 where nothing may move
   * @param {boolean} passing whether the figure only passes through this state, so that its caption is not worth reading
   */
  draw(reply, levels, glide, passing) {
    const holder = /** @type {HTMLElement} */ (this.holder);
    const composition = this.#composition(holder);
    const fresh = parse(reply.svg ?? "");
    const svg = composition.querySelector("svg");
    const cut = composition.classList.contains("old") || svg?.getAttribute("viewBox") !== fresh.getAttribute("viewBox");
    const places = svg && glide > 0 && this.#reply && this.#reply.query !== reply.query && !composition.classList.contains("old") ? placesOf(svg) : null;
    svg ? patch(svg, fresh, cut ? 0 : glide) : composition.append(fresh);
    if (svg && places) {
      move(svg, places);
    }
    for (const other of holder.querySelectorAll(".composition")) {
      other.classList.toggle("old", other !== composition);
    }
    holder.dataset.show = this.layout;
    this.#root.querySelector(".marks")?.toggleAttribute("hidden", !reply.svg?.includes(">•</text>"));
    this.#reply = reply;
    this.#levels = levels;
    paint(composition, reply.rasters, levels);
    say(/** @type {HTMLElement} */ (this.#equation), reply.equation);
    if (!passing) {
      this.#sayCaption(withLinks(reply.caption));
    }
    this.showTwin();
    this.#showLight();
  }

  /**
   * The place of the caption grows with it and does not shrink: what is below moves once at most.
   *
   * @param {string} markup
   */
  #sayCaption(markup) {
    const caption = /** @type {HTMLElement} */ (this.#root.querySelector(".caption"));
    say(caption, markup);
    if (caption !== this.#caption) {
      this.#grown.disconnect();
      this.#grown.observe(caption);
      this.#caption = caption;
    }
  }

  /** @param {ResizeObserverEntry} entry */
  #grow({ target, borderBoxSize: [{ blockSize: height }] }) {
    if (height > this.#said) {
      this.#said = height;
      /** @type {HTMLElement} */ (target).style.setProperty("--said", `${height}px`);
    }
  }

  get #equation() {
    return /** @type {HTMLElement | null} */ (this.#root.querySelector(".equation"));
  }

  /** Lets the keyboard scroll what is larger than its place, once the figure rests. */
  #reach() {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#reachNow(), REST);
  }

  #reachNow() {
    for (const box of /** @type {NodeListOf<HTMLElement>} */ (this.#root.querySelectorAll(".equation, .twin-body"))) {
      if (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
      } else {
        box.removeAttribute("tabindex");
      }
    }
  }

  /** @param {HTMLElement} holder */
  #composition(holder) {
    let composition = holder.querySelector(`.composition.${this.layout}`);
    if (!composition) {
      composition = document.createElement("div");
      composition.className = `composition ${this.layout}`;
      holder.append(composition);
    }
    return composition;
  }

  /** Writes the figure as text, if the reader has that open. */
  showTwin() {
    const twin = /** @type {HTMLDetailsElement | null} */ (this.#root.querySelector("details.twin"));
    if (twin?.open && this.#reply) {
      patchInside(/** @type {Element} */ (twin.querySelector(".twin-body")), this.#reply.twin);
    }
    this.#reach();
  }

  /** Products appear one after the other, then their sum. */
  revealTerms() {
    const terms = [...this.#root.querySelectorAll(".equation .term")];
    const sum = [...this.#root.querySelectorAll(".equation .right, svg .cell.target text")];
    const show = (/** @type {Element} */ element, /** @type {number} */ delay) => {
      element.getAnimations().forEach((animation) => animation.cancel());
      element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 90, delay, fill: "backwards" });
    };
    terms.forEach((term, i) => show(term, 120 + (i * 300) / terms.length));
    sum.forEach((element) => show(element, 430));
  }

  /**
   * Lights everything that is this part of the formula; none with the empty string.
   *
   * @param {string} part
   * @returns {boolean} whether something else was lit before
   */
  light(part) {
    const changed = part !== this.#lit;
    this.#lit = part;
    if (changed) {
      this.#showLight();
    }
    return changed;
  }

  #showLight() {
    for (const element of this.#root.querySelectorAll(".lit")) {
      element.classList.toggle("lit", false);
    }
    if (this.#lit) {
      for (const element of this.#root.querySelectorAll(`[data-part="${CSS.escape(this.#lit)}"]`)) {
        element.classList.add("lit");
      }
    }
  }

  /** Paints the images again, in colours that may have changed. */
  repaint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const composition = this.#root.querySelector(`.composition.${this.layout}`);
      if (composition && this.#reply) {
        paint(composition, this.#reply.rasters, this.#levels);
      }
    });
  }
}
