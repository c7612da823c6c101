// The workbench's page. The core, in a worker of its own, reads the network, counts, finds what is wrong and writes what is
// shown; here is only who asks when, the editor, the link and the files.
import { save, words } from "./core.js";
import { LabWorker } from "./lab-worker.js";
import { patchInside } from "./patch.js";

/** @typedef {{text: string, input: string}} State what the reader has written */
/** @typedef {{label: string, text: string, input: string, line: number}} Fix */
/** @typedef {{runs: boolean, read: boolean, said: string, input: string, note: string, line: number, column: number, made: number, totals: string, table: string, fault: string, remarks: string}} Answer */

const WAIT = 250; // ms after the last key until the network is read
const LONGEST_LINK = 8000; // characters: what browsers and chats let through
const DRAFT = "convscope-workbench";
const MOST_UNDONE = 50;
const LARGEST = 1 << 30; // bytes of a file

class Workbench {
  #worker = new LabWorker("workbench", ["read", "fixes", "compare", "diagram", "example", "export"]);
  #text = /** @type {HTMLTextAreaElement} */ (document.querySelector("[data-text]"));
  #input = /** @type {HTMLInputElement} */ (document.querySelector("[data-input]"));
  #counting = /** @type {HTMLSelectElement} */ (document.querySelector("[data-counting]"));
  #example = /** @type {HTMLSelectElement} */ (document.querySelector("[data-example]"));
  #lines = place("lines");
  #said = place("said");
  #drawn = /** @type {HTMLDetailsElement} */ (document.querySelector("[data-drawn]"));
  /** @type {{name: string, bytes: Uint8Array} | null} */
  #file = null;
  #codeInput = ""; // the code's input, while a file is shown
  /** @type {State[]} */
  #before = [];
  /** @type {State | null} a network to hold others against */
  #kept = null;
  /** @type {Fix[]} */
  #fixes = [];
  #timer = 0;
  #turn = 0;
  #reading = false;
  #again = false;
  /** @type {Map<number, string>} marks of lines, by line */
  #marks = new Map();

  async start() {
    await this.#restore();
    for (const field of [this.#text, this.#input]) {
      field.readOnly = false;
      field.addEventListener("input", () => this.#changed());
    }
    document.querySelectorAll("[data-workbench] :disabled").forEach((e) => e.removeAttribute("disabled"));
    this.#undoable();
    this.#text.form?.addEventListener("submit", (event) => event.preventDefault());
    this.#text.addEventListener("scroll", () => (this.#lines.scrollTop = this.#text.scrollTop));
    this.#drawn.addEventListener("toggle", () => this.#draw());
    this.#counting.addEventListener("change", () => this.#read());
    this.#example.addEventListener("change", () => this.#take(this.#example.value));
    document.addEventListener("click", (event) => this.#click(event));
    addEventListener("hashchange", async () => (await this.#restore()) && this.#read());
    const editor = /** @type {HTMLElement} */ (document.querySelector("[data-workbench]"));
    editor.addEventListener("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files")) {
        event.preventDefault();
        place("editor").classList.add("over");
      }
    });
    editor.addEventListener("dragleave", () => place("editor").classList.remove("over"));
    editor.addEventListener("drop", (event) => {
      place("editor").classList.remove("over");
      const file = event.dataTransfer?.files[0];
      if (file) {
        event.preventDefault();
        this.#open(file);
      }
    });
    await this.#read();
    document.querySelector("[data-workbench]")?.setAttribute("data-live", "");
  }

  // ---- what is read

  #changed() {
    this.#number();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#read(), WAIT);
  }

  #request() {
    const what = this.#file ? { file: true } : { text: this.#text.value };
    return { ...what, input: this.#input.value, counting: this.#counting.value };
  }

  /** Has the core read the network; what comes while it reads is read after it. */
  async #read() {
    clearTimeout(this.#timer);
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    this.#again = false;
    const turn = ++this.#turn;
    this.#number();
    this.#keep();
    try {
      const { reply } = await this.#ask({ op: "read", ...this.#request() });
      this.#show(reply);
      await this.#compare();
      await this.#draw();
      if (!reply.runs && !this.#file && !this.#again) {
        const { reply: found } = await this.#ask({ op: "fixes", ...this.#request() });
        if (turn === this.#turn && !this.#again) {
          this.#fixes = found.fixes;
          show("fixes", found.html);
        }
      }
    } catch (e) {
      this.#say(words(e));
    }
    this.#reading = false;
    if (this.#again) {
      await this.#read();
    }
  }

  async #compare() {
    if (this.#kept) {
      const { reply } = await this.#ask({ op: "compare", kept: this.#kept, ...this.#request() });
      show("beside", reply.html);
    }
  }

  /** Draws the diagram, where the reader looks at it. */
  async #draw() {
    if (this.#drawn.open) {
      try {
        const { reply } = await this.#ask({ op: "diagram", ...this.#request() });
        patchInside(place("diagram"), reply.svg);
      } catch (e) {
        place("diagram").textContent = words(e);
      }
    }
  }

  /** @param {object} request */
  #ask(request) {
    return this.#worker.ask(/** @type {Record<string, any>} */ (request), this.#file?.bytes);
  }

  /** @param {Answer} answer */
  #show(answer) {
    this.#say(answer.said);
    this.#said.classList.toggle("told", answer.fault !== ""); // it stands in the box below
    show("fault", answer.fault);
    show("fixes", "");
    this.#fixes = [];
    show("totals", answer.totals);
    show("remarks", answer.remarks);
    show("table", answer.table);
    const given = this.#input.value.trim() !== "";
    const note = answer.note && answer.input && !given ? `${answer.input}: ${answer.note}.` : answer.note ? `${answer.note}.` : "";
    place("note").textContent = note.charAt(0).toUpperCase() + note.slice(1);
    this.#text.setAttribute("aria-invalid", String(!answer.runs && !this.#file));
    this.#marks = new Map();
    if (answer.made) {
      this.#marks.set(answer.made, "made");
    }
    if (answer.line) {
      this.#marks.set(answer.line, "bad");
    }
    this.#number();
    for (const button of document.querySelectorAll("[data-copy]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = !answer.read;
    }
  }

  /** @param {string} text */
  #say(text) {
    this.#said.textContent = text;
    this.#said.classList.remove("told");
  }

  // ---- the editor

  /** Numbers the lines, and marks some. */
  #number() {
    const count = this.#text.value.split("\n").length;
    while (this.#lines.childElementCount > count) {
      this.#lines.lastElementChild?.remove();
    }
    while (this.#lines.childElementCount < count) {
      const line = document.createElement("span");
      line.textContent = String(this.#lines.childElementCount + 1);
      this.#lines.append(line);
    }
    [...this.#lines.children].forEach((line, i) => (line.className = this.#marks.get(i + 1) ?? ""));
    this.#lines.scrollTop = this.#text.scrollTop;
  }

  /** Selects a line, and brings it into sight. @param {number} line */
  #select(line) {
    const all = this.#text.value.split("\n");
    const start = all.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.#text.focus({ preventScroll: true });
    this.#text.setSelectionRange(start, start + (all[line - 1]?.length ?? 0));
    const height = this.#text.scrollHeight / Math.max(1, all.length);
    this.#text.scrollTop = Math.max(0, (line - 1) * height - this.#text.clientHeight / 3);
    this.#text.scrollIntoView({ block: "nearest" });
  }

  /** Replaces what the reader wrote; it can be taken back. @param {State} state */
  #replace({ text, input }) {
    if (this.#file) {
      this.#closeFile();
    }
    this.#before.push({ text: this.#text.value, input: this.#input.value });
    this.#before.splice(0, this.#before.length - MOST_UNDONE);
    this.#put(text, input);
  }

  /**
   * @param {string} text
   * @param {string} input
   */
  #put(text, input) {
    this.#text.value = text;
    this.#input.value = input;
    this.#marks = new Map();
    this.#undoable();
    return this.#read();
  }

  #undoable() {
    /** @type {HTMLButtonElement} */ (document.querySelector('[data-do="undo"]')).disabled = this.#before.length === 0;
  }

  // ---- what the reader presses

  /** @param {Event} event */
  async #click(event) {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button"));
    const { do: what, fix, line, copy } = button?.dataset ?? {};
    if (fix) {
      const { text, input, line: changed } = this.#fixes[Number(fix)];
      this.#replace({ text, input: changed === 0 ? input : this.#input.value });
    } else if (line) {
      this.#select(Number(line));
    } else if (copy) {
      await this.#export(copy);
    } else if (what === "broken") {
      await this.#take("broken");
    } else if (what === "open") {
      this.#choose();
    } else if (what === "close") {
      this.#closeFile();
      await this.#read();
    } else if (what === "undo") {
      const before = this.#before.pop();
      if (before) {
        await this.#put(before.text, before.input);
      }
    } else if (what === "keep") {
      if (this.#file) {
        this.#say("Code alone can be kept; open the file now, and it stands beside the code kept before.");
        return;
      }
      this.#kept = { text: this.#text.value, input: this.#input.value };
      await this.#read();
      this.#say("Kept. What you write or open now stands beside it.");
    } else if (what === "svg") {
      save(place("diagram").innerHTML, "image/svg+xml", "network.svg");
    } else if (what === "link") {
      await this.#link();
    }
  }

  /** @param {string} name of an example */
  async #take(name) {
    this.#example.selectedIndex = 0;
    try {
      const { reply } = await this.#worker.ask({ op: "example", name });
      this.#replace(reply);
    } catch (e) {
      this.#say(words(e));
    }
  }

  // ---- files

  #choose() {
    const chooser = Object.assign(document.createElement("input"), { type: "file", accept: ".onnx,.py,.txt" });
    chooser.addEventListener("change", () => chooser.files?.[0] && this.#open(chooser.files[0]));
    chooser.click();
  }

  /** @param {File} file */
  async #open(file) {
    try {
      if (/\.(py|txt|md)$/i.test(file.name)) {
        this.#replace({ text: await file.text(), input: "" });
        return;
      }
      if (file.size > LARGEST) {
        throw new Error(`${file.name} has more than 1 GB; save it without its weights, or with them in a file beside it.`);
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (!this.#file) {
        this.#codeInput = this.#input.value;
      }
      this.#file = { name: file.name, bytes };
      this.#input.value = "";
      this.#input.placeholder = "from the file";
      place("file-name").textContent = `${file.name}, ${(bytes.length / 1e6).toFixed(1)} MB`;
      place("file").hidden = false;
      place("editor").hidden = true;
      await this.#read();
    } catch (e) {
      this.#say(words(e));
    }
  }

  #closeFile() {
    this.#file = null;
    this.#input.value = this.#codeInput;
    this.#input.placeholder = "from the code";
    place("file").hidden = true;
    place("editor").hidden = false;
  }

  /** @param {string} kind */
  async #export(kind) {
    try {
      const { reply } = await this.#ask({ op: "export", kind, ...this.#request() });
      if (kind === "csv") {
        save(reply.text, "text/csv", "network.csv");
      } else {
        await navigator.clipboard.writeText(reply.text);
        this.#say("Copied.");
      }
    } catch (e) {
      this.#say(e instanceof DOMException ? "The browser does not let this page copy; use Download CSV." : words(e));
    }
  }

  // ---- the link, and the draft that a reload finds again

  async #keep() {
    if (this.#file) {
      return;
    }
    const state = { text: this.#text.value, input: this.#input.value };
    try {
      localStorage.setItem(DRAFT, JSON.stringify(state));
    } catch {
      // storage is not allowed here; the link has it
    }
    const hash = await packed(state);
    if (state.text === this.#text.value) {
      history.replaceState(history.state, "", hash.length <= LONGEST_LINK ? `#${hash}` : location.pathname);
    }
  }

  async #link() {
    const state = { text: this.#text.value, input: this.#input.value };
    const hash = await packed(state);
    if (this.#file || hash.length > LONGEST_LINK) {
      this.#say(this.#file ? "A file does not fit into a link; pass the file on." : "This code is too long for a link; pass it on as a file.");
      return;
    }
    try {
      await navigator.clipboard.writeText(`${location.origin}${location.pathname}#${hash}`);
      this.#say("The link is copied. It holds the code and the input.");
    } catch {
      this.#say("The browser does not let this page copy; the page’s address is the link.");
    }
  }

  /** Puts in what the address or the last visit left; answers whether there was anything new. */
  async #restore() {
    let state = await unpacked(location.hash.slice(1));
    if (!state && !location.hash) {
      try {
        state = JSON.parse(localStorage.getItem(DRAFT) ?? "null");
      } catch {
        state = null;
      }
    }
    if (typeof state?.text !== "string" || (state.text === this.#text.value && state.input === this.#input.value)) {
      return false;
    }
    this.#text.value = state.text;
    this.#input.value = String(state.input ?? "");
    return true;
  }
}

/** @param {string} name */
function place(name) {
  return /** @type {HTMLElement} */ (document.querySelector(`[data-${name}]`));
}

/**
 * @param {string} name
 * @param {string} html
 */
function show(name, html) {
  patchInside(place(name), html);
  place(name).hidden = html === "";
}

/**
 * @param {ReadableWritablePair<any, any>} way
 * @param {Uint8Array} bytes
 */
async function through(way, bytes) {
  return new Uint8Array(await new Response(new Blob([/** @type {BlobPart} */ (bytes)]).stream().pipeThrough(way)).arrayBuffer());
}

/** Text and input as characters for an address. @param {State} state */
async function packed({ text, input }) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const net = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${new URLSearchParams({ input: input.replaceAll("×", "x"), net })}`;
}

/**
 * @param {string} hash
 * @returns {Promise<State | null>}
 */
async function unpacked(hash) {
  const query = new URLSearchParams(hash);
  const net = query.get("net");
  if (!net) {
    return null;
  }
  try {
    const characters = atob(net.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const text = new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
    return { text, input: (query.get("input") ?? "").replaceAll("x", "×") };
  } catch {
    return null; // cut off on its way
  }
}

new Workbench().start();
