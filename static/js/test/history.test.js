import assert from "node:assert/strict";
import { test } from "node:test";
import { History } from "../history.js";

const state = (kernel, step) => ({ values: { kernel: String(kernel) }, step });

/** A history that began with kernel 3. */
function begun() {
  const history = new History();
  history.take(state(3));
  return history;
}

test("what was changed is taken back and done again, one change after the other", () => {
  const history = begun();
  history.note(state(4), "kernel", 0);
  history.note(state(5), "kernel", 5000);
  assert.deepEqual(history.undo(), state(4));
  assert.deepEqual(history.undo(), state(3));
  assert.equal(history.undo(), undefined);
  assert.deepEqual(history.redo(), state(4));
  assert.deepEqual(history.redo(), state(5));
  assert.equal(history.redo(), undefined);
});

test("a slider that is held makes one change, two things make two", () => {
  const history = begun();
  [4, 5, 6, 7].forEach((kernel, i) => history.note(state(kernel), "kernel", 100 * i));
  history.note(state(8), "other", 350);
  assert.deepEqual(history.undo(), state(7));
  assert.deepEqual(history.undo(), state(3));
});

test("what is not held makes a change each time", () => {
  const history = begun();
  history.note(state(4), "", 0);
  history.note(state(5), "", 10);
  assert.deepEqual(history.undo(), state(4));
});

test("after something was taken back, the same key soon after is a change of its own", () => {
  const history = begun();
  history.note(state(4), "kernel", 0);
  history.undo();
  history.note(state(5), "kernel", 10);
  assert.equal(history.canRedo, false);
  assert.deepEqual(history.undo(), state(3));
});

test("going back leads to the step at which the change was made", () => {
  const history = begun();
  history.at("6");
  history.note(state(4, "2"), "kernel", 0);
  assert.deepEqual(history.undo(), state(3, "6"));
});

test("what the host page does is not the reader's to take back", () => {
  const history = begun();
  history.take(state(9));
  assert.equal(history.canUndo, false);
});
