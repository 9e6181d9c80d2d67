import fc from 'fast-check';

/** Inputs of each comparison; more with `CONFORMANCE_RUNS`. */
const RUNS = Number(process.env['CONFORMANCE_RUNS'] ?? 10_000);
/** Repeats a campaign. */
const SEED = Number(process.env['CONFORMANCE_SEED'] ?? 20_260_829);

/** What a campaign went through, by outcome, so that a comparison that never gets anywhere is seen. */
export type Tally = Map<string, number>;

/**
 * Compares both sides on random inputs; a difference is shrunk, and thrown with the seed.
 * @param excused whether a difference is one that is known and said out loud
 * @returns how often each outcome was seen
 */
export async function compare<Input, Side>(
  arbitrary: fc.Arbitrary<Input>,
  ours: (input: Input) => Side,
  theirs: (input: Input) => Promise<Side>,
  outcome: (side: Side) => string,
  excused: (mine: Side, theirs: Side, input: Input) => boolean = () => false,
): Promise<Tally> {
  const tally: Tally = new Map();
  const property = fc.asyncProperty(arbitrary, async (input) => {
    const [mine, upstream] = [ours(input), await theirs(input)];
    const name = outcome(mine);
    tally.set(name, (tally.get(name) ?? 0) + 1);
    if (!excused(mine, upstream, input)) expect(mine).toEqual(upstream);
  });
  await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: false });
  return tally;
}

/** Says what was compared. */
export function report(what: string, tally: Tally): void {
  const counts = [...tally].sort().map(([outcome, count]) => `${count} ${outcome}`);
  process.stdout.write(`  ${what}: ${RUNS} compared, 0 differences (${counts.join(', ')})\n`);
}

export const seed = SEED;
