// Small dialogs that open below a figure's title, and the elements to fill them with.

/**
 * Builds an element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [properties] with `on…` listeners and `aria-…` attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") {
      element.setAttribute(name, value);
    } else {
      /** @type {any} */ (element)[name] = value;
    }
  }
  element.append(...children);
  return element;
}

/** @typedef {{panel: HTMLElement, opener: HTMLElement | null, closed: (() => void) | undefined}} Open */

/** @type {WeakMap<ShadowRoot, Open>} */
const open = new WeakMap();

/**
 * Opens a panel, or closes it if the same one is open. A click elsewhere closes it too, unless somebody wants to know when it
 * goes: then there is work in it.
 *
 * @param {ShadowRoot} root
 * @param {string} title
 * @param {HTMLElement | null} opener gets the focus back
 * @param {(Node | string)[]} content
 * @param {() => void} [closed] is told when the panel goes
 */
export function openPanel(root, title, opener, content, closed) {
  const before = root.querySelector(".panel")?.getAttribute("aria-label");
  closePanel(root);
  if (before === title && opener) {
    return null;
  }
  const close = h("button", { type: "button", className: "close", "aria-label": "Close", onclick: () => closePanel(root) }, "×");
  const panel = h(
    "div",
    { className: "panel", role: "dialog", "aria-label": title, tabIndex: -1 },
    h("div", { className: "head" }, h("strong", {}, title), close),
    ...content,
  );
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      closePanel(root);
    }
    event.stopPropagation();
  });
  root.querySelector(".figure")?.append(panel);
  opener?.setAttribute("aria-expanded", "true");
  if (!closed) {
    const elsewhere = (/** @type {Event} */ event) => {
      const path = event.composedPath();
      if (!panel.isConnected || !(path.includes(panel) || (opener && path.includes(opener)))) {
        document.removeEventListener("pointerdown", elsewhere);
        if (panel.isConnected) {
          closePanel(root);
        }
      }
    };
    document.addEventListener("pointerdown", elsewhere);
  }
  open.set(root, { panel, opener, closed });
  /** @type {HTMLElement} */ (panel.querySelector("[data-first]") ?? panel).focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
  return panel;
}

/** @param {ShadowRoot} root */
export function closePanel(root) {
  const shown = open.get(root);
  if (!shown) {
    return;
  }
  const { panel, opener, closed } = shown;
  open.delete(root);
  const inside = panel.contains(root.activeElement);
  panel.remove();
  opener?.setAttribute("aria-expanded", "false");
  if (inside) {
    opener?.focus({ preventScroll: true });
  }
  closed?.();
}

/**
 * A field with text to copy.
 *
 * @param {string} label
 * @param {string} text
 * @param {(text: string) => Promise<boolean>} copy
 */
export function copyField(label, text, copy) {
  const field = h("textarea", { readOnly: true, value: text, rows: Math.min(6, text.split("\n").length + 1), "aria-label": label });
  field.addEventListener("focus", () => field.select());
  const button = h("button", { type: "button" }, "Copy");
  button.addEventListener("click", async () => {
    if (await copy(text)) {
      button.textContent = "Copied";
    } else {
      field.focus();
      field.select();
      button.textContent = "Press Ctrl + C";
    }
  });
  return h("div", { className: "copy-field" }, h("span", { className: "what" }, label), field, button);
}

/**
 * Copies text where the browser lets a page do so.
 *
 * @param {string} text
 */
export async function copyText(text) {
  const policy = /** @type {any} */ (document).featurePolicy; // asking it first keeps the console clean in sandboxed frames
  if (policy?.allowsFeature("clipboard-write") === false) {
    return false;
  }
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
