import type { AutoscalerTimeline } from '../../../core/model';

/** A moment that both runs have. */
export interface Anchor {
  /** `POST /value 50`, `load-requests began`. */
  readonly name: string;
  readonly realMs: number;
  readonly rehearsedMs: number;
}

/**
 * Puts the moments of a real run on the time axis of its rehearsal.
 *
 * The two share no clock. Between applying the objects and the first value, real processes start as fast as they like,
 * and the phase of the controller's syncs is arbitrary. So time is counted from moments that the run names because it made
 * them itself: a value was posted, a load began. From each on until the next its offset counts, before the first one the
 * first one's. A run that names none is counted from the first sync at which every metric is known, which cannot show
 * that the metric came late. No offset is taken from replicas or from values, and all of them are part of the result.
 */
export class Alignment {
  readonly anchors: readonly Anchor[];

  constructor(anchors: readonly Anchor[]) {
    this.anchors = anchors.toSorted((a, b) => a.realMs - b.realMs);
  }

  /** The moment of the rehearsal that a moment of the real run is. */
  rehearsed(realMs: number): number {
    const anchor = this.anchors.findLast((candidate) => candidate.realMs <= realMs) ?? this.anchors[0];
    return anchor ? realMs - anchor.realMs + anchor.rehearsedMs : realMs;
  }
}

/** The moment when every metric is known for the first time; undefined if one never is. */
export function firstKnownMs({ syncs, metrics }: AutoscalerTimeline): number | undefined {
  const index = syncs.atMs.findIndex((_, sync) =>
    metrics.every(({ values }) => typeof values[sync] === 'number'),
  );
  return index < 0 ? undefined : syncs.atMs[index];
}
