'use strict';
/**
 * How long the type checks take from nothing, and what memory: of all but clusters, with and without tests, and of
 * clusters, which bring the SDKs of clouds along. Next to each the compiler that builds the project.
 */
const { spawn } = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

const root = join(__dirname, '../..');
const LIMIT = { seconds: 4, megabytes: 1024 };
const EVERY = 20;

/** Resident memory of a process and all that it started, in MB. */
function memoryOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isBelow = (candidate) => {
    for (let at = candidate; at !== undefined && at > 1; at = parents.get(at)) if (at === pid) return true;
    return false;
  };
  const kilobytes = [...parents.keys()]
    .filter(isBelow)
    .map((id) => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${id}/status`))?.[1] ?? 0));
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Runs a compiler, with nothing remembered unless a file of it is named. */
function check(compiler, project, remembered) {
  const started = process.hrtime.bigint();
  const memory = remembered
    ? ['--incremental', 'true', '--tsBuildInfoFile', remembered]
    : ['--incremental', 'false', '--composite', 'false'];
  const args = [compiler, '-p', project, '--noEmit', ...memory];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, memoryOf(child.pid));
  }, EVERY);
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      clearInterval(watch);
      resolve({ seconds: Number(process.hrtime.bigint() - started) / 1e9, megabytes: most, code });
    });
  });
}

async function main() {
  const native = require
    .resolve('@typescript/native-preview/package.json')
    .replace('package.json', 'bin/tsgo');
  const classic = require.resolve('typescript/bin/tsc');
  const rows = [
    ['types without clusters and tests', native, 'tsconfig.build.json', LIMIT],
    ['  the same, with the compiler that builds', classic, 'tsconfig.build.json'],
    ['types without clusters, tests included', native, 'tsconfig.json'],
    ['types of clusters, all that they import included', native, 'constructs/clusters/tsconfig.json'],
  ];
  const remembered = join(mkdtempSync(join(tmpdir(), 'plimsoll-types-')), 'tsbuildinfo');
  await check(native, 'tsconfig.build.json', remembered);
  rows.splice(1, 0, ['  the same, as the second time', native, 'tsconfig.build.json', LIMIT, remembered]);
  for (const [what, compiler, project, limit, file] of rows) {
    const { seconds, megabytes, code } = await check(compiler, project, file);
    const share = limit
      ? `   limits ${limit.seconds} s and ${limit.megabytes} MB, uses ${((seconds / limit.seconds) * 100).toFixed(0)} % and ${((megabytes / limit.megabytes) * 100).toFixed(0)} %`
      : '';
    console.log(
      `${what.padEnd(58)} ${seconds.toFixed(3).padStart(9)} s ${megabytes.toFixed(0).padStart(6)} MB${share}`,
    );
    if (code !== 0) process.exitCode = 1;
  }
  rmSync(dirname(remembered), { recursive: true });
}

void main();
