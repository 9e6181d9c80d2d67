import {
  AGGREGATORS,
  ARITHMETIC_OPERATORS,
  COMPARISON_OPERATORS,
  SET_OPERATORS,
} from '../../../core/promql/language/ast';
import { FUNCTIONS } from '../../../core/promql/language/signatures';
import { type Feature, FEATURES, SERVER_FEATURES } from '../../../core/promqltest';
import { type Comparison, compareWithPrometheus, type Found } from './differential';
import { prometheusVersion } from './module';

/** Another seed repeats nothing, another count a part or more: `SEED=7 COUNT=100000 npm run test:conformance -- differential`. */
const SEED = Number(process.env['SEED'] ?? 1);
const COUNT = Number(process.env['COUNT'] ?? 6000);
const TIMEOUT_MS = 10 * 60_000 + COUNT * 50;

/** What queries are made of that any server evaluates. */
const PLAIN = [
  ...Object.entries(FUNCTIONS).flatMap(([name, signature]) => ('experimental' in signature ? [] : [name])),
  ...AGGREGATORS.filter((name) => !name.startsWith('limit')),
  ...[...ARITHMETIC_OPERATORS, ...COMPARISON_OPERATORS, ...SET_OPERATORS],
  ...['one-to-one', 'many-to-one', 'one-to-many', 'many-to-many', 'unary', 'subquery', '@', 'offset'],
];
const EVERYTHING = [...PLAIN, ...Object.keys(FUNCTIONS), ...AGGREGATORS, 'anchored', 'smoothed', 'fill'];
/** Functions of native histograms, of which there are none: they find nothing. */
const NEVER_FOUND = new Set(
  ['avg', 'count', 'sum', 'stddev', 'stdvar'].map((statistic) => `histogram_${statistic}`),
);

function summary(comparison: Comparison): string {
  const { queries, nonEmpty, values, errors, annotated, ambiguous, rounded, differences } = comparison;
  return (
    `${queries} queries, ${nonEmpty} with ${values} values, ${errors} with the same error, ` +
    `${annotated} with warnings or infos; ${differences.length} differ. ` +
    `Not judged: ${ambiguous} that Prometheus answers this way and that, ${rounded} that hang on the last bit.\n`
  );
}

/** So that somebody who started a long comparison sees that it goes on. */
function progress(done: number): void {
  if (process.stderr.isTTY && done % 1000 === 0) process.stderr.write(`${done} of ${COUNT}\r`);
}

function told({ question, difference }: Found): string {
  return `${JSON.stringify(question)}\n${difference}`;
}

describe(`random queries to Prometheus ${prometheusVersion()} and to the engine, seed ${SEED}`, () => {
  it.each<readonly [flags: string, features: readonly Feature[], parts: readonly string[]]>([
    ['without flags', SERVER_FEATURES, PLAIN],
    ['with all features', FEATURES, EVERYTHING],
  ])(
    `have the same ${COUNT} answers %s`,
    async (_, features, parts) => {
      const comparison = await compareWithPrometheus({ seed: SEED, queries: COUNT, features, progress });
      process.stdout.write(summary(comparison));
      expect(comparison.differences.map(told)).toEqual([]);
      // A comparison of nothing with nothing proves little.
      expect(comparison.nonEmpty / comparison.queries).toBeGreaterThan(0.55);
      expect(comparison.ambiguous / comparison.queries).toBeLessThan(0.01);
      expect(comparison.rounded / comparison.queries).toBeLessThan(0.005);
      const missed = parts.filter((part) => !comparison.reached.has(part) && !NEVER_FOUND.has(part));
      expect(COUNT < 5000 ? [] : missed).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
