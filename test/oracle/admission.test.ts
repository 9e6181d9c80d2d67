import { randomInt } from 'node:crypto';
import { hpaConfig } from '../../core/hpa';
import { type FeatureGates } from '../../core/hpa/config/config';
import { compare, type Comparison } from './admission/comparison';
import { Dice } from './admission/dice';
import { judgeSelector } from './admission/judge-selector';
import { judgeSpec } from './admission/judge-spec';
import { selectorQuestion } from './admission/selectors';
import { specQuestion } from './admission/specs';
import { OracleProgram } from './program';
import { findVersion } from './versions';

/** `ORACLE_SEED` repeats a run that failed: the seed stands in the names of the tests. */
const seed = Number(process.env['ORACLE_SEED'] ?? randomInt(2 ** 31));

/** Versions built here, as for the scenarios. */
const VERSIONS = ['1.32', '1.34', '1.36', '1.37'];
const SPECS = 3000;
const SELECTORS = 3000;
/** The least share of the questions that must get each kind of answer, for a comparison to say anything. */
const LEAST_SHARE = 0.1;
/** Kubernetes has the field `tolerance` since this minor version. */
const TOLERANCE_SINCE = 33;

/** An API server that is asked. */
interface Setting {
  readonly kubernetes: string;
  readonly what: string;
  readonly featureGates: Partial<FeatureGates>;
}

/** Every version as it comes, and feature gates where they make a difference. */
const SETTINGS: readonly Setting[] = [
  ...VERSIONS.map((kubernetes) => ({ kubernetes, what: 'default feature gates', featureGates: {} })),
  {
    kubernetes: '1.34',
    what: 'configurable tolerance',
    featureGates: { HPAConfigurableTolerance: true },
  },
  {
    kubernetes: '1.36',
    what: 'no configurable tolerance',
    featureGates: { HPAConfigurableTolerance: false },
  },
  { kubernetes: '1.36', what: 'scale to zero', featureGates: { HPAScaleToZero: true } },
  { kubernetes: '1.37', what: 'no scale to zero', featureGates: { HPAScaleToZero: false } },
];

const programs = new Map<string, OracleProgram>();

function programFor(kubernetes: string): OracleProgram {
  const built = programs.get(kubernetes) ?? OracleProgram.build(findVersion(kubernetes));
  programs.set(kubernetes, built);
  return built;
}

/** Random numbers of one test: others than any other test of the suite has, from the same seed. */
function diceOf(test: number): Dice {
  return new Dice(seed + test * 2 ** 32);
}

function compareSpecs({ kubernetes, featureGates }: Setting, dice: Dice): Promise<Comparison> {
  const config = hpaConfig({ kubernetes, featureGates });
  const questions = Array.from({ length: SPECS }, () => specQuestion(dice, config.minor >= TOLERANCE_SINCE));
  const gates = Object.entries(featureGates).map(([gate, open]) => `${gate}=${open}`);
  const server = programFor(kubernetes).answer('admit', gates.join(','));
  return compare(server, questions, (question, answer) => judgeSpec(question, answer, config));
}

function compareSelectors(kubernetes: string, dice: Dice): Promise<Comparison> {
  const { minor } = hpaConfig({ kubernetes });
  const questions = Array.from({ length: SELECTORS }, () => selectorQuestion(dice));
  const server = programFor(kubernetes).answer('admit');
  return compare(server, questions, (question, answer) => judgeSelector(question, answer, minor));
}

function expectAgreement({ answers, report }: Comparison, kinds: readonly string[]): void {
  if (report !== undefined) throw new Error(report);
  const counts = kinds.map((kind) => answers[kind] ?? 0);
  const asked = counts.reduce((sum, count) => sum + count, 0);
  expect(Math.min(...counts) / asked).toBeGreaterThan(LEAST_SHARE);
}

describe('the model says what the API server says', () => {
  it.each(SETTINGS)(
    `to autoscalers: Kubernetes $kubernetes, $what, ${SPECS} random specs of seed ${seed}`,
    async (setting) => {
      const dice = diceOf(SETTINGS.indexOf(setting));
      expectAgreement(await compareSpecs(setting, dice), ['stored', 'refused', 'undecodable']);
    },
  );

  it.each(VERSIONS)(
    `to selectors: Kubernetes %s, ${SELECTORS} random selectors of seed ${seed}`,
    async (kubernetes) => {
      const dice = diceOf(VERSIONS.indexOf(kubernetes));
      expectAgreement(await compareSelectors(kubernetes, dice), ['matches', 'does not match', 'refused']);
    },
  );
});
