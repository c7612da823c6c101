// The embed script: defines <conv-scope>.
const workerSource = "__WORKER_SOURCE__";
const figureCss = "__FIGURE_CSS__";
console.debug(workerSource.length, figureCss.length, "__ENGINE_WASM__", "__ENGINE_JS__", "__WORKER_JS__");
