/**
 * What was read, for a while: credentials lie in files that change every hour or so, and are asked for at each request.
 * @param now in milliseconds, of a clock that never goes back
 */
export function remembered<Value>(
  read: () => Promise<Value>,
  forMs: number,
  now: () => number,
): () => Promise<Value> {
  let last: { readonly value: Promise<Value>; readonly atMs: number } | undefined;
  return () => {
    if (last && now() - last.atMs < forMs) return last.value;
    const reading = { value: read(), atMs: now() };
    last = reading;
    // A failure is not remembered.
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.value;
  };
}
