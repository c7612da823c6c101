// Where the site's files are, seen from this script. The build puts paths in the places of the __NAMES__.

/** The script's own address; empty where it is inlined in a page. */
const address = ((/** @type {any} */ script) => String(script?.src ?? ""))(
  document.currentScript ?? document.querySelector('script[src*="conv-scope"]'),
);

/** @param {string} path as the build has put it in, seen from the script */
export const resolve = (path) => (address ? new URL(path, address).href : "");

export const site = {
  script: address,
  root: resolve("__ROOT__./"),
  worker: resolve("__WORKER_JS__"),
  style: resolve("./__FIGURE_CSS__"),
  embedScript: resolve("__ROOT__conv-scope.js"),
  resizeScript: resolve("__ROOT__resize.js"),
  given: resolve("__GIVEN_JS__"), // a script that carries the small files that figures need
};

/** @type {Record<string, {hash: string, topics: string[]}>} modules by name: what is in their files' names, whose figures they draw */
const modules = JSON.parse("__ENGINES__");

/**
 * The name of the module that draws a topic's figure.
 *
 * @param {string} topic
 */
export function moduleOf(topic) {
  const name = Object.keys(modules).find((name) => modules[name].topics.includes(topic));
  if (name === undefined) {
    const topics = Object.values(modules).flatMap((module) => module.topics);
    throw new Error(`topic: there is no “${topic}”; use one of ${topics.join(", ")}`);
  }
  return name;
}

/**
 * Where a module is: by itself, and in a script that puts it into `convscopeEngines` as text.
 *
 * @param {string} name
 */
export function moduleFiles(name) {
  const file = `__ASSETS__engine-${name}.${modules[name].hash}`;
  return { wasm: resolve(`${file}.wasm`), script: resolve(`${file}.js`) };
}

/** @type {Record<string, string>} */
const given = JSON.parse("__GIVEN__");

/**
 * The address of a file that figures need by its name, such as a photograph, or the empty string. A page that carries
 * such files inside, or has loaded `site.given`, has them in `convscopeGiven`, as data URIs.
 *
 * @param {string} name
 */
export function givenUrl(name) {
  const inline = /** @type {any} */ (globalThis).convscopeGiven?.[name];
  return inline ?? (given[name] ? resolve(given[name]) : "");
}
