import assert from "node:assert/strict";
import { test } from "node:test";
import { h, markup } from "./dom.js";
import { patch } from "../patch.js";

const row = (...keys) => h("g", {}, ...keys.map((key) => h("rect", { "data-k": key, x: key.length })));

/** Every list of up to three of these keys, each once at most. */
function lists(keys) {
  return [[], ...keys.flatMap((key) => lists(keys.filter((other) => other !== key)).map((rest) => [key, ...rest]))];
}

test("whatever changes, the old tree ends equal to the fresh one", () => {
  const all = lists(["a", "bb", "ccc"]);
  for (const before of all) {
    for (const after of all) {
      const old = row(...before);
      patch(old, row(...after), 0);
      assert.equal(markup(old), markup(row(...after)), `${before} → ${after}`);
    }
  }
  assert.equal(all.length, 16);
});

test("an element with a key stays the same node wherever it goes", () => {
  const old = row("a", "b", "c");
  const [a, , c] = old.children;
  patch(old, row("c", "x", "a"), 0);
  assert.equal(old.children[0], c);
  assert.equal(old.children[2], a);
});

test("what scripts have set on an element stays, what the core has taken away goes", () => {
  const old = h("rect", { "data-k": "in/0,0", tabindex: "0", style: "x", class: "cell picked", fill: "red" });
  patch(old, h("rect", { "data-k": "in/0,0", class: "cell" }), 0);
  assert.equal(markup(old), '<rect class="cell" data-k="in/0,0" style="x" tabindex="0"></rect>');
});

test("texts change in place", () => {
  const old = h("text", {}, "3");
  const text = old.firstChild;
  patch(old, h("text", {}, "−8"), 0);
  assert.equal(markup(old), "<text>−8</text>");
  assert.equal(old.firstChild, text);
});

test("an element that is equal is not touched", () => {
  const old = h("g", {}, h("rect", { x: "1" }));
  old.children[0].setAttribute = () => assert.fail("set although nothing differs");
  patch(old, h("g", {}, h("rect", { x: "1" })), 0);
});

test("a window glides from where it is to its new place, and later wishes count", (t) => {
  const frames = [];
  t.mock.method(performance, "now", () => 0);
  globalThis.requestAnimationFrame = (draw) => frames.push(draw);
  const old = h("g", {}, h("rect", { class: "glide", x: "0" }));
  old.children[0].isConnected = true;
  const at = (ms) => {
    frames.shift()(ms);
    return Number(old.children[0].getAttribute("x"));
  };
  patch(old, h("g", {}, h("rect", { class: "glide", x: "100" })), 200);
  assert.equal(at(0), 0);
  assert.equal(at(100), 50);
  patch(old, h("g", {}, h("rect", { class: "glide", x: "0" })), 0); // cut
  assert.equal(Number(old.children[0].getAttribute("x")), 0);
  frames.shift()(150);
  assert.equal(frames.length, 0);
});
