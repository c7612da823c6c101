// The script of a page that holds one figure for an iframe: takes the theme from the address and tells the page around it
// how high the figure is, {convscope: "height", height, slug}, that it is alive, “ready”, and what the reader does, “change” and
// “step”, each {convscope, slug, values, step}. It takes {convscope: "set", values, step} from there.

import { tell as tellXapi } from "./xapi.js";

const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") {
  document.documentElement.dataset.theme = theme;
}
if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", start);
} else {
  start();
}

function start() {
  document.querySelector(".blocked")?.remove();
  const main = document.querySelector("main");
  const slug = ((element) => element?.getAttribute("topic") ?? element?.getAttribute("exercise"))(document.querySelector("conv-scope"));
  if (!main || parent === window) {
    return;
  }
  addEventListener("convscope-answer", (event) => {
    const { answers, attempts, points, most, ...task } = /** @type {CustomEvent} */ (event).detail;
    if (attempts > 0) {
      tellXapi("answered", { task, work: { answers, attempts }, got: points, most });
    }
  });
  const figure = /** @type {import("./conv-scope.js").ConvScope | null} */ (document.querySelector("conv-scope[topic]"));
  for (const [type, word] of figure ? [["change", "change"], ["step", "step"], ["convscope-ready", "ready"]] : []) {
    figure?.addEventListener(type, () => {
      const { values, step } = figure;
      parent.postMessage({ convscope: word, slug, values, step }, "*"); // what anybody sees who looks at the frame
    });
  }
  const tell = () => {
    const height = Math.ceil(main.getBoundingClientRect().height);
    parent.postMessage({ convscope: "height", height, slug }, "*"); // to whoever holds the frame: a height is no secret
  };
  new ResizeObserver(tell).observe(main);
  addEventListener("message", (event) => {
    if (event.source === parent && event.data?.convscope === "ask-height") {
      tell(); // the resizer came after the figure
    } else if (event.source === parent && event.data?.convscope === "set" && figure) {
      const { values, step } = event.data;
      if (values && typeof values === "object") {
        figure.values = values;
      }
      if (Number.isInteger(step)) {
        figure.step = step;
      }
    }
  });
}
