'use strict';
/** shellcheck over the shell scripts of the project and those that it generates for its stacks. */
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { trackedFiles } = require('./tracked-files');

const available = spawnSync('shellcheck', ['--version']).status === 0;
if (!available && !process.env.CI) {
  console.log('notice: shell scripts not checked: install shellcheck (Debian: apt-get install shellcheck)');
  process.exit(0);
}

const output = mkdtempSync(join(tmpdir(), 'plimsoll-lint-'));
try {
  const plimsoll = join(__dirname, '../cli/bin/plimsoll.js');
  const stacks = JSON.parse(run(process.execPath, [plimsoll, 'list', '--json']));
  for (const { name, options } of stacks) {
    // Without a registry install.sh only says that it needs one, and shellcheck sees that nothing after that runs.
    const registry = options.some((option) => option.name === 'registry')
      ? ['--set', 'registry=registry.example.com']
      : [];
    run(process.execPath, [plimsoll, 'synth', name, ...registry, '--output', output]);
  }
  const generated = readdirSync(output, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.sh'))
    .map((file) => join(output, file));
  const files = [...trackedFiles('*.sh', '.ci/run'), ...generated];
  const { status, stdout, stderr } = spawnSync('shellcheck', files, { encoding: 'utf8' });
  console.log(`${stdout}${stderr}${files.length} shell scripts checked`);
  process.exitCode = status === 0 ? 0 : 1;
} finally {
  rmSync(output, { recursive: true, force: true });
}

function run(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}
