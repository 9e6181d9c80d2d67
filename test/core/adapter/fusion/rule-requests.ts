import { type FusionRequest } from '../../../../core/adapter/fusion';
import { matcherText, nameMatcher } from '../../../../core/rules/label-matchers';
import { type Random } from '../../../../rehearsal/random';
import { NAMESPACES, NODES, PODS } from './cluster-data';

/** What requests ask for: pods of a namespace, namespaces, nodes. */
export type ObjectKind = 'pod' | 'namespace' | 'node';

/** A request as a rule sees it. */
export interface RuleRequest extends FusionRequest {
  /** Whether the names of several objects are escaped. */
  readonly literal: boolean;
}

/** A request for one object or several of them. */
export function drawRequest(random: Random, kind: ObjectKind, parts: boolean): RuleRequest {
  const all: readonly string[] = { pod: PODS, namespace: NAMESPACES, node: NODES }[kind];
  // A name that is no pattern of itself cannot be fused among others unless it is escaped.
  const some = all.filter((name) => random.below(name.includes('(') ? 15 : 3) === 0);
  const single = all[random.below(all.length)] ?? '';
  const names = some.length === 0 || random.below(2) === 0 ? [single] : some;
  const namespace = kind === 'pod' ? NAMESPACES[random.below(NAMESPACES.length)] : undefined;
  return {
    objectLabel: kind,
    namespaceLabel: 'namespace',
    namespace,
    names,
    partLabels: parts ? ['container'] : [],
    literal: random.below(2) === 0,
  };
}

/** The query of a request: its conditions and label in place of the variables of a template. */
export function rendered(template: string, request: RuleRequest): string {
  const { objectLabel, namespaceLabel = '', namespace, names, literal, partLabels = [] } = request;
  const object = nameMatcher(objectLabel, names, literal);
  const matchers = [
    ...(namespace === undefined ? [] : [nameMatcher(namespaceLabel, [namespace], false)]),
    object,
  ];
  return template
    .replaceAll('<<.LabelMatchers>>', () => matchers.map(matcherText).join(','))
    .replaceAll('<<.GroupBy>>', () => [objectLabel, ...partLabels].join(','))
    .replaceAll('<<names>>', () => JSON.stringify(names.join('|')))
    .replaceAll('<<namespace>>', () => JSON.stringify(namespace ?? ''));
}
