// <conv-scope topic="…" kernel="3" …>: a live figure. Attributes, the URL and the controls change the same parameters.
// <conv-scope exercise="…" seed="42" level="2">: an exercise (practice.js).
//
// The core computes everything that is shown; here the parts of a figure are put together, and to the page around it.
//
// Attributes: topic; every parameter of the topic; step; autoplay; theme="light | dark | auto"; controls, transport and readonly,
// which lock (locks.js); permalink on the site's own pages, where the URL's query holds the parameters of the figure that its hash
// names (permalink="page": of the only one).
// Properties: topic and every parameter, as the attributes; values, step, steps, pace, playing, problems. Methods: play(), pause(), undo(), redo(), reset(), apply(values), present(),
// light(part).
// Events: change (detail: the values; only for what the reader did), step (detail: {step, steps}), light (detail: {part}).
import { act } from "./actions.js";
import { AddressBar, isParameter, OWN, readAddress, withOthers, writeAddress } from "./address.js";
import { Cells } from "./cells.js";
import { Controls } from "./controls.js";
import { Drawing } from "./drawing.js";
import { Engine, unsupported } from "./engine.js";
import { Handles } from "./handles.js";
import { History } from "./history.js";
import { LOCKS, Locks } from "./locks.js";
import { nearest } from "./near.js";
import { Notices } from "./notices.js";
import { Pictures } from "./pictures.js";
import { Player } from "./player.js";
import { present } from "./present.js";
import { Preview } from "./preview.js";
import { listenToScrubs, markScrubs } from "./scrub.js";
import { practice } from "./practice-door.js";
import { Session } from "./session.js";
import { shellOf, useShell } from "./shell.js";
import { site } from "./site.js";
import { Stacks } from "./stack.js";

/** @typedef {import("./session.js").Reply} Reply */

const NEAR = "50% 0px"; // how far beyond the window a figure comes to life
const DRAGGED = 80; // ms in which what is dragged follows the pointer

/** @type {string[]} the parameters of all topics */
const PARAMETERS = JSON.parse("__PARAMETERS__");

const engine = new Engine();
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

export class ConvScope extends HTMLElement {
  /** The worker that all figures of the page share. */
  static engine = engine;

  /** @type {ShadowRoot} */
  // @ts-ignore set, as the parts below, when the element is first connected
  root;
  /** @type {Drawing} */
  // @ts-ignore
  #drawing;
  /** @type {Notices} */
  // @ts-ignore
  #notices;
  /** @type {Locks} */
  // @ts-ignore
  #locks;
  /** @type {Pictures} */
  // @ts-ignore
  #pictures;
  /** @type {Player} */
  // @ts-ignore
  #player;
  /** @type {Cells} */
  // @ts-ignore
  #cells;
  /** @type {Handles} */
  // @ts-ignore
  #handles;
  /** @type {Preview} */
  // @ts-ignore
  #preview;
  /** @type {Controls} */
  // @ts-ignore
  #controls;
  #address = new AddressBar();
  #history = new History();
  #remembered = ""; // the values that the history knows last, as text
  /** @type {Session} */
  #session = new Session(
    (topic, request, patience) => {
      const why = unsupported();
      return why ? Promise.reject(new Error(why)) : engine.ask(topic, request, undefined, patience);
    },
    {
      present: () => this.isConnected && this.root !== undefined,
      view: () => ({ topic: this.topic, layout: this.#drawing.layout, pick: this.#cells.pick }),
      bare: () => !this.root.querySelector(".bar"),
      shell: (html) => this.#useShell(html),
      fields: (reply, changed, refused) => this.#controls.show(reply, changed, refused),
      picture: (name) => this.#pictures.bring(name, this.#session.reply !== undefined),
      problems: (problems, refused) => {
        this.#notices.problems(problems, refused);
        if (refused) {
          this.pause();
        }
      },
      drawn: (reply, bytes, before) => this.#drawn(reply, bytes, before),
      settled: (before, cause, byReader) => this.#settled(before, cause, byReader),
      failed: (why) => this.#failed(why),
    },
  );

  #sizes = new ResizeObserver(() => this.#fit());
  #nearness = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#wake(), { rootMargin: NEAR });
  #attributes = new MutationObserver((records) => this.#attributesChanged(records));
  #theme = new MutationObserver(() => this.#drawing.repaint());
  #online = () => this.#again();
  #away = false; // whether the figure, which has failed, was out of sight since
  #schemeChanged = () => this.#drawing.repaint();
  #restarted = () => this.say("The engine stopped and was restarted; the figure goes on.");

  connectedCallback() {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.isConnected && this.#connect(), { once: true });
    } else {
      this.#connect();
    }
  }

  disconnectedCallback() {
    if (this.root) {
      this.#player.connect(false);
      this.#sizes.disconnect();
      this.#nearness.disconnect();
      this.#attributes.disconnect();
      this.#theme.disconnect();
      engine.removeEventListener("restart", this.#restarted);
      removeEventListener("online", this.#online);
      darkScheme.removeEventListener("change", this.#schemeChanged);
    }
  }

  #connect() {
    if (this.hasAttribute("exercise")) {
      practice(this, engine);
      return;
    }
    if (!this.root) {
      this.#start();
    }
    this.#player.connect(true);
    this.#sizes.observe(this);
    this.#attributes.observe(this, { attributes: true });
    this.#theme.observe(document.documentElement, { attributes: true });
    this.#theme.observe(document.body, { attributes: true }); // where many sites switch their theme
    engine.addEventListener("restart", this.#restarted);
    darkScheme.addEventListener("change", this.#schemeChanged);
    this.#drawing.fit();
    if (this === document.querySelector("conv-scope")) {
      this.#session.wake(); // the page's first figure, whose module the page names early
    } else {
      this.#nearness.observe(this);
      this.refresh();
    }
  }

  #start() {
    this.root = shellOf(this);
    this.#locks = new Locks(this);
    this.root.querySelector("link")?.addEventListener("load", () => this.#fit());
    this.#drawing = new Drawing(this.root);
    this.#notices = new Notices(this.root);
    this.#player = new Player(this);
    this.#handles = new Handles(this);
    this.#cells = new Cells(this, this.#handles);
    new Stacks(this);
    this.#controls = new Controls(this);
    this.#pictures = new Pictures(this, engine);
    this.#preview = new Preview(this, (step) => this.#session.preview(step));
    this.#listen();
    this.#takeProperties();
    this.#readAttributes();
    if (this.hasAttribute("permalink")) {
      readAddress(location.href, this.topic, this.#alone).forEach(([name, text]) => this.#session.wish(name, text));
    }
    if (this.#autoplays && !reducedMotion.matches) {
      this.addEventListener("convscope-ready", () => this.play(), { once: true });
    }
  }

  /** Whether the host page wants the figure to play from the start; “off” is that it never does so by itself. */
  get #autoplays() {
    return (this.getAttribute("autoplay") ?? "off") !== "off";
  }

  /** What the page set as properties before this script had made the element what it is. */
  #takeProperties() {
    for (const name of ["topic", "values", "step", ...PARAMETERS]) {
      if (Object.hasOwn(this, name)) {
        const own = /** @type {any} */ (this);
        const value = own[name];
        delete own[name];
        own[name] = value;
      }
    }
  }

  // ---- the interface for host pages

  get topic() {
    return this.getAttribute("topic") ?? "";
  }

  set topic(topic) {
    this.setAttribute("topic", topic);
  }

  /**
   * Every parameter as text; of an exercise, those that draw its numbers.
   *
   * @returns {Record<string, string>}
   */
  get values() {
    return this.hasAttribute("exercise")
      ? { seed: this.getAttribute("seed") ?? "1", level: this.getAttribute("level") ?? "1" }
      : { ...this.#session.values };
  }

  /** Changes the named parameters; the others stay. */
  set values(values) {
    if (!this.hasAttribute("exercise")) {
      this.#session.set(values ?? {});
      return;
    }
    for (const [name, before] of Object.entries(this.values)) {
      const text = String(values[name] ?? before);
      if (text !== before) {
        this.setAttribute(name, text);
      }
    }
  }

  /** The animation step, from 0. */
  get step() {
    return this.#session.step;
  }

  set step(step) {
    this.#session.goTo(step);
    this.#player?.show();
  }

  get steps() {
    return this.#session.steps;
  }

  /** How many steps the player takes at a time. */
  get pace() {
    return this.#session.pace;
  }

  get playing() {
    return this.#player?.playing ?? false;
  }

  get problems() {
    return this.#session.problems.map((problem) => problem.text);
  }

  play() {
    this.#wake();
    this.#player?.play();
  }

  pause() {
    this.#player?.pause();
  }

  /**
   * Sets every parameter at once: what is not named goes to its default. A step may be among them.
   *
   * @param {Record<string, string>} values
   */
  apply(values) {
    this.pause();
    this.#session.replace(values, "apply");
  }

  /** Takes the reader's last change back. */
  undo() {
    this.#restore(this.#history.undo());
  }

  /** Makes the change again that was taken back last. */
  redo() {
    this.#restore(this.#history.redo());
  }

  /** Goes back to what the page wanted, and where it says nothing, to the defaults. */
  reset() {
    this.pause();
    const named = [...this.attributes].filter(({ name }) => isParameter(name) || name === "step");
    this.#session.replace(Object.fromEntries(named.map(({ name, value }) => [name, value])), "reset");
  }

  /** Shows the figure on the whole screen, for a lecture. */
  present() {
    if (!this.root) {
      return; // not in a page yet, or an exercise
    }
    this.#wake();
    this.#preview.end();
    this.#tell("convscope-present", {});
    present(this);
  }

  /** @param {import("./history.js").State | undefined} state */
  #restore(state) {
    if (state) {
      this.pause();
      this.#session.replace({ ...state.values, step: state.step }, "");
    }
  }

  /**
   * Lights everything in the figure that is this part of the formula, such as "x"; none with the empty string.
   *
   * @param {string} part
   */
  light(part) {
    if (this.#drawing?.light(part)) {
      this.#tell("light", { part });
    }
  }

  // ---- for the parts of the element, and the page's scripts

  get figureTitle() {
    return this.root?.querySelector(".name")?.textContent ?? "";
  }

  get drawing() {
    return this.#drawing?.holder;
  }

  /** The SVG that is shown now; of an exercise, or before the element is in a page, none. */
  get scene() {
    return this.#drawing?.scene;
  }

  /** Whether an answer is awaited. */
  get busy() {
    return this.#session.busy;
  }

  get hasOwnPicture() {
    return Object.values(this.#session.shown).includes(OWN);
  }

  /** The query that leads to this figure as it is now. */
  query() {
    return this.#session.query;
  }

  /** A link to this figure as it is now, or the empty string. */
  permalink() {
    const query = this.query();
    if (this.hasAttribute("permalink") && location.protocol !== "about:") {
      return writeAddress(location.href, query, this.topic, this.#alone);
    }
    return site.root && `${site.root}embed/${this.topic}.html${query && `?${query}`}`;
  }

  /**
   * Says something to the reader.
   *
   * @param {string} text
   * @param {boolean} [lasting] whether it stays
   */
  say(text, lasting) {
    this.#notices.say(text, lasting);
  }

  /** Asks for the figure as it should be now; the latest wish counts. */
  refresh() {
    this.#session.refresh();
  }

  /**
   * Changes a parameter or a cell as the reader asks.
   *
   * @param {string} key
   * @param {string} text
   * @param {boolean} [near] whether the last value that fits will do in its place
   * @returns {Promise<string>} what is wrong with it, or the empty string
   */
  change(key, text, near = false) {
    const refusal = this.#locks.refusal(key);
    return refusal ? Promise.resolve(refusal) : this.#session.change(key, text, near);
  }

  /**
   * Asks the core something about the figure as it is, without showing the answer.
   *
   * @param {object} more fields of the request
   * @param {number} [patience] the engine's ticks that it may take
   */
  async ask(more, patience) {
    return (await this.#session.aside(more, patience)).reply;
  }

  // ---- answers

  #wake() {
    this.#nearness.disconnect();
    this.#session.wake();
  }

  /**
   * There is no figure, or none that could change: why, and a way to try again.
   *
   * @param {string} why
   */
  #failed(why) {
    const still = this.scene ? " Here it shows its first state." : "";
    this.drawing?.classList.toggle("empty", !this.scene);
    this.#notices.fail(unsupported() ? why + still : why, !unsupported() && !this.#session.reply && (() => this.#again()));
    addEventListener("online", this.#online);
    this.#seen.observe(this);
  }

  /** Tries once more to come to life, where that failed before. */
  #again() {
    if (this.isConnected && !this.#session.reply && !this.#session.busy) {
      this.say("");
      this.#session.again();
    }
  }

  // a figure that failed is tried again when it is seen again
  #seen = new IntersectionObserver((entries) => {
    const { isIntersecting } = entries[entries.length - 1];
    if (this.#session.reply) {
      this.#seen.disconnect();
      removeEventListener("online", this.#online);
    } else if (isIntersecting && this.#away) {
      this.#away = false;
      this.#again();
    } else {
      this.#away = !isIntersecting;
    }
  });

  /** Names attributes and keys of the address that are nearly a parameter's. */
  #nameMisspelt() {
    const known = Object.keys(this.#session.values);
    const asked = [...this.attributes].map(({ name }) => name).concat(this.hasAttribute("permalink") ? readAddress(location.href, this.topic, this.#alone).map(([name]) => name) : []);
    const said = asked
      .filter((name) => isParameter(name) && name !== "step" && !known.includes(name))
      .map((name) => [name, nearest(name, known)])
      .filter(([, meant]) => meant)
      .map(([name, meant]) => `${name}: there is no such parameter; “${meant}” is perhaps meant.`);
    if (said.length > 0) {
      this.say(said.join(" "), true);
    }
  }

  #fit() {
    if (this.#drawing.fit()) {
      this.refresh();
    }
  }

  /** @param {string} html */
  #useShell(html) {
    const lasting = this.#notices.lasting;
    useShell(this.root, html);
    if (lasting) {
      this.say(lasting, true);
    }
  }

  /**
   * @param {Reply} reply
   * @param {Uint8Array} bytes
   * @param {Reply | undefined} before the last drawing
   */
  #drawn(reply, bytes, before) {
    const focused = this.#cells.focused;
    this.#drawing.draw(reply, bytes, !before || reducedMotion.matches ? 0 : this.#handles.dragging ? DRAGGED : this.#player.glide, this.#session.passing);
    this.#player.show();
    this.#cells.settle(focused);
    for (const words of this.root.querySelectorAll(".equation, .caption")) {
      markScrubs(this, words);
    }
    this.#pictures.offer();
    if (!before) {
      this.#enable();
      this.#nameMisspelt();
    } else if (before.step !== reply.step) {
      if (this.#player.unhurried && !reducedMotion.matches) {
        this.#drawing.revealTerms();
      }
      this.#tell("step", { step: reply.step, steps: reply.steps });
    }
  }

  #enable() {
    for (const field of this.root.querySelectorAll('fieldset[disabled], .actions button[disabled]:not([data-do="undo"], [data-do="redo"])')) {
      field.removeAttribute("disabled");
    }
    this.root.querySelector(".figure")?.classList.add("live");
    this.dispatchEvent(new Event("convscope-ready"));
    if (!this.#session.used && this.#session.chosen === undefined) {
      this.#preview.await();
    }
  }

  /**
   * @param {Record<string, string>} before the values before the answer
   * @param {string} cause what the reader did to get it, or the empty string
   * @param {boolean} byReader whether the reader, and not the page, asked for it
   */
  #settled(before, cause, byReader) {
    const { values, used } = this.#session;
    this.#remember(cause);
    if (byReader && Object.keys(before).some((name) => before[name] !== values[name])) {
      this.#tell("change", { ...values });
    }
    if (used && this.hasAttribute("permalink")) {
      this.#address.follow(() => withOthers(this.permalink(), this.#others()));
    }
  }

  /** The states of the page's other figures that the reader has changed. */
  #others() {
    if (this.#alone) {
      return [];
    }
    const figures = /** @type {NodeListOf<ConvScope>} */ (document.querySelectorAll("conv-scope[permalink]"));
    return [...figures]
      .filter((figure) => figure !== this && figure.topic !== this.topic && figure.#session.used)
      .map((figure) => ({ topic: figure.topic, query: figure.query() }));
  }

  /** @param {string} cause what the reader did to get the values that are shown */
  #remember(cause) {
    const { shown, chosen } = this.#session;
    const text = JSON.stringify(shown);
    if (text === this.#remembered) {
      this.#history.at(chosen);
    } else if (cause && this.#remembered) {
      const held = this.#handles.dragging || this.root.querySelector(`.control[data-param="${CSS.escape(cause)}"] input[type="range"]`);
      this.#history.note({ values: shown, step: chosen }, held ? cause : "", performance.now());
    } else {
      this.#history.take({ values: shown, step: chosen });
    }
    this.#remembered = text;
    for (const [name, can] of [["undo", this.#history.canUndo], ["redo", this.#history.canRedo]]) {
      this.root.querySelector(`[data-do="${name}"]`)?.toggleAttribute("disabled", !can);
    }
  }

  /**
   * @param {string} event
   * @param {object} detail
   */
  #tell(event, detail) {
    this.dispatchEvent(new CustomEvent(event, { detail, bubbles: true, composed: true }));
  }

  // ---- what the reader does

  #listen() {
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) => this.root.addEventListener(type, listener);
    const use = () => this.root.querySelector(".figure")?.classList.add("used");
    on("pointerdown", use);
    on("input", use);
    on("keydown", (event) => event.key !== "Tab" && use());
    listenToScrubs(() => this, this.root);
    on("click", ({ target }) => {
      const button = target.closest("button[data-do]");
      const own = /** @type {Record<string, () => void>} */ ({ undo: () => this.undo(), redo: () => this.redo(), reset: () => this.reset(), present: () => this.present() });
      if (own[button?.dataset.do]) {
        own[button.dataset.do]();
      } else if (button && !act(this, button.dataset.do, button)) {
        this.#player.do(button.dataset.do);
      }
    });
    on("keydown", (event) => this.#key(event));
    on("input", ({ target }) => this.#input(target));
    this.root.addEventListener("toggle", () => this.#drawing.showTwin(), true);
    this.#keepKeys(); // last: the page around it must not take what was used
  }

  /** Keeps the keys that the figure uses from the page around it, until they are let go. */
  #keepKeys() {
    const held = new Set();
    for (const type of ["keydown", "keypress", "keyup"]) {
      this.root.addEventListener(type, (event) => {
        const { key } = /** @type {KeyboardEvent} */ (event);
        const used = type === "keyup" ? held.delete(key) : uses(/** @type {KeyboardEvent} */ (event));
        if (used) {
          event.stopPropagation();
        }
        if (used && type === "keydown") {
          held.add(key);
        }
      });
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const command = takesBack(event);
    if (command && !this.#controls.edits(event.target)) {
      event.preventDefault();
      command === "undo" ? this.undo() : this.redo();
    } else {
      this.#player.key(event);
    }
  }

  /** @param {HTMLInputElement} field */
  #input(field) {
    if (field.dataset.do === "scrub") {
      const step = field.valueAsNumber; // before the pause shows the present one
      this.pause();
      this.step = step;
    } else if (field.dataset.do === "speed") {
      this.#player.speed = field.value;
    }
  }

  // ---- attributes

  /** Whether the page is this figure's alone, so that its address needs no hash to say whose the query is. */
  get #alone() {
    return this.getAttribute("permalink") === "page";
  }

  #readAttributes() {
    for (const { name, value } of this.attributes) {
      this.#readAttribute(name, value);
    }
  }

  /**
   * @param {string} name
   * @param {string | null} value
   */
  #readAttribute(name, value) {
    if (isParameter(name)) {
      this.#session.wish(name, value);
    }
  }

  /** @param {MutationRecord[]} records */
  #attributesChanged(records) {
    for (const name of new Set(records.map((record) => record.attributeName ?? ""))) {
      if (name === "topic") {
        this.#session.forget();
        this.#history.forget();
        this.#remembered = "";
        this.#readAttributes();
        this.root.querySelector(".bar")?.remove();
      } else if (name === "theme") {
        this.#drawing.repaint();
      } else if (LOCKS.includes(name)) {
        this.#locks.apply();
      } else {
        this.#readAttribute(name, this.getAttribute(name));
      }
    }
    this.refresh();
  }
}

/**
 * What a key asks for: “undo”, “redo” or nothing.
 *
 * @param {KeyboardEvent} event
 */
function takesBack(event) {
  const key = (event.ctrlKey || event.metaKey) && !event.altKey ? event.key.toLowerCase() : "";
  return key === "y" || (key === "z" && event.shiftKey) ? "redo" : key === "z" ? "undo" : "";
}

/**
 * Whether a figure has used a key, or the browser will for it: in a field, on a button, or as its parts have said.
 *
 * @param {KeyboardEvent} event
 */
function uses(event) {
  const target = /** @type {Element} */ (event.target);
  const typed = !["Escape", "Tab"].includes(event.key) && !event.ctrlKey && !event.metaKey;
  return event.defaultPrevented || (typed && target.matches("input, select, textarea")) || (target.matches("button, summary, a") && [" ", "Enter"].includes(event.key));
}

/** A property for each parameter: frameworks set properties where an element has them, and attributes elsewhere. */
for (const name of PARAMETERS) {
  if (!(name in ConvScope.prototype)) {
    Object.defineProperty(ConvScope.prototype, name, {
      configurable: true,
      get() {
        return this.values[name] ?? this.getAttribute(name) ?? undefined;
      },
      set(value) {
        value === null || value === undefined ? this.removeAttribute(name) : this.setAttribute(name, value === true ? "on" : value === false ? "off" : String(value));
      },
    });
  }
}

if (!customElements.get("conv-scope")) {
  customElements.define("conv-scope", ConvScope);
}
