// A figure on the whole screen, in large type, for a lecture. Arrow keys and a presenter's remote step, beyond the last step the
// page may follow with another figure; B blanks the screen, Escape leaves.

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const WIDTH = 900; // px in which a figure is laid out before it is enlarged

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

/** @type {Presentation | undefined} the one that is going on */
let current;

/** @param {ConvScope} host */
export function present(host) {
  if (current?.host !== host) {
    current?.leave(false);
    current = new Presentation(host);
  }
}

class Presentation {
  host;
  #fullscreen = false;
  #size = () => this.#enlarge();
  #keys = (/** @type {KeyboardEvent} */ event) => this.#key(event);
  #changed = () => {
    if (document.fullscreenElement === this.host) {
      this.#fullscreen = true;
      this.#enlarge();
    } else if (this.#fullscreen) {
      this.leave(false);
    }
  };
  #sizes = new ResizeObserver(this.#size);

  /** @param {ConvScope} host */
  constructor(host) {
    this.host = host;
    host.setAttribute("data-presenting", "");
    document.documentElement.style.setProperty("overflow", "hidden");
    addEventListener("keydown", this.#keys, { capture: true });
    addEventListener("resize", this.#size);
    document.addEventListener("fullscreenchange", this.#changed);
    this.#figure && this.#sizes.observe(this.#figure);
    host.requestFullscreen?.({ navigationUI: "hide" }).catch(() => {}); // without it, the figure fills the window
    this.#enlarge();
    host.say("Arrow keys step, B blanks the screen, Escape leaves.");
  }

  get #figure() {
    return /** @type {HTMLElement | null} */ (this.host.root.querySelector(".figure"));
  }

  #enlarge() {
    const figure = this.#figure;
    if (figure) {
      const height = figure.offsetHeight;
      const zoom = Math.min(innerWidth / Math.min(WIDTH, innerWidth), innerHeight / Math.max(1, height));
      this.host.style.setProperty("--zoom", String(Math.floor(100 * Math.max(0.5, zoom)) / 100));
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { host } = this;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const by = STEPS[event.key];
    if (event.key === "Escape") {
      this.leave(true);
    } else if (event.key === "b" || event.key === "B" || event.key === ".") {
      host.toggleAttribute("data-blank");
    } else if (event.key === " " || event.key === "Enter") {
      host.playing ? host.pause() : host.play();
    } else if (by) {
      this.#go(by);
    } else if (event.key === "Home" || event.key === "End") {
      host.pause();
      host.step = event.key === "Home" ? 0 : host.steps - 1;
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {number} by 1 or −1 */
  #go(by) {
    const { host } = this;
    host.removeAttribute("data-blank");
    host.pause();
    const step = host.step + by * host.pace;
    if (step >= 0 && step < host.steps) {
      host.step = step;
    } else {
      host.dispatchEvent(new CustomEvent("convscope-beyond", { detail: { by }, bubbles: true, composed: true }));
    }
  }

  /** @param {boolean} all whether the full screen ends too; otherwise another figure takes it, or it has ended */
  leave(all) {
    const { host } = this;
    current = undefined;
    removeEventListener("keydown", this.#keys, { capture: true });
    removeEventListener("resize", this.#size);
    document.removeEventListener("fullscreenchange", this.#changed);
    this.#sizes.disconnect();
    document.documentElement.style.removeProperty("overflow");
    host.removeAttribute("data-presenting");
    host.removeAttribute("data-blank");
    host.style.removeProperty("--zoom");
    if (all && document.fullscreenElement) {
      document.exitFullscreen().catch(() => {});
    }
    host.dispatchEvent(new CustomEvent("convscope-left", { bubbles: true, composed: true }));
  }
}
