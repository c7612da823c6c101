import assert from "node:assert/strict";
import { test } from "node:test";
import { motionOf } from "../motion.js";

const at = (x, y) => ({ x, y });

test("a cell that changed its place moves from the old one, one that did not stays", () => {
  assert.deepEqual({ ...motionOf(at(10, 20), at(40, 20), undefined), ms: 0 }, { x: 30, y: 0, ms: 0 });
  assert.equal(motionOf(at(10, 20), at(10.5, 20), undefined), null);
});

test("a cell that comes from another flies from there, wherever it was itself", () => {
  assert.deepEqual({ ...motionOf(at(10, 20), at(10, 20), at(0, 0)), ms: 0 }, { x: -10, y: -20, ms: 0 });
});

test("a cell that was not there appears where it is", () => {
  assert.deepEqual({ ...motionOf(at(10, 20), undefined, undefined), ms: 0 }, { x: 0, y: 0, ms: 0 });
});
