import { findKedaOperators, kedaWatches } from '../chain';
import { messageOf, NotSupportedError } from '../errors';
import {
  generatedHpa,
  readScaledObject,
  refuseUnmodelled,
  resourceProblems,
  scaledObjectConflicts,
  specProblems,
  triggerOf,
  type PrometheusTrigger,
  type ScaledObject,
  type Trigger,
} from '../keda';
import { findServicePort, workloadsBehind } from '../kube/endpoints';
import { namespaceOf, type Inventory } from '../kube/inventory';
import type { ScaledObjectManifest } from '../kube/kinds/keda';
import type { Workload } from '../kube/kinds/pod';
import { groupOf, type ObjectRef } from '../kube/object';
import { resolveServiceUrl, type NoService, type ServiceAddress } from '../kube/service-url';
import type { MadeAutoscaler } from './autoscalers';
import { isServerOf } from './rule-sources';
import type { Scrape } from './scrapes';

/** A trigger of a ScaledObject, and the Prometheus that it asks. */
export interface CheckedTrigger {
  readonly ref: ObjectRef;
  /** `spec.triggers[0]`. */
  readonly path: string;
  /** Absent if KEDA cannot build a scaler of it, or if that is not modelled. */
  readonly trigger?: Trigger | undefined;
  /** Why there is none. */
  readonly problem?: { readonly message: string; readonly notUnderstood: boolean } | undefined;
  /** The workload that it scales. */
  readonly target?: Workload | undefined;
}

/** A trigger that asks Prometheus. */
export interface PrometheusCheck extends CheckedTrigger {
  readonly trigger: PrometheusTrigger;
  /** Where it asks. */
  readonly address: ServiceAddress | NoService;
  /** The Prometheus that is there, if it is one that the Prometheus Operator configures. */
  readonly scrape?: Scrape | undefined;
}

/** A ScaledObject, read as far as it can be. */
export interface CheckedScaledObject {
  readonly scaledObject: ScaledObject;
  /** Why the API server or the webhook of KEDA refuses it. */
  readonly refusals: readonly string[];
  /** What it uses and is not modelled. */
  readonly unmodelled?: string | undefined;
  readonly triggers: readonly CheckedTrigger[];
}

/** Every ScaledObject, in the order of the objects. */
export function checkedScaledObjects(inventory: Inventory): readonly CheckedScaledObject[] {
  return inventory.scaledObjects.map((manifest, index, manifests) => {
    const scaledObject = readScaledObject(manifest);
    const target = targetOf(scaledObject, inventory.workloads);
    return {
      scaledObject,
      refusals: [
        ...specProblems(manifest),
        ...scaledObjectConflicts(manifest, manifests.slice(0, index)),
        ...resourceProblems(manifest, target),
      ],
      unmodelled: unmodelledIn(manifest),
      triggers: scaledObject.triggers.map((_, position) => readTrigger(scaledObject, position, target)),
    };
  });
}

/**
 * The autoscalers that KEDA makes of ScaledObjects, if they are not refused; of triggers that cannot be read they have
 * no metric.
 */
export function madeAutoscalers(scaledObjects: readonly CheckedScaledObject[]): readonly MadeAutoscaler[] {
  return scaledObjects.flatMap(({ scaledObject, refusals, triggers }) => {
    if (refusals.length > 0) return [];
    const read = triggers.flatMap(({ trigger }) => trigger ?? []);
    return [{ object: generatedHpa(scaledObject, 'latest', read), by: scaledObject.ref }];
  });
}

/** The triggers that ask Prometheus, with what is at the other end. */
export function prometheusChecks(
  scaledObjects: readonly CheckedScaledObject[],
  scrapes: readonly Scrape[],
  inventory: Inventory,
): readonly PrometheusCheck[] {
  const operators = findKedaOperators(inventory);
  return scaledObjects.flatMap(({ scaledObject, triggers }) => {
    const operator = operators.find((each) => kedaWatches(each, scaledObject.namespace));
    return triggers.flatMap((checked): PrometheusCheck[] => {
      const { trigger } = checked;
      if (trigger?.type !== 'prometheus') return [];
      const from = operator ? namespaceOf(operator.workload) : scaledObject.namespace;
      const address = resolveServiceUrl(trigger.serverAddress, from, inventory);
      if ('reason' in address) return [{ ...checked, trigger, address }];
      const found = findServicePort(inventory, address.namespace, address.service, address.port);
      const behind = found ? workloadsBehind(found.service, inventory.workloads) : [];
      const scrape = scrapes.find((each) => behind.some((workload) => isServerOf(workload, each)));
      return [{ ...checked, trigger, address, scrape }];
    });
  });
}

function targetOf({ namespace, target }: ScaledObject, workloads: readonly Workload[]): Workload | undefined {
  return workloads.find(
    (workload) =>
      workload.kind === target.kind &&
      groupOf(workload.apiVersion) === groupOf(target.apiVersion) &&
      workload.metadata.name === target.name &&
      namespaceOf(workload) === namespace,
  );
}

function readTrigger(
  scaledObject: ScaledObject,
  index: number,
  target: Workload | undefined,
): CheckedTrigger {
  const place = { ref: scaledObject.ref, path: `spec.triggers[${index}]`, target };
  try {
    return { ...place, trigger: triggerOf(scaledObject, index) };
  } catch (error) {
    return {
      ...place,
      problem: { message: messageOf(error), notUnderstood: error instanceof NotSupportedError },
    };
  }
}

function unmodelledIn(manifest: ScaledObjectManifest): string | undefined {
  try {
    refuseUnmodelled(manifest);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
