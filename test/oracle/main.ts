import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differenceText } from '../../report';
import { campaign, type Found, smallest } from './campaign';
import { type GenerateOptions, OracleProgram } from './program';
import { findVersion, moduleVersion, ORACLE_FOLDER, ORACLE_VERSIONS } from './versions';

const USAGE = `npm run oracle -- [--kubernetes 1.36,1.37] [--scenarios 1000] [--syncs 25] [--seed N]
  [--feature-gates A=true,B=false] [--controller-flags] [--restarts]

Lets the HorizontalPodAutoscaler controllers of these Kubernetes versions (default: ${ORACLE_VERSIONS.map(({ kubernetes }) => kubernetes).join(', ')})
run through random scenarios in virtual time, and compares every sync with the model. Scenarios that differ are reduced
to their smallest form, printed, and written to build/oracle/.`;

const PROGRESS_EVERY = 1000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kubernetes: { type: 'string', default: ORACLE_VERSIONS.map(({ kubernetes }) => kubernetes).join(',') },
      scenarios: { type: 'string', default: '1000' },
      syncs: { type: 'string', default: '25' },
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      'feature-gates': { type: 'string' },
      'controller-flags': { type: 'boolean', default: false },
      restarts: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const gates = values['feature-gates'];
  const options: GenerateOptions = {
    seed: Number(values.seed),
    count: Number(values.scenarios),
    syncs: Number(values.syncs),
    controllerFlags: values['controller-flags'],
    restarts: values.restarts,
    ...(gates === undefined ? {} : { featureGates: gates }),
  };
  let differing = 0;
  for (const kubernetes of values.kubernetes.split(',')) differing += await compare(kubernetes, options);
  return differing === 0 ? 0 : 1;
}

/** @returns how many scenarios differ */
async function compare(kubernetes: string, options: GenerateOptions): Promise<number> {
  const version = findVersion(kubernetes);
  const name = `Kubernetes ${moduleVersion(version)}`;
  process.stdout.write(`${name}: building\n`);
  const program = OracleProgram.build(version);
  const began = Date.now();
  const { scenarios, syncs, differing, differences } = await campaign(program, options, (done) => {
    if (done % PROGRESS_EVERY === 0) process.stderr.write(`\r${name}: ${done} of ${options.count}`);
  });
  process.stderr.write('\r');
  for (const found of differences) await explain(program, found, options.featureGates);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    `${name}, seed ${options.seed}: ${scenarios} scenarios, ${syncs} syncs, ${differing} scenarios differ (${seconds} s)\n`,
  );
  return differing;
}

async function explain(program: OracleProgram, found: Found, featureGates?: string): Promise<void> {
  const player = program.answer('play', featureGates);
  const { line, judged } = await smallest(found, player);
  await player.finish();
  const folder = join(ORACLE_FOLDER, '../../build/oracle');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${judged.recording.id.replaceAll('/', '-')}.jsonl`);
  writeFileSync(file, `${line}\n`);
  if (judged.difference) {
    const style = { color: false, width: 120 };
    process.stdout.write(`${differenceText(judged.recording, judged.results, judged.difference, style)}\n`);
  }
  process.stdout.write(`  written to ${file}\n\n`);
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`\noracle: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  },
);
