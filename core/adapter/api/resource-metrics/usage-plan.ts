import { messageOf } from '../../../errors';
import { type ResourceQueries } from '../../../rules';
import { sampleTimeQuery } from './sample-time';
import { type UsageKind, type UsageObject } from './usage';

/** The instant queries that a request for resource metrics needs, and what their results mean. */
export interface UsagePlan {
  readonly queries: readonly string[];
  /** One for each namespace with pods that were asked for; one for nodes. */
  readonly parts: readonly UsagePart[];
}

/** Objects whose usage the same queries tell. */
export type UsagePart = PlannedPart | FailedPart;

export interface PlannedPart extends Objects {
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

interface FailedPart extends Objects {
  /** Why there are no queries. */
  readonly error: string;
}

interface Objects {
  readonly namespace: string;
  readonly objects: readonly UsageObject[];
}

/** Plans the answer for pods, namespace by namespace as upstream: one whose queries fail leaves the others alone. */
export function planPodUsage(rules: ResourceQueries, pods: readonly UsageObject[]): UsagePlan {
  const namespaces = new Map<string, UsageObject[]>();
  for (const pod of pods) {
    const before = namespaces.get(pod.namespace);
    if (before) before.push(pod);
    else namespaces.set(pod.namespace, [pod]);
  }
  return planParts(
    [...namespaces].map(([namespace, objects]) => ({ namespace, objects })),
    ({ namespace, objects }) => {
      const names = objects.map(({ name }) => name);
      const labels = (kind: UsageKind): UsageLabels & { readonly container: string } => ({
        object: rules[kind].podLabel,
        container: rules[kind].containerLabel,
        namespace: rules[kind].namespaceLabel,
      });
      return {
        cpu: rules.cpu.forPods(namespace, names),
        memory: rules.memory.forPods(namespace, names),
        labels: { cpu: labels('cpu'), memory: labels('memory') },
      };
    },
  );
}

/** Plans the answer for nodes. */
export function planNodeUsage(rules: ResourceQueries, nodes: readonly UsageObject[]): UsagePlan {
  return planParts(nodes.length > 0 ? [{ namespace: '', objects: nodes }] : [], ({ objects }) => {
    const names = objects.map(({ name }) => name);
    return {
      cpu: rules.cpu.forNodes(names),
      memory: rules.memory.forNodes(names),
      labels: { cpu: { object: rules.cpu.nodeLabel }, memory: { object: rules.memory.nodeLabel } },
    };
  });
}

interface Built {
  readonly cpu: string;
  readonly memory: string;
  readonly labels: PlannedPart['labels'];
}

function planParts(groups: readonly Objects[], build: (group: Objects) => Built): UsagePlan {
  const queries: string[] = [];
  const add = (query: string): number => queries.push(query) - 1;
  const parts = groups.map((group): UsagePart => {
    try {
      const { cpu, memory, labels } = build(group);
      const { object, container } = labels.cpu;
      const time = sampleTimeQuery(cpu, container === undefined ? [object] : [object, container]);
      return {
        ...group,
        cpu: add(cpu),
        memory: add(memory),
        time: time === undefined ? undefined : add(time),
        labels,
      };
    } catch (error) {
      return { ...group, error: `unable to construct query: ${messageOf(error)}` };
    }
  });
  return { queries, parts };
}
