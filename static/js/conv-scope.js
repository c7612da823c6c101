// <conv-scope topic="…" kernel="3" …>: a live figure. Attributes, the URL and the controls change the same parameters.
//
// The core computes everything that is shown; here requests are sent and the answers put into the document.
//
// Attributes: topic; every parameter of the topic; step; autoplay; theme="light | dark | auto"; permalink on the site's own
// pages, where the URL's query holds the parameters of the figure that its hash names (permalink="page": of the only one).
// Properties: values, step, steps, playing, problems. Methods: play(), pause(), light(part).
// Events: change (detail: the values), step (detail: {step, steps}), light (detail: {part}).
import { act } from "./actions.js";
import { Cells } from "./cells.js";
import { changeOf, showValues } from "./controls.js";
import { Engine, unsupported } from "./engine.js";
import { parse, patch, patchInside } from "./patch.js";
import { fileIn, fromFile, ownPicturePanel } from "./picture.js";
import { Player } from "./player.js";
import { paint } from "./rasters.js";
import { site } from "./site.js";
import { Stacks } from "./stack.js";

/** @typedef {{param: string, text: string}} Problem */
/**
 * What the core answers; see FigureService.
 *
 * @typedef {object} Reply
 * @property {Record<string, string>} values
 * @property {string[]} hidden
 * @property {string} query
 * @property {Problem[]} problems
 * @property {string[]} [needs]
 * @property {string} [svg]
 * @property {string} alt
 * @property {string} equation
 * @property {string} caption
 * @property {string} twin
 * @property {number} step
 * @property {number} steps
 * @property {number} stride
 * @property {import("./rasters.js").RasterInfo[]} rasters
 * @property {string} [shell]
 * @property {string} [error]
 */
/** @typedef {{key: string, text: string, told: (problem: string) => void}} Change */

const WIDE = 760; // px from which a figure is composed in a row; figure.css has the same number
const OWN = "own"; // the picture that the reader brings
const NOT_PARAMETERS = new Set(["topic", "theme", "permalink", "autoplay", "id", "class", "style", "lang", "dir", "slot", "title", "hidden"]);
const MEASURING = 60; // the engine's ticks that a measurement may take on a slow machine
const NEAR = "100% 0px"; // how far beyond the window a figure comes to life
const SAID = 6000; // ms that a passing message stays

const engine = new Engine();
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

const CSS_TEXT = String("__FIGURE_CSS__"); // empty in the site's own copy of this script: its pages link the style sheet

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * Styles a shadow root that came without a style.
 *
 * @param {ShadowRoot} root
 */
function addStyle(root) {
  if (!CSS_TEXT) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = site.style;
    root.prepend(link);
    return;
  }
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
  }
  root.adoptedStyleSheets = [sheet];
}

export class ConvScope extends HTMLElement {
  /** The worker that all figures of the page share. */
  static engine = engine;

  #started = false;
  /** @type {Record<string, string>} every parameter as text, as the core gave them */
  #values = {};
  /** @type {Record<string, string | null>} what the host page wants changed; null is the default */
  #wishes = {};
  /** @type {Record<string, string>} the values of the last drawing */
  #shown = {};
  /** @type {string | undefined} the step that somebody chose; without it, the core does */
  #chosen;
  #step = 0;
  #steps = 1;
  #stride = 1;
  #query = "";
  #lit = "";
  /** @type {Problem[]} */
  #problems = [];
  #known = false; // the core has answered, so that a difference is a change

  #stale = false; // a request is wanted
  #asking = false;
  #fallback = true; // the host page's values were not asked for yet; if they are bad, the defaults appear
  #touched = false; // the reader changed something
  #near = false; // the reader is near it or somebody uses it; until then it stands as it came and loads nothing
  /** @type {Change[]} */
  #changes = [];
  /** @type {Reply | undefined} */
  #reply;
  /** @type {Uint8Array} */
  #levels = new Uint8Array(0);

  #layout = "";
  #saidTimer = 0;
  #urlTimer = 0;
  #themeTimer = 0;
  /** @type {ShadowRoot} */
  // @ts-ignore set when the element is first connected
  root;
  /** @type {Player} */
  // @ts-ignore
  #player;
  /** @type {Cells} */
  // @ts-ignore
  #cells;

  #sizes = new ResizeObserver(() => this.#measure());
  #nearness = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && this.#wake(), { rootMargin: NEAR });
  #attributes = new MutationObserver((records) => this.#attributesChanged(records));
  #theme = new MutationObserver(() => this.#repaint());
  #restarted = () => this.say("The engine stopped and was restarted; the figure goes on.");
  #schemeChanged = () => this.#repaint();

  connectedCallback() {
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.isConnected && this.#connect(), { once: true });
    } else {
      this.#connect();
    }
  }

  disconnectedCallback() {
    if (this.#started) {
      this.#player.connect(false);
      this.#sizes.disconnect();
      this.#nearness.disconnect();
      this.#attributes.disconnect();
      this.#theme.disconnect();
      engine.removeEventListener("restart", this.#restarted);
      matchMedia("(prefers-color-scheme: dark)").removeEventListener("change", this.#schemeChanged);
    }
  }

  #connect() {
    if (!this.#started) {
      this.#start();
    }
    this.#player.connect(true);
    this.#sizes.observe(this);
    if (this === document.querySelector("conv-scope")) {
      this.#near = true; // the page's first figure, whose module the page names early
    } else {
      this.#nearness.observe(this);
    }
    this.#attributes.observe(this, { attributes: true });
    this.#theme.observe(document.documentElement, { attributes: true });
    engine.addEventListener("restart", this.#restarted);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", this.#schemeChanged);
    this.#measure();
    this.refresh();
  }

  #start() {
    this.#started = true;
    const template = /** @type {HTMLTemplateElement | null} */ (this.querySelector("template[shadowrootmode]"));
    this.root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    if (template && !this.root.firstElementChild) {
      this.root.append(template.content); // a browser that does not know declarative shadow roots
    }
    if (!this.root.querySelector(".figure")) {
      this.root.innerHTML = '<section class="figure"><p class="status" role="status">Loading the figure…</p><div class="drawing empty"></div></section>';
      addStyle(this.root);
    }
    this.#player = new Player(this);
    this.#cells = new Cells(this);
    new Stacks(this);
    this.#wire();
    this.#readAttributes();
    this.#readUrl();
    if (this.hasAttribute("autoplay") && !reducedMotion.matches) {
      this.addEventListener("convscope-ready", () => this.play(), { once: true });
    }
  }

  // ---- the interface for host pages

  get topic() {
    return this.getAttribute("topic") ?? "";
  }

  /** Every parameter as text. */
  get values() {
    return { ...this.#values };
  }

  /** Changes the named parameters; the others stay. */
  set values(values) {
    for (const [name, value] of Object.entries(values)) {
      this.#wishes[name] = String(value);
    }
    this.#fallback = true;
    this.#touched = true;
    this.refresh();
  }

  /** The animation step, from 0. */
  get step() {
    return this.#step;
  }

  set step(step) {
    this.#chosen = String(step);
    this.#step = step;
    this.#touched = true;
    this.#player.show();
    this.refresh();
  }

  get steps() {
    return this.#steps;
  }

  /** How many steps the player takes at a time. */
  get stride() {
    return this.#stride;
  }

  get playing() {
    return this.#player.playing;
  }

  get problems() {
    return this.#problems.map((problem) => problem.text);
  }

  play() {
    this.#wake();
    this.#player.play();
  }

  pause() {
    this.#player.pause();
  }

  /**
   * Lights everything in the figure that is this part of the formula, such as "x"; none with the empty string.
   *
   * @param {string} part
   */
  light(part) {
    if (part !== this.#lit) {
      this.#lit = part;
      this.#showLight();
      this.dispatchEvent(new CustomEvent("light", { detail: { part }, bubbles: true, composed: true }));
    }
  }

  // ---- for the parts of the element

  get figureTitle() {
    return this.root.querySelector(".name")?.textContent ?? "";
  }

  get drawing() {
    return /** @type {HTMLElement | null} */ (this.root.querySelector(".drawing"));
  }

  /** The SVG that is shown now. */
  get scene() {
    return this.root.querySelector(`.composition.${this.#layout} svg`);
  }

  get busy() {
    return this.#asking;
  }

  get hasOwnPicture() {
    return Object.values(this.#shown).includes(OWN);
  }

  /** The query that leads to this figure as it is now. */
  query() {
    const pairs = this.#query.split("&").filter((pair) => pair && !pair.endsWith(`=${OWN}`));
    return pairs.concat(this.#chosen === undefined ? [] : `step=${this.#step}`).join("&");
  }

  /** A link to this figure as it is now, or the empty string. */
  permalink() {
    // a page of the figure's own also has its colours in the address
    const theme = this.#ownsPage ? new URLSearchParams(location.search).get("theme") : null;
    const query = [theme && `theme=${encodeURIComponent(theme)}`, this.query()].filter(Boolean).join("&");
    if (this.hasAttribute("permalink") && location.protocol !== "about:") {
      return location.href.split(/[?#]/)[0] + (query && `?${query}`) + (this.#ownsPage ? "" : `#${this.topic}`);
    }
    return site.root && `${site.root}embed/${this.topic}.html${query && `?${query}`}`;
  }

  /**
   * Says something to the reader.
   *
   * @param {string} text
   * @param {boolean} [lasting] whether it stays
   */
  say(text, lasting = false) {
    const status = this.root.querySelector(".status");
    if (status) {
      status.classList.toggle("lasting", lasting);
      status.textContent = text;
      clearTimeout(this.#saidTimer);
      if (text && !lasting) {
        this.#saidTimer = setTimeout(() => (status.textContent = ""), SAID);
      }
    }
  }

  /** The figure's drawing with its images inside, in the document but out of sight, and its words. */
  async inlineDrawing() {
    const { reply } = await this.#ask({ inline: true });
    const holder = document.createElement("div");
    holder.className = "aside";
    holder.append(parse(reply.svg));
    this.drawing?.append(holder);
    return {
      svg: /** @type {SVGSVGElement} */ (holder.firstElementChild),
      equation: /** @type {Element} */ (this.root.querySelector(".equation")),
      caption: /** @type {Element} */ (this.root.querySelector(".caption")),
    };
  }

  /**
   * Lets the core time on this machine what the figure compares; the answer is a parameter's value like any other.
   *
   * @param {HTMLElement} button that asked for it, and tells that it goes on
   */
  async #time(button) {
    if (button.getAttribute("aria-busy") === "true") {
      return; // not disabled meanwhile, which would take the focus away
    }
    const label = button.textContent;
    button.setAttribute("aria-busy", "true");
    button.textContent = "Measuring…";
    this.pause();
    this.say("Measuring; this takes about a second.");
    try {
      const { reply } = await this.#ask({ op: "measure" }, MEASURING);
      if (reply.error !== undefined) {
        throw new Error(reply.error);
      }
      const refused = await this.change(reply.param, reply.text);
      if (refused) {
        throw new Error(refused);
      }
      this.say("Measured.");
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e), true);
    }
    button.removeAttribute("aria-busy");
    button.textContent = label;
  }

  /** Asks for the figure as it should be now; the latest wish counts. */
  refresh() {
    this.#stale = true;
    this.#pump();
  }

  /**
   * Changes a parameter or a cell as the reader asks.
   *
   * @param {string} key
   * @param {string} text
   * @returns {Promise<string>} what is wrong with it, or the empty string
   */
  change(key, text) {
    this.#touched = true;
    return new Promise((told) => {
      const last = this.#changes[this.#changes.length - 1];
      if (last?.key === key) {
        this.#changes.pop();
        last.told("");
      }
      this.#changes.push({ key, text, told });
      this.#pump();
    });
  }

  // ---- requests

  #request() {
    /** @type {Record<string, string>} */
    const params = {};
    for (const [name, value] of Object.entries({ ...this.#values, ...this.#wishes, step: this.#chosen })) {
      if (typeof value === "string") {
        params[name] = value;
      }
    }
    return { op: "figure", topic: this.topic, params, layout: this.#layout, pick: this.#cells.pick };
  }

  /**
   * Asks with the present parameters.
   *
   * @param {object} more fields of the request
   * @param {number} [patience]
   */
  #ask(more, patience) {
    return engine.ask(this.topic, { ...this.#request(), ...more }, undefined, patience);
  }

  #wake() {
    this.#nearness.disconnect();
    this.#near = true;
    this.#pump();
  }

  async #pump() {
    const wanted = this.#stale || this.#changes.length > 0;
    if (!wanted || this.#asking || !this.#started || !this.isConnected || !(this.#near || this.#touched)) {
      return;
    }
    const why = unsupported();
    if (why) {
      this.drawing?.classList.remove("empty");
      this.say(why, true);
      return;
    }
    const change = this.#changes.shift();
    const fallback = this.#fallback && !change;
    const request = {
      ...this.#request(),
      ...(change ? { change: { key: change.key, text: change.text } } : {}),
      fallback,
      shell: !this.root.querySelector(".bar"),
    };
    this.#asking = true;
    this.#stale = false;
    this.#fallback &&= !fallback;
    this.#wishes = {};
    try {
      const { reply, bytes } = await engine.ask(request.topic, request);
      await this.#take(reply, bytes, change, request);
    } catch (e) {
      change?.told("");
      this.drawing?.classList.remove("empty");
      this.say(e instanceof Error ? e.message : String(e), true);
    }
    this.#asking = false;
    this.#pump();
  }

  /**
   * @param {Reply} reply
   * @param {Uint8Array} bytes
   * @param {Change | undefined} change what the reader had asked for
   * @param {{fallback: boolean, params: Record<string, string>}} request
   */
  async #take(reply, bytes, change, request) {
    if (reply.error !== undefined) {
      change?.told(reply.error);
      this.drawing?.classList.remove("empty");
      this.say(reply.error, true);
      return;
    }
    const before = this.#values;
    this.#values = reply.values;
    const refusedText =
      change && !reply.svg && !reply.needs && before[change.key] === reply.values[change.key] ? change.key : "";
    change?.told(refusedText ? reply.problems.map((problem) => problem.text).join(" ") : "");
    if (reply.shell) {
      this.#useShell(reply.shell);
    }
    showValues(this.root, reply, refusedText);
    if (refusedText) {
      return; // said beside the field or the cell
    }
    if (reply.needs) {
      this.#fallback ||= request.fallback;
      await this.#fetchNeeds(reply.needs);
      return;
    }
    this.#query = reply.query;
    if (change || request.fallback || !reply.svg) {
      this.#problems = reply.problems.filter((problem) => problem.param !== "step" || request.fallback);
      this.#showProblems(!reply.svg);
    }
    if (reply.svg) {
      if (change && this.root.querySelector(".status.lasting")) {
        this.say(""); // that is past
      }
      this.#draw(reply, bytes, request.params.step);
    }
    if (Object.keys(before).some((name) => before[name] !== reply.values[name]) && this.#known) {
      this.dispatchEvent(new CustomEvent("change", { detail: { ...reply.values }, bubbles: true, composed: true }));
    }
    this.#known = true;
    this.#writeUrl();
  }

  /** @param {string} html */
  #useShell(html) {
    const section = this.root.querySelector(".figure");
    const fresh = parse(withLinks(html));
    section ? section.replaceWith(fresh) : this.root.append(fresh);
    const said = section?.querySelector(".status.lasting")?.textContent;
    if (said) {
      this.say(said, true);
    }
  }

  /** @param {boolean} refused whether the drawing is not the one asked for */
  #showProblems(refused) {
    const box = this.root.querySelector(".problems");
    const texts = this.#problems.map((problem) => problem.text);
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
    this.root.querySelector(".figure")?.classList.toggle("stale", refused);
    if (refused) {
      this.pause();
    }
  }

  // ---- drawing

  /**
   * @param {Reply} reply
   * @param {Uint8Array} bytes
   * @param {string | undefined} step the step that was asked for
   */
  #draw(reply, bytes, step) {
    const first = this.#reply === undefined;
    const stepBefore = this.#reply?.step;
    const drawing = /** @type {HTMLElement} */ (this.drawing);
    const composition = this.#composition(drawing);
    const glide = first || reducedMotion.matches || composition.classList.contains("old") ? 0 : this.#player.glide;
    const focused = this.#cells.focused;
    const fresh = parse(reply.svg ?? "");
    const svg = composition.querySelector("svg");
    const resized = svg?.getAttribute("viewBox") !== fresh.getAttribute("viewBox");
    svg ? patch(svg, fresh, resized ? 0 : glide) : composition.append(fresh);
    for (const other of drawing.querySelectorAll(".composition")) {
      other.classList.toggle("old", other !== composition);
    }
    drawing.dataset.show = this.#layout;
    this.#reply = reply;
    this.#levels = bytes;
    paint(composition, reply.rasters, bytes);

    patchInside(/** @type {Element} */ (this.root.querySelector(".equation")), reply.equation);
    patchInside(/** @type {Element} */ (this.root.querySelector(".caption")), withLinks(reply.caption));
    this.#showTwin();
    this.#shown = reply.values;
    this.#steps = reply.steps;
    this.#stride = reply.stride;
    if (step === this.#chosen) {
      this.#step = reply.step; // nobody chose another one meanwhile
      this.#chosen = Number(step) === reply.step ? step : undefined;
    }
    this.#player.show();
    this.#cells.settle(focused);
    this.#showLight();
    this.#offerOwnPicture();
    if (first) {
      this.#enable();
    }
    if (stepBefore !== undefined && stepBefore !== reply.step) {
      if (this.#player.unhurried && !reducedMotion.matches) {
        this.#revealTerms();
      }
      this.dispatchEvent(new CustomEvent("step", { detail: { step: reply.step, steps: reply.steps }, bubbles: true, composed: true }));
    }
  }

  /** @param {HTMLElement} drawing */
  #composition(drawing) {
    let composition = drawing.querySelector(`.composition.${this.#layout}`);
    if (!composition) {
      composition = document.createElement("div");
      composition.className = `composition ${this.#layout}`;
      drawing.append(composition);
    }
    return composition;
  }

  #enable() {
    for (const field of this.root.querySelectorAll("fieldset[disabled], button[disabled]")) {
      field.removeAttribute("disabled");
    }
    this.root.querySelector(".figure")?.classList.add("live");
    this.dispatchEvent(new Event("convscope-ready"));
  }

  /** Products appear one after the other, then their sum. */
  #revealTerms() {
    const terms = [...this.root.querySelectorAll(".equation .term")];
    const sum = [...this.root.querySelectorAll(".equation .right, svg .cell.target text")];
    const show = (/** @type {Element} */ element, /** @type {number} */ delay) => {
      element.getAnimations().forEach((animation) => animation.cancel());
      element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 90, delay, fill: "backwards" });
    };
    terms.forEach((term, i) => show(term, 120 + (i * 300) / terms.length));
    sum.forEach((element) => show(element, 430));
  }

  #showTwin() {
    const twin = /** @type {HTMLDetailsElement | null} */ (this.root.querySelector("details.twin"));
    if (twin?.open && this.#reply) {
      patchInside(/** @type {Element} */ (twin.querySelector(".twin-body")), this.#reply.twin);
    }
  }

  #showLight() {
    for (const element of this.root.querySelectorAll(".lit")) {
      element.classList.toggle("lit", false);
    }
    if (this.#lit) {
      for (const element of this.root.querySelectorAll(`[data-part="${CSS.escape(this.#lit)}"]`)) {
        element.classList.add("lit");
      }
    }
  }

  #repaint() {
    const composition = this.root.querySelector(`.composition.${this.#layout}`);
    cancelAnimationFrame(this.#themeTimer);
    this.#themeTimer = requestAnimationFrame(() => {
      if (composition && this.#reply) {
        paint(composition, this.#reply.rasters, this.#levels);
      }
    });
  }

  #measure() {
    const layout = this.clientWidth >= WIDE ? "wide" : "narrow";
    if (layout !== this.#layout) {
      this.#layout = layout;
      this.refresh();
    }
  }

  // ---- what the reader does

  #wire() {
    const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ listener) => this.root.addEventListener(type, listener);
    on("click", (/** @type {MouseEvent} */ event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-do]");
      const name = button?.getAttribute("data-do") ?? "";
      if (button instanceof HTMLElement) {
        if (name === "measure") {
          this.#time(button);
        } else {
          ["copy", "embed", "link"].includes(name) ? act(this, name, button) : this.#player.do(name);
        }
      }
    });
    on("keydown", (event) => this.#player.key(event));
    on("input", (event) => this.#input(event.target));
    on("focusout", ({ target }) => target instanceof HTMLTextAreaElement && !target.ariaInvalid && this.refresh());
    this.root.addEventListener("toggle", () => this.#showTwin(), true);
    on("dragover", (event) => this.#ownField() && event.preventDefault());
    on("drop", async (/** @type {DragEvent} */ event) => {
      const file = fileIn(event.dataTransfer);
      if (this.#ownField() && file && !event.defaultPrevented) {
        event.preventDefault();
        try {
          await this.#useOwn(await fromFile(file));
        } catch (e) {
          this.say(e instanceof Error ? e.message : String(e));
        }
      }
    });
  }

  /** @param {EventTarget | null} target */
  #input(target) {
    const field = /** @type {HTMLInputElement} */ (target);
    if (field.dataset.do === "scrub") {
      const step = field.valueAsNumber; // before the pause shows the present one
      this.pause();
      this.step = step;
    } else if (field.dataset.do === "speed") {
      this.#player.speed = field.value;
    } else if (field.closest?.(".control")) {
      const { key, text } = changeOf(field);
      this.change(key, text);
    }
  }

  // ---- what the core needs: pictures, and other files of the site

  /** @param {string[]} names */
  async #fetchNeeds(names) {
    for (const name of names) {
      if (name === OWN && this.#reply) {
        this.#values = { ...this.#shown }; // until there is one, the figure stays as it is
        this.#openOwnPanel(null);
        return;
      }
      try {
        if (name === OWN) {
          throw new Error("This figure was made with its reader's own image, which a link does not carry; it starts with another input.");
        }
        await engine.bring(name, this.topic);
      } catch (e) {
        this.say(e instanceof Error ? e.message : String(e), true);
        if (!this.#reply && !Object.values(this.#values).includes(name)) {
          this.drawing?.classList.remove("empty");
          return; // no parameter asks for it, so that there is no figure without it
        }
        this.#values = this.#reply ? { ...this.#shown } : without(this.#values, name);
      }
    }
    this.#stale = true;
  }

  #ownField() {
    const option = this.root.querySelector(`option[value="${OWN}"]`);
    return /** @type {HTMLSelectElement | null} */ (option?.closest("select") ?? null);
  }

  /** Once the reader's own image is shown, a button beside the list leads to the next one. */
  #offerOwnPicture() {
    const field = this.#ownField();
    const offer = field?.parentElement?.querySelector(".change-own");
    if (field?.value === OWN && !offer) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "change-own";
      button.textContent = "Change image…";
      button.addEventListener("click", () => this.#openOwnPanel(button));
      field.after(button);
    } else if (field?.value !== OWN) {
      offer?.remove();
    }
  }

  /** @param {HTMLElement | null} opener */
  #openOwnPanel(opener) {
    ownPicturePanel(
      this.root,
      opener ?? this.#ownField(),
      (picture) => this.#useOwn(picture),
      () => this.refresh(), // the list shows again what is drawn
    );
  }

  /** @param {import("./picture.js").Picture} picture */
  async #useOwn(picture) {
    try {
      await engine.addPicture(OWN, picture, this.topic);
      const control = /** @type {HTMLElement | null | undefined} */ (this.#ownField()?.closest(".control"));
      await this.change(control?.dataset.param ?? "", OWN);
    } catch (e) {
      this.say(e instanceof Error ? e.message : String(e));
    }
  }

  // ---- attributes and the URL

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
    if (NOT_PARAMETERS.has(name) || name.startsWith("data-") || name.startsWith("aria-")) {
      return;
    }
    if (name === "step") {
      this.#chosen = value ?? undefined;
    } else {
      this.#wishes[name] = value;
    }
  }

  /** @param {MutationRecord[]} records */
  #attributesChanged(records) {
    for (const name of new Set(records.map((record) => record.attributeName ?? ""))) {
      if (name === "topic") {
        this.#values = {};
        this.#chosen = undefined;
        this.#reply = undefined;
        this.#readAttributes();
        this.root.querySelector(".bar")?.remove();
      } else if (name === "theme") {
        this.#repaint();
      } else {
        this.#readAttribute(name, this.getAttribute(name));
      }
    }
    this.#fallback = true;
    this.refresh();
  }

  /** Whether the page is this figure's alone, so that the query needs no hash to say whose it is. */
  get #ownsPage() {
    return this.getAttribute("permalink") === "page";
  }

  #readUrl() {
    if (this.hasAttribute("permalink") && (this.#ownsPage || location.hash === `#${this.topic}`)) {
      new URLSearchParams(location.search).forEach((value, name) => this.#readAttribute(name, value));
    }
  }

  /** After the reader's last change for a while: browsers allow only so many. */
  #writeUrl() {
    clearTimeout(this.#urlTimer);
    if (!this.#touched || !this.hasAttribute("permalink")) {
      return;
    }
    this.#urlTimer = setTimeout(() => {
      try {
        history.replaceState(history.state, "", this.permalink());
      } catch {
        // a sandboxed page or a file: it has no URL to write to
      }
    }, 250);
  }
}

/**
 * @param {Record<string, string>} values
 * @param {string} text
 */
function without(values, text) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== text));
}

/**
 * Links into the course, which figures write as “course:…”, lead there; in a file that stands alone they are plain words.
 *
 * @param {string} html
 */
function withLinks(html) {
  return site.root ? html.replaceAll('href="course:', `href="${site.root}`) : html.replace(/ href="course:[^"]*"/g, "");
}

if (!customElements.get("conv-scope")) {
  customElements.define("conv-scope", ConvScope);
}
