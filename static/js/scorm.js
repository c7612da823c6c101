// A learning platform's run-time, as SCORM 1.2 and SCORM 2004 define it: found, spoken to, and told how the work stands.

/** @typedef {import("./assignment.js").Work} Work */
/** @typedef {import("./assignment.js").Task} Task */

const DEEP = 12; // windows to go up
const MOST_OLD = 4096; // characters of suspend data in SCORM 1.2
const MOST_NEW = 64_000;
const LONGEST_OLD = 255; // characters of a response in SCORM 1.2

/** What both versions call what is used here. */
const NAMES = {
  old: {
    start: "LMSInitialize",
    get: "LMSGetValue",
    set: "LMSSetValue",
    commit: "LMSCommit",
    end: "LMSFinish",
    student: "cmi.core.student_name",
    score: "cmi.core.score.",
    exit: "cmi.core.exit",
    time: "cmi.core.session_time",
  },
  new: {
    start: "Initialize",
    get: "GetValue",
    set: "SetValue",
    commit: "Commit",
    end: "Terminate",
    student: "cmi.learner_name",
    score: "cmi.score.",
    exit: "cmi.exit",
    time: "cmi.session_time",
  },
};

/** The platform around this page, or undefined. */
export function connect() {
  const found = api();
  if (!found) {
    return undefined;
  }
  const { runtime, old } = found;
  const call = old ? NAMES.old : NAMES.new;
  const get = (/** @type {string} */ name) => String(runtime[call.get](name) ?? "");
  const set = (/** @type {string} */ name, /** @type {string | number} */ value) => String(runtime[call.set](name, String(value))) === "true";
  if (String(runtime[call.start]("")) !== "true") {
    return undefined;
  }
  const began = Date.now();
  let ended = false;
  const leave = () => {
    if (!ended) {
      ended = true;
      set(call.time, old ? oldTime(Date.now() - began) : newTime(Date.now() - began));
      set(call.exit, "suspend");
      runtime[call.commit]("");
      runtime[call.end]("");
    }
  };
  addEventListener("pagehide", leave);
  if (old && get("cmi.core.lesson_status") === "not attempted") {
    set("cmi.core.lesson_status", "incomplete");
  }
  const platform = {
    name: get(call.student),
    /** What was kept the last time, by task. @type {Work[] | null} */
    kept: unpacked(get("cmi.suspend_data")),
    said: "Your platform is told as you go.",
    /** @param {{tasks: Task[], works: Work[], got: number, most: number}} state */
    report({ tasks, works, got, most }) {
      const done = works.every(({ attempts }) => attempts > 0);
      set(`${call.score}min`, 0);
      set(`${call.score}max`, old ? 100 : most);
      set(`${call.score}raw`, old ? Math.floor((100 * got) / most) : got);
      if (old) {
        set("cmi.core.lesson_status", got === most ? "passed" : done ? "completed" : "incomplete");
      } else {
        set("cmi.score.scaled", (got / most).toFixed(4));
        set("cmi.progress_measure", (works.filter(({ attempts }) => attempts > 0).length / works.length).toFixed(4));
        set("cmi.completion_status", done ? "completed" : "incomplete");
        set("cmi.success_status", got === most ? "passed" : done ? "failed" : "unknown");
      }
      const kept = packed(works);
      const fits = kept.length <= (old ? MOST_OLD : MOST_NEW) && set("cmi.suspend_data", kept);
      platform.said = fits ? "Your platform is told as you go." : "Your platform is told as you go, but cannot keep this much: finish in one go.";
      works.forEach((work, n) => work.attempts > 0 && interaction(n, tasks[n], work));
      runtime[call.commit]("");
    },
  };

  /**
   * @param {number} n
   * @param {Task} task
   * @param {Work} work
   */
  function interaction(n, task, { answers, right }) {
    const said = Object.entries(answers)
      .map(([part, text]) => `${part}: ${text}`)
      .join(" | ");
    const to = (/** @type {string} */ name, /** @type {string} */ value) => set(`cmi.interactions.${n}.${name}`, value);
    to("id", `${n + 1}-${task.exercise}-${task.level}`);
    to("type", old ? "fill-in" : "other");
    if (old) {
      to("student_response", said.slice(0, LONGEST_OLD));
      to("result", right ? "correct" : "wrong");
    } else {
      to("learner_response", said.slice(0, MOST_NEW / 16));
      to("result", right ? "correct" : "incorrect");
      to("description", `${task.title}, level ${task.level}, seed ${task.seed}`.slice(0, 250));
    }
  }
  return platform;
}

/** The run-time that an outer window, or the one that opened it, offers. */
function api() {
  const places = [window, window.opener];
  for (let from of places) {
    for (let depth = 0; from && depth < DEEP; depth++) {
      try {
        if (from.API_1484_11) {
          return { runtime: from.API_1484_11, old: false };
        }
        if (from.API) {
          return { runtime: from.API, old: true };
        }
      } catch {
        break; // another origin
      }
      if (from.parent === from) {
        break;
      }
      from = from.parent;
    }
  }
  return undefined;
}

/** @param {Work[]} works */
function packed(works) {
  return JSON.stringify(works.map(({ answers, attempts, hints }) => [answers, attempts, hints]));
}

/** @param {string} text @returns {any} */
function unpacked(text) {
  try {
    return JSON.parse(text).map((/** @type {[Record<string, string>, number, number]} */ [answers, attempts, hints]) => ({ answers, attempts, hints }));
  } catch {
    return null;
  }
}

/** @param {number} ms */
function oldTime(ms) {
  const two = (/** @type {number} */ n) => String(Math.floor(n)).padStart(2, "0");
  const s = ms / 1000;
  return `${String(Math.floor(s / 3600)).padStart(4, "0")}:${two((s / 60) % 60)}:${two(s % 60)}`;
}

/** @param {number} ms */
const newTime = (ms) => `PT${Math.round(ms / 1000)}S`;
