// Pictures for the core: image files, and the reader's own file, drawing or webcam frame. Nothing leaves the device.
import { closePanel, h, openPanel } from "./panel.js";

/** @typedef {{width: number, height: number, origin: string, rgba: Uint8Array}} Picture */

const MAX_SIDE = 256;
const MAX_BYTES = 20 * 1024 * 1024;
const MAX_PIXELS = 50e6;
const DRAWING = 32;

/**
 * The pixels of an image file, scaled down to what a figure takes.
 *
 * @param {Blob} blob
 * @param {string} name how to call it when something is wrong
 * @returns {Promise<Picture>}
 */
export async function decode(blob, name) {
  const url = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = url;
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error(`${name} could not be read as an image; the file may be broken.`));
    });
    const width = image.naturalWidth || MAX_SIDE; // an SVG need not have a size
    const height = image.naturalHeight || MAX_SIDE;
    if (width * height > MAX_PIXELS) {
      const megapixels = Math.round((width * height) / 1e6);
      throw new Error(`${name} has ${width} × ${height} pixels (${megapixels} megapixels); the limit is 50. Scale it down first.`);
    }
    return await pixels(image, blob, width, height);
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {HTMLImageElement | HTMLVideoElement | HTMLCanvasElement} image
 * @param {Blob | null} blob the same as a file, which decodes without colour management
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Picture>}
 */
async function pixels(image, blob, width, height) {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const canvas = document.createElement("canvas");
  canvas.width = w;
  canvas.height = h;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  /** @type {CanvasImageSource} */
  let source = image;
  if (blob && !blob.type.includes("svg")) {
    const resize = scale < 1 ? { resizeWidth: w, resizeHeight: h, resizeQuality: /** @type {const} */ ("high") } : {};
    source = await createImageBitmap(blob, { colorSpaceConversion: "none", premultiplyAlpha: "none", ...resize }).catch(() => image);
  }
  context.drawImage(source, 0, 0, w, h);
  const data = context.getImageData(0, 0, w, h).data;
  const origin = scale < 1 ? `scaled down from ${width} × ${height}` : "";
  return { width: w, height: h, origin, rgba: new Uint8Array(data.buffer) };
}

/**
 * The reader's own file.
 *
 * @param {File} file
 * @returns {Promise<Picture>}
 */
export async function fromFile(file) {
  const name = `“${file.name || "the pasted image"}”`;
  if (file.size === 0) {
    throw new Error(`${name} is empty (0 bytes); choose another file.`);
  }
  if (file.type && !file.type.startsWith("image/")) {
    throw new Error(`${name} is not an image but ${file.type}; choose a PNG, JPEG, WebP, GIF, AVIF or SVG file.`);
  }
  if (file.size > MAX_BYTES) {
    throw new Error(`${name} has ${Math.ceil(file.size / 1024 / 1024)} MB; the limit is 20 MB. Scale it down first.`);
  }
  return decode(file, name);
}

/**
 * The image file among what was pasted or dropped.
 *
 * @param {DataTransfer | null} data
 */
export function fileIn(data) {
  return data?.files[0] ?? null;
}

/**
 * Opens the panel in which the reader chooses, draws or takes a picture.
 *
 * @param {ShadowRoot} root
 * @param {HTMLElement | null} opener
 * @param {(picture: Picture) => void} use
 * @param {() => void} closed is told when the panel goes
 */
export function ownPicturePanel(root, opener, use, closed) {
  const problem = h("p", { className: "problem", role: "alert" });
  const camera = new Camera(problem, take);

  /** @param {Picture} picture */
  function take(picture) {
    closePanel(root);
    use(picture);
  }

  /** @param {File | null} file */
  async function read(file) {
    problem.textContent = "";
    if (!file) {
      problem.textContent = "There is no image in what you pasted or dropped; choose a file instead.";
      return;
    }
    try {
      take(await fromFile(file));
    } catch (e) {
      problem.textContent = e instanceof Error ? e.message : String(e);
    }
  }

  const chooser = h("input", { type: "file", accept: "image/*", className: "hidden", tabIndex: -1, "aria-label": "Image file" });
  chooser.addEventListener("change", () => {
    if (chooser.files?.length) {
      read(chooser.files[0]);
      chooser.value = "";
    }
  });
  const zone = h(
    "div",
    { className: "zone" },
    h("button", { type: "button", "data-first": "", onclick: () => chooser.click() }, "Choose a file…"),
    chooser,
    h("span", {}, " or paste or drop an image here"),
  );
  const panel = openPanel(
    root,
    "Your own image",
    opener,
    [
      h("p", {}, "It stays on this device. Up to 20 MB and 50 megapixels; the longest side is scaled down to 256 pixels."),
      zone,
      problem,
      pad(take),
      camera.element,
    ],
    () => {
      camera.stop();
      closed();
    },
  );
  panel?.addEventListener("paste", (event) => read(fileIn(event.clipboardData)));
  panel?.addEventListener("dragover", (event) => event.preventDefault());
  panel?.addEventListener("drop", (event) => {
    event.preventDefault();
    read(fileIn(event.dataTransfer));
  });
}

/**
 * A small drawing area: white on black, as the handwritten digits are.
 *
 * @param {(picture: Picture) => void} take
 * @param {boolean} [live] whether the drawing is taken at every stroke, else when the reader says so
 */
export function pad(take, live = false) {
  const canvas = h("canvas", { width: DRAWING, height: DRAWING, className: "pad", tabIndex: 0, role: "application" });
  canvas.setAttribute("aria-label", `Drawing area, ${DRAWING} × ${DRAWING} pixels: arrow keys move, space draws`);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const cursor = h("span", { className: "cursor", hidden: true });
  const place = h("output", { className: "place" });
  let x = DRAWING / 2;
  let y = DRAWING / 2;
  const use = async () => take(await pixels(canvas, null, DRAWING, DRAWING));
  const changed = () => live && use();
  const blank = () => {
    context.fillStyle = "#000";
    context.fillRect(0, 0, DRAWING, DRAWING);
    context.fillStyle = "#fff";
  };
  blank();

  const showCursor = () => {
    cursor.hidden = false;
    cursor.style.left = `${(100 * x) / DRAWING}%`;
    cursor.style.top = `${(100 * y) / DRAWING}%`;
  };
  canvas.addEventListener("keydown", (event) => {
    const moves = /** @type {Record<string, number[]>} */ ({ ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] });
    const [right, down] = moves[event.key] ?? [0, 0];
    if (!right && !down && event.key !== " ") {
      return;
    }
    event.preventDefault();
    x = Math.max(0, Math.min(DRAWING - 1, x + right));
    y = Math.max(0, Math.min(DRAWING - 1, y + down));
    const white = context.getImageData(x, y, 1, 1).data[0] > 0;
    if (event.key === " ") {
      context.fillStyle = white ? "#000" : "#fff";
      context.fillRect(x, y, 1, 1);
      context.fillStyle = "#fff";
      changed();
    }
    showCursor();
    place.textContent = `row ${y}, column ${x}: ${(event.key === " ") !== white ? "white" : "black"}`;
  });
  canvas.addEventListener("blur", () => (cursor.hidden = true));

  /** @type {number[] | null} */
  let last = null;
  const draw = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    const to = [((event.clientX - box.left) / box.width) * DRAWING, ((event.clientY - box.top) / box.height) * DRAWING];
    const from = last ?? to;
    const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) + 1;
    for (let i = 1; i <= steps; i++) {
      const at = (/** @type {number} */ axis) => Math.round(from[axis] + ((to[axis] - from[axis]) * i) / steps) - 1;
      context.fillRect(at(0), at(1), 2, 2);
    }
    last = to;
    changed();
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = null;
    draw(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) {
      draw(event);
    }
  });
  return h(
    "fieldset",
    { className: "draw" },
    h("legend", {}, "Draw"),
    h("div", { className: "pad-frame" }, canvas, cursor),
    place,
    h(
      "div",
      { className: "buttons" },
      h("button", { type: "button", onclick: () => (blank(), changed()) }, "Clear"),
      ...(live ? [] : [h("button", { type: "button", onclick: async () => (await use(), blank()) }, "Use drawing")]),
    ),
  );
}

class Camera {
  #problem;
  #take;
  /** @type {MediaStream | null} */
  #stream = null;
  #video = h("video", { muted: true, playsInline: true, hidden: true });
  #start = h("button", { type: "button", onclick: () => this.start() }, "Use the webcam");
  #shoot = h("button", { type: "button", hidden: true, onclick: () => this.#frame() }, "Take picture");
  #end = h("button", { type: "button", hidden: true, onclick: () => this.stop() }, "Stop");

  /**
   * @param {HTMLElement} problem where to say what is wrong
   * @param {(picture: Picture) => void} take
   */
  constructor(problem, take) {
    this.#problem = problem;
    this.#take = take;
    this.element = h(
      "fieldset",
      { className: "camera" },
      h("legend", {}, "Webcam"),
      this.#video,
      h("div", { className: "buttons" }, this.#start, this.#shoot, this.#end),
    );
  }

  async start() {
    this.#problem.textContent = "";
    try {
      if (!navigator.mediaDevices) {
        throw new DOMException("", "SecurityError");
      }
      const stream = await navigator.mediaDevices.getUserMedia({ video: true });
      this.#stream = stream;
      if (!this.element.isConnected) {
        this.stop(); // the panel was closed meanwhile
        return;
      }
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#show(true);
      this.#shoot.focus();
    } catch (e) {
      this.stop();
      this.#problem.textContent = cameraProblem(e);
    }
  }

  stop() {
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.#video.srcObject = null;
    this.#show(false);
  }

  /** @param {boolean} on */
  #show(on) {
    this.#start.hidden = on;
    this.#video.hidden = this.#shoot.hidden = this.#end.hidden = !on;
  }

  async #frame() {
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth > 0) {
      this.#take(await pixels(this.#video, null, videoWidth, videoHeight));
    }
  }
}

/** @param {unknown} e */
function cameraProblem(e) {
  const name = e instanceof DOMException ? e.name : "";
  switch (name) {
    case "NotAllowedError":
      return "The camera was refused, by you or by the page that holds this figure; allow it there, or choose a file.";
    case "NotFoundError":
      return "There is no camera on this device; choose a file or draw instead.";
    case "SecurityError":
      return "This page may not use a camera: that needs https, or a page on this machine. Choose a file or draw instead.";
    default:
      return `The camera did not start (${e instanceof Error ? e.message : e}); choose a file or draw instead.`;
  }
}
