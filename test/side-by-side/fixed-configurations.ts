import { stringify } from 'yaml';
import type { Configuration } from './configurations';

const NAMESPACE = { namespace: { resource: 'namespace' } };
const RESOURCES = { overrides: { ...NAMESPACE, pod: { resource: 'pod' } } };
const SUM = 'sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)';
/** Served whatever becomes of those beside it. */
const GOOD = { seriesQuery: 'queue_length', resources: RESOURCES, metricsQuery: SUM };
const GOOD_EXTERNAL = { seriesQuery: 'queue_depth', resources: { overrides: NAMESPACE }, metricsQuery: SUM };

/**
 * What is meant to differ is shown by one of these, whatever is generated besides: rules that are wrong in one way each,
 * and what cannot be answered.
 */
export function fixedConfigurations(): Configuration[] {
  const beside = (name: string, rule: object): Configuration =>
    file(name, {
      rules: [GOOD, { ...GOOD, seriesQuery: 'disk_used', ...rule }],
      externalRules: [GOOD_EXTERNAL],
    });
  return [
    beside('a template that cannot be parsed', { metricsQuery: 'sum(<<.Series>>{<<.LabelMatchers>})' }),
    beside('a template that cannot be executed', { resources: { template: '<<.Nothing>>' } }),
    beside('a name that is no regular expression', { name: { matches: '(' } }),
    beside('a resource that the cluster does not have', {
      resources: { overrides: { ...NAMESPACE, pod: { resource: 'gadget' } } },
    }),
    beside('a selector that cannot be parsed', { seriesQuery: 'disk_used{' }),
    file('usage that cannot be had', {
      resourceRules: { cpu: usage('no_such_series[1m]'), memory: usage('no_such_series[1m]'), window: '1m' },
    }),
    file('external metrics that there are none of yet', {
      externalRules: [GOOD_EXTERNAL, { ...GOOD_EXTERNAL, seriesQuery: '{__name__=~"^no_such_.*"}' }],
    }),
    file('objects in no namespace that are asked for in one', {
      rules: [
        {
          ...GOOD,
          seriesQuery: 'http_requests_total',
          resources: { overrides: { ...NAMESPACE, instance: { resource: 'node' } } },
        },
      ],
    }),
    {
      ...file('all three APIs', { rules: [GOOD], externalRules: [GOOD_EXTERNAL], resourceRules: USAGE }),
      types: true,
    },
  ];
}

const [CONTAINERS, NODES] = ['container_memory_bytes{<<.LabelMatchers>>}', 'node_load{<<.LabelMatchers>>}'];
const USAGE = { cpu: usage(CONTAINERS, NODES), memory: usage(CONTAINERS, NODES), window: '1m' };

function usage(containers: string, nodes = containers): object {
  return {
    containerLabel: 'container',
    containerQuery: `sum by (<<.GroupBy>>) (${containers})`,
    nodeQuery: `sum by (<<.GroupBy>>) (${nodes})`,
    resources: { overrides: { ...NAMESPACE, pod: { resource: 'pod' }, node: { resource: 'node' } } },
  };
}

function file(name: string, content: object): Configuration {
  return {
    name: `fixed: ${name}`,
    text: stringify(content, { version: '1.1', aliasDuplicateObjects: false }),
  };
}
