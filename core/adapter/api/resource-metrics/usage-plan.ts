import { messageOf } from '../../../errors';
import { type ResourcePolicies, type ResourceQueries } from '../../../rules';
import { sampleTimeQuery } from './sample-time';
import { type UsageKind, type UsageObject } from './usage';

/** The instant queries that a request for resource metrics needs, and what their results mean. */
export interface UsagePlan {
  readonly queries: readonly string[];
  /** One for each namespace with pods that were asked for; one for nodes. */
  readonly parts: readonly UsagePart[];
  /** Key of `plimsoll.sources` that the queries are for; `''` for the endpoint of the flags. */
  readonly source: string;
  readonly policies: ResourcePolicies;
}

/** Objects whose usage the same queries tell. */
export type UsagePart = PlannedPart | FailedPart;

export interface PlannedPart extends UsageGroup {
  /** Indexes of the queries. */
  readonly cpu: number;
  readonly memory: number;
  /** Of the query for the newest samples, where there is one. */
  readonly time?: number | undefined;
  /** Labels of the results that name object and container; containers only for pods. */
  readonly labels: Readonly<Record<UsageKind, UsageLabels>>;
}

export interface UsageLabels {
  readonly object: string;
  readonly container?: string | undefined;
  /** Of the series; only for pods. */
  readonly namespace?: string | undefined;
}

interface FailedPart extends UsageGroup {
  /** Why there are no queries. */
  readonly error: string;
}

/** Objects that are asked for together: the pods of a namespace, or nodes. */
export interface UsageGroup {
  readonly namespace: string;
  readonly objects: readonly UsageObject[];
}

export type UsageResource = 'pods' | 'nodes';

/** The queries for a group of objects; they depend on nothing but its namespace and the names. */
export type GroupQueries =
  | {
      readonly cpu: string;
      readonly memory: string;
      /** For the newest samples, where that can be read off the query for CPU. */
      readonly time?: string | undefined;
      readonly labels: PlannedPart['labels'];
    }
  | { readonly error: string };

/** The groups of some objects: of pods by namespace as upstream, so that one whose queries fail leaves others alone. */
export function usageGroups(resource: UsageResource, objects: readonly UsageObject[]): readonly UsageGroup[] {
  if (resource === 'nodes') return objects.length > 0 ? [{ namespace: '', objects }] : [];
  const namespaces = new Map<string, UsageObject[]>();
  for (const pod of objects) {
    const before = namespaces.get(pod.namespace);
    if (before) before.push(pod);
    else namespaces.set(pod.namespace, [pod]);
  }
  return [...namespaces].map(([namespace, pods]) => ({ namespace, objects: pods }));
}

/** @param namespace `''` for nodes */
export function groupQueries(
  rules: ResourceQueries,
  resource: UsageResource,
  namespace: string,
  names: readonly string[],
): GroupQueries {
  try {
    const { cpu, memory, labels } =
      resource === 'pods' ? podQueries(rules, namespace, names) : nodeQueries(rules, names);
    const { object, container } = labels.cpu;
    const time = sampleTimeQuery(cpu, container === undefined ? [object] : [object, container]);
    return { cpu, memory, time, labels };
  } catch (error) {
    return { error: `unable to construct query: ${messageOf(error)}` };
  }
}

function podQueries(rules: ResourceQueries, namespace: string, names: readonly string[]) {
  const labels = (kind: UsageKind): UsageLabels => ({
    object: rules[kind].podLabel,
    container: rules[kind].containerLabel,
    namespace: rules[kind].namespaceLabel,
  });
  return {
    cpu: rules.cpu.forPods(namespace, names),
    memory: rules.memory.forPods(namespace, names),
    labels: { cpu: labels('cpu'), memory: labels('memory') },
  };
}

function nodeQueries(rules: ResourceQueries, names: readonly string[]) {
  const labels = (kind: UsageKind): UsageLabels => ({ object: rules[kind].nodeLabel });
  return {
    cpu: rules.cpu.forNodes(names),
    memory: rules.memory.forNodes(names),
    labels: { cpu: labels('cpu'), memory: labels('memory') },
  };
}

/** @param queries of each of the groups; those of the plan are these, CPU, memory and time of one after the other */
export function planUsage(
  { policies, settings: { source } }: ResourceQueries,
  groups: readonly UsageGroup[],
  queries: readonly GroupQueries[],
): UsagePlan {
  const texts: string[] = [];
  const add = (text: string): number => texts.push(text) - 1;
  const parts = groups.map((group, index): UsagePart => {
    const built = queries[index] ?? { error: 'there is no query' };
    if ('error' in built) return { ...group, error: built.error };
    const { cpu, memory, time, labels } = built;
    return {
      ...group,
      cpu: add(cpu),
      memory: add(memory),
      time: time === undefined ? undefined : add(time),
      labels,
    };
  });
  return { queries: texts, parts, source, policies };
}

/** Plans the answer for pods. */
export function planPodUsage(rules: ResourceQueries, pods: readonly UsageObject[]): UsagePlan {
  return planAll(rules, 'pods', pods);
}

/** Plans the answer for nodes. */
export function planNodeUsage(rules: ResourceQueries, nodes: readonly UsageObject[]): UsagePlan {
  return planAll(rules, 'nodes', nodes);
}

function planAll(
  rules: ResourceQueries,
  resource: UsageResource,
  objects: readonly UsageObject[],
): UsagePlan {
  const groups = usageGroups(resource, objects);
  const queriesOf = ({ namespace, objects: own }: UsageGroup) =>
    groupQueries(
      rules,
      resource,
      namespace,
      own.map(({ name }) => name),
    );
  return planUsage(rules, groups, groups.map(queriesOf));
}
