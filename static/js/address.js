// A figure's state in a page's address: reading it, and writing it as the reader changes the figure.

/** What a parameter's text is when it is the reader's own picture, which stays on the device and out of every link. */
export const OWN = "own";

const NOT_PARAMETERS = new Set([
  ...["topic", "theme", "permalink", "autoplay", "controls", "transport", "readonly"],
  ...["id", "class", "style", "lang", "dir", "slot", "title", "hidden"],
]);
const KEPT = ["theme", "controls", "transport", "readonly"]; // what a figure's own page keeps in its address besides
const QUIET = 250; // ms after a change until the address follows: browsers allow only so many

/**
 * Whether an attribute or a key of the query can be a parameter's, or the step.
 *
 * @param {string} name
 */
export function isParameter(name) {
  return !NOT_PARAMETERS.has(name) && !name.startsWith("data-") && !name.startsWith("aria-");
}

/**
 * What an address says of a figure: names and texts.
 *
 * @param {string} href
 * @param {string} topic
 * @param {boolean} alone whether the page is this figure's; otherwise the hash says whose the plain names are, and other figures'
 *   names begin with their topic and a point
 */
export function readAddress(href, topic, alone) {
  const { hash, searchParams } = new URL(href);
  const pairs = [...searchParams];
  const own = alone || hash === `#${topic}` ? pairs.filter(([name]) => !name.includes(".")) : [];
  const more = pairs.filter(([name]) => name.startsWith(`${topic}.`)).map(([name, text]) => [name.slice(topic.length + 1), text]);
  return [...own, ...more].filter(([name]) => isParameter(name));
}

/**
 * What the address of a figure's own page says of its attributes.
 *
 * @param {string} href
 * @param {string[]} names
 */
export function attributesIn(href, names) {
  return [...new URL(href).searchParams].filter(([name]) => names.includes(name));
}

/**
 * A query with a step, if there is one, and without own pictures.
 *
 * @param {string} params the core's query
 * @param {number} [step]
 */
export function queryText(params, step) {
  const pairs = params.split("&").filter((pair) => pair && !pair.endsWith(`=${OWN}`));
  return pairs.concat(step === undefined ? [] : `step=${step}`).join("&");
}

/**
 * The address of a page with a figure's state in it. A page of the figure's own keeps its colours there too.
 *
 * @param {string} href of the page, whatever its query and hash
 * @param {string} query
 * @param {string} topic
 * @param {boolean} alone whether the page is this figure's
 */
export function writeAddress(href, query, topic, alone) {
  const kept = alone ? attributesIn(href, KEPT).map(([name, text]) => `${name}=${encodeURIComponent(text)}`) : [];
  const whole = [...kept, query].filter(Boolean).join("&");
  return href.split(/[?#]/)[0] + (whole && `?${whole}`) + (alone ? "" : `#${topic}`);
}

/**
 * The same with the states of the page's other figures.
 *
 * @param {string} address
 * @param {{topic: string, query: string}[]} others
 */
export function withOthers(address, others) {
  const [page, hash] = address.split("#");
  const more = others.flatMap(({ topic, query }) => query.split("&").filter(Boolean).map((pair) => `${topic}.${pair}`));
  const whole = more.length ? page + (page.includes("?") ? "&" : "?") + more.join("&") : page;
  return hash === undefined ? whole : `${whole}#${hash}`;
}

/** The address bar, which follows once the reader rests. */
export class AddressBar {
  #timer = 0;

  /** @param {() => string} address */
  follow(address) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        history.replaceState(history.state, "", address());
      } catch {
        // a sandboxed page or a file: it has no address to write to
      }
    }, QUIET);
  }
}
