// What is around a figure's drawing: its shadow root, its styles, and the HTML that the core writes.
import { h } from "./panel.js";
import { parse } from "./patch.js";
import { site } from "./site.js";
import { trust } from "./trust.js";

const CSS_TEXT = String("__FIGURE_CSS__"); // empty in the site's own copy of this script: its pages link the style sheet

/** @type {CSSStyleSheet | undefined} */
let sheet;

/**
 * The shadow root of a figure's element: as it came with the page, or with word that the figure is being loaded, and what the
 * page's author wrote for those who do not get it. Throws, and leaves the latter alone, where the page's policy lets no figure in.
 *
 * @param {HTMLElement} element
 */
export function shellOf(element) {
  trust();
  const template = /** @type {HTMLTemplateElement | null} */ (element.querySelector("template[shadowrootmode]"));
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  if (template && !root.firstElementChild) {
    root.append(template.content); // a browser that does not know declarative shadow roots
  }
  if (!root.querySelector(".figure")) {
    const word = h("p", { className: "status", role: "status" }, "Loading the figure…");
    root.append(h("section", { className: "figure" }, word, h("div", { className: "drawing empty" }, h("slot"))));
    addStyle(root);
  }
  return root;
}

/** @param {ShadowRoot} root */
function addStyle(root) {
  if (!CSS_TEXT) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = site.style;
    root.prepend(link);
    return;
  }
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
  }
  root.adoptedStyleSheets = [sheet];
}

/**
 * Puts the core's HTML in the place of what is there.
 *
 * @param {ShadowRoot} root
 * @param {string} html
 */
export function useShell(root, html) {
  const section = root.querySelector(".figure");
  const fresh = parse(withLinks(html));
  section ? section.replaceWith(fresh) : root.append(fresh);
}

/**
 * Links into the course, which figures write as “course:…”, lead there; in a file that stands alone they are plain words.
 *
 * @param {string} html
 */
export function withLinks(html) {
  return site.root ? html.replaceAll('href="course:', `href="${site.root}`) : html.replace(/ href="course:[^"]*"/g, "");
}
