// What the buttons around a figure do: copy, embed, link and measure.
import { png, standalone } from "./export.js";
import { closePanel, copyField, copyText, h, openPanel } from "./panel.js";
import { site } from "./site.js";

/** @typedef {import("./conv-scope.js").ConvScope} ConvScope */

/** @type {Record<string, (host: ConvScope, button: HTMLElement) => void>} */
const ACTIONS = { copy: copyMenu, embed: embedPanel, link, measure };

const MEASURING = 60; // the engine's ticks that a measurement may take on a slow machine

/**
 * @param {ConvScope} host
 * @param {string} name
 * @param {HTMLElement} button
 * @returns {boolean} whether there is such an action
 */
export function act(host, name, button) {
  ACTIONS[name]?.(host, button);
  return name in ACTIONS;
}

/**
 * @param {ConvScope} host
 * @param {HTMLElement} button
 */
function copyMenu(host, button) {
  /** @type {[string, () => Promise<string | void>][]} */
  const choices = [
    ["Copy SVG", async () => copySvg(host, file(host).svg)],
    ["Copy PNG", () => copyPng(host)],
    ["Download SVG", async () => save(host, new Blob([file(host).svg], { type: "image/svg+xml" }), "svg")],
    ["Download PNG", async () => save(host, await png(file(host)), "png")],
  ];
  const buttons = choices.map(([label, run], i) => {
    const item = h("button", { type: "button", ...(i === 0 ? { "data-first": "" } : {}) }, label);
    item.addEventListener("click", async () => {
      try {
        const said = await run();
        if (said) {
          closePanel(host.root);
          host.say(said);
        }
      } catch (e) {
        host.say(e instanceof Error ? e.message : String(e));
      }
    });
    return item;
  });
  openPanel(host.root, "Copy figure", button, [h("div", { className: "menu" }, ...buttons)]);
}

/**
 * The figure as a file.
 *
 * @param {ConvScope} host
 */
function file(host) {
  const [equation, caption] = [".equation", ".caption"].map((part) => /** @type {HTMLElement | null} */ (host.root.querySelector(part)));
  const words = [equation?.querySelector("math") ? null : equation, caption].flatMap((part) => (part ? part.innerText.split("\n") : []));
  return standalone(/** @type {SVGSVGElement} */ (host.scene), host.figureTitle, words);
}

/**
 * @param {ConvScope} host
 * @param {string} svg
 */
async function copySvg(host, svg) {
  if (await copyText(svg)) {
    return "The figure is copied as SVG.";
  }
  openPanel(host.root, "Copy the SVG", null, [
    h("p", {}, "The browser does not let this page copy by itself; the text is selected."),
    copyField("SVG", svg, copyText),
  ]);
  host.root.querySelector("textarea")?.focus();
}

/** @param {ConvScope} host */
async function copyPng(host) {
  const image = png(file(host));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": image })]);
  } catch {
    await image; // if that is what failed, its own words
    return "The browser does not let this page copy images; use Download PNG.";
  }
  return "The figure is copied as PNG.";
}

/**
 * @param {ConvScope} host
 * @param {Blob} blob
 * @param {string} type
 */
function save(host, blob, type) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: `${host.topic}.${type}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return `The figure is saved as ${host.topic}.${type}.`;
}

/**
 * @param {ConvScope} host
 * @param {HTMLElement} button
 */
function embedPanel(host, button) {
  const query = host.query();
  const attributes = [...new URLSearchParams(query)].map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
  const script = `<script src="${site.embedScript}" defer></script>`;
  const frame = `${site.root}embed/${host.topic}.html${query ? `?${query}` : ""}`;
  const title = escape(host.figureTitle);
  openPanel(
    host.root,
    "Embed this figure",
    button,
    site.script
      ? [
          copyField("In a page where scripts are allowed", `${script}\n<conv-scope topic="${host.topic}"${attributes}></conv-scope>`, copyText),
          copyField(
            "As a frame",
            `<iframe src="${escape(frame)}" title="${title}" width="100%" height="900" style="border:0" loading="lazy" allow="clipboard-write; fullscreen"></iframe>\n` +
              `<script src="${site.resizeScript}" defer></script>`,
            copyText,
          ),
          ...ownImageNote(host),
        ]
      : [h("p", {}, "This file carries the figure by itself: show it in an iframe, or open it. The address of its site is not known here.")],
  );
}

/** @param {ConvScope} host */
function ownImageNote(host) {
  return host.hasOwnPicture ? [h("p", {}, "Your own image stays on this device; the copy starts with the default input.")] : [];
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/**
 * @param {ConvScope} host
 * @param {HTMLElement} button
 */
async function link(host, button) {
  const url = host.permalink();
  if (!url) {
    host.say("This copy of the figure is not on a site, so nothing can link to it.");
    return;
  }
  const own = host.hasOwnPicture ? " Your own image stays on this device: the link opens the default input." : "";
  if (await copyText(url)) {
    host.say(`The link is copied.${own}`);
    return;
  }
  const panel = openPanel(host.root, "Link to this figure", button, [copyField("Link", url, copyText), h("p", {}, own)]);
  panel?.querySelector("textarea")?.focus();
}

/**
 * Lets the core time on this machine what the figure compares; the answer is a parameter's value like any other.
 *
 * @param {ConvScope} host
 * @param {HTMLElement} button tells that it goes on
 */
async function measure(host, button) {
  if (button.getAttribute("aria-busy") === "true") {
    return; // not disabled meanwhile, which would take the focus away
  }
  const label = button.textContent;
  button.setAttribute("aria-busy", "true");
  button.textContent = "Measuring…";
  host.pause();
  host.say("Measuring; this takes about a second.");
  try {
    const reply = await host.ask({ op: "measure" }, MEASURING);
    const refused = reply.error ?? (await host.change(reply.param, reply.text));
    if (refused) {
      throw new Error(refused);
    }
    host.say("Measured.");
  } catch (e) {
    host.say(e instanceof Error ? e.message : String(e), true);
  }
  button.removeAttribute("aria-busy");
  button.textContent = label;
}
