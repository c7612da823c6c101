// The training lab's page. The core, in a worker of its own, trains, measures and draws; here is only who asks for what and when.
// A run goes on by asking again, so that to pause is not to ask.
import { save, words } from "./core.js";
import { given } from "./given.js";
import { LabWorker, Lost } from "./lab-worker.js";
import { h } from "./panel.js";
import { fromFile, pad } from "./picture.js";
import { parse, patchInside } from "./patch.js";
import { paint } from "./rasters.js";

/** @typedef {{step: number, total: number, epoch: number, said: string, notes: string[], more: boolean, measured: number, diverged?: string, needs?: string[], query?: string}} Progress */

const SLICE = 40; // ms of training between two looks at what the reader wants
const LOOK = 250; // ms between two drawings
const KEEP = 5000; // ms between two states that a dead worker goes on from
const ALWAYS = ["summary", "curves"];
const STEPS = ["filters", "maps", "statistics"]; // what a step changes
const FIRST = ["filters", "maps", "prediction"]; // of the network that ships
const MEASURED = ["confusion", "mistakes"]; // what a measurement changes
const TYPES = { save: "application/octet-stream", pytorch: "text/x-python", safetensors: "application/octet-stream", json: "application/json" };
const NAMES = { save: "convscope.run", pytorch: "model.py", safetensors: "model.safetensors", json: "training.json" };
const WORKING = "Working …";

class Lab {
  #worker = new LabWorker();
  #form = /** @type {HTMLFormElement} */ (document.querySelector("[data-settings]"));
  #results = /** @type {ShadowRoot} */ (/** @type {HTMLElement} */ (document.querySelector("[data-results]")).shadowRoot);
  #said = /** @type {HTMLElement} */ (document.querySelector("[data-said]"));
  /** What the form says, as a query; and that of the run, if there is one. */
  #chosen = "";
  #run = "";
  /** @type {Progress | null} */
  #now = null;
  #limit = 0; // the step to go to
  #going = false;
  #checks = 0;
  #fit = false; // whether the network can be trained
  #shown = false; // whether the network that ships stands in for that of a run
  #example = 0;
  /** @type {Uint8Array | null} */
  #kept = null;
  #keptAt = 0;
  #drawnAt = 0;
  #lostAt = -1; // the step at which a worker died last
  /** @type {string[]} what happened to this run, beside what the core says */
  #told = [];
  /** @type {Map<string, number>} the measurement that a panel shows */
  #measured = new Map();
  /** @type {import("./picture.js").Picture | null} */
  #drawing = null;
  #predicting = false;
  /** @type {{id: string, label: number}[]} the reader's own examples */
  #own = [];
  #ids = 0;
  /** @type {Set<string>} panels in sight */
  #inSight = new Set();

  start() {
    const narrow = matchMedia("(max-width: 59.99rem)").matches;
    if (narrow) {
      document.querySelector("[data-fold]")?.removeAttribute("open");
    }
    this.#fill(new URLSearchParams(location.search));
    this.#form.querySelector("fieldset")?.removeAttribute("disabled");
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("input", (event) => this.#changed(event));
    document.addEventListener("click", (event) => this.#click(event));
    this.#results.addEventListener("click", (event) => this.#click(event));
    this.#results.querySelector("[data-pad]")?.append(pad((picture) => this.#try(picture), true));
    this.#results.querySelector("[data-own-pad]")?.append(pad((picture) => this.#add(picture, true)));
    this.#results.querySelector("[data-own-classes]")?.addEventListener("input", () => this.#rename());
    const sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const name = /** @type {HTMLElement} */ (target).dataset.view ?? "";
        isIntersecting ? this.#inSight.add(name) : this.#inSight.delete(name);
      }
    });
    this.#results.querySelectorAll("[data-view]").forEach((view) => sight.observe(view));
    let width = innerWidth;
    addEventListener("resize", () => {
      if (width !== innerWidth) {
        width = innerWidth;
        this.#draw(true);
      }
    });
    this.#check();
    this.#draw(true);
    this.#showFirst();
  }

  /** Has a network that was trained beforehand be seen until there is a run. */
  async #showFirst() {
    try {
      await this.#bringing({ op: "show" }, undefined, "");
      this.#shown = this.#now === null && this.#limit === 0;
      if (this.#shown) {
        await this.#draw(true);
      }
    } catch (e) {
      this.#unlessLost(e);
    }
  }

  // ---- settings

  /** @param {URLSearchParams} texts what differs from the page's first state */
  #fill(texts) {
    this.#form.reset();
    for (const [name, text] of texts) {
      const field = this.#field(name);
      if (field instanceof HTMLSelectElement ? [...field.options].some(({ value }) => value === text) : field) {
        /** @type {HTMLInputElement} */ (field).value = text;
      }
    }
  }

  /**
   * @param {string} name
   * @returns {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | null}
   */
  #field(name) {
    return /** @type {any} */ (this.#form.elements.namedItem(name));
  }

  #query() {
    return new URLSearchParams([...new FormData(this.#form)].map(([name, text]) => [name, String(text)])).toString();
  }

  /** @param {Event} event */
  #changed(event) {
    const field = /** @type {HTMLSelectElement} */ (event.target);
    const text = this.#field("text");
    if (field.name === "net" && field.value === "own" && text && !text.value) {
      text.value = this.#form.querySelector("[data-code]")?.textContent ?? "";
    }
    this.#check();
  }

  /** Has the core read the form: what is wrong, what network it gives, which link leads here. */
  async #check() {
    const turn = ++this.#checks;
    const query = this.#query();
    const own = this.#field("net")?.value === "own";
    this.#form.querySelector("[data-own]")?.toggleAttribute("hidden", !own);
    this.#classes();
    let reply;
    try {
      ({ reply } = await this.#worker.ask({ op: "check", query }));
    } catch (e) {
      this.#say(words(e), true);
      return;
    }
    if (turn !== this.#checks) {
      return; // the form has changed since
    }
    this.#form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    this.#form.querySelectorAll(".wrong").forEach((place) => (place.textContent = ""));
    for (const { param, text } of reply.problems) {
      this.#wrong(param, `set-${param}-wrong`, text.replace(/; using .*/, ""));
    }
    if (reply.error) {
      this.#wrong(own ? "text" : "net", "network-wrong", reply.error);
    }
    const weights = this.#form.querySelector(".weights");
    weights && (weights.textContent = reply.error ? "" : reply.weights);
    const table = this.#form.querySelector("[data-table]");
    table && patchInside(table, reply.error ? "" : (reply.table ?? ""));
    const code = /** @type {HTMLElement} */ (this.#form.querySelector("[data-code]"));
    code.textContent = own ? "" : reply.code;
    code.hidden = own;
    const chosen = document.querySelector("[data-chosen]");
    const label = (/** @type {string} */ name) => /** @type {HTMLSelectElement} */ (this.#field(name)).selectedOptions[0].text.split(/[,:]/)[0];
    chosen && (chosen.textContent = `${label("data")} · ${label("net")} · rate ${this.#field("rate")?.value}`);
    this.#chosen = reply.query;
    this.#fit = !reply.error && reply.problems.length === 0;
    history.replaceState(history.state, "", `${location.pathname}${reply.query ? `?${reply.query}` : ""}`);
    if (this.#now === null) {
      this.#say(this.#fit ? "Ready." : (reply.error ?? reply.problems[0].text.replace(/; using .*/, "")), !this.#fit);
    }
    this.#refresh();
  }

  /**
   * @param {string} name
   * @param {string} place
   * @param {string} text
   */
  #wrong(name, place, text) {
    const field = this.#field(name);
    field?.setAttribute("aria-invalid", "true");
    field?.setAttribute("aria-describedby", place);
    const said = document.getElementById(place);
    said && (said.textContent = text);
  }

  /** Which buttons can be pressed, and what is told beside them. */
  #refresh() {
    const differs = this.#run !== this.#chosen;
    const begun = this.#now !== null;
    const fresh = !begun || this.#now?.step === 0;
    const playing = this.#limit > 0;
    const done = begun && !fresh && !differs && (this.#now?.step ?? 0) >= (this.#now?.total ?? 0);
    const play = this.#button("play");
    play.textContent = playing ? "Pause" : fresh ? "Train" : done ? "Done" : "Go on";
    play.disabled = !playing && ((fresh && !this.#fit) || done);
    for (const name of ["step", "epoch"]) {
      this.#button(name).disabled = (fresh && !this.#fit) || done;
    }
    this.#button("reset").disabled = !begun;
    this.#button("open").disabled = false;
    const changed = /** @type {HTMLElement} */ (document.querySelector("[data-changed]"));
    changed.hidden = fresh || !differs || !this.#fit;
    document.querySelectorAll("[data-export]").forEach((button) => button.toggleAttribute("disabled", !begun));
    const progress = /** @type {HTMLProgressElement} */ (document.querySelector("[data-progress]"));
    progress.max = this.#now?.total || 1;
    progress.value = this.#now?.step ?? 0;
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (document.querySelector(`[data-do="${name}"]`));
  }

  /**
   * @param {string} text
   * @param {boolean} [wrong]
   */
  #say(text, wrong = false) {
    this.#said.textContent = text;
    this.#said.classList.toggle("wrong", wrong);
  }

  // ---- a run

  /** @param {Event} event */
  async #click(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.composedPath()[0]).closest?.("button"));
    if (!button || (event.currentTarget === document && event.composedPath().includes(this.#results))) {
      return;
    }
    const { do: what, change, export: kind } = button.dataset;
    const step = this.#now?.step ?? 0;
    const epoch = this.#now?.epoch ?? 0;
    switch (what) {
      case "play":
        return this.#limit > 0 ? this.#pause() : this.#go(() => this.#now?.total ?? 0);
      case "step":
        return this.#go(() => (this.#now?.step ?? step) + 1);
      case "epoch":
        return this.#go(() => (Math.floor((this.#now?.step ?? step) / (this.#now?.epoch || epoch || 1)) + 1) * (this.#now?.epoch || epoch || 1));
      case "reset":
        return this.#anew(this.#run);
      case "anew":
        return this.#anew(this.#chosen);
      case "apply":
        return this.#apply();
      case "open":
        return this.#choose();
      case "load":
        return this.#load();
      case "remove":
        return this.#remove();
      case "previous":
      case "next":
        this.#example += what === "next" ? 1 : -1;
        return this.#draw(true);
    }
    if (change) {
      const [name, text] = change.split("=");
      const field = this.#field(name);
      field && (field.value = text);
      await this.#check();
      return this.#apply();
    }
    if (kind) {
      return this.#export(/** @type {keyof typeof TYPES} */ (kind));
    }
  }

  #pause() {
    this.#limit = 0;
    this.#refresh();
  }

  /**
   * Trains up to a step.
   *
   * @param {() => number} to asked once there is a run
   */
  async #go(to) {
    const stale = this.#now === null || (this.#now.step === 0 && this.#run !== this.#chosen);
    if (stale && !(await this.#begin(this.#chosen))) {
      return;
    }
    this.#burst("");
    this.#limit = to();
    this.#refresh();
    await this.#loop();
  }

  /** @param {string} query */
  async #anew(query) {
    this.#limit = 0;
    await this.#idle();
    this.#fill(new URLSearchParams(query));
    await this.#check();
    this.#burst("");
    if (await this.#begin(query)) {
      await this.#loop(); // measures what is there before the first step
    }
  }

  /** Waits until nothing is asked any more. */
  async #idle() {
    while (this.#going) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /**
   * Lays out a run, once its data are here.
   *
   * @param {string} query
   * @returns {Promise<boolean>} whether it is there
   */
  async #begin(query) {
    this.#say(WORKING);
    this.#shown = false;
    this.#told = [];
    return this.#attempt(async () => {
      this.#take(await this.#bringing({ op: "begin", query }));
      this.#run = query;
      this.#kept = null;
      this.#lostAt = -1;
      if (!this.#drawing) {
        this.#nothing("Draw something; the network’s answer appears here.");
      }
      await this.#draw(true);
      await this.#predict();
    });
  }

  /**
   * Asks, and brings the files that the answer wants.
   *
   * @param {Record<string, any>} request
   * @param {Uint8Array} [payload]
   * @param {string} [said] meanwhile
   * @returns {Promise<Progress>}
   */
  async #bringing(request, payload, said = "Loading the images …") {
    let { reply } = await this.#worker.ask(request, payload);
    if (reply.needs) {
      said && this.#say(said);
      const files = await Promise.all(reply.needs.map(async (/** @type {string} */ name) => ({ name, file: await given(name) })));
      for (const { name, file } of files) {
        await this.#worker.give(name, file);
      }
      ({ reply } = await this.#worker.ask(request, payload));
    }
    return reply;
  }

  /**
   * Does something of which the reader is told if it fails. A dead worker's run is taken up again from the state last kept.
   *
   * @param {() => Promise<void>} what
   */
  async #attempt(what) {
    try {
      await what();
      return true;
    } catch (e) {
      const limit = this.#limit;
      this.#limit = 0;
      if (e instanceof Lost && this.#kept) {
        try {
          this.#take(await this.#bringing({ op: "open" }, this.#kept));
          const step = this.#now?.step ?? 0;
          const again = step > this.#lostAt; // else it would die over and over
          this.#lostAt = step;
          this.#limit = again ? limit : 0;
          this.#told = [`${words(e)} A new one took the run up again at step ${step}, the last state kept${again ? "" : ", and waits"}.`];
          this.#take(/** @type {Progress} */ (this.#now));
        } catch (again) {
          this.#say(words(again), true);
        }
      } else {
        if (e instanceof Lost) {
          this.#now = null; // gone before anything was kept
          this.#run = "";
        }
        this.#say(words(e), true);
      }
      this.#refresh();
      return false;
    }
  }

  /** A dead worker is found out, and told, when the run is to go on. @param {unknown} e */
  #unlessLost(e) {
    if (!(e instanceof Lost)) {
      this.#say(words(e), true);
    }
  }

  /** @param {Progress} progress */
  #take(progress) {
    this.#now = progress;
    this.#say(progress.said);
    const place = /** @type {HTMLElement} */ (document.querySelector("[data-notes]"));
    const notes = [...progress.notes, ...this.#told];
    if ([...place.children].map((note) => note.textContent).join() !== notes.join()) {
      place.replaceChildren(...notes.map((note) => Object.assign(document.createElement("p"), { textContent: note })));
    }
    this.#refresh();
  }

  async #loop() {
    if (this.#going) {
      return; // it sees the new limit
    }
    this.#going = true;
    await this.#attempt(async () => {
      for (let more = true; more; ) {
        const limit = this.#limit;
        const { reply } = await this.#worker.ask({ op: "advance", ms: SLICE, limit, measure: true });
        this.#take(reply);
        if (reply.diverged && this.#limit > 0) {
          this.#limit = 0;
          this.#burst(reply.diverged);
        }
        more = reply.more || limit !== this.#limit;
        if (!reply.more && limit === this.#limit) {
          this.#limit = 0;
        }
        const now = performance.now();
        if (now - this.#drawnAt > LOOK && !document.hidden) {
          this.#drawnAt = now;
          await this.#draw(false);
          await this.#predict();
        }
        if (now - this.#keptAt > KEEP) {
          this.#keptAt = now;
          this.#kept = (await this.#worker.ask({ op: "save" })).bytes;
        }
      }
      this.#kept = (await this.#worker.ask({ op: "save" })).bytes;
    });
    this.#going = false;
    this.#refresh();
    await this.#draw(true);
    await this.#predict();
    if (this.#limit > 0) {
      await this.#loop(); // a new worker goes on, or the reader has pressed meanwhile
    }
  }

  /** @param {string} html */
  #burst(html) {
    const place = /** @type {HTMLElement} */ (document.querySelector("[data-burst]"));
    place.hidden = html === "";
    place.replaceChildren(...(html ? [parse(`<div>${html}</div>`)] : []));
  }

  /** Goes on with what the form says. */
  async #apply() {
    this.#limit = 0;
    await this.#idle();
    await this.#attempt(async () => {
      const query = this.#chosen;
      const { reply } = await this.#worker.ask({ op: "change", query });
      this.#run = query;
      this.#take(reply);
      this.#burst("");
      this.#limit = reply.total;
      this.#refresh();
      await this.#loop();
    });
  }

  // ---- what is shown

  /**
   * Draws what there is to see.
   *
   * @param {boolean} all whether also what is out of sight, or is not changed by steps alone
   */
  async #draw(all) {
    const measured = this.#now?.measured ?? -1;
    const first = this.#drawing ? FIRST.slice(0, -1) : FIRST;
    const panels = [...ALWAYS, "own", ...(this.#now ? [...STEPS, ...MEASURED] : this.#shown ? first : [])].filter(
      (name) => all || (this.#inSight.has(name) && !(MEASURED.includes(name) && this.#measured.get(name) === measured)),
    );
    panels.forEach((name) => this.#measured.set(name, measured));
    /** @type {Map<number, string[]>} panels by the width of their place */
    const byWidth = new Map();
    for (const panel of panels) {
      const width = Math.floor(this.#place(panel)?.clientWidth || 640);
      byWidth.set(width, [...(byWidth.get(width) ?? []), panel]);
    }
    try {
      for (const [width, names] of byWidth) {
        this.#show(await this.#worker.ask({ op: "view", panels: names, width, example: this.#example, classes: this.#count() }));
      }
    } catch (e) {
      this.#unlessLost(e);
    }
  }

  /** @param {string} name */
  #place(name) {
    return /** @type {HTMLElement | null} */ (this.#results.querySelector(`[data-place="${name}"], .summary[data-view="${name}"]`));
  }

  /** @param {import("./lab-worker.js").Answer} answer */
  #show({ reply, bytes }) {
    for (const { id, html, rasters } of reply.panels) {
      const place = this.#place(id);
      if (!place) {
        continue;
      }
      const canvases = [...place.querySelectorAll(":scope > canvas")];
      canvases.forEach((canvas) => canvas.remove()); // they are none of the core's
      patchInside(place, html);
      place.prepend(...canvases);
      if (place.querySelector(":scope > svg")) {
        paint(place, rasters, bytes);
      } else {
        canvases.forEach((canvas) => canvas.remove());
      }
    }
  }

  /** @param {import("./picture.js").Picture} picture */
  #try(picture) {
    this.#drawing = picture.rgba.some((level, n) => n % 4 < 3 && level > 0) ? picture : null;
    if (!this.#drawing) {
      this.#nothing("Nothing is drawn.");
    }
    this.#predict();
  }

  /** @param {string} text in the place of what the network makes of a drawing */
  #nothing(text) {
    ["prediction", "seen"].forEach((name) => this.#place(name)?.replaceChildren());
    const said = this.#place("prediction-said");
    said && patchInside(said, `<p>${text}</p>`);
  }

  async #predict() {
    const picture = this.#drawing;
    if (!picture || !(this.#now || this.#shown) || this.#predicting) {
      return;
    }
    this.#predicting = true;
    try {
      const column = Math.floor(this.#place("prediction")?.clientWidth ?? 300);
      this.#show(await this.#worker.ask({ op: "predict", width: picture.width, height: picture.height, column }, picture.rgba));
    } catch (e) {
      this.#unlessLost(e);
    }
    this.#predicting = false;
    if (picture !== this.#drawing) {
      await this.#predict(); // more was drawn meanwhile
    }
  }

  // ---- the reader's own classes

  #count() {
    return Math.max(2, Math.min(6, Math.floor(Number(this.#field("classes")?.value)) || 2));
  }

  /** A line for each class, where the data are the reader's own. */
  #classes() {
    const own = this.#field("data")?.value === "own";
    this.#field("classes")?.closest(".field")?.toggleAttribute("hidden", !own);
    this.#results.querySelector('[data-view="own"]')?.toggleAttribute("hidden", !own);
    const place = /** @type {HTMLElement} */ (this.#results.querySelector("[data-own-classes]"));
    const count = this.#count();
    for (let n = place.querySelectorAll("div").length; n > count; n--) {
      place.lastElementChild?.remove();
    }
    for (let n = place.querySelectorAll("div").length; n < count; n++) {
      const letter = String.fromCharCode(65 + n);
      const radio = h("input", { type: "radio", name: "own-class", value: String(n), checked: n === 0, "aria-label": `Add to class ${letter}` });
      place.append(h("div", {}, radio, h("input", { type: "text", value: letter, maxLength: 20, autocomplete: "off", "aria-label": `Name of class ${letter}` })));
    }
    if (own) {
      this.#draw(true);
    }
  }

  async #rename() {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (this.#results.querySelectorAll('[data-own-classes] input[type="text"]'));
    const names = [...fields].map(({ value }) => value);
    await this.#attempt(() => this.#worker.give("own-names", { request: { op: "own-names", names }, payload: new Uint8Array(0) }));
    await this.#draw(true);
  }

  /**
   * @param {import("./picture.js").Picture} picture
   * @param {boolean} drawn
   */
  async #add({ width, height, rgba }, drawn) {
    const picked = /** @type {HTMLInputElement | null} */ (this.#results.querySelector("[data-own-classes] :checked"));
    const label = Number(picked?.value ?? 0);
    const id = `own-${++this.#ids}`;
    await this.#attempt(async () => {
      await this.#worker.give(id, { request: { op: "own", id, label, width, height, drawn }, payload: rgba });
      this.#own.push({ id, label });
      this.#say(this.#now?.step ? "Start over to train with the new example too." : "Added.");
    });
    await this.#draw(true);
  }

  async #remove() {
    const last = this.#own.pop();
    if (last) {
      await this.#attempt(() => this.#worker.takeBack(last.id, { op: "own", id: last.id, gone: true }));
      await this.#draw(true);
    }
  }

  #load() {
    const chooser = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", multiple: true });
    chooser.addEventListener("change", async () => {
      for (const file of chooser.files ?? []) {
        try {
          await this.#add(await fromFile(file), false);
        } catch (e) {
          this.#say(words(e), true);
        }
      }
    });
    chooser.click();
  }

  // ---- files

  /** @param {keyof typeof TYPES} kind */
  async #export(kind) {
    await this.#attempt(async () => {
      const { bytes } = await this.#worker.ask(kind === "save" ? { op: "save" } : { op: "export", kind });
      save(/** @type {BlobPart} */ (bytes), TYPES[kind], NAMES[kind]);
    });
  }

  #choose() {
    const chooser = Object.assign(document.createElement("input"), { type: "file", accept: ".run" });
    chooser.addEventListener("change", async () => {
      const file = chooser.files?.[0];
      if (!file) {
        return;
      }
      this.#limit = 0;
      await this.#idle();
      const bytes = new Uint8Array(await file.arrayBuffer());
      await this.#attempt(async () => {
        const reply = await this.#bringing({ op: "open" }, bytes);
        this.#run = reply.query ?? "";
        this.#fill(new URLSearchParams(this.#run));
        await this.#check();
        this.#burst("");
        this.#take(reply);
        await this.#loop();
      });
    });
    chooser.click();
  }
}

new Lab().start();
