'use strict';
/** Compiles the project to build/: `node scripts/build.js` always, `ensureBuilt` when a source is newer than that. */
const { spawnSync } = require('node:child_process');
const {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

const root = join(__dirname, '..');
/** Its time is the moment the last successful compilation began. */
const stamp = join(root, 'build/.compiled');
const folders = ['core', 'apps', 'constructs', 'synth', 'rehearsal', 'report', 'stacks', 'cli'];
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package.json'];

/** Compiles; on errors prints what the compiler says and exits with code 2. */
function build() {
  const began = new Date();
  const tsc = require.resolve('typescript/bin/tsc');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    process.stderr.write(`${stdout}${stderr}plimsoll does not compile: see above\n`);
    process.exit(2);
  }
  for (const folder of folders) prune(folder);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
}

/** Compiles if any source changed after the last compilation. */
function ensureBuilt() {
  const compiled = changedAt(stamp);
  const changed = settings.some((file) => changedAt(join(root, file)) > compiled) || folders.some(hasNewer);
  if (!changed) return;
  process.stderr.write('plimsoll: compiling, because a source changed\n');
  build();

  function hasNewer(folder) {
    return sourcesIn(join(root, folder)).some((file) => changedAt(file) > compiled);
  }
}

/** Removes what was compiled of sources that are gone: `name.js` would be found before `name/index.js`. */
function prune(folder) {
  for (const entry of entries(join(root, 'build', folder))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) prune(path);
    else if (path.endsWith('.js') && !existsSync(join(root, path.replace(/js$/, 'ts'))))
      rmSync(join(root, 'build', path));
  }
}

function sourcesIn(folder) {
  return entries(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function entries(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

module.exports = { ensureBuilt };
if (require.main === module) build();
