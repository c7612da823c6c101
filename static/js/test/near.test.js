import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, nearest } from "../near.js";

const NAMES = ["kernel", "stride", "padding", "in-channels", "size"];

test("a wrong, missing, extra or swapped letter is one apart", () => {
  for (const [a, b, apart] of [["kernal", "kernel", 1], ["kernl", "kernel", 1], ["kkernel", "kernel", 1], ["kenrel", "kernel", 1], ["", "abc", 3], ["same", "same", 0]]) {
    assert.equal(distance(a, b), apart, `${a} ${b}`);
    assert.equal(distance(b, a), apart, `${b} ${a}`);
  }
});

test("a misspelt name finds what is meant, a strange one nothing", () => {
  assert.equal(nearest("kernal", NAMES), "kernel");
  assert.equal(nearest("in-chanels", NAMES), "in-channels");
  assert.equal(nearest("ng-version", NAMES), undefined);
  assert.equal(nearest("x", NAMES), undefined);
  assert.equal(nearest("kernel", []), undefined);
});
