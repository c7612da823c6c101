// Paints images on canvases under the drawing, pixel by pixel, in the theme's colours.

/** @typedef {{key: string, rows: number, columns: number, palette: "grey" | "signed" | "gradient" | "rgb", offset: number}} RasterInfo */

/** @type {OffscreenCanvasRenderingContext2D | null} */
let probe = null;

/**
 * Any CSS colour as red, green, blue.
 *
 * @param {string} color
 */
function channels(color) {
  probe ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (probe);
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  return context.getImageData(0, 0, 1, 1).data;
}

/**
 * The colour of each level, as a canvas stores it.
 *
 * @param {"grey" | "signed" | "gradient"} palette
 * @param {Element} inside an element in the figure
 */
function colors(palette, inside) {
  const table = new Uint32Array(256);
  const bytes = new Uint8Array(table.buffer);
  const swatch = document.createElement("i");
  swatch.style.forcedColorAdjust = "none"; // an image keeps its colours
  inside.append(swatch);
  const [card, positive, negative, gradient] = ["--card", "--output", "--negative", "--gradient"].map((name) => {
    swatch.style.color = `var(${name})`;
    return channels(getComputedStyle(swatch).color);
  });
  swatch.remove();
  for (let level = 0; level < 256; level++) {
    const signed = palette === "signed";
    const full = !signed ? gradient : level < 128 ? negative : positive;
    const strength = signed ? Math.min(127, Math.abs(level - 128)) / 127 : level / 255;
    for (let i = 0; i < 3; i++) {
      bytes[4 * level + i] = palette === "grey" ? level : card[i] + (full[i] - card[i]) * strength;
    }
    bytes[4 * level + 3] = 255;
  }
  return table;
}

/**
 * Pixels of three bytes each, as a canvas stores them.
 *
 * @param {Uint8Array} levels
 * @param {number} offset of the first
 * @param {number} count of pixels
 */
function opaque(levels, offset, count) {
  const bytes = new Uint8Array(4 * count).fill(255);
  for (let i = 0; i < 3 * count; i++) {
    bytes[4 * Math.floor(i / 3) + (i % 3)] = levels[offset + i];
  }
  return new Uint32Array(bytes.buffer);
}

/**
 * Paints the images of a drawing and puts them in their places; those of earlier drawings go.
 *
 * @param {Element} composition holds the SVG
 * @param {RasterInfo[]} rasters
 * @param {Uint8Array} levels
 */
export function paint(composition, rasters, levels) {
  const svg = /** @type {SVGSVGElement} */ (composition.querySelector("svg"));
  /** @type {Map<string | undefined, HTMLCanvasElement>} */
  const old = new Map([...composition.querySelectorAll("canvas")].map((canvas) => [canvas.dataset.of, canvas]));
  for (const { key, rows, columns, palette, offset } of rasters) {
    const canvas = old.get(key) ?? document.createElement("canvas");
    old.delete(key);
    canvas.dataset.of = key;
    if (canvas.width !== columns || canvas.height !== rows) {
      canvas.width = columns;
      canvas.height = rows;
    }
    const pixels = palette === "rgb" ? opaque(levels, offset, rows * columns) : new Uint32Array(rows * columns);
    if (palette !== "rgb") {
      const table = colors(palette, composition);
      for (let i = 0; i < pixels.length; i++) {
        pixels[i] = table[levels[offset + i]];
      }
    }
    const data = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
    canvas.getContext("2d")?.putImageData(data, 0, 0);
    const frame = svg.querySelector(`rect[data-k="${CSS.escape(key)}"]`);
    const { width, height } = svg.viewBox.baseVal;
    for (const [style, attribute, whole] of /** @type {const} */ ([
      ["left", "x", width],
      ["top", "y", height],
      ["width", "width", width],
      ["height", "height", height],
    ])) {
      canvas.style[style] = `${(100 * Number(frame?.getAttribute(attribute))) / whole}%`;
    }
    if (!canvas.parentElement) {
      composition.prepend(canvas);
    }
  }
  old.forEach((canvas) => canvas.remove());
}
