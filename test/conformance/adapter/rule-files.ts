import fc from 'fast-check';
import { stringify } from 'yaml';
import { oneOf, weighted } from './arbitraries';
import { expansion, pattern } from './expressions';
import { templateText } from './templates';

/** What the cluster serves, in the order of discovery; one group is the beginning of another. */
export const RESOURCES = [
  ['', 'v1', 'Pod', 'pods', 'pod', true],
  ['', 'v1', 'Namespace', 'namespaces', 'namespace', false],
  ['', 'v1', 'Node', 'nodes', 'node', false],
  ['', 'v1', 'PersistentVolume', 'persistentvolumes', 'persistentvolume', false],
  ['', 'v1', 'Service', 'services', 'service', true],
  ['apps', 'v1', 'Deployment', 'deployments', 'deployment', true],
  ['networking.k8s.io', 'v1', 'Ingress', 'ingresses', 'ingress', true],
  ['storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'storageclass', false],
  ['apps.example.com', 'v1alpha1', 'Deployment', 'deployments', 'deployment', true],
  ['example-x.com', 'v1', 'Widget', 'widgets', 'widget', true],
].map(([group, version, kind, plural, singular, namespaced]) => ({
  group: String(group),
  version: String(version),
  kind: String(kind),
  plural: String(plural),
  singular: String(singular),
  namespaced: namespaced === true,
}));

const LABELS = [
  ...[
    'pod',
    'namespace',
    'node',
    'instance',
    'kube_pod',
    'kube_namespace',
    'kube_service',
    'kube_node',
    'kube_persistentvolume',
  ],
  ...[
    'service',
    'deployment',
    'kube_apps_deployment',
    'kube__pod',
    'kube_networking_ingress',
    'kube_networking_k8s_io_ingress',
  ],
  ...[
    'kube_storageclass',
    'container',
    'kube_widget',
    'kube_nothing',
    'le',
    'pods',
    'POD',
    'namespaces',
    'widget',
  ],
];
const SERIES = [
  ...[
    'http_requests_total',
    'container_cpu_usage_seconds_total',
    'container_memory_bytes',
    'node_load',
    'up',
    'a:b',
    'a',
    'foo_bar_baz',
  ],
];
const TEMPLATES = [
  ...[
    '<<.Resource>>',
    'kube_<<.Resource>>',
    'kube_<<.Group>>_<<.Resource>>',
    '<<.Group>>_<<.Resource>>',
    'x_<<.Resource>>_y',
    '',
  ],
  ...[
    '<<.Resource>>_<<.Resource>>',
    '<<if .Group>>kube_<<.Group>>_<<end>><<.Resource>>',
    '<<.Group>>',
    'a',
    '<<.Foo>>',
    '(<<.Resource>>',
    'kube_<<.>>',
  ],
];
const QUERIES = [
  'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  'sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[2m])) by (<<.GroupBy>>)',
  '<<.Series>> <<.LabelValuesByName>> <<.GroupBySlice>>',
  '<<range $k, $v := .LabelValuesByName>><<$k>>=<<$v>>;<<end>>',
  '<<index .LabelValuesByName "namespace">>',
  'max(<<.Series>>) by (<<range $i, $l := .GroupBySlice>><<if $i>>,<<end>><<$l>><<end>>)',
  '<<.LabelMatchers>>',
];
const group = oneOf(['', '', '', 'apps', 'networking', 'networking.k8s.io', 'example-x.com', 'nope']);
const resource = oneOf([
  'pod',
  'pods',
  'namespace',
  'node',
  'service',
  'deployment',
  'ingress',
  'storageclass',
  'widget',
  'Pod',
  'persistentvolume',
  'nope',
]);
const rarely = <Value>(usual: fc.Arbitrary<Value>, rare: fc.Arbitrary<Value>): fc.Arbitrary<Value> =>
  weighted([40, usual], [1, rare]);

/** Of two labels for one resource upstream takes one at random, so there are no two. */
const overrides = fc
  .uniqueArray(
    fc.record({
      label: oneOf(LABELS),
      target: weighted(
        [
          20,
          oneOf([
            ['', 'namespace'],
            ['', 'pod'],
            ['', 'node'],
            ['apps', 'deployment'],
            ['', 'service'],
            ['networking.k8s.io', 'ingress'],
          ]),
        ],
        [1, fc.tuple(group, resource)],
      ),
    }),
    { maxLength: 3, comparator: (a, b) => a.label === b.label || meaning(a.target) === meaning(b.target) },
  )
  .map((list) =>
    Object.fromEntries(
      list.map(({ label, target: [name, kind] }) => [
        label,
        { ...(name === '' ? {} : { group: name }), resource: kind },
      ]),
    ),
  );

function meaning([, kind = '']: readonly string[]): string {
  return kind.toLowerCase().replace(/^(pod|deployment)s$/, '$1');
}

const resources = fc.record({
  template: rarely(oneOf(TEMPLATES.slice(0, 6)), weighted([3, oneOf(TEMPLATES)], [1, templateText])),
  overrides,
  namespaced: oneOf([true, true, false, undefined]),
});
const query = weighted<string>([40, oneOf(QUERIES)], [1, templateText]);
interface Filter {
  readonly is?: string;
  readonly isNot?: string;
}
const filter: fc.Arbitrary<Filter> = rarely<Filter>(
  weighted<Filter>(
    [1, oneOf(['^container_', '_total$', 'a', '.*', '^http']).map((is) => ({ is }))],
    [1, oneOf(['^container_', '_total$', 'z']).map((isNot) => ({ isNot }))],
  ),
  weighted<Filter>([2, pattern.map((is) => ({ is }))], [1, oneOf<Filter>([{}, { is: 'a', isNot: 'b' }])]),
);
const name = rarely(
  fc.record({
    matches: oneOf(['', '^(.*)_total$', '^container_(.*)$', '.*', '^(?P<x>.+)_(?P<y>.+)$']),
    as: oneOf(['$1', '${1}_per_second', '$x-$y', 'fixed', '$0']),
  }),
  fc.record({ matches: pattern, as: weighted([1, expansion], [1, fc.constant('')]) }),
);
const rule = fc.record({
  seriesQuery: oneOf(SERIES.slice(0, 4)),
  seriesFilters: fc.array(filter, { maxLength: 2 }),
  resources,
  name,
  metricsQuery: query,
});
const resourceRule = fc.record({
  containerQuery: query,
  nodeQuery: query,
  resources,
  containerLabel: oneOf(['container', '', 'kube_container']),
});
const file = fc.record(
  {
    rules: fc.array(rule, { maxLength: 3 }),
    externalRules: fc.array(rule, { maxLength: 2 }),
    resourceRules: fc.record({ cpu: resourceRule, memory: resourceRule, window: fc.constant('5m') }),
  },
  { requiredKeys: ['rules', 'externalRules'] },
);

/** Files that load; what they say may still be wrong. */
export const ruleFile: fc.Arbitrary<string> = file.map((content) =>
  stringify(content, {
    version: '1.1',
    aliasDuplicateObjects: false,
    // Its blocks are not all what libyaml reads.
    defaultStringType: 'QUOTE_DOUBLE',
    lineWidth: 0,
  }),
);

const usualRule = fc.record({
  seriesQuery: oneOf(SERIES.slice(0, 4)),
  seriesFilters: fc.array(oneOf<Filter>([{ is: '_total$' }, { isNot: '^container_' }, { isNot: 'z' }]), {
    maxLength: 1,
  }),
  resources: fc.record({
    template: oneOf(['<<.Resource>>', 'kube_<<.Resource>>', '']),
    overrides: oneOf([
      {},
      { pod: { resource: 'pod' }, namespace: { resource: 'namespace' } },
      { instance: { resource: 'node' } },
    ]),
    namespaced: oneOf([true, false]),
  }),
  name: oneOf([
    {},
    { matches: '^(.*)_total$' },
    { matches: '^(.*)_total$', as: '${1}_per_second' },
    { as: 'fixed' },
    { matches: 'a', as: 'a' },
  ]),
  metricsQuery: oneOf(QUERIES.slice(0, 3)),
});

/** Files with which the adapter starts, and whose rules get in each other's way. */
export const usualFile: fc.Arbitrary<string> = fc
  .record({
    rules: fc.array(usualRule, { minLength: 1, maxLength: 3 }),
    externalRules: fc.array(usualRule, { maxLength: 2 }),
  })
  .map((content) => stringify(content, { version: '1.1', aliasDuplicateObjects: false }));

const namespace = oneOf(['default', 'shop', '', 'a-b']);
const requirement = weighted<string>(
  [
    2,
    fc
      .tuple(oneOf(['app', 'tier', 'a.b/c']), oneOf(['=', '==', '!=']), oneOf(['x', 'y-1', '']))
      .map((parts) => parts.join('')),
  ],
  [
    2,
    fc
      .tuple(
        oneOf(['app', 'zone']),
        oneOf([' in ', ' notin ']),
        oneOf(['(x)', '(y,x)', '(b,a,c,a)', '(1.5)']),
      )
      .map((parts) => parts.join('')),
  ],
  [1, oneOf(['app', '!app', '!a.b/c', 'zone'])],
  [1, oneOf(['n>1', 'n<5'])],
);
const selector = rarely(
  fc.array(requirement, { maxLength: 2 }).map((list) => list.join(',')),
  fc.array(requirement, { maxLength: 4 }).map((list) => list.join(',')),
);
const objectName = oneOf(['a', 'web-0', 'web.v1', 'b', 'node-1.example.com', 'x"y', 'é', '']);

export const customRequest = fc.record({
  // Upstream is asked with normalized names.
  resource: oneOf(RESOURCES),
  namespace,
  selector,
  names: fc.array(objectName, { maxLength: 3 }),
});
export const externalRequest = fc.record({ namespace, selector });

const labelSet = fc.uniqueArray(oneOf(LABELS), { maxLength: 5 });

/** Series with a name and some labels. */
export const series = fc
  .tuple(oneOf(SERIES), labelSet)
  .map(([seriesName, labels]): Readonly<Record<string, string>> => ({
    ...Object.fromEntries(labels.map((label) => [label, 'x'])),
    __name__: seriesName,
  }));

const [first = '', second = '', third = '', fourth = ''] = SERIES;
const some = fc.array(series, { maxLength: 4 });
/** What Prometheus lists for each selector of the files. */
export const listing = fc.record({ [first]: some, [second]: some, [third]: some, [fourth]: some });
