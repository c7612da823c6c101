// The script of a page that holds one figure for an iframe: takes the theme from the address and tells the page around it
// how high the figure is, as {convscope: "height", height, slug}.

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
  const slug = document.querySelector("conv-scope")?.getAttribute("topic");
  if (!main || parent === window) {
    return;
  }
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
