// How the pages of the classroom ask the core: through the engine that the page's exercises share.

/**
 * Asks the module of the exercises; rejects with a sentence for the reader.
 *
 * @param {object} request
 * @returns {Promise<any>}
 */
export async function ask(request) {
  await customElements.whenDefined("conv-scope");
  const { engine } = /** @type {typeof import("./conv-scope.js").ConvScope} */ (customElements.get("conv-scope"));
  const reply = await engine.practice(request);
  if (reply.error) {
    throw new Error(reply.error);
  }
  return reply;
}

/** @param {unknown} e */
export const words = (e) => (e instanceof Error ? e.message : String(e));

/**
 * Saves a file.
 *
 * @param {BlobPart} content
 * @param {string} type
 * @param {string} name
 */
export function save(content, type, name) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * A name that every file system takes.
 *
 * @param {string} text
 */
export const fileName = (text) => text.normalize("NFKD").replace(/[^\w]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase() || "convscope";
