import { type QuerySample } from '../request';
import { type FusedQuery, type FusedResults } from './fusion';

const NONE: readonly QuerySample[] = [];

/** Sorts the samples of a fused query by their objects, once for all requests that share them. */
export function fusedResults(
  samples: readonly QuerySample[],
  { objectLabel, namespaceLabel }: Pick<FusedQuery, 'objectLabel' | 'namespaceLabel'>,
): FusedResults {
  const namespaces = new Map<string, Map<string, QuerySample[]>>();
  for (const sample of samples) {
    const namespace = namespaceLabel === undefined ? '' : (sample.labels[namespaceLabel] ?? '');
    const objects = entryOf(namespaces, namespace, () => new Map<string, QuerySample[]>());
    entryOf(objects, sample.labels[objectLabel] ?? '', () => []).push(sample);
  }
  return {
    samples,
    of: (namespace, name) =>
      namespaces.get(namespaceLabel === undefined ? '' : (namespace ?? ''))?.get(name) ?? NONE,
  };
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = make();
    map.set(key, entry);
  }
  return entry;
}
