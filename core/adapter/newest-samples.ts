import { formatMoment } from '../kube/duration';
import { type CustomPlan, type ExternalPlan, type Plan } from './plan';
import { type QueryOutcome, type QuerySample } from './request';

/**
 * When the newest sample behind an answer was taken, in milliseconds; of several objects and selectors, the one that
 * lags behind.
 * @param outcomes one for each of `plan.queries`
 * @returns nothing if the plan asks for no ages, or there is no sample
 */
export function newestSampleMs(plan: Plan, outcomes: readonly QueryOutcome[]): number | undefined {
  if (plan.kind === 'refused') return undefined;
  let oldest = Infinity;
  for (const outcome of outcomes.slice(outcomes.length - plan.ageQueries)) {
    if ('error' in outcome || outcome.type !== 'vector') return undefined;
    for (const { value } of outcome.samples) oldest = Math.min(oldest, value * 1000);
  }
  return Number.isFinite(oldest) ? oldest : undefined;
}

/** How old the samples behind an answer are, as the age queries of its plan tell. */
export class NewestSamples {
  private constructor(
    /** For each selector: object → when its newest sample was taken, in milliseconds. */
    private readonly times: readonly ReadonlyMap<string, number>[],
    private readonly maxAgeMs: number,
    private readonly atMs: number,
  ) {}

  /**
   * @param results of the plan's age queries
   * @returns nothing if there are none
   */
  static of(
    plan: CustomPlan | ExternalPlan,
    results: readonly (readonly QuerySample[])[],
    atMs: number,
  ): NewestSamples | undefined {
    const { staleness } = plan.settings;
    if (!staleness || results.length === 0) return undefined;
    const objectOf = ({ labels }: QuerySample): string =>
      plan.kind === 'custom' ? (labels[plan.label] ?? '') : '';
    const times = results.map(
      (samples) => new Map(samples.map((sample) => [objectOf(sample), sample.value * 1000])),
    );
    return new NewestSamples(times, staleness.maxSampleAgeMs, atMs);
  }

  /** When the newest sample of an object was taken, of several selectors the oldest of these; if all are known. */
  timeOf(object: string): number | undefined {
    const times = this.times.map((of) => of.get(object));
    const known = times.filter((time) => time !== undefined);
    return known.length === times.length ? Math.min(...known) : undefined;
  }

  /** Why an object's samples are too old, or nothing if they are not. */
  problemOf(object: string): string | undefined {
    const time = this.timeOf(object);
    if (time === undefined) return 'a selector finds no recent sample';
    const age = this.atMs - time;
    return age > this.maxAgeMs
      ? `the newest sample is ${formatMoment(age)} old, more than ${formatMoment(this.maxAgeMs)}`
      : undefined;
  }
}
