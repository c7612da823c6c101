// Where the site's files are, seen from this script. The build puts paths in the places of the __NAMES__.

/** The script's own address; empty where it is inlined in a page. */
const address = ((/** @type {any} */ script) => String(script?.src ?? ""))(
  document.currentScript ?? document.querySelector('script[src*="conv-scope"]'),
);

/** @param {string} path */
const resolve = (path) => (address ? new URL(path, address).href : "");

export const site = {
  script: address,
  root: resolve("__ROOT__./"),
  worker: resolve("__WORKER_JS__"),
  style: resolve("./__FIGURE_CSS__"),
  embedScript: resolve("__ROOT__conv-scope.js"),
  resizeScript: resolve("__ROOT__resize.js"),
};

/** @type {Record<string, string>} topics' slugs and the hashes in their modules' names */
const engines = JSON.parse("__ENGINES__");

/**
 * Where a topic's module is: by itself, and in a script that puts it into `convscopeEngines` as text.
 *
 * @param {string} topic
 */
export function engineOf(topic) {
  if (!(topic in engines)) {
    throw new Error(`topic: there is no “${topic}”; use one of ${Object.keys(engines).join(", ")}`);
  }
  const name = `__ASSETS__engine-${topic}.${engines[topic]}`;
  return { wasm: resolve(`${name}.wasm`), script: resolve(`${name}.js`) };
}

/** @type {Record<string, string>} */
const photos = JSON.parse("__PHOTOS__");

/**
 * The address of a shipped photograph. A page that carries its photographs inside has them in
 * `convscopePhotos`, as data URIs.
 *
 * @param {string} name
 */
export function photoUrl(name) {
  const inline = /** @type {any} */ (globalThis).convscopePhotos?.[name];
  return inline ?? (photos[name] ? resolve(photos[name]) : "");
}
