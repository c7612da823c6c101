// Where a page demands Trusted Types (require-trusted-types-for 'script'), text becomes markup or a script's address only through
// a policy. This one is called convscope; a page that lists the policies it allows must list it. Two sorts of text go through
// it: markup that the core wrote, which escapes what readers typed, and addresses that the build put in.

/** @typedef {{createHTML(text: string): any, createScriptURL(text: string): any}} Policy the results count as strings for whom they are meant */

const same = (/** @type {string} */ text) => text;
const RULES = { createHTML: same, createScriptURL: same };

/** The policy; throws where the page does not allow it. */
export function trust() {
  const shared = /** @type {any} */ (globalThis); // by all scripts of ours in the page: a name is given once
  shared.convscopePolicy ??= shared.trustedTypes?.createPolicy("convscope", RULES) ?? RULES;
  return /** @type {Policy} */ (shared.convscopePolicy);
}
