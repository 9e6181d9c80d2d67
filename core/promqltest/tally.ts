import { type CaseResult } from './run-script';

/** How many cases of a script came out how. */
export interface ScriptTally {
  readonly cases: number;
  readonly passed: number;
  readonly failed: number;
  /** By reason, in the order of the reasons. */
  readonly skipped: ReadonlyMap<string, number>;
}

/** Counts results. */
export function tally(results: readonly CaseResult[]): ScriptTally {
  const skipped = new Map<string, number>();
  for (const result of results) {
    if (result.status === 'skipped') skipped.set(result.reason, (skipped.get(result.reason) ?? 0) + 1);
  }
  const count = (status: CaseResult['status']): number =>
    results.filter((result) => result.status === status).length;
  return {
    cases: results.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: new Map([...skipped].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
