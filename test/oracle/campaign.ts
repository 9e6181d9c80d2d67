import { z } from 'zod';
import { type GenerateOptions, type LineServer, type OracleProgram } from './program';
import { judge, type Judged } from './judge';
import { type Json, shrink } from './shrink';

/** What came of many random scenarios. */
export interface Outcome {
  readonly scenarios: number;
  readonly syncs: number;
  readonly differing: number;
  /** The first few that differ. */
  readonly differences: readonly Found[];
}

/** A scenario in which the model and the real controller differ. */
export interface Found {
  /** As the oracle recorded it. */
  readonly line: string;
  readonly judged: Judged;
}

const MOST_KEPT = 5;

/** Lets the oracle make up scenarios, and compares each with the model. */
export async function campaign(
  program: OracleProgram,
  options: GenerateOptions,
  onProgress: (scenarios: number) => void = () => undefined,
): Promise<Outcome> {
  let [scenarios, syncs, differing] = [0, 0, 0];
  const differences: Found[] = [];
  for await (const line of program.generate(options)) {
    const judged = judge(line);
    scenarios += 1;
    syncs += judged.results.length;
    if (judged.difference) {
      differing += 1;
      if (differences.length < MOST_KEPT) differences.push({ line, judged });
    }
    onProgress(scenarios);
  }
  return { scenarios, syncs, differing, differences };
}

/**
 * The smallest scenario that differs in the same field, with the outcomes that the real controller gives it.
 * @param player an oracle in the mode `play`, with the feature gates of the scenario
 */
export async function smallest({ line, judged }: Found, player: LineServer): Promise<Found> {
  const field = judged.difference?.field;
  const replayed = new Map<Json, Found>();
  const { id, kubernetes, ...scenario } = recordingShape.parse(JSON.parse(line));
  const differs = async (candidate: Json): Promise<boolean> => {
    const found = await play(JSON.stringify({ id, kubernetes, ...fields(candidate) }), player);
    if (!found || found.judged.difference?.field !== field) return false;
    replayed.set(candidate, found);
    return true;
  };
  const reduced = await shrink(scenario, differs);
  return replayed.get(reduced) ?? { line, judged };
}

function fields(value: Json): object {
  return typeof value === 'object' && value !== null ? value : {};
}

const recordingShape = z.object({ id: z.string(), kubernetes: z.string() }).catchall(z.json());

/** Undefined if the candidate is not a scenario at all. */
async function play(candidate: string, player: LineServer): Promise<Found | undefined> {
  const line = await player.ask(candidate);
  try {
    return { line, judged: judge(line) };
  } catch {
    return undefined;
  }
}
