import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { messageOf, UsageError } from '../../core/errors';
import { prepare } from './prepare';
import { findRun, runs } from './runs';
import type { RunDefinition } from './runs/run';
import { inNamespaces } from './sandbox/enter';
import { requireTools } from './tools';

const ROOT = __dirname.replace(/([\\/])build\1test\1e2e$/, '').replace(/[\\/]test[\\/]e2e$/, '');
const RESULTS = join(ROOT, 'build/e2e/runs');
const INSIDE = join(__dirname, 'inside.js');

const USAGE = `npm run e2e -- [RUN...] [--jobs N] [--factor N] [--keep] [--list]

Runs stacks on a real cluster of real processes, without a container engine, and lays each over its rehearsal.
Without a name all runs. Results of each run are in build/e2e/runs/RUN: what was applied, logs of every process,
timelines, charts.

  --jobs N    so many at a time; they disturb each other where the machine is small
  --factor N  how much faster than by the clock periods are; 1 for real ones
  --keep      leave the cluster of the run up until Ctrl-C, and say how to look around
  --list      name the runs

Exit code 0 if everything agrees, 1 if not, 2 if it cannot be run.`;

const outcomes = z.array(z.object({ name: z.string(), met: z.boolean(), detail: z.string() }));

interface Summary {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly seconds: number;
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) return say(USAGE);
  if (values.list) return say(runs.map(({ name, summary }) => `${name.padEnd(18)} ${summary}`).join('\n'));
  const chosen = positionals.length > 0 ? positionals.map(findRun) : runs;
  if (values.keep && chosen.length !== 1) throw new UsageError('--keep is for one run: name it');
  requireTools();
  prepare(chosen);
  const summaries: Summary[] = [];
  // The runs that are on hear of it too, and end; no other one begins.
  let ended = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (ended = true));
  const jobs = Math.min(chosen.length, Math.floor(readNumber('--jobs', values.jobs)));
  // With several at a time, none that takes long is left for the end.
  const left = jobs > 1 ? chosen.toSorted((a, b) => lengthOf(b) - lengthOf(a)) : [...chosen];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next && !ended; next = left.shift()) {
      summaries.push(await one(next.name, values));
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return report(summaries);
}

/** How long the run watches its stack, in milliseconds. */
function lengthOf(run: RunDefinition): number {
  return run.lastsMs(run.factor);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        jobs: { type: 'string', default: '1' },
        factor: { type: 'string' },
        keep: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${messageOf(error)}\n\n${USAGE}`);
  }
}

async function one(
  name: string,
  { factor, keep }: { readonly factor?: string | undefined; readonly keep: boolean },
): Promise<Summary> {
  const folder = join(RESULTS, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const began = performance.now();
  const words = [`--run=${name}`, `--folder=${folder}`];
  if (factor !== undefined) words.push(`--factor=${readNumber('--factor', factor)}`);
  if (keep) words.push('--keep');
  const code = await inNamespaces(INSIDE, words, join(folder, 'pid'));
  const seconds = (performance.now() - began) / 1000;
  const file = join(folder, 'outcomes.json');
  if (!existsSync(file)) {
    return {
      name,
      seconds,
      passed: 0,
      failed: [`it did not come to an end (exit ${code}); logs: ${folder}/logs`],
    };
  }
  const all = outcomes.parse(JSON.parse(readFileSync(file, 'utf8')));
  const failed = all.filter(({ met }) => !met).map((outcome) => `${outcome.name}: ${outcome.detail}`);
  return { name, seconds, passed: all.length - failed.length, failed };
}

function readNumber(option: string, text: string): number {
  const number = Number(text);
  if (!(number >= 1)) throw new UsageError(`${option} ${text}: a number from 1 on`);
  return number;
}

function report(summaries: readonly Summary[]): number {
  const lines = summaries.flatMap(({ name, passed, failed, seconds }) => [
    `${name.padEnd(18)} ${String(passed).padStart(3)} passed ${String(failed.length).padStart(3)} failed ${seconds.toFixed(0).padStart(5)} s   ${RESULTS}/${name}/comparison.html`,
    ...failed.map((text) => `  ✗ ${text}`),
  ]);
  const passed = summaries.reduce((sum, one) => sum + one.passed, 0);
  const failed = summaries.reduce((sum, one) => sum + one.failed.length, 0);
  say([...lines, `${passed} checks passed, ${failed} checks failed`].join('\n'));
  return failed === 0 ? 0 : 1;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

main()
  .then((code) => {
    process.exitCode = code;
  })
  .catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
  });
