import { parseObject, type KubeObject } from '../../../core/kube/object';
import { goodRule } from './random-rules';
import type { Words } from './random-words';

/** A Prometheus that selects, by labels, the monitors of its set, some of them only. */
export function randomPrometheus(words: Words, name: string, set: string): KubeObject {
  const namespace = words.namespace();
  const [serviceSelector, serviceNamespaces] = selection(words, set);
  const [podSelector, podNamespaces] = selection(words, set);
  return prometheusObject(
    name,
    namespace,
    words.defined({
      serviceMonitorSelector: serviceSelector,
      serviceMonitorNamespaceSelector: serviceNamespaces,
      podMonitorSelector: podSelector,
      podMonitorNamespaceSelector: podNamespaces,
      ...timing(words),
      version: words.maybe(40, () => words.one(['v3.14.0', 'v3.5.0'])),
      shards: words.maybe(30, () => 1 + words.number(3)),
      scrapeClasses: [
        { name: 'known', relabelings: words.list(2, () => goodRule(words)) },
        ...words.list(1, () => usualClass(words)),
      ],
      podTargetLabels: words.maybe(30, () => words.list(2, () => words.key())),
      serviceDiscoveryRole: words.maybe(50, () => words.one(['Endpoints', 'EndpointSlice'])),
      overrideHonorLabels: words.maybe(30, () => words.chance(50)),
      overrideHonorTimestamps: words.maybe(30, () => words.chance(50)),
      ignoreNamespaceSelectors: words.maybe(20, () => words.chance(50)),
      enforcedNamespaceLabel: words.maybe(40, () => words.one(['namespace', 'tenant'])),
      excludedFromEnforcement: words.maybe(60, () => words.list(2, () => exclusion(words))),
      enforcedSampleLimit: words.maybe(20, () => 5000),
    }),
  );
}

function prometheusObject(
  name: string,
  namespace: string,
  spec: Readonly<Record<string, unknown>>,
): KubeObject {
  return parseObject(
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus', metadata: { name, namespace }, spec },
    'random',
  );
}

/** Selectors of monitors and of their namespaces; without one of the latter, only the own namespace counts. */
function selection(
  words: Words,
  set: string,
): [Record<string, unknown>, Record<string, unknown> | undefined] {
  const selector = words.one([
    { matchLabels: { set } },
    { matchLabels: { set } },
    { matchExpressions: [{ key: 'set', operator: 'In', values: [set, 'none'] }] },
    { matchLabels: { set }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db', 'web'] }] },
  ]);
  const namespaces = words.one([
    {},
    {},
    {},
    {},
    { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
    { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['ops'] }] },
    { matchLabels: { team: 'a' } },
    undefined,
  ]);
  return [selector, namespaces];
}

function timing(words: Words): Record<string, unknown> {
  return words.one<Record<string, unknown>>([
    {},
    { scrapeInterval: '1m' },
    { scrapeInterval: '5s' },
    { scrapeInterval: '0s' },
    { scrapeInterval: '40s', scrapeTimeout: '20s' },
    { scrapeInterval: '15s', scrapeTimeout: '15s' },
  ]);
}

function usualClass(words: Words): Record<string, unknown> {
  return words.defined({
    name: 'usual',
    default: true,
    relabelings: words.list(2, () => goodRule(words)),
    metricRelabelings: words.list(2, () => goodRule(words)),
    attachMetadata: words.maybe(50, () => ({ node: true })),
  });
}

function exclusion(words: Words): Record<string, unknown> {
  return words.defined({
    group: words.maybe(50, () => 'monitoring.coreos.com'),
    resource: words.one(['servicemonitors', 'podmonitors', 'prometheusrules']),
    namespace: words.namespace(),
    name: words.maybe(40, () => 'monitor-3'),
  });
}
