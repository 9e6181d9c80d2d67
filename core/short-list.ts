/** `a, b and 3 more`: the distinct items, as many of them as a message has room for. */
export function shortList(items: Iterable<string>, most: number): string {
  const distinct = [...new Set(items)];
  const rest = distinct.length - most;
  return distinct.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
