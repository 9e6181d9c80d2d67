import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { differenceText } from '../../report';
import { campaign, type Found, type Outcome } from './campaign';
import { type GenerateOptions, OracleProgram } from './program';
import { judge } from './judge';
import { findVersion, ORACLE_FOLDER } from './versions';

/** `ORACLE_SEED` repeats a run that failed: the seed stands in the names of the tests. */
const seed = Number(process.env['ORACLE_SEED'] ?? randomInt(2 ** 31));

/** Versions built here; `npm run oracle` compares all. */
const VERSIONS = ['1.28', '1.32', '1.34', '1.36', '1.37'];
const SCENARIOS = 1000;
const VARIANT_SCENARIOS = 400;
/** Always the same scenarios, which reach every branch of the model: the coverage depends on no chance. */
const KNOWN_SEED = 1;
const KNOWN_SCENARIOS = 600;

/** Settings other than the defaults, each where it makes a difference. */
const VARIANTS: readonly (readonly [kubernetes: string, what: string, options: Partial<GenerateOptions>])[] =
  [
    ['1.32', 'scale to zero', { featureGates: 'HPAScaleToZero=true' }],
    ['1.34', 'configurable tolerance', { featureGates: 'HPAConfigurableTolerance=true' }],
    ['1.34', 'no pod-level resources', { featureGates: 'PodLevelResources=false' }],
    ['1.36', 'scale to zero', { featureGates: 'HPAScaleToZero=true' }],
    ['1.36', 'no configurable tolerance', { featureGates: 'HPAConfigurableTolerance=false' }],
    ['1.36', 'other flags of the controller', { controllerFlags: true }],
    ['1.37', 'no scale to zero', { featureGates: 'HPAScaleToZero=false' }],
    ['1.37', 'restarts and other flags', { restarts: true, controllerFlags: true }],
  ];

const programs = new Map<string, OracleProgram>();

function programFor(kubernetes: string): OracleProgram {
  const built = programs.get(kubernetes) ?? OracleProgram.build(findVersion(kubernetes));
  programs.set(kubernetes, built);
  return built;
}

const recordingShape = z.object({
  kubernetes: z.string(),
  featureGates: z.record(z.string(), z.boolean()).default({}),
});

/** The recordings that the unit tests replay. */
function keptRecordings(): {
  readonly line: string;
  readonly kubernetes: string;
  readonly featureGates: string;
}[] {
  const folder = join(ORACLE_FOLDER, '../core/hpa/recordings');
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').trim().split('\n'),
  );
  return lines.map((line) => {
    const { kubernetes, featureGates } = recordingShape.parse(JSON.parse(line));
    const gates = Object.entries(featureGates).map(([gate, open]) => `${gate}=${open}`);
    return { line, kubernetes, featureGates: gates.join(',') };
  });
}

function summary({ scenarios, differences }: Outcome): object {
  return { scenarios, differences: differences.map(textOf) };
}

function textOf({ judged: { recording, results, difference } }: Found): string {
  return difference ? differenceText(recording, results, difference, { color: false, width: 120 }) : '';
}

describe('the model does what the real controller does', () => {
  it.each(VERSIONS)(`Kubernetes %s, ${SCENARIOS} random scenarios of seed ${seed}`, async (kubernetes) => {
    const outcome = await campaign(programFor(kubernetes), { seed, count: SCENARIOS });
    expect(summary(outcome)).toEqual({ scenarios: SCENARIOS, differences: [] });
  });

  it.each(VERSIONS)(`Kubernetes %s, ${KNOWN_SCENARIOS} known scenarios`, async (kubernetes) => {
    const outcome = await campaign(programFor(kubernetes), { seed: KNOWN_SEED, count: KNOWN_SCENARIOS });
    expect(summary(outcome)).toEqual({ scenarios: KNOWN_SCENARIOS, differences: [] });
  });

  it.each(VERSIONS)('Kubernetes %s, the recordings that are kept', async (kubernetes) => {
    const kept = keptRecordings().filter((recording) => recording.kubernetes === kubernetes);
    expect(kept.length).toBeGreaterThan(0);
    for (const { line, featureGates } of kept) {
      const player = programFor(kubernetes).answer('play', featureGates);
      const [played = ''] = await player.finish([line]);
      expect(JSON.parse(played)).toEqual(JSON.parse(line));
      expect(judge(line).difference).toBeUndefined();
    }
  });

  it.each(VARIANTS)(
    `Kubernetes %s, %s, ${VARIANT_SCENARIOS} random scenarios of seed ${seed}`,
    async (kubernetes, _what, options) => {
      const outcome = await campaign(programFor(kubernetes), { seed, count: VARIANT_SCENARIOS, ...options });
      expect(summary(outcome)).toEqual({ scenarios: VARIANT_SCENARIOS, differences: [] });
    },
  );
});
