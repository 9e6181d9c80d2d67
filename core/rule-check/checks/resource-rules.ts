import { messageOf } from '../../errors';
import { Selector } from '../../kube/selector';
import { keepsLabel } from '../../promql';
import {
  CompiledRule,
  type GroupResource,
  groupResourceText,
  isRootScoped,
  type RestMapper,
} from '../../rules';
import { type YamlPath } from '../../yaml';
import { type RuleCheck, type RuleCheckContext } from '../check';
import { compileRule } from '../compile';
import { type RuleProblem } from '../finding';
import { labelOf, NAMESPACES, readQuery, SAMPLE_NAME, SAMPLE_NAMESPACE } from '../queries';
import { ruleOf, type RuleSource } from '../structure';

/** What `metrics.k8s.io` asks with each of the two queries of a rule. */
const QUERIES: readonly {
  readonly field: 'containerQuery' | 'nodeQuery';
  readonly resource: GroupResource;
}[] = [
  { field: 'containerQuery', resource: { group: '', resource: 'pods' } },
  { field: 'nodeQuery', resource: { group: '', resource: 'nodes' } },
];

export const resourceRuleInvalid: RuleCheck = {
  id: 'resource-rule-invalid',
  title: 'The resourceRules give usage of pods and nodes',
  severity: 'error',
  *run(context) {
    const { resourceRules } = context.structure;
    if (!resourceRules) return;
    for (const name of ['cpu', 'memory'] as const) {
      const { containerLabel, resources, containerQuery, nodeQuery } = resourceRules[name];
      const place = ['resourceRules', name];
      if (containerLabel === '') {
        yield {
          field: [...place, 'containerLabel'],
          message: 'it is missing: without it no usage belongs to a container',
          fix: 'write containerLabel: container',
        };
      }
      const queries = { containerQuery, nodeQuery };
      for (const { field, resource } of QUERIES) {
        const rule = {
          text: queries[field],
          resources,
          extra: field === 'containerQuery' ? containerLabel : '',
        };
        yield* queryProblems(rule, resource, [...place, field], context);
      }
    }
  },
};

interface Query {
  readonly text: string;
  readonly resources: RuleSource['resources'];
  /** A label to group by besides that of the object; `''` for none. */
  readonly extra: string;
}

function* queryProblems(
  { text, resources, extra }: Query,
  resource: GroupResource,
  field: YamlPath,
  { mapper }: RuleCheckContext,
): Iterable<RuleProblem> {
  if (text === '') {
    yield { field, message: 'it is missing', fix: 'write a query, such as those of the sample manifests' };
    return;
  }
  const compiled = compile(text, resources, mapper);
  if (!(compiled instanceof CompiledRule)) {
    yield {
      field,
      message: `${compiled.problem}; prometheus-adapter exits at its start, plimsoll/adapter does not serve metrics.k8s.io`,
      fix: 'correct it',
    };
    return;
  }
  const missing = [resource, ...(isRootScoped(resource) ? [] : [NAMESPACES])].find(
    (wanted) => labelOf(compiled, wanted) === undefined,
  );
  if (missing) {
    yield {
      field: [...field.slice(0, -1), 'resources'],
      message: `no label names ${groupResourceText(missing)}, so ${String(field.at(-1))} cannot be asked`,
      fix: 'write overrides for pod, node and namespace: {pod: {resource: pod}}',
    };
    return;
  }
  yield* resultProblems(compiled, extra, resource, field);
}

function* resultProblems(rule: CompiledRule, extra: string, resource: GroupResource, field: YamlPath) {
  const result = readQuery(render(rule, extra, resource));
  if (result.kind === 'not read' && !result.notUnderstood) {
    yield {
      field,
      message: `it gives ${result.text}, which is no PromQL: ${result.problem}`,
      fix: 'correct the query',
    };
  }
  if (result.kind !== 'read') return;
  for (const label of [rule.labelFor(resource), ...(extra === '' ? [] : [extra])]) {
    if (keepsLabel(result.expr, label)) continue;
    yield {
      field,
      message: `its result has no label ${label}, so no usage belongs to any of the ${groupResourceText(resource)}`,
      fix: 'aggregate with sum by (<<.GroupBy>>) (…)',
    };
  }
}

function render(rule: CompiledRule, extra: string, resource: GroupResource): string {
  try {
    return rule.queryForObjects('', {
      resource,
      ...(isRootScoped(resource) ? {} : { namespace: SAMPLE_NAMESPACE }),
      names: [SAMPLE_NAME],
      metricSelector: Selector.everything,
      extraGroupBy: extra === '' ? [] : [extra],
    });
  } catch (error) {
    return messageOf(error);
  }
}

/** A query of a resource rule compiles as the query of a discovery rule does. */
function compile(
  metricsQuery: string,
  resources: RuleSource['resources'],
  mapper: RestMapper,
): CompiledRule | { readonly problem: string } {
  const source = ruleOf({ metricsQuery, resources });
  if (!source) return { problem: 'it cannot be read' };
  const result = compileRule(source, { api: 'custom', path: 'resourceRules' }, mapper);
  return 'compiled' in result
    ? result.compiled
    : { problem: result.problems.map(({ message }) => message).join('; ') };
}
