// What figures need, by name: photographs as pixels, every other file of the site as it is, and the reader's own picture.
import { decode } from "./picture.js";
import { givenUrl, site } from "./site.js";
import { load } from "./trust.js";

/** @typedef {{request: object, payload: Uint8Array}} Given the request that hands something to a module, and its bytes */

/**
 * Fetches one of the site's files.
 *
 * @param {string} name
 * @returns {Promise<Given>}
 */
export async function given(name) {
  if (name.startsWith("photo-")) {
    const what = "The photograph";
    return picture(name, await decode(await file(name, what), what));
  }
  const blob = await file(name, `“${name}”`);
  return { request: { op: "give", name }, payload: new Uint8Array(await blob.arrayBuffer()) };
}

/**
 * @param {string} name
 * @param {import("./picture.js").Picture} picture
 * @returns {Given}
 */
export function picture(name, { width, height, origin, rgba }) {
  return { request: { op: "picture", name, width, height, origin }, payload: rgba };
}

/**
 * @param {string} name
 * @param {string} what how to call it when something is wrong
 */
async function file(name, what) {
  const url = givenUrl(name);
  if (!url) {
    throw new Error(`${what} is not in this copy of the figure; choose another input.`);
  }
  const missing = () => `${what} could not be loaded from ${new URL(url).host || "its place"}; choose another input.`;
  let response;
  try {
    response = await fetch(url);
  } catch {
    // another origin without CORS, or a file
    await load(site.given, missing());
    const carried = givenUrl(name);
    if (carried === url) {
      throw new Error(missing());
    }
    response = await fetch(carried);
  }
  if (!response.ok) {
    throw new Error(`${what} could not be loaded: ${new URL(url).host} answered ${response.status}.`);
  }
  return response.blob();
}
