import assert from "node:assert/strict";
import { test } from "node:test";
import { close, nearest } from "../near.js";

const NAMES = ["kernel", "stride", "padding", "in-channels", "size"];

test("words are close that differ by a wrong, missing, extra or swapped letter, whichever comes first", () => {
  for (const [a, b, are] of [["kernal", "kernel", true], ["kernl", "kernel", true], ["kkernel", "kernel", true], ["kenrel", "kernel", true], ["krenal", "kernel", false], ["", "abc", false]]) {
    assert.equal(close(a, b), are, `${a} ${b}`);
    assert.equal(close(b, a), are, `${b} ${a}`);
  }
});

test("a misspelt name finds what is meant, a strange one nothing", () => {
  assert.equal(nearest("kernal", NAMES), "kernel");
  assert.equal(nearest("in-chanels", NAMES), "in-channels");
  assert.equal(nearest("ng-version", NAMES), undefined);
  assert.equal(nearest("x", NAMES), undefined);
  assert.equal(nearest("kernal", []), undefined);
});
