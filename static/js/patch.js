// Makes a live tree equal to a fresh one, touching only what differs, so that focus and hover survive. Elements are matched by
// data-k, the others by their place. Elements of the class "glide" move to their new geometry.

import { trust } from "./trust.js";

const GEOMETRY = new Set(["x", "y", "width", "height", "x1", "y1", "x2", "y2"]);
const OWN = new Set(["tabindex", "style", "aria-description"]); // set by scripts, unknown to the core

/** @type {HTMLTemplateElement | undefined} */
let template;

/** @param {string} markup */
function contentOf(markup) {
  template ??= document.createElement("template");
  template.innerHTML = trust().createHTML(markup);
  return template.content;
}

/** @typedef {{from: number[], to: number[], names: string[], start: number, ms: number}} Motion */
/** @type {Map<Element, Motion>} */
const moving = new Map();
let frame = 0;

/**
 * Parses one element's markup.
 *
 * @param {string} markup
 */
export function parse(markup) {
  return /** @type {Element} */ (contentOf(markup).firstElementChild);
}

/**
 * Makes the children of an element those that the markup describes.
 *
 * @param {Element} element
 * @param {string} markup
 */
export function patchInside(element, markup) {
  children(element, contentOf(markup), 0);
}

/**
 * Puts words in the place of others. Those that say the same are patched, so that focus and hover survive; others are new, and do
 * not move from where the words before them stood.
 *
 * @param {Element} element
 * @param {string} markup
 */
export function say(element, markup) {
  const content = contentOf(markup);
  if (content.textContent === element.textContent) {
    children(element, content, 0);
  } else {
    element.replaceChildren(content);
  }
}

/**
 * Makes the element equal to the fresh one, which is used up.
 *
 * @param {Element} old
 * @param {Element} fresh
 * @param {number} ms how long a glide takes; 0 cuts
 */
export function patch(old, fresh, ms) {
  attributes(old, fresh, ms);
  children(old, fresh, ms);
}

/**
 * @param {Element} old
 * @param {Element} fresh
 * @param {number} ms
 */
function attributes(old, fresh, ms) {
  const glides = fresh.classList.contains("glide");
  for (const { name, value } of fresh.attributes) {
    if (glides && GEOMETRY.has(name)) {
      continue;
    }
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  if (glides) {
    glide(old, fresh, ms);
  }
  if (old.attributes.length > fresh.attributes.length) {
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !OWN.has(name)) {
        old.removeAttribute(name);
      }
    }
  }
}

/**
 * @param {Node} old
 * @param {Node} fresh
 * @param {number} ms
 */
function children(old, fresh, ms) {
  let at = old.firstChild;
  /** @type {Map<string, ChildNode> | undefined} */
  let keyed;
  for (let next = fresh.firstChild; next; ) {
    const following = next.nextSibling;
    if (at && at.nodeName === next.nodeName && keyOf(at) === keyOf(next)) {
      update(at, next, ms);
      at = at.nextSibling;
    } else {
      keyed ??= byKey(at);
      const found = keyed.get(next.nodeName + keyOf(next));
      if (found) {
        keyed.delete(next.nodeName + keyOf(next));
        old.insertBefore(found, at);
        update(found, next, ms);
      } else {
        old.insertBefore(next, at);
      }
    }
    next = following;
  }
  while (at) {
    const following = at.nextSibling;
    at.remove();
    at = following;
  }
}

/** @param {ChildNode | null} node */
function byKey(node) {
  /** @type {Map<string, ChildNode>} */
  const keyed = new Map();
  for (; node; node = node.nextSibling) {
    if (keyOf(node)) {
      keyed.set(node.nodeName + keyOf(node), node);
    }
  }
  return keyed;
}

/** @param {Node} node */
function keyOf(node) {
  return node instanceof Element ? (node.getAttribute("data-k") ?? "") : "";
}

/**
 * @param {Node} old
 * @param {Node} fresh
 * @param {number} ms
 */
function update(old, fresh, ms) {
  if (old instanceof Element && fresh instanceof Element) {
    if (moving.has(old) || !old.isEqualNode(fresh)) {
      patch(old, fresh, ms);
    }
  } else if (old.nodeValue !== fresh.nodeValue) {
    old.nodeValue = fresh.nodeValue;
  }
}

/**
 * @param {Element} old
 * @param {Element} fresh
 * @param {number} ms
 */
function glide(old, fresh, ms) {
  const names = [...fresh.attributes].map((attribute) => attribute.name).filter((name) => GEOMETRY.has(name));
  const to = names.map((name) => Number(fresh.getAttribute(name)));
  const target = moving.get(old)?.to;
  const from = names.map((name) => Number(old.getAttribute(name)));
  if (to.every((value, i) => value === (target ?? from)[i])) {
    return;
  }
  if (ms > 0) {
    moving.set(old, { from, to, names, start: performance.now(), ms });
    frame ||= requestAnimationFrame(move);
  } else {
    moving.delete(old);
    names.forEach((name, i) => old.setAttribute(name, String(to[i])));
  }
}

/** Ends all glides where they lead. */
export function arrive() {
  move(Infinity);
}

/** @param {number} now */
function move(now) {
  for (const [element, { from, to, names, start, ms }] of moving) {
    const time = Math.min(1, Math.max(0, now - start) / ms);
    const share = time < 0.5 ? 2 * time * time : 1 - 2 * (1 - time) * (1 - time);
    names.forEach((name, i) => {
      const value = from[i] + (to[i] - from[i]) * share;
      element.setAttribute(name, String(time === 1 ? to[i] : Math.round(value * 100) / 100));
    });
    if (time === 1 || !element.isConnected) {
      moving.delete(element);
    }
  }
  frame = moving.size > 0 ? requestAnimationFrame(move) : 0;
}
