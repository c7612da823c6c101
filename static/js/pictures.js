// The pictures that a figure needs: photographs, and its reader's own.
import { OWN } from "./address.js";
import { fileIn, fromFile, ownPicturePanel } from "./picture.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */
/** @typedef {import("./engine.js").Engine} Engine */

export class Pictures {
  #host;
  #engine;

  /**
   * @param {ConvScope} host
   * @param {Engine} engine
   */
  constructor(host, engine) {
    this.#host = host;
    this.#engine = engine;
    host.root.addEventListener("dragover", (event) => this.#field && event.preventDefault());
    host.root.addEventListener("drop", (event) => this.#drop(/** @type {DragEvent} */ (event)));
  }

  /** The list that offers the reader's own picture. */
  get #field() {
    const option = this.#host.root.querySelector(`option[value="${OWN}"]`);
    return /** @type {HTMLSelectElement | null} */ (option?.closest("select") ?? null);
  }

  /**
   * Brings a picture, or another file of the site, to the engine.
   *
   * @param {string} name
   * @param {boolean} live whether the figure stands already, so that it can wait for its reader's own
   * @returns {Promise<boolean>} false if the reader is asked for it instead
   */
  async bring(name, live) {
    if (name !== OWN) {
      await this.#engine.bring(name, this.#host.topic);
      return true;
    }
    if (!live) {
      throw new Error("This figure was made with its reader's own image, which a link does not carry; it starts with another input.");
    }
    this.#openPanel(null);
    return false;
  }

  /** Once the reader's own image is shown, a button beside the list leads to the next one. */
  offer() {
    const field = this.#field;
    const offer = field?.parentElement?.querySelector(".change-own");
    if (field?.value === OWN && !offer) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "change-own";
      button.textContent = "Change";
      button.setAttribute("aria-label", "Change image");
      button.addEventListener("click", () => this.#openPanel(button));
      field.after(button);
    } else if (field?.value !== OWN) {
      offer?.remove();
    }
  }

  /** @param {HTMLElement | null} opener */
  #openPanel(opener) {
    ownPicturePanel(
      this.#host.root,
      opener ?? this.#field,
      (picture) => this.#use(picture),
      () => this.#host.refresh(), // the list shows again what is drawn
    );
  }

  /** @param {DragEvent} event */
  async #drop(event) {
    const file = fileIn(event.dataTransfer);
    if (this.#field && file && !event.defaultPrevented) {
      event.preventDefault();
      try {
        await this.#use(await fromFile(file));
      } catch (e) {
        this.#host.say(e instanceof Error ? e.message : String(e));
      }
    }
  }

  /** @param {import("./picture.js").Picture} picture */
  async #use(picture) {
    try {
      await this.#engine.addPicture(OWN, picture, this.#host.topic);
      const control = /** @type {HTMLElement | null | undefined} */ (this.#field?.closest(".control"));
      await this.#host.change(control?.dataset.param ?? "", OWN);
    } catch (e) {
      this.#host.say(e instanceof Error ? e.message : String(e));
    }
  }
}
