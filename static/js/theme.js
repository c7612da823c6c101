// Light, dark, or as the system says. The choice is kept where storage is allowed.
const KEY = "convscope-theme";
const NAMES = { auto: "Auto", light: "Light", dark: "Dark" };

/** @typedef {keyof typeof NAMES} Theme */

const ORDER = /** @type {Theme[]} */ (Object.keys(NAMES));

/** @type {Theme} */
let theme = "auto";

/** Applies the theme that the reader chose on an earlier page. */
export function applyTheme() {
  try {
    const kept = /** @type {Theme} */ (localStorage.getItem(KEY) ?? "auto");
    theme = ORDER.includes(kept) ? kept : "auto";
  } catch {
    // storage is refused; the choice lasts as long as the page
  }
  show();
}

/** Brings the button to life that goes from one theme to the next. */
export function themeButton() {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-theme-button]"));
  const name = document.querySelector("[data-theme-name]");
  if (!button || !name) {
    return;
  }
  name.textContent = NAMES[theme];
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    name.textContent = NAMES[theme];
    show();
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // see above
    }
  });
}

function show() {
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}
