import { UsageError } from '../../../core/errors';
import { Quantity } from '../../../core/kube/quantity';
import { allContainers, type Container, type Pod, type ResourceFieldRef } from './pod';

/** What is known of a pod only where it runs. */
export interface Placement {
  readonly podIP: string;
  readonly hostIP: string;
  /** What a container may use that has no limit of its own: cpu, memory, ephemeral-storage. */
  readonly allocatable: Readonly<Record<string, string>>;
}

const SUBSCRIPT = /^metadata\.(labels|annotations)\['(.*)'\]$/;

/**
 * The value of a `fieldRef`.
 * @throws UsageError for a path that the downward API does not know
 */
export function fieldValue(path: string, { metadata, spec }: Pod, { podIP, hostIP }: Placement): string {
  const subscript = SUBSCRIPT.exec(path);
  if (subscript) {
    const values = subscript[1] === 'labels' ? metadata.labels : metadata.annotations;
    return values[subscript[2] ?? ''] ?? '';
  }
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace;
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return listed(metadata.labels);
    case 'metadata.annotations':
      return listed(metadata.annotations);
    case 'spec.nodeName':
      return spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec.serviceAccountName;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    default:
      throw new UsageError(`fieldRef "${path}" is not a field that pods can refer to: see the downward API`);
  }
}

/**
 * The value of a `resourceFieldRef`: whole units of the divisor, rounded up.
 * @throws UsageError if the pod has no such container
 */
export function resourceValue(
  { containerName, resource, divisor = '1' }: ResourceFieldRef,
  pod: Pod,
  own: Container | undefined,
  { allocatable }: Placement,
): string {
  const container =
    containerName === undefined ? own : allContainers(pod.spec).find(({ name }) => name === containerName);
  if (!container) throw new UsageError(`resourceFieldRef: the pod has no container "${containerName ?? ''}"`);
  const [kind, name = ''] = resource.split(/\.(.*)/s);
  const { limits, requests } = container.resources;
  const amount =
    kind === 'limits' ? (limits[name] ?? allocatable[name] ?? '0') : (requests[name] ?? limits[name] ?? '0');
  const unit = Quantity.parse(divisor).nanos || Quantity.parse('1').nanos;
  return String((Quantity.parse(amount).nanos + unit - 1n) / unit);
}

/** As `fieldpath.FormatMap` writes it. */
function listed(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join('\n');
}
