import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest } from "../scorm-manifest.js";
import { statement } from "../xapi.js";

const task = { exercise: "output-size", level: 2, seed: "w3/1" };

test("an answered question is a statement with actor, verb, object and result", () => {
  const told = statement("answered", { name: "Ada", task, work: { answers: { out: "7" }, attempts: 1 }, got: 0, most: 1 }, "https://host/a.html");
  assert.deepEqual(told.actor, { objectType: "Agent", name: "Ada", account: { homePage: "https://host/a.html", name: "Ada" } });
  assert.equal(told.verb.id, "http://adlnet.gov/expapi/verbs/answered");
  assert.equal(told.object.id, "https://host/a.html?exercise=output-size&seed=w3%2F1&level=2");
  assert.deepEqual(told.result, { score: { scaled: 0, raw: 0, min: 0, max: 1 }, success: false, completion: false, response: "out: 7" });
  assert.ok(!Number.isNaN(Date.parse(told.timestamp)));
});

test("a finished assignment is a statement about the whole", () => {
  const told = statement("completed", { query: "seed=w3&items=pooling", got: 3, most: 3 }, "https://host/a.html");
  assert.equal(told.object.id, "https://host/a.html?seed=w3&items=pooling");
  assert.equal(told.object.definition.type, "http://adlnet.gov/expapi/activities/assessment");
  assert.equal(told.result.completion, true);
  assert.equal(told.actor.name, "Student");
});

test("a title with signs of XML is escaped in both manifests", () => {
  for (const version of ["1.2", "2004"]) {
    const text = manifest(version, "a < b & c");
    assert.equal(text.split("a &lt; b &amp; c").length, 3);
    assert.match(text, version === "1.2" ? /adlcp:scormtype="sco"/ : /adlcp:scormType="sco"/);
  }
});
