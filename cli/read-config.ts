import { UsageError } from '../core/errors';
import { parsePrometheusDuration } from '../core/kube/duration';
import { ApiResources, type ApiResource } from '../core/kube/api-resources';
import { Inventory } from '../core/kube/inventory';
import { configTextIn, type ConfigText } from '../core/rule-check';
import type { Input, Io } from './io';
import { readManifests, readText } from './read-manifests';

/**
 * The configuration of the adapter in a file, or on the standard input for `-`: a file of the adapter's, or a ConfigMap
 * that holds one.
 * @throws UsageError if it cannot be read, or holds no configuration
 */
export async function readConfig(path: string | undefined, { stdin }: Io): Promise<ConfigText> {
  if (path === undefined) throw new UsageError('name the file with the configuration of the adapter');
  const text = path === '-' ? await readAll(stdin) : readText(path);
  return configTextIn(text, path === '-' ? 'standard input' : path);
}

/**
 * What the cluster serves: what every cluster serves, resources that are named, and those of CRDs in manifests.
 * @param named as `brands.cheese.io`: plural and group
 * @throws UsageError on a name without a plural, or manifests that cannot be read
 */
export function readResources(named: readonly string[], manifests: readonly string[]): ApiResources {
  const objects = manifests.flatMap(readManifests);
  const declared =
    objects.length === 0
      ? ApiResources.builtin()
      : new Inventory(objects.map(({ object }) => object)).apiResources;
  return declared.with(named.map(resourceOf));
}

/** Singular and kind are guessed from the plural: the adapter needs the former, and only to read the file. */
function resourceOf(text: string): ApiResource {
  const match = /^([a-z0-9-]+)((?:\.[a-z0-9-]+)*)$/.exec(text);
  const [, plural = '', dottedGroup = ''] = match ?? [];
  if (!match) throw new UsageError(`--resource "${text}": write plural.group, such as brands.cheese.io`);
  const singular = singularOf(plural);
  const kind = singular.charAt(0).toUpperCase() + singular.slice(1);
  return { group: dottedGroup.slice(1), version: 'v1', kind, plural, singular, namespaced: true };
}

function singularOf(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(?:s|x|z|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.replace(/s$/, '');
}

async function readAll(input: Input): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of input) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces).toString('utf8');
}

/** @throws UsageError naming the option that is no duration */
export function durationOption(option: string, text: string): number;
export function durationOption(option: string, text: string | undefined): number | undefined;
export function durationOption(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return parsePrometheusDuration(text);
  } catch {
    throw new UsageError(`--${option}: write a duration like 15s, 5m or 1m30s, not "${text}"`);
  }
}

/** @throws UsageError naming the option that is no duration above 0 */
export function positiveDurationOption(option: string, text: string | undefined): number | undefined {
  const milliseconds = durationOption(option, text);
  if (milliseconds !== undefined && milliseconds <= 0) {
    throw new UsageError(`--${option}: write a duration above 0, such as 15s, not "${text}"`);
  }
  return milliseconds;
}
