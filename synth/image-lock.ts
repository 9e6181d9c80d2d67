import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../core/errors';

/** The folder that holds this project, with the build folders of its images. */
export const PROJECT = dirname(dirname(require.resolve('plimsoll/package.json')));

/** Digests of tags, by the reference with the tag. */
export type ImageLock = ReadonlyMap<string, string>;

/** Nothing is pinned. */
export const NO_LOCK: ImageLock = new Map();

const lockFile = z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest'));

/**
 * What `npm run images:pin` wrote; empty where it was never run.
 * @throws UsageError for a file that it did not write
 */
export function readImageLock(folder: string = PROJECT): ImageLock {
  const file = join(folder, 'images.lock.json');
  if (!existsSync(file)) return NO_LOCK;
  const read = lockFile.safeParse(jsonOf(file));
  if (!read.success) {
    throw new UsageError(`${file}: ${z.prettifyError(read.error)}; write it again with npm run images:pin`);
  }
  return new Map(Object.entries(read.data));
}

/**
 * The same value with other references of images: wherever a string is one of the keys, or ends in `=` and one, as
 * arguments do.
 */
export function withImages(value: unknown, references: ReadonlyMap<string, string>): unknown {
  return withTexts(value, (text) => {
    const argument = text.slice(text.indexOf('=') + 1);
    const whole = references.get(text);
    const part = references.get(argument);
    if (whole !== undefined) return whole;
    return part === undefined ? text : `${text.slice(0, text.length - argument.length)}${part}`;
  });
}

/**
 * The same objects with digests: wherever a string is a reference of the lock, or ends in `=` and one, as arguments do.
 * Tags stay, for people to read; the digest is what counts.
 */
export function pinned(value: unknown, lock: ImageLock): unknown {
  return withTexts(value, (text) => pinnedText(text, lock));
}

function withTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => withTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withTexts(item, change)]));
}

function pinnedText(text: string, lock: ImageLock): string {
  const digest = lock.get(text) ?? lock.get(text.slice(text.indexOf('=') + 1));
  return digest === undefined ? text : `${text}@${digest}`;
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`${file} is no JSON; write it again with npm run images:pin`, { cause: error });
  }
}
