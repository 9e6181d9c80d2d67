import { LRUCache } from 'lru-cache';
import {
  groupQueries,
  type GroupQueries,
  type UsageLabels,
  type UsageResource,
} from '../../../core/adapter/api';
import { proveFusion, type Fusion } from '../../../core/adapter/fusion';
import type { ResourceQueries } from '../../../core/rules';
import type { WantedQuery } from '../queries';
import { prepareQuery, type PreparedQuery } from './prepared-query';

/** For metrics. */
export const RESOURCE_RULES = 'resourceRules';

/**
 * Groups that are kept, and the length of their names and queries together: pods come and go, ten thousand of them in
 * one namespace.
 */
const MOST = { max: 5000, maxSize: 32 * 1024 * 1024 } as const;
const OFF: Fusion = { fusable: false, reason: 'the rule says fusion: off' };

/** The queries for a group of objects: parsed, proven to be fusable or not, and measured. */
export interface PreparedGroup {
  readonly built: GroupQueries;
  /** For CPU, memory and, where there is one, the time of the samples. */
  readonly queries: readonly PreparedQuery[];
  /** One for each query: whether it can be answered together with others. */
  readonly fusions: readonly Fusion[];
}

/** The queries of `resourceRules` for groups of objects, which autoscalers ask for again and again. */
export class PreparedUsage {
  private readonly kept = new LRUCache<string, PreparedGroup>({
    ...MOST,
    sizeCalculation: ({ queries }, key) =>
      queries.reduce(
        (sum, { parts }) => parts.reduce((length, { text }) => length + text.length, sum),
        key.length + 1,
      ),
  });
  private rules: ResourceQueries | undefined;

  /**
   * @param namespace `''` for nodes
   * @returns the same object for the same names, as who shares queries wants it
   */
  get(
    rules: ResourceQueries,
    resource: UsageResource,
    namespace: string,
    names: readonly string[],
  ): PreparedGroup {
    if (rules !== this.rules) this.kept.clear();
    this.rules = rules;
    const key = `${resource}\n${namespace}\n${names.join('\n')}`;
    const known = this.kept.get(key);
    if (known) return known;
    const prepared = prepare(rules, resource, namespace, names);
    this.kept.set(key, prepared);
    return prepared;
  }
}

function prepare(
  rules: ResourceQueries,
  resource: UsageResource,
  namespace: string,
  names: readonly string[],
): PreparedGroup {
  const built = groupQueries(rules, resource, namespace, names);
  if ('error' in built) return { built, queries: [], fusions: [] };
  const { cpu, memory, time, labels } = built;
  const texts = [
    { text: cpu, of: labels.cpu },
    { text: memory, of: labels.memory },
    ...(time === undefined ? [] : [{ text: time, of: labels.cpu }]),
  ];
  const fusions = texts.map(({ text, of }) => fusionOf(rules, text, of, namespace, names));
  const { source, freshnessMs } = rules.settings;
  const inNamespace = namespace === '' ? undefined : namespace;
  const queries = texts.map(({ text }, index) => {
    const wanted: WantedQuery = { source, text, rule: RESOURCE_RULES, freshnessMs };
    return prepareQuery(wanted, fusions[index] ?? OFF, { namespace: inNamespace, names });
  });
  for (const [index, kind] of (['cpu', 'memory'] as const).entries()) {
    const tooLong = queries[index]?.tooLong;
    if (tooLong !== undefined) {
      return { built: { error: `the ${kind} query cannot be sent: ${tooLong}` }, queries: [], fusions: [] };
    }
  }
  // Without it the time is that of the query, as where the time cannot be asked for.
  const isTimeTooLong = queries[2]?.tooLong !== undefined;
  return isTimeTooLong
    ? { built: { ...built, time: undefined }, queries: queries.slice(0, 2), fusions: fusions.slice(0, 2) }
    : { built, queries, fusions };
}

function fusionOf(
  { settings }: ResourceQueries,
  text: string,
  { object, container, namespace: namespaceLabel }: UsageLabels,
  namespace: string,
  names: readonly string[],
): Fusion {
  if (settings.fusion === 'off') return OFF;
  return proveFusion(text, {
    objectLabel: object,
    names,
    partLabels: container === undefined ? [] : [container],
    ...(namespace === '' ? {} : { namespace, namespaceLabel }),
  });
}
