'use strict';
/**
 * `images.lock.json`: the digest that each tag had when `npm run images:pin` asked its registry, by reference. Where
 * the file is missing, or does not have a reference, tags are what is built from and deployed.
 */
const { existsSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const LOCK = join(__dirname, '../images.lock.json');
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Digests by reference; none if there is no file. @throws if the file is not what `writeLock` writes */
function readLock(file = LOCK) {
  if (!existsSync(file)) return {};
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const wrong = Object.entries(lock).find(([, digest]) => !DIGEST.test(digest));
  if (wrong) throw new Error(`${file}: ${wrong[0]} has no digest but "${wrong[1]}"; run npm run images:pin`);
  return lock;
}

/** All at once: who reads meanwhile sees the old file or the new one. */
function writeLock(file, digests) {
  const sorted = Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(`${file}.new`, `${JSON.stringify(sorted, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/**
 * Arguments of a Dockerfile that name an image, with the reference that it has by default: `ARG BASE=node:22`. Those
 * that no FROM mentions are something else.
 */
function baseArguments(dockerfile) {
  return [...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)]
    .map(([, argument, reference]) => ({ argument, reference }))
    .filter(({ argument }) => new RegExp(`^FROM .*\\$\\{${argument}\\}`, 'm').test(dockerfile));
}

/** `NAME@DIGEST` of a reference with a tag: not every builder takes tag and digest together. */
function withDigest(reference, digest) {
  return `${reference.replace(/:[^/:]+$/, '')}@${digest}`;
}

module.exports = { LOCK, readLock, writeLock, baseArguments, withDigest };
