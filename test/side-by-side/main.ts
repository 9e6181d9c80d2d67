import { parseArgs } from 'node:util';
import { documentedConfigurations, generatedConfigurations } from './configurations';
import { fixedConfigurations } from './fixed-configurations';
import { reportText } from './report';
import { SideBySide } from './side-by-side';

const USAGE = `npm run side-by-side -- [--candidate ours|upstream] [--configurations 300] [--seed N] [--only TEXT]

Asks prometheus-adapter and the candidate the same questions, under every configuration of prometheus-adapter's
documentation and under generated ones, and prints how the answers differ; with --only, under those with the text in their names.
Exit code 1 if they differ in a way that is not known.`;

const SEED = 20_261_126;
const PROGRESS_EVERY = 25;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      candidate: { type: 'string', default: 'ours' },
      configurations: { type: 'string', default: '300' },
      seed: { type: 'string', default: String(SEED) },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const { candidate } = values;
  if (candidate !== 'ours' && candidate !== 'upstream') throw new Error(`--candidate ${candidate}\n${USAGE}`);
  const configurations = [
    ...fixedConfigurations(),
    ...documentedConfigurations(),
    ...generatedConfigurations(Number(values.configurations), Number(values.seed)),
  ].filter(({ name }) => name.includes(values.only));
  const pair = await SideBySide.start(candidate);
  try {
    const outcome = await pair.compare(configurations, (done) => {
      if (done % PROGRESS_EVERY !== 0) return;
      const seconds = (performance.now() / 1000).toFixed(0);
      process.stderr.write(`[${seconds} s] ${done} of ${configurations.length} configurations\n`);
    });
    process.stdout.write(`${reportText(outcome)}\n`);
    return outcome.findings.length === 0 ? 0 : 1;
  } finally {
    await pair.stop();
  }
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  });
