import assert from "node:assert/strict";
import { test } from "node:test";
import { isStep, numbersOf, stopAt, stopOf, textOf } from "../controls.js";

test("one number stands for height and width", () => {
  assert.deepEqual(numbersOf("3"), ["3", "3"]);
  assert.deepEqual(numbersOf("3x5"), ["3", "5"]);
  assert.deepEqual(numbersOf("-0.5"), ["-0.5", "-0.5"]);
});

test("the slider of a pair sets both, its number fields one each", () => {
  assert.equal(textOf(["4"], true), "4x4");
  assert.equal(textOf(["3", "5"], true), "3x5");
  assert.equal(textOf(["4"], false), "4");
});

test("what is typed reaches the core as it is, wrong or not", () => {
  assert.equal(textOf(["", "5"], true), "x5");
  assert.equal(textOf(["2.5e"], false), "2.5e");
});

test("arrow keys and buttons of a number field step it, keys and pastes type into it", () => {
  assert.ok(isStep(undefined)); // Chromium and WebKit: no input event of the text kind
  assert.ok(isStep("insertReplacementText")); // Firefox
  for (const type of ["insertText", "deleteContentBackward", "insertFromPaste", "historyUndo", "insertCompositionText"]) {
    assert.ok(!isStep(type), type);
  }
});

test("a slider with stops stands at the number of a stop, or of the last one before a value between two", () => {
  const stops = "1 2 4 8 10";
  assert.equal(stopAt("3", stops), "8");
  assert.equal(stopOf("8", stops), "3");
  assert.equal(stopOf("9", stops), "3");
  assert.equal(stopOf("0", stops), "0");
  assert.equal(stopAt("7", undefined), "7");
  assert.equal(stopOf("7", undefined), "7");
});
