// What the search finds: entries that have every word of a question, in another ending, under another name or with a letter wrong
// if need be.

import { close } from "./near.js";

/** @typedef {{number: string, title: string, address: string, idea: string, text: string, names: string[], words: string[][]}} Entry */
/** @typedef {{entry: Entry, score: number, needles: string[], names: string[]}} Hit the names are those that were asked for */
/** @typedef {{hits: Hit[], more: boolean, read: [string, string][]}} Found the best, whether there are more, and words read as others */

const MOST = 12;
const WEIGHTS = [60, 50, 12, 4]; // title, other names, idea, text
const GUESSED = 4; // letters from which on a word is taken for one that is close to it

/** @param {string[]} fields number, title, address, idea, text, other names between semicolons */
export function entryOf([number, title, address, idea, text, names]) {
  const words = [`${number} ${title}`, names, idea, text].map(wordsOf);
  return { number, title, address, idea, text, names: names.split("; "), words };
}

/** @param {string} text */
function folded(text) {
  return text.replaceAll("∑", "Σ").toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
}

/**
 * Words as they are compared: “H_out”, “Hout” and “hout” are the same.
 *
 * @param {string} text
 */
export function wordsOf(text) {
  return folded(text).replaceAll("_", "").match(/\d+(?:\.\d+)+|[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * A word without its ending, if enough of it is left: dilat- of dilated and dilation.
 *
 * @param {string} word
 */
function stem(word) {
  return word.replace(/(?<=\p{L}{4})(ations?|ional|ions?|ings?|ed|es?|al)$|(?<=\p{L}{3})s$/u, "");
}

/**
 * Whether a word of a text is one of the question, by its beginning or but for its ending.
 *
 * @param {string} word
 * @param {string} needle
 */
export function fits(word, needle) {
  return word.startsWith(needle) || stem(word) === stem(needle);
}

/**
 * How well a word of the question matches one of these: a whole word better than a beginning, that better than another ending,
 * several better than one.
 *
 * @param {string[]} words
 * @param {string} needle
 */
export function match(words, needle) {
  const begun = words.filter((word) => word.startsWith(needle));
  const ended = begun.length > 0 ? begun : words.filter((word) => fits(word, needle));
  const rank = begun.includes(needle) ? 1 : begun.length > 0 ? 0.6 : 0.4;
  return ended.length > 0 ? rank + 0.1 * Math.min(ended.length, 10) : 0;
}

/**
 * @param {Entry[]} entries in reading order
 * @returns {(question: string) => Found} with the best first
 */
export function finder(entries) {
  /** @type {Map<string, number>} how often each word occurs */
  const known = new Map();
  entries.forEach((entry) => entry.words.flat().forEach((word) => known.set(word, (known.get(word) ?? 0) + 1)));

  /** @param {string} needle */
  const guess = (needle) => {
    const words = [...known.keys()];
    if (needle.length < GUESSED || words.some((word) => fits(word, needle))) {
      return needle;
    }
    const near = words.filter((word) => close(word, needle));
    return near.sort((a, b) => (known.get(b) ?? 0) - (known.get(a) ?? 0))[0] ?? needle;
  };

  return (question) => {
    const asked = wordsOf(question);
    const needles = asked.map(guess);
    /** @type {Hit[]} */
    const hits = [];
    for (const entry of needles.length > 0 ? entries : []) {
      const scores = needles.map((needle) =>
        entry.words.reduce((sum, words, i) => sum + WEIGHTS[i] * match(words, needle), 0),
      );
      if (scores.every((score) => score > 0)) {
        const names = entry.names.filter((name) => wordsOf(name).some((word) => needles.some((needle) => fits(word, needle))));
        hits.push({ entry, score: scores.reduce((sum, score) => sum + score, 0), needles, names });
      }
    }
    return {
      more: hits.length > MOST,
      hits: hits.sort((a, b) => b.score - a.score).slice(0, MOST), // a stable sort: else in reading order
      read: /** @type {[string, string][]} */ (asked.map((word, i) => [word, needles[i]]).filter(([word, needle]) => word !== needle)),
    };
  };
}
