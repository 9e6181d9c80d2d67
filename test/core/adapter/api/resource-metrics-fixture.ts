import { type UsageObject } from '../../../../core/adapter/api';
import { type QueryOutcome } from '../../../../core/adapter';
import { ApiResources } from '../../../../core/kube/api-resources';
import { type Labels } from '../../../../core/kube/selector';
import { compileResourceRules, parseAdapterConfig, RestMapper } from '../../../../core/rules';

export const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

export function rulesWith(
  cpu: string,
  memory = 'sum(mem{<<.LabelMatchers>>}) by (<<.GroupBy>>)',
  policies = '',
) {
  const rule = (query: string): string => `
    containerQuery: '${query}'
    nodeQuery: '${query.replaceAll('cpu', 'node_cpu').replaceAll('mem', 'node_mem')}'
    resources: {overrides: {namespace: {resource: namespace}, pod: {resource: pod}, node: {resource: node}}}
    containerLabel: container`;
  const config = parseAdapterConfig(
    `resourceRules:\n  cpu:${rule(cpu)}\n  memory:${rule(memory)}\n  window: 5m\n  plimsoll: {${policies}}\n`,
    'config.yaml',
  );
  const compiled = compileResourceRules(config, new RestMapper(ApiResources.builtin()));
  if (!compiled) throw new Error('the file has resourceRules');
  return compiled;
}

export const rules = rulesWith('sum(rate(cpu{<<.LabelMatchers>>}[5m])) by (<<.GroupBy>>)');
export const context = { windowMs: rules.windowMs, atMs: AT };

export function pod(namespace: string, name: string, labels: Labels = {}): UsageObject {
  return { namespace, name, labels };
}

export function vector(...samples: readonly (readonly [labels: Labels, value: number])[]): QueryOutcome {
  return { type: 'vector', samples: samples.map(([labels, value]) => ({ labels, value })) };
}

export function of(podName: string, container: string): Labels {
  return { pod: podName, container };
}

export function items<Item>(
  answer: { readonly items: readonly Item[] } | { readonly code: number },
): readonly Item[] {
  if ('items' in answer) return answer.items;
  throw new Error(`refused with ${answer.code}`);
}
