// What a figure was before each of the reader's changes: to take back and to do again.

/** @typedef {{values: Record<string, string>, step: string | undefined}} State the step only where somebody chose one */

const MOMENT = 1000; // ms within which changes of one thing, as by a slider, are one change
const MOST = 200; // states kept

export class History {
  /** @type {State[]} */
  #past = [];
  /** @type {State[]} */
  #future = [];
  /** @type {State | undefined} */
  #now;
  #last = { key: "", time: 0 };

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /**
   * Takes a state that the reader did not make: the first, or one that the host page wants.
   *
   * @param {State} state
   */
  take(state) {
    this.#now = state;
  }

  /** Forgets everything, for another topic. */
  forget() {
    this.#past = [];
    this.#future = [];
    this.#now = undefined;
  }

  /**
   * Takes a state that the reader made.
   *
   * @param {State} state
   * @param {string} key what was changed, where many small changes of it are one; otherwise the empty string
   * @param {number} time in ms
   */
  note(state, key, time) {
    const same = key !== "" && key === this.#last.key && time - this.#last.time < MOMENT && this.canUndo;
    if (this.#now && !same) {
      this.#past = [...this.#past, this.#now].slice(-MOST);
    }
    this.#now = state;
    this.#future = [];
    this.#last = { key, time };
  }

  /**
   * Says at which step the figure is, so that going back leads there.
   *
   * @param {string | undefined} step
   */
  at(step) {
    if (this.#now) {
      this.#now = { ...this.#now, step };
    }
  }

  /** The state before the last change, which becomes the present one; undefined if there is none. */
  undo() {
    return this.#go(this.#past, this.#future);
  }

  /** The state that was taken back last. */
  redo() {
    return this.#go(this.#future, this.#past);
  }

  /**
   * @param {State[]} from
   * @param {State[]} to
   */
  #go(from, to) {
    const state = from.pop();
    if (state && this.#now) {
      to.push(this.#now);
      this.#now = state;
      this.#last = { key: "", time: 0 };
    }
    return state;
  }
}
