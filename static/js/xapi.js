// What a frame tells the page around it, as Experience API statements (xAPI 1.0.3): {convscope: "xapi", statement}. The page decides
// what becomes of them.

const VERBS = "http://adlnet.gov/expapi/verbs/";
const ACTIVITIES = "http://adlnet.gov/expapi/activities/";

/**
 * @param {"answered" | "completed"} verb
 * @param {{name?: string, query?: string, task?: {exercise: string, level: number, seed: string}, work?: {answers: Record<string, string>, attempts: number}, got: number, most: number}} what
 */
export function tell(verb, what) {
  if (parent !== window) {
    parent.postMessage({ convscope: "xapi", statement: statement(verb, what, location.href.split(/[?#]/)[0]) }, "*"); // to whoever holds the frame, as heights go
  }
}

/**
 * @param {"answered" | "completed"} verb
 * @param {{name?: string, query?: string, task?: {exercise: string, level: number, seed: string}, work?: {answers: Record<string, string>, attempts: number}, got: number, most: number}} what
 * @param {string} page
 */
export function statement(verb, { name, query, task, work, got, most }, page) {
  const said = Object.entries(work?.answers ?? {}).map(([part, text]) => `${part}: ${text}`);
  return {
    actor: { objectType: "Agent", name: name || "Student", account: { homePage: page, name: name || "student" } },
    verb: { id: VERBS + verb, display: { en: verb } },
    object: {
      objectType: "Activity",
      id: task ? `${page}?${new URLSearchParams({ exercise: task.exercise, seed: task.seed, level: String(task.level) })}` : `${page}?${query}`,
      definition: { type: `${ACTIVITIES}${task ? "cmi.interaction" : "assessment"}`, ...(task ? { interactionType: "other" } : {}) },
    },
    result: {
      score: { scaled: got / most, raw: got, min: 0, max: most },
      success: got === most,
      completion: verb === "completed",
      ...(said.length ? { response: said.join("[,]") } : {}),
    },
    timestamp: new Date().toISOString(),
  };
}
