import assert from "node:assert/strict";
import { test } from "node:test";
import { add, empty, merged, read } from "../progress.js";

const answer = (more) => ({ exercise: "pooling", seed: "a", level: 2, right: true, attempts: 1, solution: false, ...more });
const level = (progress) => progress.exercises.pooling?.["2"];

test("a question counts once, however often it is tried, and as right once", () => {
  let progress = add(empty(), answer({ right: false }));
  assert.deepEqual(level(progress), { asked: 1, right: 0, last: "a" });
  progress = add(progress, answer({ attempts: 2 }));
  progress = add(progress, answer({ attempts: 3 }));
  assert.deepEqual(level(progress), { asked: 1, right: 1, last: "a right" });
  assert.equal(level(add(progress, answer({ seed: "b" }))).right, 2);
});

test("what was right only after the solution was shown does not count as right", () => {
  assert.equal(level(add(empty(), answer({ solution: true }))).right, 0);
});

test("a hint without an answer changes nothing", () => {
  assert.deepEqual(add(empty(), answer({ attempts: 0 })), empty());
});

test("a saved file reads back, and one that is damaged or foreign is refused", () => {
  const progress = add(empty(), answer());
  assert.deepEqual(read(JSON.stringify(progress)), progress);
  assert.throws(() => read("no"), /no JSON/);
  assert.throws(() => read("null"), /no progress/);
  assert.throws(() => read('{"convscope":"hand-in"}'), /no progress/);
  const damaged = JSON.stringify(progress).replace('"right":1', '"right":9');
  assert.throws(() => read(damaged), /pooling, level 2, are damaged/);
});

test("of two records of a level the one with more questions stays", () => {
  const more = add(add(empty(), answer()), answer({ seed: "b" }));
  const other = add(empty(), answer({ exercise: "im2col-matrix" }));
  const both = merged(other, more);
  assert.equal(level(both).asked, 2);
  assert.equal(both.exercises["im2col-matrix"]["2"].asked, 1);
  assert.equal(level(merged(more, add(empty(), answer({ right: false })))).right, 2);
});
