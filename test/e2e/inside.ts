import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../../core/errors';
import { openImages } from './images';
import { findRun } from './runs';
import { play } from './runs/play';

/** One run, as the first program of its namespaces; `main.ts` starts it. */
async function inside(): Promise<number> {
  const { values } = parseArgs({
    options: {
      run: { type: 'string', default: '' },
      folder: { type: 'string', default: '' },
      factor: { type: 'string', default: '' },
      keep: { type: 'boolean', default: false },
    },
  });
  const run = findRun(values.run);
  const { folder } = values;
  const factor = values.factor === '' ? run.factor : Number(values.factor);
  const say = (text: string): void => {
    const seconds = (performance.now() / 1000).toFixed(1).padStart(6);
    process.stdout.write(
      `${text
        .split('\n')
        .map((line) => `[${run.name} ${seconds} s] ${line}`)
        .join('\n')}\n`,
    );
  };
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => reject(new Error(`ended by ${signal}`)));
    }
  });
  // Whoever waits for it hears of it; nobody may.
  interrupted.catch(() => undefined);
  const played = play({
    ...{ run, factor, folder, say },
    images: openImages(),
    beforeEnd: async () => {
      if (!values.keep) return;
      say(`the cluster stays up until Ctrl-C. In another terminal:\n${lookAround(folder)}`);
      await interrupted.catch(() => undefined);
    },
  });
  const outcomes = await (values.keep ? played : Promise.race([played, interrupted]));
  writeFileSync(join(folder, 'outcomes.json'), JSON.stringify(outcomes, undefined, 2));
  return outcomes.every(({ met }) => met) ? 0 : 1;
}

function lookAround(folder: string): string {
  const enter = `nsenter --target "$(cat ${folder}/pid)" --net --mount`;
  return [
    `  export KUBECONFIG=${folder}/kubeconfig`,
    `  ${enter} build/control-plane/kubectl get pods,hpa --all-namespaces`,
    `  logs of all processes: ${folder}/logs`,
  ].join('\n');
}

inside()
  .then((code) => process.exit(code))
  .catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  });
