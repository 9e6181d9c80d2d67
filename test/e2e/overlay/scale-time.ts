import { Inventory } from '../../../core/kube/inventory';
import type { KubeObject } from '../../../core/kube/object';
import type { ClusterDescriptor, Scenario } from '../../../core/model';
import { AdapterParts } from './adapter';
import { scaleAutoscaler, scaleScaledObject } from './autoscalers';
import type { KeptTime, OverlayChange } from './changes';
import { scaleLoads } from './loads';
import { scaleMetricsServer } from './metrics-server';
import { hasRecordingRules, scaleMonitoring } from './monitoring';
import { ObjectEdit } from './object-edit';
import { scaleSurroundings } from './scenario';
import { Times } from './times';

/** A stack in which time goes faster. */
export interface ScaledStack {
  /** As many as were given, in their order. */
  readonly objects: readonly KubeObject[];
  readonly scenario: Scenario;
  readonly cluster: ClusterDescriptor;
  /** Every field that is not as it was. */
  readonly changes: readonly OverlayChange[];
  /** Times that belong to the chain and stay. */
  readonly kept: readonly KeptTime[];
}

/**
 * Divides every period of the autoscaling chain by a factor: how often Prometheus scrapes, over which window queries
 * look, how often the adapter lists, the autoscaler syncs and its policies count, how long loads send. Rates stay as they
 * are, in requests a second and so in what metrics say, and with them whatever makes a rate: pauses between requests, and
 * the periods of probes, which a program may count like any other request. Starts of pods stay.
 *
 * With `factor` 1 the result holds what was given.
 * @param objects all of a stack, those that charts install and the cluster brings along included
 * @throws UsageError naming the field if a number of seconds or requests does not divide, or the factor is below 1
 */
export function scaleTime(
  objects: readonly KubeObject[],
  scenario: Scenario,
  cluster: ClusterDescriptor,
  factor: number,
): ScaledStack {
  const times = new Times(factor);
  if (factor === 1) return { objects, scenario, cluster, changes: [], kept: [] };
  const adapters = new AdapterParts(new Inventory(objects));
  const recordingRules = objects.some(hasRecordingRules);
  const edits = objects.map((object) => {
    const edit = new ObjectEdit(object);
    scaleMonitoring(edit, times, recordingRules);
    adapters.scale(edit, times);
    scaleMetricsServer(edit, times);
    scaleAutoscaler(edit, times);
    scaleScaledObject(edit, times);
    scaleLoads(edit, times);
    return edit;
  });
  const surroundings = scaleSurroundings(scenario, cluster, times);
  return {
    objects: edits.map(({ object }) => object),
    scenario: surroundings.scenario,
    cluster: surroundings.cluster,
    changes: [...edits.flatMap(({ changes }) => changes), ...surroundings.changes],
    kept: [...edits.flatMap(({ kept }) => kept), ...surroundings.kept],
  };
}
