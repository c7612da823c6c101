// The list of a chapter's topics: marks the one that is being read; on a narrow page, where it stays at the top, it is closed
// until the reader opens it.

const WIDE = "(min-width: 80rem)"; // site.css has the same number

export function contents() {
  const list = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-toc]"));
  const here = list?.querySelector("[data-toc-here]");
  if (!list || !here) {
    return;
  }
  const links = [...list.querySelectorAll("a")];
  const mark = (/** @type {string} */ id) => {
    const now = links.find((link) => link.hash === `#${id}`);
    links.forEach((link) => (link === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    here.textContent = now ? `: ${now.textContent}` : "";
  };
  /** @type {Set<string>} the sections that reach into the upper part of the window, of which the last is read */
  const seen = new Set();
  const watch = new IntersectionObserver(
    (entries) => {
      entries.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target.id) : seen.delete(target.id)));
      mark(links.map((link) => link.hash.slice(1)).filter((id) => seen.has(id)).pop() ?? "");
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  document.querySelectorAll("section.topic").forEach((section) => watch.observe(section));

  for (const formula of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".overview .formula"))) {
    if (formula.scrollWidth > formula.clientWidth) {
      formula.tabIndex = 0; // so that the keyboard can scroll it
    }
  }

  const wide = matchMedia(WIDE);
  const fit = () => (list.open = wide.matches);
  wide.addEventListener("change", fit);
  fit();
  list.dataset.ready = "";
  list.addEventListener("click", ({ target }) => {
    if (!wide.matches && target instanceof Element && target.closest("a")) {
      list.open = false;
    }
  });
  list.addEventListener("keydown", ({ key }) => {
    if (!wide.matches && key === "Escape" && list.open) {
      list.open = false;
      list.querySelector("summary")?.focus();
    }
  });
}
