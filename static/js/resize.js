// For pages that hold figures in iframes: fits each frame's height to its figure.
(() => {
  const HIGHEST = 20000; // px; whatever a frame says, the page stays usable
  const FIGURE = /\/embed\/(single\/)?[a-z0-9-]+\.html(\?|#|$)/;

  addEventListener("message", ({ data, source }) => {
    if (!source || data?.convscope !== "height" || !(data.height > 0 && data.height <= HIGHEST)) {
      return;
    }
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === source) {
        frame.style.height = `${Math.ceil(data.height)}px`;
      }
    }
  });

  // Frames that were there first are asked.
  for (const frame of document.querySelectorAll("iframe")) {
    if (FIGURE.test(frame.src)) {
      frame.contentWindow?.postMessage({ convscope: "ask-height" }, "*");
    }
  }
})();
