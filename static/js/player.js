// Plays the steps of a figure.
import { showDone } from "./controls.js";

const STEP = 700; // ms a step at normal speed
const KEYS = /** @type {Record<string, string>} */ ({ ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" });

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

export class Player {
  playing = false;
  #host;
  #speed = 1;
  #due = 0;
  #frame = 0;
  #onScreen = true;
  #watch = new IntersectionObserver((entries) => {
    this.#onScreen = entries[entries.length - 1].isIntersecting;
  });

  /** @param {ConvScope} host */
  constructor(host) {
    this.#host = host;
  }

  /** @param {boolean} on whether the figure is in the document */
  connect(on) {
    if (on) {
      this.#watch.observe(this.#host);
    } else {
      this.#watch.disconnect();
      this.pause();
    }
  }

  /** How long a window may glide from step to step. */
  get glide() {
    return this.playing ? Math.min(200, (0.5 * STEP) / this.#speed) : 200;
  }

  /** Whether there is time to show the terms of a step one by one. */
  get unhurried() {
    return this.playing && this.#speed <= 1;
  }

  /** @param {string} command what a button or key asks for */
  do(command) {
    const { step, steps, pace } = this.#host;
    if (command === "play") {
      this.playing ? this.pause() : this.play();
      return;
    }
    this.pause();
    const to = { first: 0, back: step - pace, forward: step + pace, last: steps - 1 }[command];
    if (to !== undefined) {
      this.#host.step = Math.max(0, Math.min(steps - 1, to));
    }
  }

  play() {
    if (this.playing || this.#host.steps < 2) {
      return;
    }
    if (this.#host.step >= this.#host.steps - 1) {
      this.#host.step = 0;
    }
    this.playing = true;
    this.#due = 0;
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
    this.show();
    this.#host.refresh();
  }

  pause() {
    if (this.playing) {
      this.playing = false;
      cancelAnimationFrame(this.#frame);
      this.show();
    }
  }

  /** @param {string} speed */
  set speed(speed) {
    this.#speed = Number(speed);
    this.#due = 0;
  }

  /** @param {number} now */
  #tick(now) {
    this.#frame = requestAnimationFrame((later) => this.#tick(later));
    this.#due ||= now + STEP / this.#speed;
    if (!this.#onScreen || now - this.#due > 1000) {
      this.#due = 0; // off screen, or the page was hidden: the time does not count
    } else if (now >= this.#due && !this.#host.busy) {
      const { step, steps, pace } = this.#host;
      this.#due = Math.max(this.#due + STEP / this.#speed, now);
      if (step >= steps - 1) {
        this.pause();
      } else {
        this.#host.step = Math.min(steps - 1, step + pace);
      }
    }
  }

  /** Shows the state in the transport and keeps the caption from being read out at every step. */
  show() {
    const { step, steps, root } = this.#host;
    const atEnd = step >= steps - 1;
    const texts = this.playing ? ["❚❚", " Pause"] : atEnd ? ["↻", " Replay"] : ["▶", " Play"];
    root.querySelectorAll('[data-do="play"] > *').forEach((part, i) => {
      if (part.textContent !== texts[i]) {
        part.textContent = texts[i];
      }
    });
    root.querySelector(".caption")?.setAttribute("aria-live", this.playing ? "off" : "polite");
    const scrub = /** @type {HTMLInputElement | null} */ (root.querySelector('[data-do="scrub"]'));
    const count = root.querySelector(".count");
    const transport = /** @type {HTMLFieldSetElement | null} */ (root.querySelector(".transport"));
    if (scrub && count && transport) {
      transport.hidden &&= steps < 2; // once there, it stays: nothing jumps when a single step is left
      transport.disabled = steps < 2;
      scrub.max = String(steps - 1);
      scrub.value = String(step);
      showDone(scrub);
      scrub.setAttribute("aria-valuetext", `${step + 1} of ${steps}`);
      count.textContent = `${step + 1} / ${steps}`;
    }
  }

  /**
   * Keys that step, where no other part of the figure wants them.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    const command = KEYS[event.key];
    const free = event.target instanceof HTMLButtonElement || event.target === this.#host.drawing;
    if (command && this.#host.steps > 1 && free && !event.altKey && !event.ctrlKey) {
      event.preventDefault();
      this.do(command);
    }
  }
}
