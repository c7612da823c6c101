// A figure as a file of its own: SVG with its colours and words inside, or a PNG of that.
import { arrive } from "./patch.js";

const SVG = "http://www.w3.org/2000/svg";
const STYLES = /** @type {const} */ ([
  ["fill", "rgb(0, 0, 0)"],
  ["fill-opacity", "1"],
  ["stroke", "none"],
  ["stroke-width", "1px"],
  ["stroke-opacity", "1"],
  ["stroke-dasharray", "none"],
  ["stroke-linecap", "butt"],
  ["stroke-linejoin", "miter"],
  ["shape-rendering", "auto"],
]);
const TEXT_STYLES = ["font-family", "font-size", "font-weight", "text-anchor"].map((name) => [name, ""]); // always written
const MINE = /^(class|tabindex|role|aria-description|data-.*)$/; // what only the page has a use for
const INSIDE = "inside"; // the id of what clips to a shape's own box
const MARGIN = 14;
const LINE = 20;

/**
 * The drawing as it is on the screen, its motions at their ends.
 *
 * @param {SVGSVGElement} drawing with the canvases of its images beside it
 * @param {string} title
 * @param {string[]} words paragraphs below the drawing
 * @returns {{svg: string, width: number, height: number}}
 */
export function standalone(drawing, title, words) {
  arrive();
  drawing.getAnimations({ subtree: true }).forEach((animation) => animation.finish());
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
  out.setAttribute("font-variant", figure.fontVariantNumeric);
  const clip = element("clipPath", { id: INSIDE, clipPathUnits: "objectBoundingBox" });
  clip.append(element("rect", { width: 1, height: 1 }));
  const text = { x: MARGIN, fill: figure.color, "font-family": figure.fontFamily, "font-size": 13 };
  out.prepend(
    element("title", {}, out.getAttribute("aria-label") ?? title),
    clip,
    element("rect", { x: 0, y: -34, width, height: total, fill: figure.backgroundColor }),
    element("text", { ...text, y: -10, "font-size": 15, "font-weight": 600 }, title),
    ...images(drawing),
  );
  lines.forEach((line, i) => out.append(element("text", { ...text, y: height + (i + 1) * LINE - 4 }, line)));
  return { svg: new XMLSerializer().serializeToString(out), width, height: total };
}

/**
 * The images under a drawing, in the places of their frames.
 *
 * @param {SVGSVGElement} drawing
 */
function images(drawing) {
  return [...(drawing.parentElement?.querySelectorAll("canvas") ?? [])].map((canvas) => {
    const frame = drawing.querySelector(`rect[data-k="${CSS.escape(canvas.dataset.of ?? "")}"]`);
    const place = ["x", "y", "width", "height"].map((name) => [name, frame?.getAttribute(name) ?? "0"]);
    return element("image", {
      ...Object.fromEntries(place),
      href: canvas.toDataURL(),
      preserveAspectRatio: "none",
      "image-rendering": getComputedStyle(canvas).imageRendering,
    });
  });
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
  const copies = [...to.children];
  [...from.children].forEach((child, i) => inline(child, copies[i]));
  for (const { name } of from.attributes) {
    if (MINE.test(name)) {
      to.removeAttribute(name);
    }
  }
  if (style.opacity !== "1") {
    to.setAttribute("opacity", style.opacity);
  }
  const textual = ["text", "tspan"].includes(from.nodeName);
  if (from.childElementCount === 0 || textual) {
    for (const [name, usual] of textual ? [...STYLES, ...TEXT_STYLES] : STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== usual) {
        to.setAttribute(name, plainColor(value));
      }
    }
    for (const name of /** @type {const} */ (["fill", "stroke"])) {
      const alpha = / \/ ([\d.]+)\)$/.exec(style[name]);
      if (alpha) {
        to.setAttribute(`${name}-opacity`, alpha[1]);
      }
    }
  }
  if (textual && style.textDecorationLine !== "none") {
    to.setAttribute("text-decoration", style.textDecorationLine);
  }
  if (style.clipPath.startsWith("inset")) {
    to.setAttribute("clip-path", `url(#${INSIDE})`);
  }
  if (from instanceof SVGRectElement && style.outlineStyle !== "none") {
    to.after(outline(from, style));
  }
}

/**
 * A rectangle's outline, which SVG does not have, as a rectangle.
 *
 * @param {SVGRectElement} rect
 * @param {CSSStyleDeclaration} style
 */
function outline(rect, style) {
  const [stroke, wide, offset] = [style.strokeWidth, style.outlineWidth, style.outlineOffset].map(parseFloat);
  const out = stroke / 2 + offset + wide / 2; // from the rectangle's edge to the middle of its outline
  const [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map((length) => length.baseVal.value);
  return element("rect", {
    x: x - out,
    y: y - out,
    width: width + 2 * out,
    height: height + 2 * out,
    fill: "none",
    stroke: plainColor(style.outlineColor),
    "stroke-width": wide,
    "shape-rendering": "crispEdges",
  });
}

/**
 * A colour as color(srgb 0.1 0.2 0.3), which programs other than browsers do not read, as rgb(); anything else as it is.
 *
 * @param {string} value
 */
function plainColor(value) {
  if (!value.startsWith("color(")) {
    return value;
  }
  const [r, g, b] = (value.match(/[\d.]+/g) ?? []).map((share) => Math.round(255 * Number(share)));
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
