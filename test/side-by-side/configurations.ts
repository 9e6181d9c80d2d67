import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { defaultRules } from '../../core/rules';
import { oneOf, weighted } from '../conformance/adapter/arbitraries';
import { ruleFile, usualFile } from '../conformance/adapter/rule-files';

const PROGRAM_FOLDER = join(
  __dirname.replace(/([\\/])build\1test/, '$1test'),
  '../control-plane/programs/prometheus-adapter',
);

export interface Configuration {
  /** Says it again to whoever wants to repeat it. */
  readonly name: string;
  readonly text: string;
  /** Whether answers are asked for in many types, which do not depend on the rules: one configuration suffices. */
  readonly types?: boolean;
}

/**
 * Every configuration in the documentation of prometheus-adapter: whole files, and the pieces of which its texts say how
 * a rule grows, each as a file.
 */
export function documentedConfigurations(): Configuration[] {
  const words = ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/prometheus-adapter'];
  const folder = execFileSync('go', words, { cwd: PROGRAM_FOLDER, encoding: 'utf8' }).trim();
  const docs = join(folder, 'docs');
  const texts = readdirSync(docs)
    .filter((file) => file.endsWith('.md'))
    .map((file) => [`docs/${file}`, readFileSync(join(docs, file), 'utf8')] as const);
  const manifest = readFileSync(join(folder, 'deploy/manifests/config-map.yaml'), 'utf8');
  const found = [...texts, ['README.md', readFileSync(join(folder, 'README.md'), 'utf8')] as const].flatMap(
    ([file, text]) =>
      blocksOf(text).map((block, index) => ({ name: `${file} block ${index + 1}`, text: block })),
  );
  return [
    { name: 'docs/sample-config.yaml', text: readFileSync(join(docs, 'sample-config.yaml'), 'utf8') },
    { name: 'deploy/manifests/config-map.yaml', text: configOf(manifest) },
    {
      name: 'default rules',
      text: defaultRules({ labelPrefix: '', rateIntervalMs: 300_000, upstreamOnly: true }),
    },
    {
      name: 'default rules, prefix kube_',
      text: defaultRules({ labelPrefix: 'kube_', rateIntervalMs: 60_000, upstreamOnly: true }),
    },
    ...found,
  ];
}

const rules = z.array(z.object({ seriesQuery: z.string() })).default([]);
const configFile = z.object({ rules, externalRules: rules }).partial();

/** What is listed for a file: each selector once for each API. @returns nothing for a file that is none */
export function selectorsIn(text: string): string[] {
  try {
    const { rules: custom = [], externalRules: external = [] } = configFile.parse(parse(text));
    return [custom, external].flatMap((list) => [...new Set(list.map(({ seriesQuery }) => seriesQuery))]);
  } catch {
    return [];
  }
}

/** The file in a ConfigMap. */
function configOf(manifest: string): string {
  const { data } = parse(manifest) as { data: Readonly<Record<string, string>> };
  return Object.values(data)[0] ?? '';
}

/** Indented and fenced blocks of YAML that are about rules. */
function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map(([, block = '']) => block)
    .filter((block) => /rules:|Rules:|seriesQuery|metricsQuery|^resources:|^name:/m.test(block))
    .filter((block) => !/^apiVersion:/m.test(block))
    .map(asFile);
}

/** A piece of a rule becomes the rule of a file; what is a file already stays so. */
function asFile(block: string): string {
  if (/^(rules|externalRules|resourceRules):/m.test(block)) return block;
  const indented = block.trimEnd().replace(/\n/g, '\n  ');
  const given = (key: string, value: string): string =>
    new RegExp(`^${key}:`, 'm').test(block) ? '' : `\n  ${key}: ${value}`;
  return (
    `rules:\n- ${indented.replace(/^(#[^\n]*\n\s*)+/, '')}` +
    given('seriesQuery', `'http_requests_total{namespace!=""}'`) +
    given('resources', `{template: "<<.Resource>>"}`) +
    given('metricsQuery', `'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)'`) +
    '\n'
  );
}

const SERIES_QUERIES = [
  ...[
    'http_requests_total',
    'http_requests_total{namespace!="",pod!=""}',
    'container_memory_bytes',
    'node_load',
  ],
  ...[
    '{__name__=~"^container_.*",container!="POD",namespace!="",pod!=""}',
    'foo_bar_baz',
    'a:b',
    'a',
    'special',
  ],
  ...[
    '{namespace!="",__name__!~"^container_.*"}',
    'queue_length',
    'disk_used',
    'nothing_has_this',
    'cheddar',
  ],
  ...['{__name__=~"^special_.*"}', 'queue_depth{topic!=""}', 'up', 'node_load{', '{kube_namespace!=""}'],
] as const;
const QUERIES = [
  'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  'sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (<<.GroupBy>>)',
  'sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[5m])) by (<<.GroupBy>>)',
  'max(<<.Series>>{<<.LabelMatchers>>}) by (<<range $i, $l := .GroupBySlice>><<if $i>>,<<end>><<$l>><<end>>)',
  'avg_over_time(<<.Series>>{<<.LabelMatchers>>}[5m])',
  '<<.Series>>{<<.LabelMatchers>>}',
  'count(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>) / 3',
  'sum(<<.Series>>{namespace="<<index .LabelValuesByName "namespace">>"}) by (<<.GroupBy>>)',
  'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>) or vector(0)',
  'vector(4.2)',
  'scalar(sum(<<.Series>>{<<.LabelMatchers>>}))',
  '<<.Series>>{<<.LabelMatchers>>}[1m]',
  'sum(<<.Series>>{<<.LabelMatchers>>) by (<<.GroupBy>>)',
  'topk(1, <<.Series>>{<<.LabelMatchers>>})',
] as const;
const OVERRIDES = {
  pod: { resource: 'pod' },
  namespace: { resource: 'namespace' },
  service: { resource: 'services' },
  node: { resource: 'node' },
  instance: { resource: 'node' },
  deployment: { group: 'apps', resource: 'deployment' },
  ingress: { group: 'networking.k8s.io', resource: 'ingress' },
  widget: { group: 'example-x.com', resource: 'widgets' },
  brand: { group: 'cheese.io', resource: 'brand' },
  persistentvolume: { resource: 'persistentvolume' },
} as const;
/** Upstream takes one of two labels of a resource at random, so a rule has one. */
const overrides = fc
  .tuple(fc.subarray(Object.entries(OVERRIDES), { minLength: 1 }), fc.boolean())
  .map(([chosen, withNode]) => chosen.filter(([label]) => label !== (withNode ? 'instance' : 'node')))
  .map((chosen) => Object.fromEntries(chosen));
const template = oneOf(['<<.Resource>>', 'kube_<<.Resource>>', 'kube_<<.Group>>_<<.Resource>>']);
const resources = weighted<object>(
  [4, overrides.map((chosen) => ({ overrides: chosen }))],
  [2, template.map((text) => ({ template: text }))],
  [1, fc.record({ template, namespaced: oneOf([false]) })],
  [1, fc.constant({ overrides: { namespace: { resource: 'namespace' } }, namespaced: false })],
);
const name = oneOf([
  {},
  {},
  { matches: '^(.*)_total$' },
  { matches: '^(.*)_total$', as: '${1}_per_second' },
  { as: 'fixed' },
  { matches: '^(?P<first>[a-z]+)_(.*)$', as: '$first.${2}' },
]);
const filters = oneOf<readonly object[]>([
  [],
  [],
  [{ isNot: '^container_' }],
  [{ is: '_total$' }],
  [{ is: 'a' }],
]);
const rule = fc.record({
  seriesQuery: oneOf(SERIES_QUERIES),
  seriesFilters: filters,
  resources,
  name,
  metricsQuery: weighted<string>([5, oneOf(QUERIES.slice(0, 3))], [4, oneOf(QUERIES)]),
});
const resourceRule = fc.constantFrom('cpu', 'memory').map((kind) => ({
  containerLabel: 'container',
  containerQuery:
    kind === 'cpu'
      ? 'sum by (<<.GroupBy>>) (rate(container_cpu_usage_seconds_total{<<.LabelMatchers>>,container!="POD"}[4m]))'
      : 'sum by (<<.GroupBy>>) (container_memory_working_set_bytes{<<.LabelMatchers>>})',
  nodeQuery:
    kind === 'cpu'
      ? 'sum by (<<.GroupBy>>) (rate(node_cpu_usage_seconds_total{<<.LabelMatchers>>}[4m]))'
      : 'sum by (<<.GroupBy>>) (node_memory_working_set_bytes{<<.LabelMatchers>>})',
  resources: { overrides: { namespace: OVERRIDES.namespace, node: OVERRIDES.node, pod: OVERRIDES.pod } },
}));
const realistic = fc
  .record(
    {
      rules: fc.array(rule, { minLength: 1, maxLength: 3 }),
      externalRules: fc.array(rule, { minLength: 1, maxLength: 2 }),
      resourceRules: fc.record({ cpu: resourceRule, memory: resourceRule, window: oneOf(['5m', '1m30s']) }),
    },
    { requiredKeys: ['rules'] },
  )
  .map((content) => stringify(content, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 }));

/** Configurations at random, the same for the same seed: most of them make sense. */
export function generatedConfigurations(count: number, seed: number): Configuration[] {
  const any = weighted<string>([6, realistic], [2, usualFile], [1, ruleFile]);
  return fc
    .sample(any, { numRuns: count, seed })
    .map((text, index) => ({ name: `generated ${seed}/${index + 1}`, text }));
}
