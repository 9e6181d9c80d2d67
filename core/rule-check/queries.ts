import { messageOf, NotSupportedError } from '../errors';
import { Selector } from '../kube/selector';
import { type Expr, parseExpr, type SelectorUse, selectorsOf } from '../promql';
import {
  type CompiledRule,
  type GroupResource,
  groupResourceText,
  isRootScoped,
  type RestMapper,
} from '../rules';
import { type RuleSubject, withoutExpression } from './subject';

/** What sample requests ask for. */
export const SAMPLE_NAMESPACE = 'namespace-1';
export const SAMPLE_NAME = 'name-1';
const SAMPLE_SELECTOR = Selector.parse('label=value');
/** A name that any rule might take, where none is known. */
const SAMPLE_SERIES = 'series';

export const NAMESPACES: GroupResource = { group: '', resource: 'namespaces' };
const PODS: GroupResource = { group: '', resource: 'pods' };

/** The query that a rule makes of a sample request. */
export interface SampleQuery {
  readonly subject: RuleSubject;
  readonly rule: CompiledRule;
  /** The name of the series that it was made for. */
  readonly series: string;
  /** What is asked for; absent for an external metric. */
  readonly resource?: GroupResource | undefined;
  /** Which request it was made for. */
  readonly request: 'objects' | 'external' | 'external without selector';
  readonly result: QueryResult;
}

export type QueryResult =
  /** It cannot be built. */
  | { readonly kind: 'not built'; readonly problem: string }
  /** It is no PromQL, or PromQL that is not understood. */
  | {
      readonly kind: 'not read';
      readonly text: string;
      readonly problem: string;
      readonly notUnderstood: boolean;
    }
  | {
      readonly kind: 'read';
      readonly text: string;
      readonly expr: Expr;
      readonly uses: readonly SelectorUse[];
    };

/** The queries of a rule for sample requests, one for each kind of object that it maps. */
export function sampleQueries(
  subject: RuleSubject,
  mapper: RestMapper,
  series = seriesOf(subject),
): SampleQuery[] {
  const { compiled: rule } = subject;
  if (!rule) return [];
  const base = { subject, rule, series };
  if (subject.api === 'external') {
    return [
      { ...base, request: 'external', result: attempt(() => externalQuery(rule, series, SAMPLE_SELECTOR)) },
      {
        ...base,
        request: 'external without selector',
        result: attempt(() => externalQuery(rule, series, Selector.everything)),
      },
    ];
  }
  return resourcesOf(subject, rule, mapper).map((resource) => ({
    ...base,
    resource,
    request: 'objects',
    result: attempt(() => objectsQuery(rule, series, resource)),
  }));
}

/** A series name to ask with: one that the rule takes, if one is known. */
function seriesOf({ example }: RuleSubject): string {
  return example.kind === 'found' ? example.name : SAMPLE_SERIES;
}

/** The resources that a rule is asked for: those of its overrides; by a template, pods and namespaces too. */
function resourcesOf({ source }: RuleSubject, rule: CompiledRule, mapper: RestMapper): GroupResource[] {
  const overridden = Object.keys(source.resources.overrides).flatMap(
    (label) => rule.resourceFor(label) ?? [],
  );
  const generic =
    source.resources.template === ''
      ? []
      : [PODS, NAMESPACES].filter((resource) => isReadBack(rule, resource));
  const served = [...overridden, ...generic].filter((resource) => mapper.resolve(resource));
  return [...new Map(served.map((resource) => [groupResourceText(resource), resource])).values()];
}

/** Whether the label that a rule writes for a resource is one that it also reads as that resource. */
function isReadBack(rule: CompiledRule, resource: GroupResource): boolean {
  const label = labelOf(rule, resource);
  const read = label === undefined ? undefined : rule.resourceFor(label);
  return read !== undefined && groupResourceText(read) === groupResourceText(resource);
}

/** The label that names objects of a resource, if the rule has one. */
export function labelOf(rule: CompiledRule, resource: GroupResource): string | undefined {
  try {
    return rule.labelFor(resource);
  } catch {
    return undefined;
  }
}

function objectsQuery(rule: CompiledRule, series: string, resource: GroupResource): string {
  return rule.queryForObjects(series, {
    resource,
    ...(isRootScoped(resource) ? {} : { namespace: SAMPLE_NAMESPACE }),
    names: [SAMPLE_NAME],
    metricSelector: Selector.everything,
  });
}

function externalQuery(rule: CompiledRule, series: string, selector: Selector): string {
  return rule.queryForExternal(series, { namespace: SAMPLE_NAMESPACE, selector });
}

function attempt(render: () => string): QueryResult {
  try {
    return readQuery(render());
  } catch (error) {
    return { kind: 'not built', problem: messageOf(error) };
  }
}

/** Reads a query that was built. */
export function readQuery(text: string): QueryResult {
  try {
    const expr = parseExpr(text);
    return { kind: 'read', text, expr, uses: selectorsOf(expr) };
  } catch (error) {
    return {
      kind: 'not read',
      text,
      problem: withoutExpression(messageOf(error)),
      notUnderstood: error instanceof NotSupportedError,
    };
  }
}
