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
  wasm: resolve("__ENGINE_WASM__"),
  engine: resolve("__ENGINE_JS__"),
  worker: resolve("__WORKER_JS__"),
  style: resolve("./__FIGURE_CSS__"),
  embedScript: resolve("__ROOT__conv-scope.js"),
  resizeScript: resolve("__ROOT__resize.js"),
};

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
