/**
 * What was read, for a while: credentials lie in files that change every hour or so, and are asked for at each request.
 * If it cannot be read again, what was read before stays for another while, as client-go does it with tokens: files that
 * are being replaced, or a process without a free descriptor, should fail no request that need not fail.
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
    const before = last?.value;
    const reading = { value: before ? read().catch(() => before) : read(), atMs: now() };
    last = reading;
    // Without anything good a failure is not remembered.
    reading.value.catch(() => {
      if (last === reading) last = undefined;
    });
    return reading.value;
  };
}
