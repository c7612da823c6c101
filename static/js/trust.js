// Where a page demands Trusted Types (require-trusted-types-for 'script'), text becomes markup or a script's address only through
// a policy. This one is called convscope; a page that lists the policies it allows must list it. Two sorts of text go through
// it: markup that the core wrote, which escapes what readers typed, and addresses that the build put in.

/** @typedef {{createHTML(text: string): any, createScriptURL(text: string): any}} Policy the results count as strings for whom they are meant */

const same = (/** @type {string} */ text) => text;
const RULES = { createHTML: same, createScriptURL: same };

/**
 * Runs a script of the site, which a page may load where it may not fetch.
 *
 * @param {string} url
 * @param {string} failure what to say if it does not come
 */
export function load(url, failure) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = trust().createScriptURL(url);
    element.onload = resolve;
    element.onerror = () => reject(new Error(failure));
    document.head.append(element);
  });
}

/** The policy; throws where the page does not allow it. */
export function trust() {
  const shared = /** @type {any} */ (globalThis); // by all scripts of ours in the page: a name is given once
  shared.convscopePolicy ??= shared.trustedTypes?.createPolicy("convscope", RULES) ?? RULES;
  return /** @type {Policy} */ (shared.convscopePolicy);
}
