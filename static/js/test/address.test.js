import assert from "node:assert/strict";
import { test } from "node:test";
import { isParameter, queryText, readAddress, withOthers, writeAddress } from "../address.js";

const PAGE = "https://a.example/course/2/index.html";

test("a query belongs to the figure that the hash names", () => {
  const href = `${PAGE}?kernel=3x5&stride=2#stride`;
  assert.deepEqual(readAddress(href, "stride", false), [["kernel", "3x5"], ["stride", "2"]]);
  assert.deepEqual(readAddress(href, "padding", false), []);
  assert.deepEqual(readAddress(`${PAGE}?kernel=3`, "stride", false), []);
});

test("a page of the figure's own needs no hash, and its theme is no parameter", () => {
  assert.deepEqual(readAddress(`${PAGE}?theme=dark&kernel=3`, "stride", true), [["kernel", "3"]]);
});

test("texts come out of the address as they went in", () => {
  for (const text of ["1,-2;3,4", "a b", "💡", "50%", "x=y&z", "+"]) {
    const href = writeAddress(PAGE, `x=${encodeURIComponent(text)}`, "stride", false);
    assert.deepEqual(readAddress(href, "stride", false), [["x", text]]);
  }
});

test("an address is written over the old one, its theme kept", () => {
  assert.equal(writeAddress(`${PAGE}?theme=dark&old=1`, "kernel=3", "stride", true), `${PAGE}?theme=dark&kernel=3`);
  assert.equal(writeAddress(`${PAGE}?old=1#old`, "kernel=3", "stride", false), `${PAGE}?kernel=3#stride`);
  assert.equal(writeAddress(`${PAGE}?old=1`, "", "stride", true), PAGE);
});

test("a step is part of the query once somebody chose one", () => {
  assert.equal(queryText("kernel=3", 4), "kernel=3&step=4");
  assert.equal(queryText("", 0), "step=0");
  assert.equal(queryText("kernel=3"), "kernel=3");
});

test("the reader's own picture stays out of links", () => {
  assert.equal(queryText("input=own&kernel=3"), "kernel=3");
});

test("the element's own attributes are no parameters", () => {
  assert.deepEqual(["topic", "theme", "class", "data-x", "aria-label", "kernel", "step"].filter(isParameter), ["kernel", "step"]);
});

test("an address holds the states of all figures of a page, and gives each its own", () => {
  const own = writeAddress(`${PAGE}?old=1`, "kernel=3", "stride", false);
  const href = withOthers(own, [{ topic: "padding", query: "padding=2&step=4" }, { topic: "dilation", query: "" }]);
  assert.equal(href, `${PAGE}?kernel=3&padding.padding=2&padding.step=4#stride`);
  assert.deepEqual(readAddress(href, "stride", false), [["kernel", "3"]]);
  assert.deepEqual(readAddress(href, "padding", false), [["padding", "2"], ["step", "4"]]);
  assert.deepEqual(readAddress(href, "dilation", false), []);
  assert.equal(withOthers(`${PAGE}#stride`, [{ topic: "padding", query: "step=4" }]), `${PAGE}?padding.step=4#stride`);
});
