import assert from "node:assert/strict";
import { test } from "node:test";
import { caught, stepAt, textAt, valueAt } from "../handles.js";

const window = {
  sets: "step",
  panel: "in",
  corner: { x: 20, y: 20 },
  size: { x: 30, y: 30 },
  from: { x: 0, y: 0 },
  pitch: { x: 20, y: 20 },
  count: { x: 4, y: 3 },
  stops: [],
};
const edge = { ...window, sets: "kernel", corner: { x: 50, y: 20 }, size: { x: 0, y: 30 }, pitch: { x: 10, y: 0 } };
const top = { ...edge, sets: "padding", pitch: { x: 0, y: -10 } };

test("a window goes to the nearest of its stops, counted in scan order, and not beyond the last", () => {
  assert.equal(stepAt(window, { x: 0, y: 0 }), 0);
  assert.equal(stepAt(window, { x: 29, y: 11 }), 4 + 1);
  assert.equal(stepAt(window, { x: -50, y: 999 }), 8);
  assert.equal(stepAt(window, { x: 999, y: 999 }), 11);
});

test("a window with one stop stays there", () => {
  assert.equal(stepAt({ ...window, pitch: { x: 0, y: 0 }, count: { x: 1, y: 1 } }, { x: 90, y: 90 }), 0);
});

test("an edge changes its side alone, cell by cell, within the range", () => {
  const range = { min: 1, max: 7, pair: true };
  assert.equal(valueAt(edge, { x: 21, y: 90 }, "3", range), "3x5");
  assert.equal(valueAt(edge, { x: -90, y: 0 }, "3x4", range), "3x1");
  assert.equal(valueAt({ ...edge, pitch: { x: 0, y: 10 } }, { x: 0, y: 99 }, "3x4", range), "7x4");
  assert.equal(valueAt(edge, { x: 14, y: 0 }, "3", { ...range, pair: false }), "4");
});

test("an upper edge grows upwards", () => {
  assert.equal(valueAt(top, { x: 0, y: -20 }, "1", { min: 0, max: 3, pair: false }), "3");
});

test("what has a stop for each text of its parameter takes that of the nearest to its middle", () => {
  const stops = [
    { place: 0, text: "conv1,pool2" },
    { place: 50, text: "conv3,pool2" },
    { place: 70, text: "conv5,pool2" },
  ];
  const end = { ...edge, sets: "stack", pitch: { x: 1, y: 0 }, stops };
  assert.equal(textAt(end, { x: 0, y: 99 }), "conv3,pool2");
  assert.equal(textAt(end, { x: 11, y: 0 }), "conv5,pool2");
  assert.equal(textAt(end, { x: -999, y: 0 }), "conv1,pool2");
  assert.equal(textAt({ ...end, corner: { x: 0, y: 40 }, size: { x: 90, y: 20 }, pitch: { x: 0, y: 1 } }, { x: 0, y: 25 }), "conv5,pool2");
});

test("an edge that is near is caught before the window that the pointer is on", () => {
  assert.equal(caught([window, edge], { x: 46, y: 30 }, 6), edge);
  assert.equal(caught([window, edge], { x: 35, y: 30 }, 6), window);
  assert.equal(caught([window, edge], { x: 55, y: 30 }, 6), edge);
  assert.equal(caught([window, edge], { x: 90, y: 90 }, 6), undefined);
});
