import type { Words } from './random-words';

const SOURCES = [
  '__meta_kubernetes_pod_label_app',
  '__meta_kubernetes_pod_annotation_example_com_path',
  '__meta_kubernetes_service_label_tier',
  '__meta_kubernetes_pod_name',
  '__meta_kubernetes_pod_ready',
  '__meta_kubernetes_pod_phase',
  '__meta_kubernetes_pod_container_init',
  '__meta_kubernetes_endpoint_ready',
  '__meta_kubernetes_endpointslice_endpoint_conditions_ready',
  '__meta_kubernetes_endpointslice_endpoint_conditions_terminating',
  '__meta_kubernetes_node_label_zone',
  '__address__',
  '__scrape_interval__',
  '__param_module',
  'job',
  'namespace',
  'pod',
] as const;
const TARGETS = [
  'zone',
  'path',
  'instance',
  'job',
  '__metrics_path__',
  '__scrape_timeout__',
  '__param_module',
  'a label',
] as const;
const EXPRESSIONS = [
  '(.+)',
  '(.*)',
  'pod-(\\d+)',
  '(?i)true',
  '(web|api);?.*',
  '([^:]+)(?::\\d+)?',
  '[a-z-]+',
] as const;
const REPLACEMENTS = ['$1', '${1}', 'x-$1', '${1}:9999', '', 'fixed', '$0'] as const;

/** A relabelling rule that the operator takes. */
export function goodRule(words: Words): Record<string, unknown> {
  return words.one([replace, replace, replace, filter, map, hash, byName, letters, equal])(words);
}

/** A rule that the operator refuses, each for one reason. */
export function badRule(words: Words): Record<string, unknown> {
  return words.one<Record<string, unknown>>([
    { action: 'replace', sourceLabels: ['a'] },
    { action: 'keep', sourceLabels: ['a'], regex: '(' },
    { action: 'hashmod', sourceLabels: ['a'], targetLabel: 'b' },
    { action: 'labelmap', regex: 'a(.*)', replacement: '' },
    { action: 'labeldrop', regex: 'a', sourceLabels: ['a'] },
    { action: 'labelkeep', regex: 'a', separator: '' },
    { action: 'keepequal', sourceLabels: ['a'], targetLabel: 'b', regex: 'x' },
    { action: 'dropequal', sourceLabels: ['a'], targetLabel: 'b', replacement: 'x' },
    { action: 'lowercase', sourceLabels: ['a'], targetLabel: 'b', replacement: 'x' },
    { action: 'uppercase', sourceLabels: ['a'] },
  ]);
}

function sources(words: Words): string[] {
  return [words.one(SOURCES), ...words.list(1, () => words.one(SOURCES))];
}

function replace(words: Words): Record<string, unknown> {
  return words.defined({
    action: words.maybe(40, () => words.one(['replace', 'Replace'])),
    sourceLabels: words.maybe(80, () => sources(words)),
    separator: words.maybe(30, () => words.one([';', '', '/'])),
    regex: words.maybe(60, () => words.one(EXPRESSIONS)),
    targetLabel: words.one(TARGETS),
    replacement: words.maybe(60, () => words.one(REPLACEMENTS)),
  });
}

function filter(words: Words): Record<string, unknown> {
  return {
    action: words.one(['keep', 'Keep', 'drop', 'Drop']),
    sourceLabels: sources(words),
    regex: words.one(EXPRESSIONS),
  };
}

function map(words: Words): Record<string, unknown> {
  const kind = words.one(['pod', 'service', 'node']);
  return {
    action: words.one(['labelmap', 'LabelMap']),
    regex: `__meta_kubernetes_${kind}_label_(.+)`,
    replacement: words.one(['$1', 'mapped_$1']),
  };
}

function hash(words: Words): Record<string, unknown> {
  return {
    action: words.one(['hashmod', 'HashMod']),
    sourceLabels: sources(words),
    targetLabel: words.one(['shard', '__tmp_hash']),
    modulus: 1 + words.number(7),
  };
}

function byName(words: Words): Record<string, unknown> {
  return words.one([
    { action: 'labeldrop', regex: 'container|endpoint' },
    { action: 'LabelDrop', regex: 'pod' },
    { action: 'labelkeep', regex: '__.+|job|instance|namespace|pod|endpoint' },
  ]);
}

function letters(words: Words): Record<string, unknown> {
  return {
    action: words.one(['lowercase', 'Uppercase']),
    sourceLabels: sources(words),
    targetLabel: 'cased',
  };
}

function equal(words: Words): Record<string, unknown> {
  return {
    action: words.one(['keepequal', 'DropEqual']),
    sourceLabels: [words.one(SOURCES)],
    targetLabel: words.one(SOURCES),
  };
}
