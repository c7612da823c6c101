// The figure plays once by itself when it is first seen: up to the step that it stands at, so that what it does is seen before
// anything is pressed. Whatever the reader does ends that.

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

const STEPS = 6; // at most
const PACE = 450; // ms a step
const SEEN = 0.6; // of the drawing

const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Preview {
  #host;
  #show;
  #timer = 0;
  #step = 0;
  #to = -1;
  #watch = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#start(), { threshold: SEEN });

  /**
   * @param {ConvScope} host
   * @param {(step: number | undefined) => boolean} show shows a step that nobody chose, unless somebody chose one; none is the
   *   one that the figure begins at
   */
  constructor(host, show) {
    this.#host = host;
    this.#show = show;
    for (const type of ["pointerdown", "click", "keydown", "input"]) {
      host.root.addEventListener(type, () => this.end(), { capture: true });
    }
  }

  /** Waits until the figure, which is alive now, is seen. */
  await() {
    const { drawing, steps } = this.#host;
    if (drawing && steps > 2 && !still.matches && this.#host.getAttribute("autoplay") === null) {
      this.#watch.observe(drawing);
    }
  }

  /** Ends it, at the step that the figure begins at. */
  end() {
    this.#watch.disconnect();
    clearTimeout(this.#timer);
    if (this.#to >= 0) {
      this.#to = -1;
      this.#show(undefined);
    }
  }

  #start() {
    this.#watch.disconnect();
    this.#to = this.#host.step;
    this.#step = Math.max(0, this.#to - STEPS * this.#host.pace);
    if (this.#to > 0) {
      this.#next();
    }
  }

  #next() {
    if (this.#step >= this.#to || document.hidden || !this.#host.isConnected) {
      this.end();
      return;
    }
    if (!this.#host.busy) {
      if (!this.#show(this.#step)) {
        this.#to = -1; // a script or a reader chose a step
        return;
      }
      this.#step += this.#host.pace;
    }
    this.#timer = setTimeout(() => this.#next(), PACE);
  }
}
