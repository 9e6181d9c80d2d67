import { findKedaMetricsServers, findKedaOperators, kedaWatches } from '../core/chain';
import { UsageError } from '../core/errors';
import {
  autoscalerConflict,
  readScaledObject,
  refuseUnmodelled,
  resourceProblems,
  scaledObjectConflicts,
  specProblems,
  type ScaledObject,
} from '../core/keda';
import { namespaceOf, type Inventory } from '../core/kube/inventory';
import type { ScaledObjectManifest } from '../core/kube/kinds/keda';
import { refOf, refText } from '../core/kube/object';
import type { Autoscalers } from './autoscalers';
import type { Controllers } from './controllers';
import { KedaMetricsServer } from './keda-metrics-server';
import { KedaOperator } from './keda-operator';
import { KedaScaler } from './keda-scaler';
import type { Surroundings } from './surroundings';

/** KEDA: the operators and metrics API servers among the objects, and the ScaledObjects that they look after. */
export class Keda {
  readonly scaledObjects: readonly ScaledObject[];
  readonly metricsServers: readonly KedaMetricsServer[];

  /**
   * @throws UsageError if the API server or the webhook would refuse a ScaledObject
   * @throws NotSupportedError if a ScaledObject uses what is not modelled
   */
  constructor(surroundings: Surroundings, controllers: Controllers, autoscalers: Autoscalers) {
    const { inventory, journal } = surroundings.world;
    for (const manifest of inventory.scaledObjects) {
      refuse(manifest, inventory);
      refuseUnmodelled(manifest);
    }
    this.scaledObjects = inventory.scaledObjects.map(readScaledObject);
    const deployments = findKedaOperators(inventory);
    const operators = deployments.map((deployment) => {
      const scalers = this.scaledObjects
        .filter(({ namespace }) => deployment === deployments.find((each) => kedaWatches(each, namespace)))
        .map(
          (scaledObject) => new KedaScaler(surroundings, controllers, autoscalers, deployment, scaledObject),
        );
      return new KedaOperator(surroundings, deployment, scalers);
    });
    this.metricsServers = findKedaMetricsServers(inventory).map(
      (deployment) => new KedaMetricsServer(surroundings, deployment, operators),
    );
    for (const { ref, namespace } of this.scaledObjects) {
      if (deployments.some((deployment) => kedaWatches(deployment, namespace))) continue;
      const message =
        deployments.length === 0
          ? 'no workload among the objects runs the operator of KEDA, so nothing makes an autoscaler of it'
          : `no autoscaler is made of it: by its WATCH_NAMESPACE the operator does not watch namespace ${namespace}`;
      journal.state('adapter', ref, 'KEDA', [message]);
    }
  }
}

function refuse(manifest: ScaledObjectManifest, inventory: Inventory): void {
  const { scaledObjects, horizontalPodAutoscalers, workloads } = inventory;
  const { kind = 'Deployment', name } = manifest.spec.scaleTargetRef;
  const target = workloads.find(
    (workload) =>
      workload.kind === kind &&
      workload.metadata.name === name &&
      namespaceOf(workload) === namespaceOf(manifest),
  );
  const [problem] = [
    ...specProblems(manifest),
    ...scaledObjectConflicts(manifest, scaledObjects.slice(0, scaledObjects.indexOf(manifest))),
    ...horizontalPodAutoscalers.flatMap((hpa) => autoscalerConflict(manifest, hpa) ?? []),
    ...resourceProblems(manifest, target),
  ];
  if (problem !== undefined) throw new UsageError(`${refText(refOf(manifest))}: ${problem}`);
}
