/** Above this share of a period, what lies between two syncs is more than one period. */
const LATEST = 1.5;

/**
 * The moments of all syncs of an autoscaler, from those that changed its status. The controller begins a sync one period
 * after the end of the one before, so it is later each time by what a sync takes; in between nothing was written.
 * @param writtenMs ascending
 * @returns whole milliseconds, ascending
 */
export function syncMoments(writtenMs: readonly number[], periodMs: number): readonly number[] {
  const gaps = writtenMs.slice(1).map((atMs, index) => atMs - (writtenMs[index] ?? atMs));
  const single = gaps.filter((gap) => gap >= periodMs && gap < periodMs * LATEST).sort((a, b) => a - b);
  const usual = single[Math.floor(single.length / 2)] ?? periodMs;
  const moments = writtenMs.slice(0, 1);
  for (const [index, gap] of gaps.entries()) {
    const fromMs = writtenMs[index] ?? 0;
    const periods = Math.max(1, Math.round(gap / usual));
    for (let count = 1; count <= periods; count++) moments.push(fromMs + (gap * count) / periods);
  }
  return moments.map(Math.round);
}
