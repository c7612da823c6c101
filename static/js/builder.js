// The snippet builder of the embedding guide: the reader sets the figure itself, and the snippet follows.

/** @typedef {HTMLElement & {query?: () => string}} Figure */

const QUIET = 250; // ms without a change before the snippet is written, so that it stands still while a figure plays

export function builder() {
  const root = document.querySelector("[data-builder]");
  if (!root) {
    return;
  }
  const topic = /** @type {HTMLSelectElement} */ (root.querySelector("[data-builder-topic]"));
  const holder = /** @type {HTMLElement} */ (root.querySelector("[data-builder-figure]"));
  const ways = /** @type {HTMLFieldSetElement} */ (root.querySelector("[data-builder-ways]"));
  const colours = /** @type {HTMLFieldSetElement} */ (root.querySelector("[data-builder-theme]"));
  const code = /** @type {HTMLElement} */ (root.querySelector("[data-builder-snippet]"));
  const copy = /** @type {HTMLButtonElement} */ (root.querySelector("[data-builder-copy]"));
  const status = /** @type {HTMLElement} */ (root.querySelector("[data-builder-status]"));
  const address = siteAddress();
  let timer = 0;

  const write = () => {
    const way = chosen(ways);
    colours.hidden = way === "link";
    code.textContent = snippet(way, address, topic.selectedOptions[0], holder, chosen(colours));
    status.textContent = "";
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(write, QUIET);
  };

  holder.addEventListener("change", later);
  holder.addEventListener("step", later);
  topic.addEventListener("change", () => {
    const figure = document.createElement("conv-scope");
    figure.setAttribute("topic", topic.value);
    holder.replaceChildren(figure);
    write();
  });
  ways.addEventListener("change", write);
  colours.addEventListener("change", write);
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent ?? "");
      status.textContent = "Copied.";
    } catch {
      getSelection()?.selectAllChildren(code);
      status.textContent = "Selected; the browser does not let this page copy by itself.";
    }
  });

  for (const control of [topic, ways, colours, copy]) {
    control.disabled = false;
  }
  if (address) {
    for (const place of document.querySelectorAll("[data-address]")) {
      place.textContent = address;
    }
    for (const place of document.querySelectorAll("[data-origin]")) {
      place.textContent = new URL(address).origin;
    }
  }
  write();
}

/** Where this site is, with a slash at the end; a stand-in if the page was opened as a file. */
function siteAddress() {
  const home = new URL(".", location.href);
  return home.protocol.startsWith("http") ? home.href : "https://your.host/convscope/";
}

/** @param {HTMLFieldSetElement} set */
function chosen(set) {
  return /** @type {HTMLInputElement | null} */ (set.querySelector(":checked"))?.value ?? "";
}

/**
 * @param {string} way
 * @param {string} address
 * @param {HTMLOptionElement} option the topic's
 * @param {HTMLElement} holder of the figure
 * @param {string} theme
 */
function snippet(way, address, option, holder, theme) {
  const figure = /** @type {Figure | null} */ (holder.querySelector("conv-scope"));
  const params = new URLSearchParams(figure?.query?.());
  if (way === "link") {
    return `${address}${option.dataset.page}${query(params)}#${option.value}`;
  }
  if (theme) {
    params.set("theme", theme);
  }
  if (way === "iframe") {
    const height = Math.ceil(holder.getBoundingClientRect().height);
    const source = quoted(`${address}embed/${option.value}.html${query(params)}`);
    return `<iframe src="${source}"
  title="${quoted(option.text)}" width="100%" height="${height}" style="border: 0" loading="lazy"
  allow="clipboard-write; fullscreen; camera"></iframe>
<script src="${quoted(address)}resize.js" defer></script>`;
  }
  const attributes = [...params].map(([name, value]) => ` ${name}="${quoted(value)}"`).join("");
  return `<script src="${quoted(address)}conv-scope.js" defer></script>
<conv-scope topic="${option.value}"${attributes}></conv-scope>`;
}

/** @param {URLSearchParams} params */
function query(params) {
  return params.size ? `?${params}` : "";
}

/** @param {string} text */
function quoted(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
