// Words that are nearly others.

/**
 * Whether two words differ by one letter: wrong, missing, added, or exchanged with its neighbour.
 *
 * @param {string} a
 * @param {string} b
 */
export function close(a, b) {
  let from = 0;
  while (from < a.length && a[from] === b[from]) {
    from++;
  }
  const [restA, restB] = [a.slice(from), b.slice(from)];
  return (
    restA.slice(1) === restB.slice(1) ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  );
}

/**
 * The name that a misspelt one of three letters or more probably means.
 *
 * @param {string} name
 * @param {string[]} names
 * @returns {string | undefined}
 */
export function nearest(name, names) {
  return name.length > 2 ? names.find((other) => close(name, other)) : undefined;
}
