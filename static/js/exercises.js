// The script of the exercises' pages: keeps what the reader has done in this browser, shows it on the list, saves and opens it.
import { h } from "./panel.js";
import { add, empty, merged, read } from "./progress.js";

const KEY = "convscope-progress";

/** @type {import("./progress.js").Progress} */
let progress = load();

document.addEventListener("convscope-answer", (event) => {
  progress = add(load(), /** @type {CustomEvent} */ (event).detail);
  keep();
});
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}

/** What the browser keeps; where it lets nothing be kept, what this page knows. */
function load() {
  try {
    const text = localStorage.getItem(KEY);
    return text ? read(text) : (progress ?? empty());
  } catch {
    return progress ?? empty();
  }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
  } catch {
    // it lasts as long as the page
  }
}

function start() {
  const tools = document.querySelector("[data-progress]");
  if (!tools) {
    return;
  }
  tools.removeAttribute("hidden");
  const said = tools.querySelector("[data-progress-said]");
  const say = (/** @type {string} */ text) => said && (said.textContent = text);
  show();
  tools.querySelector("[data-progress-export]")?.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([JSON.stringify(progress, null, 1)], { type: "application/json" }));
    h("a", { href: url, download: "convscope-progress.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    say("It is saved as convscope-progress.json.");
  });
  tools.querySelector("[data-progress-import]")?.addEventListener("click", () => {
    const field = h("input", { type: "file", accept: ".json,application/json" });
    field.addEventListener("change", async () => {
      const file = field.files?.[0];
      try {
        progress = merged(progress, read((await file?.text()) ?? ""));
        keep();
        show();
        say(`${file?.name} is added to what was here.`);
      } catch (e) {
        say(`${file?.name}: ${e instanceof Error ? e.message : e} Nothing is changed.`);
      }
    });
    field.click();
  });
  tools.querySelector("[data-progress-clear]")?.addEventListener("click", () => {
    const before = progress;
    progress = empty();
    keep();
    show();
    const back = h("button", { type: "button", className: "button" }, "Take it back");
    back.addEventListener("click", () => {
      progress = before;
      keep();
      show();
      say("It is back.");
    });
    said?.replaceChildren("It is forgotten. ", back);
  });
}

function show() {
  for (const item of document.querySelectorAll("li[data-exercise]")) {
    const done = progress.exercises[item.getAttribute("data-exercise") ?? ""] ?? {};
    item.querySelectorAll(".levels > li").forEach((line, n) => {
      const { right = 0, asked = 0 } = done[String(n + 1)] ?? {};
      line.classList.toggle("done", right > 0);
      line.classList.toggle("tried", right === 0 && asked > 0);
      line.querySelector(".times")?.remove();
      if (asked > 0) {
        line.append(h("span", { className: "times" }, ` · ${right} of ${asked} right`));
      }
    });
  }
}
