import { formatMoment } from '../kube/duration';
import { type CustomPlan, type ExternalPlan, type Plan } from './plan';
import { type QueryOutcome, type QuerySample } from './request';

/** The samples of one age query: for each object when its newest sample was taken, in seconds. */
export interface AgeResult {
  readonly samples: readonly QuerySample[];
  /** When the query was evaluated: it may have been for an earlier request than that for the values. */
  readonly atMs: number;
}

/** The newest sample of the object that lags behind. */
export interface LaggingSample {
  /** Of that object, when its age was asked for. */
  readonly ageMs: number;
  /** What its label says; absent where there are no objects, as for external metrics. */
  readonly object?: string | undefined;
}

/**
 * The newest sample of the object that lags behind, of several objects and selectors.
 * @param label that names the object; absent for external metrics
 * @returns nothing if there is no sample
 */
export function laggingSample(
  results: readonly AgeResult[],
  label: string | undefined,
): LaggingSample | undefined {
  let oldest: LaggingSample | undefined;
  for (const { samples, atMs } of results) {
    for (const { labels, value } of samples) {
      const ageMs = atMs - value * 1000;
      if (oldest && ageMs <= oldest.ageMs) continue;
      oldest = { ageMs, object: label === undefined ? undefined : labels[label] };
    }
  }
  return oldest;
}

/**
 * How old the newest sample behind an answer is, in milliseconds; of several objects and selectors, of the one that
 * lags behind.
 * @param outcomes one for each of `plan.queries`
 * @param atMs when each of them was evaluated
 * @returns nothing if the plan asks for no ages, or there is no sample
 */
export function sampleAgeMs(
  plan: Plan,
  outcomes: readonly QueryOutcome[],
  atMs: readonly number[],
): number | undefined {
  if (plan.kind === 'refused') return undefined;
  const results: AgeResult[] = [];
  for (let index = outcomes.length - plan.ageQueries; index < outcomes.length; index += 1) {
    const outcome = outcomes[index];
    if (!outcome || 'error' in outcome || outcome.type !== 'vector') return undefined;
    results.push({ samples: outcome.samples, atMs: atMs[index] ?? 0 });
  }
  return laggingSample(results, undefined)?.ageMs;
}

/** How old the samples behind an answer are, as the age queries of its plan tell. */
export class NewestSamples {
  private constructor(
    /** For each selector: object → when its newest sample was taken, in milliseconds. */
    private readonly selectors: readonly {
      readonly times: ReadonlyMap<string, number>;
      readonly atMs: number;
    }[],
    private readonly maxAgeMs: number,
  ) {}

  /**
   * @param results of the plan's age queries
   * @returns nothing if there are none
   */
  static of(plan: CustomPlan | ExternalPlan, results: readonly AgeResult[]): NewestSamples | undefined {
    const { staleness } = plan.settings;
    if (!staleness || results.length === 0) return undefined;
    const objectOf = ({ labels }: QuerySample): string =>
      plan.kind === 'custom' ? (labels[plan.label] ?? '') : '';
    const selectors = results.map(({ samples, atMs }) => ({
      times: new Map(samples.map((sample) => [objectOf(sample), sample.value * 1000])),
      atMs,
    }));
    return new NewestSamples(selectors, staleness.maxSampleAgeMs);
  }

  /** When the newest sample of an object was taken, of several selectors the oldest of these; if all are known. */
  timeOf(object: string): number | undefined {
    let oldest = Infinity;
    for (const { times } of this.selectors) {
      const time = times.get(object);
      if (time === undefined) return undefined;
      oldest = Math.min(oldest, time);
    }
    return oldest;
  }

  /** Why an object's samples are too old, or nothing if they are not. */
  problemOf(object: string): string | undefined {
    let age = -Infinity;
    for (const { times, atMs } of this.selectors) {
      const time = times.get(object);
      if (time === undefined) return 'a selector finds no recent sample';
      age = Math.max(age, atMs - time);
    }
    return age > this.maxAgeMs
      ? `the newest sample is ${formatMoment(age)} old, more than ${formatMoment(this.maxAgeMs)}`
      : undefined;
  }
}
