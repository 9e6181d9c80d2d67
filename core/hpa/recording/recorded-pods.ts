import { messageOf, UsageError } from '../../errors';
import { Quantity } from '../../kube/quantity';
import { type HpaContainer, type HpaPod } from '../controller/inputs';
import { fromSeconds } from '../time';
import { type WrittenPod } from './schema';

/** The part of a pod that comes from its template. */
type PodTemplate = Pick<HpaPod, 'containers' | 'initContainers' | 'requests' | 'overhead'>;
type WrittenContainer = NonNullable<WrittenPod['containers']>[number];

/** Reads the pods of one recording. Those of a workload share their template, so each template is read once. */
export class PodReader {
  private readonly templates = new Map<string, PodTemplate>();

  /** @throws UsageError if two pods have one name, or a request is not a quantity */
  read(written: readonly WrittenPod[], where: string): HpaPod[] {
    const names = new Set<string>();
    return written.map((pod, index) => {
      if (names.has(pod.name)) throw new UsageError(`${where}.${index}.name: there are two pods ${pod.name}`);
      names.add(pod.name);
      return this.pod(pod, `${where}.${index}`);
    });
  }

  private pod(written: WrittenPod, where: string): HpaPod {
    const { name, phase, ready, readySince, startTime, deleting } = written;
    return {
      name,
      phase,
      deleting: deleting ?? false,
      ready: ready ? { status: ready, since: fromSeconds(readySince ?? 0) } : undefined,
      startTime: startTime === undefined || startTime === null ? undefined : fromSeconds(startTime),
      ...this.template(written, where),
    };
  }

  private template(written: WrittenPod, where: string): PodTemplate {
    const { containers, initContainers, resources, overhead } = written;
    const key = JSON.stringify([containers, initContainers, resources, overhead]);
    const known = this.templates.get(key);
    if (known) return known;
    const template: PodTemplate = {
      containers: readContainers(containers ?? [], `${where}.containers`),
      initContainers: initContainers ? readContainers(initContainers, `${where}.initContainers`) : undefined,
      requests: readRequests(resources?.requests, `${where}.resources.requests`),
      overhead: readRequests(overhead, `${where}.overhead`),
    };
    this.templates.set(key, template);
    return template;
  }
}

function readContainers(
  written: readonly WrittenContainer[],
  where: string,
): (HpaContainer & { readonly restartPolicy: string | undefined })[] {
  return written.map(({ name, restartPolicy, requests }, index) => ({
    name,
    restartPolicy: restartPolicy ?? undefined,
    requests: readRequests(requests, `${where}.${index}.requests`),
  }));
}

function readRequests(
  written: WrittenContainer['requests'],
  where: string,
): Readonly<Record<string, Quantity>> | undefined {
  if (!written) return undefined;
  return Object.fromEntries(
    Object.entries(written).map(([name, request]) => [name, readQuantity(request, `${where}.${name}`)]),
  );
}

function readQuantity(written: string | number, where: string): Quantity {
  try {
    return Quantity.parse(written);
  } catch (error) {
    throw new UsageError(`${where}: ${messageOf(error)}`);
  }
}
