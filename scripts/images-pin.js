'use strict';
/**
 * `npm run images:pin -- [REFERENCE...] [--lock FILE]`: asks registries for the digests of tags, and writes them to
 * images.lock.json. Without references: of every base that a Dockerfile names, and of every image of others that a
 * stack names. All of them or none: if one cannot be resolved, the file stays as it is, and the exit code is 1.
 */
const { readdirSync, existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseArgs } = require('node:util');
const { ensureBuilt } = require('./build');
const { LOCK, baseArguments, writeLock } = require('./image-lock');
const { resolveDigest } = require('./registry');

const root = join(__dirname, '..');
main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { lock: { type: 'string', default: LOCK } },
  });
  const references =
    positionals.length > 0 ? positionals : [...new Set([...bases(), ...stackImages()])].sort();
  const results = await Promise.allSettled(references.map(resolveDigest));
  const problems = results.filter(({ status }) => status === 'rejected').map(({ reason }) => reason.message);
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n${values.lock} was not changed\n`);
    process.exitCode = 1;
    return;
  }
  const digests = Object.fromEntries(references.map((reference, index) => [reference, results[index].value]));
  writeLock(values.lock, digests);
  for (const [reference, digest] of Object.entries(digests)) console.log(`${reference} ${digest}`);
}

function bases() {
  return readdirSync(join(root, 'apps'))
    .map((name) => join(root, 'apps', name, 'Dockerfile'))
    .filter(existsSync)
    .flatMap((file) => baseArguments(readFileSync(file, 'utf8')).map(({ reference }) => reference));
}

/** With their default options; those that the project builds have no registry yet. */
function stackImages() {
  ensureBuilt();
  const { stacks, parseOptions } = require('../build/stacks');
  return stacks
    .flatMap((definition) => definition.define(parseOptions(definition, [])).images)
    .filter(({ build }) => build === undefined)
    .map(({ reference }) => reference);
}
