// The script of a page that holds one figure for an iframe: takes the theme from the address and tells the page around it
// how high the figure is, as {convscope: "height", height, slug}.

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
  const tell = () => {
    const height = Math.ceil(main.getBoundingClientRect().height);
    parent.postMessage({ convscope: "height", height, slug }, "*"); // to whoever holds the frame: a height is no secret
  };
  new ResizeObserver(tell).observe(main);
  addEventListener("message", (event) => {
    if (event.source === parent && event.data?.convscope === "ask-height") {
      tell(); // the resizer came after the figure
    }
  });
}
