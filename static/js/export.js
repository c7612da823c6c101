// A figure as a file of its own: SVG with its colours and words inside, or a PNG of that.

const SVG = "http://www.w3.org/2000/svg";
const STYLES = /** @type {const} */ ([
  ["fill", "rgb(0, 0, 0)"],
  ["fill-opacity", "1"],
  ["stroke", "none"],
  ["stroke-width", "1px"],
  ["stroke-opacity", "1"],
  ["stroke-dasharray", "none"],
  ["stroke-linejoin", "miter"],
  ["opacity", "1"],
]);
const TEXT_STYLES = ["font-family", "font-size", "font-weight", "text-anchor"].map((name) => [name, ""]); // always written
const MARGIN = 14;
const LINE = 20;

/**
 * @param {SVGSVGElement} drawing in the document, with its images inside
 * @param {string} title
 * @param {string[]} words lines of text below the drawing
 * @returns {{svg: string, width: number, height: number}}
 */
export function standalone(drawing, title, words) {
  const { width, height } = drawing.viewBox.baseVal;
  const out = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  inline(drawing, out);
  const figure = getComputedStyle(/** @type {Element} */ (drawing.closest(".figure")));
  const lines = words.flatMap((text) => wrap(text, Math.floor((width - 2 * MARGIN) / 7.8)));
  const total = height + 34 + (lines.length > 0 ? lines.length * LINE + MARGIN : 0);

  out.setAttribute("viewBox", `0 -34 ${width} ${total}`);
  out.setAttribute("width", String(width));
  out.setAttribute("height", String(total));
  out.setAttribute("role", "img");
  const name = element("title", {}, out.getAttribute("aria-label") ?? title);
  const ground = element("rect", { x: 0, y: -34, width, height: total, fill: figure.backgroundColor });
  const text = { x: MARGIN, fill: figure.color, "font-family": figure.fontFamily, "font-size": 13 };
  out.prepend(name, ground, element("text", { ...text, y: -10, "font-size": 15, "font-weight": 600 }, title));
  lines.forEach((line, i) => out.append(element("text", { ...text, y: height + (i + 1) * LINE - 4 }, line)));
  return { svg: new XMLSerializer().serializeToString(out), width, height: total };
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function element(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, String(value)));
  made.textContent = text;
  return made;
}

/**
 * Writes the computed look of one tree into its copy as attributes.
 *
 * @param {Element} from
 * @param {Element} to
 */
function inline(from, to) {
  const style = getComputedStyle(from);
  const textual = ["text", "tspan"].includes(from.nodeName);
  if (from.childElementCount === 0 || textual) {
    for (const [name, usual] of textual ? [...STYLES, ...TEXT_STYLES] : STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== usual) {
        to.setAttribute(name, value.startsWith("color(") ? plainColor(value) : value);
      }
    }
  }
  for (const name of ["class", "tabindex", "aria-description", "role", "data-k", "data-part", "data-editable"]) {
    to.removeAttribute(name);
  }
  for (let i = 0; i < from.children.length; i++) {
    inline(from.children[i], to.children[i]);
  }
}

/**
 * color(srgb 0.1 0.2 0.3), which programs other than browsers do not read, as rgb().
 *
 * @param {string} color
 */
function plainColor(color) {
  const [r, g, b] = (color.match(/[\d.]+/g) ?? []).map((share) => Math.round(255 * Number(share)));
  return `rgb(${r}, ${g}, ${b})`;
}

/**
 * @param {string} text
 * @param {number} most characters a line
 */
function wrap(text, most) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else if (word) {
      lines.push(word);
    }
  }
  return lines;
}

/**
 * @param {{svg: string, width: number, height: number}} file
 * @returns {Promise<Blob>} a PNG at twice the size
 */
export async function png({ svg, width, height }) {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make the PNG."))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
