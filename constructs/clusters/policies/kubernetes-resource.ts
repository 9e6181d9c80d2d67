import { field, items } from './fields';
import type { CheckedResource } from './rule';

/** `core/Service` of `kubernetes:core/v1:Service`; nothing for a resource outside Kubernetes. */
export function kindOf({ type }: CheckedResource): string | undefined {
  const [, group = '', kind = ''] = /^kubernetes:(.+?)\/[^/:]+:(\w+?)(?:Patch)?$/.exec(type) ?? [];
  return kind === '' ? undefined : `${group}/${kind}`;
}

/** `Service monitoring/prometheus`, for people. */
export function describe(resource: CheckedResource): string {
  const kind = kindOf(resource)?.split('/').at(-1) ?? resource.type;
  const [namespace, name] = ['namespace', 'name'].map((key) => field(resource.props, 'metadata', key));
  const own = typeof name === 'string' ? name : resource.name;
  return `${kind} ${typeof namespace === 'string' ? `${namespace}/` : ''}${own}`;
}

const TEMPLATE_PATHS: Readonly<Record<string, readonly string[]>> = {
  'core/Pod': ['spec'],
  'apps/Deployment': ['spec', 'template', 'spec'],
  'apps/StatefulSet': ['spec', 'template', 'spec'],
  'apps/DaemonSet': ['spec', 'template', 'spec'],
  'apps/ReplicaSet': ['spec', 'template', 'spec'],
  'core/ReplicationController': ['spec', 'template', 'spec'],
  'batch/Job': ['spec', 'template', 'spec'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Containers of the pods that a resource makes, those for their start included. */
export function containersOf(resource: CheckedResource): readonly unknown[] {
  const path = TEMPLATE_PATHS[kindOf(resource) ?? ''];
  if (!path) return [];
  const pod = field(resource.props, ...path);
  return [...items(field(pod, 'initContainers')), ...items(field(pod, 'containers'))];
}
