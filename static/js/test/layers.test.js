import assert from "node:assert/strict";
import { test } from "node:test";
import { added, choices, layerOf, moved, partsOf, usual } from "../layers.js";

const STACK = ["conv3", "conv3s2", "pool2", "conv5p0d2"];

test("a layer's text is its parts, and back", () => {
  assert.deepEqual(partsOf("conv5p0d2"), ["conv", "5", undefined, "0", "2"]);
  for (const layer of [...STACK, "up2", "conv11s4p8d16"]) {
    assert.equal(layerOf(partsOf(layer).map((part) => part ?? "")), layer);
  }
});

test("what is no layer has no parts", () => {
  for (const text of ["", "conv", "3", "conv3,pool2", "conv3x", "conv 3"]) {
    assert.equal(partsOf(text), null, text);
  }
});

test("a new layer comes after the chosen one, or at the end", () => {
  assert.deepEqual(added(["conv3", "pool2"], 0, "conv"), [["conv3", "conv3", "pool2"], 1]);
  assert.deepEqual(added(["conv3", "pool2"], -1, "up"), [["conv3", "pool2", "up2"], 2]);
});

test("a layer that moves takes none of the others with it", () => {
  for (let from = 0; from < 4; from++) {
    for (let to = 0; to < 4; to++) {
      const after = moved(STACK, from, to);
      assert.equal(after[to], STACK[from]);
      assert.deepEqual(after.toSpliced(to, 1), STACK.toSpliced(from, 1));
    }
  }
  assert.deepEqual(STACK, ["conv3", "conv3s2", "pool2", "conv5p0d2"], "the list itself stays");
});

test("what is usual is offered once, as the empty text", () => {
  const [kinds, kernels, strides, paddings, dilations] = choices(["conv", "3"], ["conv", "pool"], [5, 4, 40, 3]);
  assert.deepEqual(kinds, ["conv", "pool"]);
  assert.deepEqual(kernels, ["1", "2", "3", "4", "5"]);
  assert.deepEqual(strides, ["", "2", "3", "4"]);
  assert.deepEqual(paddings, ["", "0", "1", "2", "3", "4", "5", "6", "7", "8"]);
  assert.deepEqual(dilations, ["", "2", "3"]);
  assert.equal(usual("conv")[3], "same");
  assert.equal(usual("pool")[2], "as kernel");
});

test("a part beyond what is usually offered is on offer where the layer has it", () => {
  assert.equal(choices(["conv", "3", undefined, "20"], [], [5, 4, 40, 3])[3].at(-1), "20");
  assert.equal(choices(["pool", "9"], [], [11, 4, 40, 3])[2].at(-1), "9");
});
