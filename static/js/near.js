// The name that a misspelt one is nearest to.

/**
 * The nearest of the names, where no more than one letter of four is wrong, missing, too much or swapped with its neighbour.
 *
 * @param {string} name
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function nearest(name, names) {
  const [best] = names.map((other) => ({ other, apart: distance(name, other) })).sort((a, b) => a.apart - b.apart);
  return best && best.apart <= Math.max(1, Math.floor(Math.min(name.length, best.other.length) / 4)) && name.length > 2 ? best.other : undefined;
}

/**
 * How many letters must be changed, put in, taken out or swapped with their neighbours.
 *
 * @param {string} a
 * @param {string} b
 */
export function distance(a, b) {
  /** @type {number[][]} */
  const d = [...a, ""].map((_, i) => [i]);
  for (let j = 0; j <= b.length; j++) {
    d[0][j] = j;
  }
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      d[i][j] = Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.length][b.length];
}
