'use strict';
/**
 * Builds the images of `apps/`: `npm run image -- [NAME...] [OPTION...]`, all of them without a name. Prints one line
 * per image with its size and the time it took, and what the builder said of those that failed. Exit code 1 if any did.
 * Bases that images.lock.json has a digest for are built from by that digest.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { version } = require('../package.json');
const { baseArguments, readLock, withDigest } = require('./image-lock');

const root = join(__dirname, '..');
const BUILDERS = ['docker', 'podman', 'buildah'];
const usage = `npm run image -- [NAME...] [OPTION...]

--base IMAGE          instead of the image with Node and npm that the Dockerfiles name
--runtime-base IMAGE  instead of the image with Node alone, for the adapter
--go-base IMAGE       instead of the Go image, for the load test
--builder NAME        ${BUILDERS.join(', ')}; default: the first that answers
--option WORD         one more word for the builder's "build"; may be repeated
`;

const { values, positionals } = options();
const known = readdirSync(join(root, 'apps')).filter((name) => existsSync(dockerfile(name)));
const strange = positionals.find((name) => !known.includes(name));
if (strange !== undefined) refuse(`no image "${strange}"; there are ${known.join(', ')}`);
const builder = values.builder ?? BUILDERS.find(answers);
if (builder === undefined) refuse(`none of ${BUILDERS.join(', ')} answers`);
const lock = readLock();

let failed = 0;
for (const name of positionals.length > 0 ? positionals : known) {
  const reference = `plimsoll/${name}:${version}`;
  const started = process.hrtime.bigint();
  const built = run(builder, [
    'build',
    '--tag',
    reference,
    ...chosen(name),
    '--file',
    dockerfile(name),
    root,
  ]);
  const seconds = `${(Number(process.hrtime.bigint() - started) / 1e9).toFixed(1)} s`;
  const good = built.status === 0;
  console.log(
    `${good ? 'built ' : 'FAILED'} ${reference.padEnd(32)} ${(good ? size(reference) : '').padStart(9)} ${seconds}`,
  );
  if (!good) {
    failed += 1;
    console.log(`${built.stdout}${built.stderr}`.trim());
  }
}
process.exitCode = failed === 0 ? 0 : 1;

function options() {
  const text = { type: 'string' };
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        base: text,
        'runtime-base': text,
        'go-base': text,
        builder: text,
        option: { ...text, multiple: true },
      },
    });
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(message) {
  process.stderr.write(`${message}\n\n${usage}`);
  process.exit(2);
}

function dockerfile(name) {
  return join(root, 'apps', name, 'Dockerfile');
}

/** Words for the builder: bases that the command line or the lock names, what labels say, and options. */
function chosen(name) {
  const { base, 'runtime-base': runtimeBase, 'go-base': goBase, option = [] } = values;
  const replaced = { BASE: base, RUNTIME_BASE: runtimeBase, GO_BASE: goBase };
  const declared = readFileSync(dockerfile(name), 'utf8');
  const bases = baseArguments(declared).flatMap(({ argument, reference }) => {
    const locked = lock[reference] === undefined ? undefined : withDigest(reference, lock[reference]);
    const image = replaced[argument] ?? locked;
    return image === undefined ? [] : [[argument, image]];
  });
  const labels = Object.entries({ VERSION: version, REVISION: revision() }).filter(
    ([argument, value]) => value !== undefined && declared.includes(`ARG ${argument}=`),
  );
  return [
    ...[...bases, ...labels].flatMap(([argument, value]) => ['--build-arg', `${argument}=${value}`]),
    ...option,
  ];
}

/** The commit that is built, marked if files differ from it; undefined where there is no git. */
function revision() {
  const { status, stdout } = spawnSync(
    'git',
    ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return status === 0 ? stdout.trim() : undefined;
}

/** Docker has a client that is nothing without its daemon. */
function answers(command) {
  return (
    run(command, command === 'docker' ? ['version', '--format', '{{.Server.Version}}'] : ['version'])
      .status === 0
  );
}

/** As the builder prints it, all layers together. */
function size(reference) {
  const { stdout } = run(builder, ['images', '--format', '{{.Size}}', reference]);
  return stdout.trim().split('\n').at(-1) ?? '';
}

function run(command, args) {
  return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}
