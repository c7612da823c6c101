// Opens the search: by its link or by the key “/”. Its script, which brings the index, is loaded at the first time.

import { trust } from "./trust.js";

const EDITABLE = "input, textarea, select, [contenteditable]";

export function searchDoor() {
  const door = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-search]"));
  if (!door) {
    return;
  }
  let loading = false;
  const open = () => {
    if (document.querySelector("dialog[open]")) {
      return;
    }
    const search = /** @type {{convscopeSearch?: () => void}} */ (globalThis).convscopeSearch;
    if (search) {
      search();
    } else if (!loading) {
      loading = true;
      const script = document.createElement("script");
      script.src = trust().createScriptURL(door.dataset.search ?? "");
      script.onload = open;
      script.onerror = () => (location.href = door.href); // the course map, as without scripts
      document.head.append(script);
    }
  };
  door.setAttribute("role", "button");
  door.setAttribute("aria-haspopup", "dialog");
  door.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  door.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    const typing = target instanceof Element && target.matches(EDITABLE);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented) {
      event.preventDefault();
      open();
    }
  });
}
