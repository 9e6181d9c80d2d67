import { defineScenario, type ScenarioInput, type Timeline } from '../../core/model';
import { rehearse } from '../../rehearsal';
import { KEDA_CHAIN, KEDA_PROGRAMS } from '../support/keda';
import { parseYaml, PLAIN_CLUSTER } from './fixture';

/** Name of the autoscaler that KEDA makes. */
export const MADE = 'keda-hpa-api-scaler';

/** Plays the chain, with its YAML changed. */
export function playKeda(scenario: Partial<ScenarioInput> = {}, change = (yaml: string) => yaml): Timeline {
  return rehearse({
    name: 'keda',
    objects: parseYaml(change(KEDA_CHAIN)),
    cluster: PLAIN_CLUSTER,
    scenario: defineScenario(
      {
        duration: '10m',
        noise: false,
        programs: KEDA_PROGRAMS,
        ...scenario,
      },
      'test',
    ),
  });
}

/** Requests a second from a moment until another. */
export function burst(
  rate: number,
  from: string,
  until?: string,
): NonNullable<ScenarioInput['clients']>[number] {
  return {
    name: 'hey',
    to: 'shop/api:80',
    steps: [{ at: from, rate }, ...(until === undefined ? [] : [{ at: until, rate: 0 }])],
  };
}

/** Replicas of a workload at a time. */
export function replicasAt(timeline: Timeline, ms: number, workload = 'api'): number | undefined {
  const found = timeline.workloads.find(({ name }) => name === workload);
  return found?.pods[found.atMs.findLastIndex((time) => time <= ms)];
}
