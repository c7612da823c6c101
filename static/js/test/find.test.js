import assert from "node:assert/strict";
import { test } from "node:test";
import { entryOf, finder } from "../find.js";

// number, title, address, idea, text, other names
const find = finder(
  [
    ["2.1", "Stride", "s", "The window hops.", "A strided convolution skips windows; the kernel stays.", ""],
    ["2.3", "Dilation", "d", "Taps with K − 1 gaps.", "Spread taps of a kernel. The gap grows, every gap.", "atrous convolution; à trous"],
    ["4.1", "Max pooling", "m", "The largest of each window.", "Pooling keeps maxima.", ""],
    ["4.4", "Global average pooling", "g", "Maps become numbers.", "One mean a map.", "GAP"],
    ["4.5", "Aliasing", "a", "Waves fold.", "Blur before you subsample.", "antialiasing; BlurPool"],
    ["5.5", "Effective receptive field", "e", "Gradients shrink.", "A gaussian.", "ERF"],
  ].map(entryOf),
);
const titles = (question) => find(question).hits.map((hit) => hit.entry.title);

test("other names of a topic find it, first and under any accent", () => {
  assert.deepEqual(titles("atrous"), ["Dilation"]);
  assert.deepEqual(titles("à trous"), ["Dilation"]);
  assert.equal(titles("antialias")[0], "Aliasing");
  assert.equal(titles("gap")[0], "Global average pooling");
  assert.deepEqual(find("atrous").hits[0].names, ["atrous convolution"]);
});

test("another ending of a word finds it too, the word itself better", () => {
  assert.equal(titles("dilated")[0], "Dilation");
  assert.ok(titles("pooled").includes("Max pooling"));
  assert.ok(titles("gradient").includes("Effective receptive field"));
  assert.equal(titles("strides")[0], "Stride");
});

test("one wrong, missing, added or exchanged letter is forgiven, and told", () => {
  for (const wrong of ["kernal", "kernl", "kerrnel", "kenrel"]) {
    const { hits, read } = find(wrong);
    assert.ok(hits.length === 2, wrong);
    assert.deepEqual(read, [[wrong, "kernel"]]);
  }
  assert.ok(titles("convoltion").includes("Stride"));
  assert.deepEqual(find("kernel").read, []);
});

test("two wrong letters and short words are not guessed at", () => {
  assert.deepEqual(titles("kxrnxl"), []);
  assert.deepEqual(titles("gqp"), []);
  assert.deepEqual(titles("zygomorphic"), []);
});

test("all words of a question must be found, whatever form each has", () => {
  assert.deepEqual(titles("dilated kernal"), ["Dilation"]);
  assert.deepEqual(titles("pooling zygomorphic"), []);
});
