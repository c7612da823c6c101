// What a reader has done of the exercises: for each and each level, how many questions were asked and how many came out right.

/** @typedef {{asked: number, right: number, last: string}} Level last: the seed that was answered last */
/** @typedef {{convscope: "progress", version: 1, exercises: Record<string, Record<string, Level>>}} Progress */

/** @returns {Progress} */
export const empty = () => ({ convscope: "progress", version: 1, exercises: {} });

/**
 * With one more answer. A question counts once however often it is tried, and as right only if the solution was not shown before.
 *
 * @param {Progress} progress
 * @param {{exercise: string, seed: string, level: number, right: boolean, attempts: number, solution: boolean}} answer
 * @returns {Progress}
 */
export function add(progress, { exercise, seed, level, right, attempts, solution }) {
  if (attempts === 0) {
    return progress; // a hint or the solution, without an answer
  }
  const levels = progress.exercises[exercise] ?? {};
  const before = levels[level] ?? { asked: 0, right: 0, last: "" };
  const again = before.last === seed || before.last === `${seed} right`;
  const counted = before.last === `${seed} right`;
  const now = right && !solution && !counted;
  const after = {
    asked: before.asked + (again ? 0 : 1),
    right: before.right + (now ? 1 : 0),
    last: now || counted ? `${seed} right` : seed,
  };
  return { ...progress, exercises: { ...progress.exercises, [exercise]: { ...levels, [level]: after } } };
}

/**
 * Both together: of each level the one with more questions.
 *
 * @param {Progress} one
 * @param {Progress} other
 * @returns {Progress}
 */
export function merged(one, other) {
  const exercises = { ...one.exercises };
  for (const [slug, levels] of Object.entries(other.exercises)) {
    const mine = { ...exercises[slug] };
    for (const [level, theirs] of Object.entries(levels)) {
      mine[level] = (mine[level]?.asked ?? 0) >= theirs.asked ? mine[level] : theirs;
    }
    exercises[slug] = mine;
  }
  return { ...one, exercises };
}

/**
 * Reads a saved file; throws a sentence for the reader where it is none.
 *
 * @param {string} text
 * @returns {Progress}
 */
export function read(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error("This file is not readable as progress: it is no JSON.");
  }
  if (json?.convscope !== "progress" || json.version !== 1 || typeof json.exercises !== "object" || json.exercises === null) {
    throw new Error("This file holds no progress of Convscope’s exercises.");
  }
  const result = empty();
  for (const [slug, levels] of Object.entries(json.exercises)) {
    for (const [level, { asked, right, last }] of Object.entries(/** @type {Record<string, Level>} */ (levels ?? {}))) {
      if (!Number.isInteger(asked) || !Number.isInteger(right) || right < 0 || right > asked || typeof last !== "string") {
        throw new Error(`This file's numbers for ${slug}, level ${level}, are damaged.`);
      }
      result.exercises[slug] = { ...result.exercises[slug], [level]: { asked, right, last } };
    }
  }
  return result;
}
