import type { Container, PodSpec, ResourceField } from './kinds/pod';
import { Quantity } from './quantity';

const FIELD = /^(requests|limits)\.(cpu|memory)$/;

/**
 * What the downward API makes of a container's CPU or memory: the amount in units of the divisor, rounded up
 * (`ExtractContainerResourceValue` of `k8s.io/kubernetes/pkg/api/v1/resource`). A request that is not set is the limit,
 * as the API server fills it in, or 0.
 * @returns undefined for another resource, a container that is not there, and for a limit that is not set, which is
 *   then what the node has
 */
export function resourceFieldValue(
  { resource, containerName, divisor = 1 }: ResourceField,
  container: Container,
  { containers, initContainers = [] }: PodSpec,
): string | undefined {
  const named =
    containerName === undefined
      ? container
      : [...containers, ...initContainers].find(({ name }) => name === containerName);
  const [, field, name] = FIELD.exec(resource) ?? [];
  if (!named || (name !== 'cpu' && name !== 'memory')) return undefined;
  const limit = named.resources?.limits?.[name];
  const amount = field === 'limits' ? limit : (named.resources?.requests?.[name] ?? limit ?? 0);
  if (amount === undefined) return undefined;
  // A divisor of 0 stands for 1.
  const unit = Quantity.parse(divisor).nanos || Quantity.parse(1).nanos;
  const nanos = Quantity.parse(amount).nanos;
  return String((nanos + unit - 1n) / unit);
}
