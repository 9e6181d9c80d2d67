import type { Condition, Decision } from '../../../core/model';

/** `spec.replicas` of a scale target became another. */
export interface SizeChange {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
}

/** An event of a HorizontalPodAutoscaler. */
export interface SaidEvent {
  readonly atMs: number;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

interface Heard {
  readonly changes: readonly SizeChange[];
  readonly events: readonly SaidEvent[];
  readonly conditions: readonly { readonly atMs: number; readonly changed: readonly Condition[] }[];
}

/** Things of one sync are heard on three watches, and events come last: within this time they belong together. */
const TOGETHER_MS = 1500;
/** A change of size and the event that tells of it may be further apart, where a watch had to begin anew. */
const LATE_MS = 20_000;

/**
 * Puts together what belongs to one sync. A rescale whose change of the target was not heard, because the API server was
 * away, counts by its event.
 */
export function decisionsOf({ changes, events, conditions }: Heard): readonly Decision[] {
  const rescales = events.flatMap(({ atMs, message, reason }) => {
    const to = sizeIn(message, reason);
    return to === undefined ? [] : [{ atMs, to }];
  });
  // Others change sizes too, such as KEDA's operator and people.
  const decisions: Decision[] = changes
    .filter((change) =>
      rescales.some(({ atMs, to }) => to === change.to && Math.abs(atMs - change.atMs) <= LATE_MS),
    )
    .map((change) => ({ ...change, events: [], changed: [] }));
  const matched = new Set<number>();
  for (const { atMs, ...event } of events) {
    const size = sizeIn(event.message, event.reason);
    const index = decisions.findIndex(({ atMs: other, to }, place) =>
      size === undefined
        ? Math.abs(atMs - other) <= TOGETHER_MS
        : Math.abs(atMs - other) <= LATE_MS && to === size && !matched.has(place),
    );
    const found = decisions[index];
    if (found) {
      if (size !== undefined) matched.add(index);
      decisions[index] = { ...found, events: [...found.events, event] };
    } else decisions.push({ atMs, ...movedTo(size, sizeAt(changes, atMs)), events: [event], changed: [] });
  }
  for (const { atMs, changed } of conditions) {
    const index = decisions.findIndex(({ atMs: other }) => Math.abs(atMs - other) <= TOGETHER_MS);
    const found = decisions[index];
    if (found) decisions[index] = { ...found, changed: [...found.changed, ...changed] };
    else decisions.push({ atMs, from: sizeAt(changes, atMs), events: [], changed });
  }
  return decisions.sort((a, b) => a.atMs - b.atMs);
}

/** A rescale that was heard late, after its change or one that went past it, changes nothing any more. */
function movedTo(size: number | undefined, from: number): { readonly from: number; readonly to?: number } {
  return size === undefined || size === from ? { from } : { from, to: size };
}

/** `New size: 5; reason: …`. */
function sizeIn(message: string, reason: string): number | undefined {
  const [, size] = /^New size: (\d+);/.exec(message) ?? [];
  return reason === 'SuccessfulRescale' && size !== undefined ? Number(size) : undefined;
}

function sizeAt(changes: readonly SizeChange[], atMs: number): number {
  return changes.findLast((change) => change.atMs <= atMs)?.to ?? changes[0]?.from ?? 0;
}
