/** `; did you mean "metrics"?` for the closest of the known words, or nothing if none is close. */
export function didYouMean(word: string, known: Iterable<string>): string {
  // Two edits are one pair of swapped letters; in a very short word they make any other word.
  const limit = word.length <= 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  let best: string | undefined;
  let distance = limit + 1;
  for (const candidate of known) {
    const found = editDistance(word, candidate);
    if (found > 0 && found < distance) [best, distance] = [candidate, found];
  }
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(at(previous, j) + 1, at(current, j - 1) + 1, substitution));
    }
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
