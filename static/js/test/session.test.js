import assert from "node:assert/strict";
import { test } from "node:test";
import { Session } from "../session.js";

const ANSWER = { values: { kernel: "3" }, hidden: [], query: "", problems: [], svg: "<svg/>", step: 0, steps: 4, stride: 1, rasters: [] };

/** A session whose worker answers when the test says so; `told` is what the figure was told. */
function session() {
  const asked = [];
  const told = [];
  const ask = (topic, request) => new Promise((resolve, reject) => asked.push({ request, resolve, reject }));
  const figure = {
    present: () => true,
    view: () => ({ topic: "stride", layout: "wide", pick: "" }),
    bare: () => false,
    shell: () => {},
    fields: (reply, changed, refused) => told.push(["fields", changed, refused]),
    picture: async (name) => !told.push(["picture", name]),
    problems: (problems, refused) => told.push(["problems", problems.map((problem) => problem.text).join(), refused]),
    drawn: (reply) => told.push(["drawn", reply.values.kernel, reply.step]),
    settled: () => {},
    failed: (why) => told.push(["failed", why]),
  };
  const answer = async (reply) => {
    asked.shift().resolve({ reply: { ...ANSWER, ...reply }, bytes: new Uint8Array(0) });
    await new Promise(setImmediate);
  };
  return { asked, told, answer, session: new Session(ask, figure) };
}

test("it asks for nothing until the reader is near, and then for what the page wants, defaults for bad values", () => {
  const { asked, session: figure } = session();
  figure.wish("kernel", "9");
  figure.wish("step", "2");
  figure.refresh();
  assert.equal(asked.length, 0);
  figure.wake();
  assert.deepEqual(asked[0].request.params, { kernel: "9", step: "2" });
  assert.equal(asked[0].request.fallback, true);
});

test("while one request is under way, only the latest wish for a parameter waits", async () => {
  const { asked, told, answer, session: figure } = session();
  figure.wake();
  const results = ["4", "5", "6"].map((text) => figure.change("kernel", text, false));
  assert.equal(asked.length, 1);
  await answer({});
  assert.deepEqual(asked[0].request.change, { key: "kernel", text: "6", near: false });
  assert.equal(asked[0].request.fallback, false);
  await answer({ values: { kernel: "6" } });
  assert.equal(asked.length, 0);
  assert.deepEqual(await Promise.all(results), ["", "", ""]);
  assert.deepEqual(told.at(-1), ["drawn", "6", 0]);
});

test("changes of two parameters are both made, one after the other", async () => {
  const { asked, answer, session: figure } = session();
  figure.wake();
  await answer({});
  figure.change("kernel", "5", false);
  figure.change("stride", "2", false);
  await answer({ values: { kernel: "5", stride: "1" } });
  assert.deepEqual(asked[0].request.params, { kernel: "5", stride: "1" });
  assert.deepEqual(asked[0].request.change, { key: "stride", text: "2", near: false });
});

test("a refused text is told to the one who gave it, and the drawing stays", async () => {
  const { told, answer, session: figure } = session();
  figure.wake();
  await answer({});
  const result = figure.change("kernel", "x", false);
  await answer({ svg: undefined, problems: [{ param: "kernel", text: "no number" }] });
  assert.equal(await result, "no number");
  assert.deepEqual(told.at(-1), ["fields", "kernel", true]);
});

test("a step that somebody chose meanwhile is not undone by an answer", async () => {
  const { asked, answer, session: figure } = session();
  figure.wake();
  await answer({});
  figure.goTo(1);
  figure.goTo(3);
  await answer({ step: 1 });
  assert.equal(figure.step, 3);
  assert.equal(asked[0].request.params.step, "3");
  await answer({ step: 3 });
  assert.equal(figure.query, "step=3");
});

test("without the picture that it needs it stays as it is until the reader brings one", async () => {
  const { asked, told, answer, session: figure } = session();
  figure.wake();
  await answer({});
  figure.change("input", "own", false);
  await answer({ svg: undefined, needs: ["own"], values: { kernel: "3", input: "own" } });
  assert.deepEqual(told.at(-1), ["picture", "own"]);
  assert.deepEqual(figure.values, { kernel: "3" });
  assert.equal(asked.length, 0);
});

test("an engine that fails says why, and the next wish is asked for as ever", async () => {
  const { asked, told, session: figure } = session();
  figure.wake();
  asked.shift().reject(new Error("no engine"));
  await new Promise(setImmediate);
  assert.deepEqual(told, [["failed", "no engine"]]);
  figure.refresh();
  assert.equal(asked.length, 1);
});

test("a step that is played before anybody uses the figure gives way to one that somebody chose", async () => {
  const { asked, answer, session: figure } = session();
  figure.wake();
  await answer({});
  assert.equal(figure.preview(1), true);
  await answer({ step: 1 });
  assert.equal(figure.chosen, undefined);
  figure.goTo(3);
  assert.equal(figure.preview(2), false);
  assert.equal(figure.preview(undefined), false);
  assert.equal(asked[0].request.params.step, "3");
});
