// A stack of layers as text, such as conv3,pool2: the parts of a layer, and the list after a change. The core reads and judges it.

const LAYER = /^([a-z]+)(\d+)(?:s(\d+))?(?:p(\d+))?(?:d(\d+))?$/;
const WIDEST = 8; // padding on offer; more can be typed

/** What a layer's text says, in this order. */
export const PARTS = ["kind", "kernel", "stride", "padding", "dilation"];

/**
 * A layer's parts, undefined where it has the usual one; null if the text is none.
 *
 * @param {string} layer
 */
export function partsOf(layer) {
  return LAYER.exec(layer)?.slice(1) ?? null;
}

/**
 * The layer of these parts; an empty one is the usual.
 *
 * @param {string[]} parts
 */
export function layerOf([kind, kernel, ...rest]) {
  return kind + kernel + rest.map((value, n) => value && "spd"[n] + value).join("");
}

/**
 * With a new layer of a kind after that one, or at the end.
 *
 * @param {string[]} layers
 * @param {number} at or −1
 * @param {string} kind
 * @returns {[string[], number]} the layers and where the new one is
 */
export function added(layers, at, kind) {
  const place = at < 0 ? layers.length : at + 1;
  return [layers.toSpliced(place, 0, kind === "conv" ? "conv3" : `${kind}2`), place];
}

/**
 * @param {string[]} layers
 * @param {number} from
 * @param {number} to
 */
export function moved(layers, from, to) {
  return layers.toSpliced(from, 1).toSpliced(to, 0, layers[from]);
}

/**
 * What there is to choose from for each part of a layer; the empty text is what is usual.
 *
 * @param {string[]} layer its parts
 * @param {string[]} kinds
 * @param {number[]} limits the largest kernel, stride, padding and dilation
 * @returns {string[][]}
 */
export function choices(layer, kinds, [kernel, stride, padding, dilation]) {
  const conv = layer[0] === "conv";
  /** @type {(from: number, to: number) => string[]} */
  const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
  return [
    kinds,
    numbers(1, kernel),
    ["", ...numbers(conv ? 2 : 1, conv ? stride : Math.max(stride, Number(layer[1])))],
    ["", ...numbers(conv ? 0 : 1, Math.max(Math.min(WIDEST, padding), Number(layer[3] ?? 0)))],
    ["", ...numbers(2, dilation)],
  ];
}

/**
 * The words for the usual parts of a kind of layer.
 *
 * @param {string} kind
 */
export function usual(kind) {
  return kind === "conv" ? ["", "", "1", "same", "1"] : ["", "", "as kernel", "0", "1"];
}
