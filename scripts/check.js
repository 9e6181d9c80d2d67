'use strict';
/**
 * `npm run check`: everything about the code that can be judged without running it.
 * Prints one line per check with its time, and the output of what failed. Exit code 1 if anything did.
 */
const { spawn } = require('node:child_process');
const { availableParallelism } = require('node:os');

const node = process.execPath;
const bin = (name) => ['npx', '--no-install', name];

/** Folders with Pulumi in them: judged by themselves, as both together take more memory than Node has. */
const withPulumi = ['constructs/clusters', 'stacks/pulumi', 'test/clusters', 'test/pulumi'];

/** @type {readonly (readonly [string, readonly string[]])[]} */
const checks = [
  ['types', [...bin('tsgo'), '-p', 'tsconfig.json']],
  ['types of clusters', [...bin('tsgo'), '-p', 'constructs/clusters/tsconfig.json']],
  [
    'lint',
    [
      ...bin('eslint'),
      '.',
      ...withPulumi.flatMap((folder) => ['--ignore-pattern', folder]),
      '--max-warnings=0',
    ],
  ],
  ['lint of clusters', [...bin('eslint'), ...withPulumi, '--max-warnings=0']],
  [
    'import direction',
    [
      ...bin('depcruise'),
      '--output-type',
      'err',
      'core',
      'apps',
      'constructs',
      'synth',
      'rehearsal',
      'report',
      'stacks',
      'cli',
      'test',
    ],
  ],
  ['format', [...bin('prettier'), '--check', '--log-level=warn', '.']],
  ['dead code', [...bin('knip'), '--no-progress']],
  ['Dockerfiles', [node, 'scripts/lint-dockerfiles.js']],
  ['shell', [node, 'scripts/lint-shell.js']],
];

let failed = 0;

/** Runs one check and says what came of it. */
function run([name, [command, ...args]]) {
  const started = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (text) => (output[stream] += text));
    }
    // A program that does not start has this as well as an end.
    child.once('error', (error) => (output.stderr += error.message));
    child.once('close', (status) => resolve(said(name, started, status, output)));
  });
}

function said(name, started, status, { stdout, stderr }) {
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(18)} ${seconds.toFixed(1)} s`);
  if (status === 0) {
    const notice = stdout.split('\n').filter((line) => line.startsWith('notice:'));
    if (notice.length > 0) console.log(notice.join('\n'));
  } else {
    failed += 1;
    console.log([stdout, stderr].join('\n').trim());
  }
}

/** Takes one check after another until there are none: the longest are not last. */
async function worker(left) {
  for (let next = left.shift(); next; next = left.shift()) await run(next);
}

const left = [...checks];
// No more: the two runs of ESLint take some gigabytes each.
const workers = Math.min(2, availableParallelism());
Promise.all(Array.from({ length: workers }, () => worker(left))).then(() => {
  console.log(`${checks.length - failed} checks passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
});
