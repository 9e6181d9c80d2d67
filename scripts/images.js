'use strict';
/**
 * Builds the images of `apps/`: `npm run images -- [NAME...] [OPTION...]`, all of them without a name. Prints one line
 * per image with its size and the time it took, and what the builder said of those that failed. Exit code 1 if any did.
 */
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { version } = require('../package.json');

const root = join(__dirname, '..');
const usage = `npm run images -- [NAME...] [--base IMAGE] [--go-base IMAGE] [--builder docker|buildah] [--option WORD]...

--base      instead of the Node image that the Dockerfiles name
--go-base   instead of the Go image, for the load test
--builder   default: docker if it answers, else buildah
--option    one more word for the builder's "build"; may be repeated
`;

const { values, positionals } = options();
const known = readdirSync(join(root, 'apps')).filter((name) => existsSync(dockerfile(name)));
const strange = positionals.find((name) => !known.includes(name));
if (strange !== undefined) refuse(`no image "${strange}"; there are ${known.join(', ')}`);
const builder = values.builder ?? ['docker', 'buildah'].find(answers);
if (builder === undefined) refuse('neither docker nor buildah answers');

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
      options: { base: text, 'go-base': text, builder: text, option: { ...text, multiple: true } },
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

/** Words for the builder that the command line asked for. */
function chosen(name) {
  const { base, 'go-base': goBase, option = [] } = values;
  const declared = readFileSync(dockerfile(name), 'utf8');
  const replaced = Object.entries({ BASE: base, GO_BASE: goBase }).filter(
    ([argument, image]) => image !== undefined && declared.includes(`ARG ${argument}=`),
  );
  return [...replaced.flatMap(([argument, image]) => ['--build-arg', `${argument}=${image}`]), ...option];
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
